"""The figures for everybody: months that an administrator signed, as a page and as open data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from fastapi import Request, Response

from callbot.documents.spreadsheets import plain_csv
from callbot.insight.figures import COLUMNS
from callbot.insight.figures.open_data import document, schema
from callbot.settings import LOCAL_ZONE
from callbot.web.figures import paths
from callbot.web.figures.pages import french_month
from callbot.web.figures.ports import KeepsMonths, SignedMonth
from callbot.web.figures.tables import published_sections
from callbot.web.problems import UNKNOWN_PAGE, Problem, RefusedError
from callbot.web.rendering import HEADERS, Templates

_NAMES = ("figures_parts", "figures_public_base", "figures_public", "figures_problem")
TEMPLATES = Templates(_NAMES, {"PATHS": paths})
# Read once, when the module is imported.
_STYLE = files("callbot.web").joinpath("templates", "figures.css").read_bytes()
_OPEN = {
    **HEADERS,
    "Cache-Control": "public, max-age=3600",
    # Open data is for everybody's programs.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class PublicFigures:
    """The handlers."""

    def __init__(self, kept: KeepsMonths, authority: str, people_phone: str) -> None:
        self._kept = kept
        self._authority = authority
        self._people_phone = people_phone

    def problem(self, problem: Problem) -> Response:
        """What went wrong."""
        return TEMPLATES.page(
            "figures_problem", problem.title, problem.status, self._people_phone, authority=self._authority,
            problem=problem,
        )  # fmt: skip

    async def page(self, request: Request) -> Response:
        """``GET /registre/chiffres``, ``/registre/chiffres/{month}``: the latest month, or the one asked for."""
        public = await self._kept.signed()
        wanted = request.path_params.get("month")
        month = next((each for each in public if wanted in (None, each.month)), None)
        if wanted is not None and month is None:
            raise RefusedError(UNKNOWN_PAGE)
        title = f"Chiffres de {french_month(month.month)}" if month else "Chiffres"
        return TEMPLATES.page(
            "figures_public",
            title,
            200,
            self._people_phone,
            authority=self._authority,
            month=month,
            month_words=french_month(month.month) if month else "",
            signed_on=f"{month.signed_at.astimezone(LOCAL_ZONE):%d/%m/%Y}" if month else "",
            sections=published_sections(_rows(month)) if month else [],
            others=[(each.month, french_month(each.month)) for each in public],
        )

    async def style(self, _request: Request) -> Response:
        """``GET /registre/chiffres.css``: what all pages of figures look like."""
        return Response(_STYLE, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")

    async def open_json(self, _request: Request) -> Response:
        """``GET /open-data/chiffres.json``."""
        months = [(each.month, each.signed_at, each.remark, _rows(each)) for each in await self._kept.signed()]
        text = json.dumps(document(months), ensure_ascii=False)
        return Response(text, headers=_OPEN, media_type="application/json")

    async def open_csv(self, _request: Request) -> Response:
        """``GET /open-data/chiffres.csv``: one line a figure and month."""
        lines = [
            [each.month, *(row[name] for name in COLUMNS)] for each in await self._kept.signed() for row in _rows(each)
        ]
        return Response(plain_csv(("month", *COLUMNS), lines), headers=_OPEN, media_type="text/csv; charset=utf-8")

    async def open_schema(self, _request: Request) -> Response:
        """``GET /open-data/chiffres.schema.json``."""
        text = json.dumps(schema(), ensure_ascii=False)
        return Response(text, headers=_OPEN, media_type="application/schema+json")


def _rows(month: SignedMonth) -> Sequence[dict[str, Any]]:
    rows: Sequence[dict[str, Any]] = month.figures.get("rows", [])
    return rows
