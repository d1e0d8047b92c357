"""What all pages share: templates, the style sheet, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from callbot.web.problems import Problem

STYLE = "/texte/style.css"
NO_STORE = "no-store"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it browsers send "Origin: null" with forms, and the check of the origin would be void.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Read once, when the module is imported: no page waits for a disk.
_STYLE = files("callbot.web").joinpath("templates", "style.css").read_bytes()


class Templates:
    """The templates of one family of pages, all compiled when made."""

    def __init__(
        self, names: tuple[str, ...], values: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> None:
        """``values`` are known to every template; ``headers`` are sent over those of ``HEADERS``."""
        environment = Environment(
            loader=PackageLoader("callbot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True, auto_reload=False,
        )  # fmt: skip
        environment.globals.update({"STYLE": STYLE, **values})
        # "base" too: a template that another one extends is read from the disk when that one is first rendered.
        self._templates = {name: environment.get_template(f"{name}.html") for name in (*names, "base")}
        self._headers = {**HEADERS, **(headers or {}), "Cache-Control": NO_STORE}

    def page(self, name: str, title: str, status: int, people_phone: str, **values: object) -> Response:
        """A page; ``people_phone``: the number of the call centre as people write it."""
        dialled = "".join(char for char in people_phone if char.isdigit() or char == "+")
        text = self._templates[name].render(title=title, people_phone=people_phone, dialled=dialled, **values)
        return HTMLResponse(text, status, self._headers)

    def part(self, name: str, **values: object) -> str:
        """A part of a page, for pages that go on by themselves."""
        return self._templates[name].render(**values)

    def problem(self, name: str, problem: Problem, people_phone: str) -> Response:
        """What went wrong, what to do, and the way to a person."""
        response = self.page(name, problem.title, problem.status, people_phone, problem=problem)
        if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response.headers["Retry-After"] = "60"
        return response


def style_sheet() -> Response:
    """Our own, small."""
    return Response(_STYLE, headers={**HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")


def go_to(path: str) -> Response:
    """After a form: another page, by GET, so that loading it again sends nothing twice."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, {**HEADERS, "Cache-Control": NO_STORE})
