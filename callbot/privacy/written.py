"""A copy of somebody's data as they read it: French labels, dates as they are written, a conversation as it was said.

Nothing is left out but what only a machine reads of a conversation; all of it is in the portable form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from callbot.settings import LOCAL_ZONE

_LABELS: Final = {
    "at": "Le", "from": "De", "to": "À", "reference": "Référence", "status": "État", "day": "Jour",
    "address": "Adresse", "items": "Objets", "phone": "Téléphone", "name": "Nom", "email": "Courriel", "note": "Note",
    "made_at": "Pris le", "made_by": "Pris par", "channel": "Par", "end": "Fin", "text": "Texte", "kind": "Sorte",
    "number": "Numéro", "right": "Droit", "received_at": "Reçue le", "state": "État", "due_on": "Réponse avant le",
    "ended_at": "Close le", "reason": "Motif", "quantity": "Quantité", "heard": "Vos mots", "item": "Objet",
}  # fmt: skip
_VALUES: Final = {
    "phone": "téléphone", "sms": "SMS", "text": "écrit", "turns": "téléphone", "voice": "appel", "email": "courriel",
    "webhook": "service d'annonce", "bot": "l'assistant", "agent": "un conseiller", "resident": "vous",
    "booked": "réservé", "cancelled": "annulé", "collected": "enlevé", "missed": "manqué", "replanned": "replanifié",
    "not_presented": "rien de sorti", "not_conform": "non conforme", "inaccessible": "inaccessible",
    "access": "accès", "rectification": "rectification", "erasure": "effacement", "limitation": "limitation",
    "objection": "opposition", "received": "reçue", "identified": "personne reconnue", "taken": "en cours",
    "answered": "répondue", "refused": "refusée", "withdrawn": "retirée", "not_identified": "personne non reconnue",
    "done": "terminée", "caller_hung_up": "raccroché", "handed_over": "passée à un conseiller",
    "call_back": "rappel promis", "fly_tip": "dépôt sauvage", "complaint": "réclamation", "data_rights": "vos données",
}  # fmt: skip
_SPEAKERS: Final = {"CallerSpoke": "Vous", "KeysPressed": "Vous (touches)", "Prompted": "Assistant"}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def written(row: Mapping[str, Any]) -> list[str]:
    """One element, a line a field; empty fields are left out."""
    return list(_lines(row))


def listed(row: Mapping[str, Any]) -> list[str]:
    """The same as a part of a text: a dash before the first line, the others set in."""
    head, *rest = written(row) or [""]
    return [f"- {head}", *(f"  {line}" for line in rest)]


def _lines(row: Mapping[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value in (None, "", [], {}):
            continue
        if name == "events":
            yield from _said(value)
        elif isinstance(value, list):
            yield f"{_LABELS.get(name, name)} : {' ; '.join(_value(each) for each in value)}"
        else:
            yield f"{_LABELS.get(name, name)} : {_value(value)}"


def _said(events: list[Mapping[str, Any]]) -> Iterator[str]:
    """What was said, by whom; the other events only say what the machine did with it."""
    for event in events:
        speaker, text = _SPEAKERS.get(str(event.get("event"))), event.get("text") or event.get("keys")
        if speaker and text:
            yield f"{speaker} : {text}"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        parts = (f"{_LABELS.get(str(name), str(name)).lower()} {_value(each)}" for name, each in value.items() if each)
        return ", ".join(parts)
    said = str(value)
    if _MOMENT.match(said):
        return f"{datetime.fromisoformat(said).astimezone(LOCAL_ZONE):%d/%m/%Y à %H h %M}"
    if _DAY.fullmatch(said):
        return f"{date.fromisoformat(said):%d/%m/%Y}"
    return _VALUES.get(said, said)
