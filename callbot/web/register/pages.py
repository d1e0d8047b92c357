"""The register and the charter as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files

from fastapi import Request, Response

from callbot.privacy.charter import Clause, Finding, Result, Verdict
from callbot.privacy.papers import PAPERS
from callbot.privacy.register import Register
from callbot.settings import LOCAL_ZONE
from callbot.web.problems import UNKNOWN_PAGE, Problem, RefusedError
from callbot.web.register import paths
from callbot.web.rendering import HEADERS, NO_STORE, Templates

_TEMPLATES = Templates(("register_base", "register_entry", "register_charter", "register_problem"), {"PATHS": paths})
# Read once, when the module is imported.
_STYLE = files("callbot.web").joinpath("templates", "register.css").read_bytes()
WORDS = {
    Verdict.KEPT: "Tenue",
    Verdict.BROKEN: "Non tenue",
    Verdict.NOT_MEASURED: "Pas encore mesurée",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One promise with its verdict; ``finding`` None: it was not part of the last run."""

    clause: Clause
    finding: Finding | None

    @property
    def verdict(self) -> Verdict:
        """What became of it."""
        return self.finding.verdict if self.finding else Verdict.NOT_MEASURED

    @property
    def words(self) -> str:
        """The verdict in French."""
        return WORDS[self.verdict]

    @property
    def mark(self) -> str:
        """The verdict as a name for the style sheet."""
        return self.verdict.value.replace(" ", "-")


def shown(clauses: tuple[Clause, ...], result: Result | None) -> list[Shown]:
    """Every promise of the charter as it stands today, broken ones first."""
    found = {finding.number: finding for finding in result.findings} if result else {}
    rows = [Shown(clause, found.get(clause.number)) for clause in clauses]
    return sorted(rows, key=lambda row: (_ORDER[row.verdict], row.clause.number))


_ORDER = {Verdict.BROKEN: 0, Verdict.NOT_MEASURED: 1, Verdict.KEPT: 2}


class RegisterPages:
    """The handlers."""

    def __init__(
        self,
        register: Callable[[], Register],
        last_run: Callable[[], Awaitable[Result | None]],
        clauses: tuple[Clause, ...],
        people_phone: str,
        paper: Callable[[str], str | None],
    ) -> None:
        self._register = register
        self._last_run = last_run
        self._clauses = clauses
        self._people_phone = people_phone
        self._paper = paper

    def problem(self, problem: Problem) -> Response:
        """What went wrong."""
        return self._page("register_problem", problem.title, problem.status, problem=problem)

    async def register(self, _request: Request) -> Response:
        """``GET /registre``."""
        return self.entry()

    def entry(self) -> Response:
        """The register as it is now."""
        return self._page("register_entry", "Registre public de l'assistant", register=self._register(), papers=PAPERS)

    async def charter(self, _request: Request) -> Response:
        """``GET /registre/charte``."""
        result = await self._last_run()
        rows = shown(self._clauses, result)
        counts = [(WORDS[verdict], sum(row.verdict is verdict for row in rows)) for verdict in WORDS]
        made_at = f"{result.made_at.astimezone(LOCAL_ZONE):%d/%m/%Y à %H h %M}" if result else ""
        title = "La charte et sa vérification"
        return self._page("register_charter", title, rows=rows, counts=counts, made_at=made_at)

    async def paper(self, request: Request) -> Response:
        """``GET /registre/documents/{name}``: a paper as text, of the settings that run."""
        text = self._paper(str(request.path_params["name"]))
        if text is None:
            raise RefusedError(UNKNOWN_PAGE)
        return Response(text, headers={**HEADERS, "Cache-Control": NO_STORE}, media_type="text/plain; charset=utf-8")

    async def style(self, _request: Request) -> Response:
        """``GET /registre/registre.css``."""
        return Response(_STYLE, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")

    def _page(self, name: str, title: str, status: int = 200, **values: object) -> Response:
        authority = self._register().authority
        return _TEMPLATES.page(name, title, status, self._people_phone, authority=authority, **values)
