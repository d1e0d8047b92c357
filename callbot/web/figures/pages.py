"""The figures for staff: this moment, a period, files, months to be made public."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import structlog
from fastapi import Request, Response

from callbot.access import Right
from callbot.documents.spreadsheets import ODS_TYPE, french_csv, ods
from callbot.insight.figures import COLUMNS, By, FigureDesk, Report, report_rows
from callbot.insight.figures.open_data import can_be_signed, month_of, published, question_of
from callbot.insight.figures.words import written_duration
from callbot.settings import LOCAL_ZONE
from callbot.web.figures import asked, paths
from callbot.web.figures.charts import bar_chart
from callbot.web.figures.ports import KeepsMonths
from callbot.web.figures.tables import headlines, part_rows, sections, shown
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import UNKNOWN_PAGE, Problem, RefusedError
from callbot.web.rendering import HEADERS, NO_STORE, go_to
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import STAFF_HEADERS, StaffPages, staff_templates

BY_WORDS = {By.HOUR: "heure de la journée", By.DAY: "jour", By.TERRITORY: "territoire"}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_LONGEST_REMARK = 600
_MONTHS_SHOWN = 13
_NAMES = ("figures_parts", "figures_home", "figures_months", "figures_month")
TEMPLATES = staff_templates(_NAMES, {"PATHS": paths, "BY": BY_WORDS})
_NOT_YET = Problem(
    HTTPStatus.CONFLICT,
    "Ce mois ne peut pas encore être publié",
    "Un mois se publie huit jours après sa fin : avant, on ne sait pas encore qui a rappelé.",
)

log = structlog.get_logger(__name__)


def french_month(month: str) -> str:
    """« novembre 2026 »."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


@dataclass(frozen=True, slots=True)
class _File:
    write: Callable[[Report], bytes]
    media_type: str


def _rows(report: Report) -> list[list[str | float | int | None]]:
    return [list(row.values()) for row in report_rows(report)]


_FILES = {
    "csv": _File(lambda report: french_csv(COLUMNS, _rows(report)), "text/csv; charset=utf-8"),
    "ods": _File(lambda report: ods("Chiffres", COLUMNS, _rows(report)), ODS_TYPE),
    "json": _File(lambda report: json.dumps(report_rows(report), ensure_ascii=False).encode(), "application/json"),
}


class FiguresPages:
    """The handlers; each stands behind the guard."""

    def __init__(self, desk: FigureDesk, kept: KeepsMonths, pages: StaffPages) -> None:
        self._desk = desk
        self._kept = kept
        self._pages = pages

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/figures``."""
        wanted = asked.read(request.query_params, self._desk.today, self._desk.territories)
        report, live = await asyncio.gather(self._desk.report(wanted.question), self._kept.live())
        return self._pages.page(
            "figures_home",
            "Chiffres",
            visit,
            paths.HOME,
            asked=wanted,
            live=live,
            live_at=f"{live.at.astimezone(LOCAL_ZONE):%H\u00a0h\u00a0%M}",
            longest_wait="personne" if live.longest_wait_s is None else written_duration(live.longest_wait_s),
            periods=asked.usual_periods(wanted, self._desk.today),
            query=paths.query_of(wanted.question, wanted.figure),
            territories=self._desk.territories,
            drawn=[shown(report.by_key[key]) for key in asked.DRAWN],
            chart=bar_chart(report.parts, wanted.figure) if report.parts else None,
            rows=part_rows(report.parts, wanted.figure),
            headlines=headlines(report),
            sections=sections(report),
            may_publish=visit.may(Right.PUBLISH_FIGURES),
        )

    async def file(self, request: Request, _visit: Visit) -> Response:
        """``GET /admin/figures/chiffres.{kind}``: the same question as a file."""
        file = _FILES.get(str(request.path_params["kind"]))
        if file is None:
            raise RefusedError(UNKNOWN_PAGE)
        wanted = asked.read(request.query_params, self._desk.today, self._desk.territories).question
        content = await asyncio.to_thread(file.write, await self._desk.report(wanted))
        name = f"chiffres-{wanted.first.isoformat()}-{wanted.last.isoformat()}.{request.path_params['kind']}"
        headers = {
            **HEADERS, **STAFF_HEADERS, "Cache-Control": NO_STORE,
            "Content-Disposition": f'attachment; filename="{name}"',
        }  # fmt: skip
        return Response(content, headers=headers, media_type=file.media_type)

    async def months(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/figures/mois``: which months are public, which can be."""
        public = {month.month: month for month in await self._kept.signed()}
        return self._pages.page(
            "figures_months",
            "Mois publiés",
            visit,
            paths.HOME,
            months=[(month, french_month(month), public.get(month)) for month in self._known_months(set(public))],
            can_be_signed={month for month in self._known_months(set()) if can_be_signed(month, self._desk.today)},
        )

    async def month(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/figures/mois/{month}``: a month as it would be public, before it is signed."""
        month, report = await self._month(request)
        public = {each.month: each for each in await self._kept.signed()}
        return self._pages.page(
            "figures_month",
            f"Publier {french_month(month)}",
            visit,
            paths.HOME,
            month=month,
            month_words=french_month(month),
            sections=sections(report),
            public=public.get(month),
            ready=can_be_signed(month, self._desk.today),
            longest=_LONGEST_REMARK,
        )

    async def publish(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/figures/mois/{month}``: signed, or taken back."""
        form = await read_form(request.headers, request.stream())
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        month, report = await self._month(request)
        if form.get("action") == "retirer":
            await self._kept.withdraw(month)
            log.info("figures_withdrawn", month=month, account=visit.account.id)
            return go_to(paths.MONTHS)
        if not can_be_signed(month, self._desk.today):
            raise RefusedError(_NOT_YET)
        remark = plain_text(form.get("remarque", ""))[:_LONGEST_REMARK]
        await self._kept.sign(month, visit.account.id, {"rows": published(report)}, remark)
        log.info("figures_signed", month=month, account=visit.account.id)
        return go_to(paths.MONTHS)

    async def _month(self, request: Request) -> tuple[str, Report]:
        month = str(request.path_params["month"])
        question = question_of(month)
        if question is None or question.first > self._desk.today:
            raise RefusedError(UNKNOWN_PAGE)
        return month, await self._desk.report(question)

    def _known_months(self, public: set[str]) -> list[str]:
        """This month and the twelve before it, and any that is public; latest first."""
        day, recent = self._desk.today, set(public)
        for _ in range(_MONTHS_SHOWN):
            recent.add(month_of(day))
            day = day.replace(day=1) - timedelta(days=1)
        return sorted(recent, reverse=True)
