"""The files of the knowledge base: rules, capacities, closures, opening hours, messages; edited as they are written."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from callbot.editing.content import LONGEST_TEXT, Draft, Kind, Status, digest
from callbot.editing.publishing import Checked, Publishing
from callbot.web.editing import paths, views
from callbot.web.editing.content_pages import own_form
from callbot.web.forms import plain_text
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.staff.guard import Visit
from callbot.web.staff.rendering import StaffPages

_UNKNOWN = Problem(HTTPStatus.NOT_FOUND, "Page introuvable", "Ce fichier n'existe pas dans la base de connaissances.")
GROUPS = {
    "": "Horaires et messages",
    "territories": "Règles, capacités et fermetures par territoire",
    "items": "Objets",
    "questions": "Questions et réponses",
}


class FilePages:
    """The handlers."""

    def __init__(self, publishing: Publishing, pages: StaffPages) -> None:
        self._publishing = publishing
        self._pages = pages

    async def home(self, _request: Request, visit: Visit) -> Response:
        """``GET /admin/regles``."""
        current = await self._publishing.store.current()
        names = sorted(await self._publishing.texts())
        grouped = {words: [name for name in names if name.rpartition("/")[0] == key] for key, words in GROUPS.items()}
        changed = set(current.files) if current else set()
        return self._pages.page("editing_files", "Règles", visit, paths.CONTENT, grouped=grouped, changed=changed)

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /admin/regles/fichier?nom=``."""
        name = request.query_params.get("nom", "")
        return await self._page(visit, name, (await self._known(name)))

    async def change(self, request: Request, visit: Visit) -> Response:
        """``POST /admin/regles/fichier``: the difference and what the loader says, or keep it."""
        form = await own_form(request, visit)
        name = form.get("nom", "")
        before = await self._known(name)
        text = _lines(form.get("texte", ""))
        note, owner = plain_text(form.get("note", ""))[:300], plain_text(form.get("owner", ""))[:128]
        checked = await self._publishing.check(name, text)
        wanted = form.get("faire") == "proposer" and checked.ok and text != before
        # The box carries the text it was ticked for: whoever writes on after the preview looks again.
        missing = _missing(form.get("lu", "") == digest(text), note, owner) if wanted else ""
        if missing or not wanted:
            return await self._page(visit, name, before, text, checked, note=note, owner=owner, missing=missing)
        kept = await self._publishing.propose(Draft(Kind.FILE, name, text, owner, note), visit.account.id)
        if isinstance(kept, Checked):
            return await self._page(visit, name, before, text, kept, note=note, owner=owner)
        return go_to(f"{paths.numbered(paths.PROPOSAL, kept)}?fait=propose")

    async def _known(self, name: str) -> str:
        text = (await self._publishing.texts()).get(name)
        if text is None:
            raise RefusedError(_UNKNOWN)
        return text

    async def _page(
        self, visit: Visit, name: str, before: str, text: str | None = None, checked: Checked | None = None,
        *, note: str = "", owner: str = "", missing: str = "",
    ) -> Response:  # fmt: skip
        shown = before if text is None else text
        problems = views.problem_lines(checked.problems, name, shown) if checked else []
        waiting = [
            each
            for each in await self._publishing.store.proposals(50)
            if each.status is Status.WAITING and each.draft.file == name
        ]
        status = HTTPStatus.UNPROCESSABLE_ENTITY if problems or missing else HTTPStatus.OK
        return self._pages.page(
            "editing_file", name, visit, paths.CONTENT, status,
            missing=missing, file=name, text=shown, problems=problems, note=note, owner=owner, waiting=waiting,
            checked=checked is not None, lines=views.difference(before, shown) if checked else [],
            longest=LONGEST_TEXT,
        )  # fmt: skip


def _missing(seen: bool, note: str, owner: str) -> str:
    """What is still wanted before it is kept, in a sentence."""
    if not seen:
        return "Relisez ce qui change, puis cochez la case."
    return "" if note and owner else "Dites qui en répond, et pourquoi ce changement."


def _lines(text: str) -> str:
    """A text as browsers send it, as files hold it: one line feed a line, one at the end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
