"""Gaps, a new entry, proposals, versions."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response

from callbot.access import Right
from callbot.domain.clock import Clock
from callbot.editing.content import Draft, Kind, Proposal, Rehearsal, Status
from callbot.editing.entries import EntryDraft
from callbot.editing.gaps import clusters
from callbot.editing.publishing import Checked, NotPublished, Publishing
from callbot.knowledge import QuestionEntry
from callbot.web.editing import paths, views
from callbot.web.editing.ports import NamesStaff, ReadsGaps
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

GAPS_SINCE: Final = timedelta(days=90)
MOST_GAPS: Final = 5000
SHOWN: Final = 50
MOST_BYTES: Final = 256 * 1024
_FIELDS: Final = 16
_UNKNOWN = Problem(HTTPStatus.NOT_FOUND, "Page introuvable", "Cette proposition n'existe pas.")
_NOT_YOURS = Problem(
    HTTPStatus.FORBIDDEN,
    "Vous ne pouvez pas en décider",
    "Une personne qui administre l'approuve ou la refuse. Rien n'a changé.",
)
_APPROVES: Final = {Kind.ENTRY: Right.PUBLISH_KNOWLEDGE, Kind.FILE: Right.EDIT_RULES}
_DONE: Final = {
    "propose": "La proposition est gardée. Les répétitions commencent.",
    "publie": "C'est publié. Les nouveaux appels l'entendent dans quelques secondes.",
    "clos": "La proposition est close. Rien n'a été publié.",
    "rejoue": "Les répétitions recommencent.",
    "repris": "Cette version est de nouveau en vigueur.",
}


async def own_form(request: Request, visit: Visit) -> dict[str, str]:
    """The fields of a form of this session; texts of files are long."""
    form = await read_form(request.headers, request.stream(), _FIELDS, MOST_BYTES)
    if not visit.form_ok(form, request):
        raise RefusedError(NOT_OURS)
    return form


class ContentPages:
    """The handlers."""

    def __init__(
        self, publishing: Publishing, gaps: ReadsGaps, clock: Clock, pages: StaffPages, names: NamesStaff
    ) -> None:
        self._publishing = publishing
        self._gaps = gaps
        self._clock = clock
        self._pages = pages
        self._names = names

    async def home(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/connaissances``: what callers asked in vain, and what is proposed."""
        now = self._clock.now()
        found = clusters(await self._gaps.gaps(now - GAPS_SINCE, MOST_GAPS), now)
        proposals = await self._publishing.store.proposals(SHOWN)
        authors = await views.names_of({each.made_by for each in proposals}, self._names)
        return self._pages.page(
            "editing_content", "Connaissances", visit, paths.CONTENT, clusters=found, proposals=proposals,
            authors=authors, said=_DONE.get(request.query_params.get("fait", ""), ""),
        )  # fmt: skip

    async def new(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/connaissances/nouvelle``."""
        near = await self._publishing.entry(request.query_params.get("pres", "")[:80])
        return self._form(visit, {"valid_from": self._clock.now().date().isoformat(), "certainty": "I"}, near=near)

    async def propose(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/connaissances/nouvelle``: preview, or keep."""
        form = await own_form(request, visit)
        entry = _entry(form)
        draft = Draft(Kind.ENTRY, entry.file, entry.text(), entry.owner[:128], plain_text(form.get("note", ""))[:300])
        checked = await self._publishing.check(draft.file, draft.text)
        if not draft.note or checked.before is not None or not checked.ok or form.get("faire") != "proposer":
            return self._form(visit, form, draft, checked)
        kept = await self._publishing.propose(draft, visit.account.id)
        if isinstance(kept, Checked):
            return self._form(visit, form, draft, kept)
        return go_to(f"{paths.numbered(paths.PROPOSAL, kept)}?fait=propose")

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/connaissances/propositions/{number}``."""
        found = await self._found(request)
        return await self._proposal(visit, found, said=_DONE.get(request.query_params.get("fait", ""), ""))

    async def approve(self, request: Request, visit: Visit) -> Response:
        """``POST .../approuver``."""
        form, found = await own_form(request, visit), await self._found(request)
        if not visit.may(_APPROVES[found.draft.kind]):
            raise RefusedError(_NOT_YOURS)
        if form.get("accord") != "oui":
            return await self._proposal(visit, found, wrong="Cochez l'accord de qui répond de ce texte.")
        became = await self._publishing.approve(found.number, visit.account.id, plain_text(form.get("raison", "")))
        if isinstance(became, NotPublished):
            return await self._proposal(visit, found, wrong=views.NOT_PUBLISHED[became])
        return go_to(f"{paths.VERSIONS}?fait=publie")

    async def close(self, request: Request, visit: Visit) -> Response:
        """``POST .../clore``: withdraw one's own, refuse that of somebody else."""
        await own_form(request, visit)
        found = await self._found(request)
        if found.made_by != visit.account.id and not visit.may(_APPROVES[found.draft.kind]):
            raise RefusedError(_NOT_YOURS)
        await self._publishing.close(found.number, visit.account.id)
        return go_to(f"{paths.CONTENT}?fait=clos")

    async def rehearse(self, request: Request, visit: Visit) -> Response:
        """``POST .../rejouer``: once more, after a break."""
        await own_form(request, visit)
        found = await self._found(request)
        if found.rehearsal is not Rehearsal.RUNNING or self._clock.now() - _began(found) > timedelta(minutes=10):
            self._publishing.rehearse(found.number)
        return go_to(f"{paths.numbered(paths.PROPOSAL, found.number)}?fait=rejoue")

    async def versions(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/connaissances/versions``."""
        return await self._versions(visit, said=_DONE.get(request.query_params.get("fait", ""), ""))

    async def restore(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/connaissances/versions/{number}/reprendre``; 0: the delivered files."""
        form = await own_form(request, visit)
        number = int(request.path_params["number"])
        became = await self._publishing.restore(number, visit.account.id, plain_text(form.get("raison", "")))
        if isinstance(became, NotPublished):
            return await self._versions(visit, wrong=views.NOT_PUBLISHED[became])
        return go_to(f"{paths.VERSIONS}?fait=repris")

    def _form(
        self, visit: Visit, form: dict[str, str], draft: Draft | None = None, checked: Checked | None = None,
        near: tuple[QuestionEntry, str] | None = None,
    ) -> Response:  # fmt: skip
        problems = views.problem_lines(checked.problems, draft.file, draft.text) if checked and draft else []
        if draft and not draft.note:
            problems.append(views.ProblemLine("motif", "dites pourquoi cette fiche est utile", "", own=True))
        if checked and checked.before is not None:
            problems.append(views.ProblemLine("identifiant", "une fiche a déjà ce nom", "", own=True))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
        return self._pages.page(
            "editing_entry", "Proposer une fiche", visit, paths.CONTENT, status, form=form, draft=draft,
            problems=problems, entry=_entry(form) if draft else None, near=near,
        )  # fmt: skip

    async def _proposal(self, visit: Visit, found: Proposal, said: str = "", wrong: str = "") -> Response:
        texts = await self._publishing.texts()
        names = await views.names_of({found.made_by, found.decided_by}, self._names)
        may = found.status is Status.WAITING and visit.may(_APPROVES[found.draft.kind])
        return self._pages.page(
            "editing_proposal", f"Proposition {found.number}", visit, paths.CONTENT,
            HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK, proposal=found, authors=names, said=said,
            wrong=wrong, lines=views.difference(texts.get(found.draft.file), found.draft.text),
            may_approve=may and found.made_by != visit.account.id,
            may_close=found.status is Status.WAITING and (may or found.made_by == visit.account.id),
            own=found.made_by == visit.account.id,
        )  # fmt: skip

    async def _versions(self, visit: Visit, said: str = "", wrong: str = "") -> Response:
        versions = await self._publishing.store.versions(SHOWN)
        names = await views.names_of({version.by for version in versions}, self._names)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return self._pages.page(
            "editing_versions", "Versions", visit, paths.CONTENT, status, versions=versions, authors=names, said=said,
            wrong=wrong, fits=await self._publishing.fits(),
        )  # fmt: skip

    async def _found(self, request: Request) -> Proposal:
        found = await self._publishing.store.proposal(int(request.path_params["number"]))
        if found is None:
            raise RefusedError(_UNKNOWN)
        return found


def _entry(form: dict[str, str]) -> EntryDraft:
    """The entry of a form; the loader says what is wrong with it."""
    fields = {name: plain_text(form.get(name, "")) for name in _ENTRY_FIELDS}
    variants = tuple(line for line in map(plain_text, form.get("variants", "").splitlines()) if line)
    return EntryDraft(variants=variants, **fields)


_ENTRY_FIELDS: Final = (
    "id", "answer", "source", "spoken_source", "certainty", "owner", "valid_from", "valid_to",
)  # fmt: skip


def _began(found: Proposal) -> datetime:
    return found.rehearsed_at or found.made_at
