"""The figures of a month as the public gets them, failures included, and the JSON Schema they keep to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from callbot.insight.figures.figure import Unit
from callbot.insight.figures.report import COLUMNS, Question, Report, figure_row

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])", re.ASCII)
_NUMBER = {"type": ["number", "null"]}
_ABOUT = {
    "from": "premier jour",
    "to": "dernier jour, compris",
    "part": "vide : toute la période",
    "figure": "identifiant stable de l'indicateur",
    "family": "rubrique",
    "label": "nom de l'indicateur",
    "formula": "formule, en français",
    "unit": "calls : appels ; share : part de 0 à 1 ; seconds : secondes ; change : variation relative",
    "value": "valeur ; null : sans objet, personne n'a été compté",
    "numerator": "numérateur",
    "denominator": "dénominateur",
    "low": "borne basse de l'intervalle à 95 %",
    "high": "borne haute de l'intervalle à 95 %",
    "note": "remarque",
}


def month_of(day: date) -> str:
    """« 2026-11 »."""
    return f"{day:%Y-%m}"


def days_of(month: str) -> tuple[date, date] | None:
    """First and last day of a month; None for what is no month."""
    if not _MONTH.fullmatch(month):
        return None
    first = date(int(month[:4]), int(month[5:]), 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def question_of(month: str) -> Question | None:
    """The question a public month answers: the whole métropole."""
    days = days_of(month)
    return Question(*days) if days else None


def can_be_signed(month: str, today: date) -> bool:
    """A month is signed once it is over and the seven days in which its last callers may ring again are."""
    days = days_of(month)
    return days is not None and days[1] + timedelta(days=8) <= today


def published(report: Report) -> list[dict[str, Any]]:
    """The rows of a month; no part is so small that it would point at somebody: the métropole as a whole."""
    return [figure_row(figure, report.question) for figure in report.figures]


def document(months: Sequence[tuple[str, datetime, str, Sequence[dict[str, Any]]]]) -> dict[str, Any]:
    """The open data: months with when they were signed, their remark and their rows, latest first."""
    return {
        "title": "Chiffres de l'assistant téléphonique des encombrants",
        "licence": "Licence Ouverte 2.0",
        "months": [
            {"month": month, "signed_at": signed_at.isoformat(), "remark": remark, "figures": list(rows)}
            for month, signed_at, remark, rows in months
        ],
    }


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``document``."""
    properties: dict[str, Any] = {name: {"description": _ABOUT[name], "type": "string"} for name in COLUMNS}
    for name in ("from", "to"):
        properties[name] |= {"format": "date"}
    properties["unit"] = {"description": _ABOUT["unit"], "enum": [unit.value for unit in Unit]}
    for name in ("value", "numerator", "low", "high"):
        properties[name] = {"description": _ABOUT[name], **_NUMBER}
    properties["denominator"] = {"description": _ABOUT["denominator"], "type": ["integer", "null"], "minimum": 0}
    row = {"type": "object", "properties": properties, "required": list(COLUMNS), "additionalProperties": False}
    month = {
        "type": "object",
        "properties": {
            "month": {"type": "string", "pattern": f"^{_MONTH.pattern}$"},
            "signed_at": {"type": "string", "format": "date-time"},
            "remark": {"type": "string"},
            "figures": {"type": "array", "items": row},
        },
        "required": ["month", "signed_at", "remark", "figures"],
        "additionalProperties": False,
    }
    return {
        "$schema": DIALECT,
        "title": "Chiffres de l'assistant téléphonique des encombrants",
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "licence": {"type": "string"},
            "months": {"type": "array", "items": month},
        },
        "required": ["title", "licence", "months"],
        "additionalProperties": False,
    }
