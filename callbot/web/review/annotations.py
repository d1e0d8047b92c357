"""All annotations, the cases made of them, and the journal of what was shown."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from callbot.review.annotating import Annotating, NoCaseError
from callbot.web.forms import read_form
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.review import paths
from callbot.web.review.ports import NamesStaff, ReadsJournal
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

ENTRIES = 100
_UNKNOWN = Problem(HTTPStatus.NOT_FOUND, "Annotation introuvable", "Elle a été effacée avec son appel.")
_NO_CASE = Problem(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Cas impossible",
    "Une machine ne peut rien vérifier ici : dites dans l'annotation ce qui aurait dû être compris (adresse, objets,"
    " intention ou fiche), sur des paroles de l'appelant.",
)


class AnnotationPages:
    """The handlers."""

    def __init__(self, annotating: Annotating, journal: ReadsJournal, pages: StaffPages, names: NamesStaff) -> None:
        self._annotating = annotating
        self._journal = journal
        self._pages = pages
        self._names = names

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/annotations``."""
        latest = await self._annotating.latest()
        names = {account: await self._names(account) for account in {one.by for one in latest}}
        done = request.query_params.get("fait", "")
        return self._pages.page(
            "review_annotations", "Annotations", visit, paths.HOME, annotations=latest, authors=names, done=done
        )

    async def make_case(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/annotations/{number}/cas``: one click."""
        await self._ours(request, visit)
        try:
            made = await self._annotating.make_case(int(request.path_params["number"]))
        except NoCaseError:
            raise RefusedError(_NO_CASE) from None
        return self._back(made.call_id if made else "", made.seq if made else 0, "cas")

    async def drop_case(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/annotations/{number}/oublier-cas``."""
        await self._ours(request, visit)
        dropped = await self._annotating.drop_case(int(request.path_params["number"]))
        return self._back(dropped.call_id if dropped else "", dropped.seq if dropped else 0, "oublie")

    async def journal(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/journal``: who was shown what, and why."""
        entries = await self._journal.latest(ENTRIES)
        names = {account: await self._names(account) for account in {entry.who for entry in entries}}
        return self._pages.page(
            "review_journal", "Journal des démasquages", visit, paths.HOME, entries_shown=entries, authors=names
        )

    async def _ours(self, request: Request, visit: Visit) -> None:
        if not visit.form_ok(await read_form(request.headers, request.stream()), request):
            raise RefusedError(NOT_OURS)

    def _back(self, call_id: str, seq: int, done: str) -> Response:
        if not call_id:
            raise RefusedError(_UNKNOWN)
        return go_to(f"{paths.of_call(paths.CALL, call_id)}?fait={done}#l-{seq}")
