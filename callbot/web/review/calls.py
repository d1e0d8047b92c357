"""The list of calls and the page of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import Request, Response

from callbot.access import Right
from callbot.review.annotating import Annotating
from callbot.review.reading import LEAST_REASON, Reading, ReasonMissingError, Revealed
from callbot.review.story import FieldRef, Story, read_ref
from callbot.web.forms import plain_text, read_form, small_number
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.review import paths
from callbot.web.review.annotation_form import Asked, Offered, read_annotation
from callbot.web.review.criteria import filters_of
from callbot.web.review.ports import NamesStaff
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

MOST_FIELDS = 24
LONGEST_REASON = 500
_NO_SUCH_CALL = Problem(
    HTTPStatus.NOT_FOUND,
    "Appel introuvable",
    "Il n'y a pas d'appel de ce nom, ou ses données ont été effacées à la fin de leur durée de conservation,"
    " ou la personne a demandé qu'elles ne soient plus utilisées.",
)
_NO_SUCH_FIELD = Problem(
    HTTPStatus.NOT_FOUND, "Champ introuvable", "Ce champ n'est pas masqué dans cet appel. Rien n'a été montré."
)
_NO_SUCH_LINE = Problem(HTTPStatus.NOT_FOUND, "Ligne introuvable", "Cet appel n'a pas cette ligne. Rien n'est noté.")


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page of a call opens beside the call: a form, an answer."""

    wanted: FieldRef | None = None
    line: int | None = None
    reason: str = ""
    reason_error: str = ""
    asked: Asked = field(default_factory=Asked)
    revealed: Revealed | None = None
    done: str = ""
    status: int = HTTPStatus.OK


class CallPages:
    """The handlers."""

    def __init__(
        self, reading: Reading, annotating: Annotating, pages: StaffPages, offered: Offered, names: NamesStaff
    ) -> None:
        self._reading = reading
        self._annotating = annotating
        self._pages = pages
        self._offered = offered
        self._names = names

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /admin``: calls that fit, newest first."""
        filters = filters_of(request.query_params)
        page = await self._reading.page(filters.criteria, filters.after)
        more = ""
        if page.after:
            more = "&".join(part for part in (filters.query, f"after={page.after}") if part)
        return self._pages.page(
            "review_calls", "Relecture des appels", visit, paths.HOME,
            filters=filters, calls=page.calls, more=more, naming=self._reading.naming,
        )  # fmt: skip

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/calls/{id}``; ``champ`` and ``ligne`` open a form beside what they name."""
        query = request.query_params
        wanted = Opening(
            wanted=read_ref(query.get("champ", "")) if visit.may(Right.UNMASK) else None,
            line=small_number(query.get("ligne", "")) if visit.may(Right.ANNOTATE) else None,
            done=query.get("fait", ""),
        )
        return await self._page(request, visit, wanted)

    async def unmask(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/calls/{id}/demasquer``: one field, in this answer only."""
        form = await self._form(request, visit)
        ref, reason = read_ref(form.get("champ", "")), plain_text(form.get("motif", ""))[:LONGEST_REASON]
        if ref is None:
            raise RefusedError(_NO_SUCH_FIELD)
        try:
            revealed = await self._reading.unmask(_call_id(request), ref, visit.account.id, reason)
        except ReasonMissingError:
            error = f"écrivez pourquoi, en {LEAST_REASON} caractères au moins."
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return await self._page(
                request, visit, Opening(wanted=ref, reason=reason, reason_error=error, status=status)
            )
        if revealed is None:
            raise RefusedError(_NO_SUCH_FIELD)
        return await self._page(request, visit, Opening(revealed=revealed))

    async def annotate(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/calls/{id}/annoter``."""
        form = await self._form(request, visit)
        call_id = _call_id(request)
        new = read_annotation(form, call_id, visit.account.id, self._offered)
        if isinstance(new, Asked):
            line = small_number(form.get("ligne", ""))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return await self._page(request, visit, Opening(line=line, asked=new, status=status))
        if await self._annotating.add(new) is None:
            raise RefusedError(_NO_SUCH_LINE)
        return go_to(f"{paths.of_call(paths.CALL, call_id)}?fait=annotee#l-{new.seq}")

    async def _form(self, request: Request, visit: Visit) -> dict[str, str]:
        form = await read_form(request.headers, request.stream(), MOST_FIELDS)
        if not visit.form_ok(form, request):
            raise RefusedError(NOT_OURS)
        return form

    async def _page(self, request: Request, visit: Visit, opening: Opening) -> Response:
        call_id = _call_id(request)
        story = await self._reading.story(call_id)
        if story is None:
            raise RefusedError(_NO_SUCH_CALL)
        annotations = await self._reading.annotations(story)
        authors = {account: await self._names(account) for account in {one.annotation.by for one in annotations}}
        title = "Erreur : " if opening.status >= HTTPStatus.BAD_REQUEST else ""
        return self._pages.page(
            "review_call", f"{title}Appel du {_day(story)}", visit, paths.HOME, opening.status,
            story=story, found=await self._reading.found(call_id), annotations=annotations, authors=authors,
            opening=opening, naming=self._reading.naming, began=story.moments[0].line.at if story.moments else None,
        )  # fmt: skip


def _call_id(request: Request) -> str:
    return str(request.path_params["call_id"])


def _day(story: Story) -> str:
    return f"{story.moments[0].line.at:%d/%m/%Y}" if story.moments else ""
