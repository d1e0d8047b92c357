"""Pages out of templates, with the headers that every one of them carries."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from callbot.web.problems import Problem
from callbot.web.sessions import Session
from callbot.web.talk import LAPSE, LONGEST, Phase, View

HOME, TALK, MESSAGE = "/texte", "/texte/conversation", "/texte/message"
RESTART, QUIT, HELP, STYLE = "/texte/recommencer", "/texte/quitter", "/texte/aide", "/texte/style.css"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it browsers send "Origin: null" with forms, and the check of the origin would be void.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TITLES = {
    Phase.OPEN: "À vous de répondre",
    Phase.WITH_A_PERSON: "Un conseiller prend la suite",
    Phase.OVER: "Conversation terminée",
    Phase.LAPSED: "Conversation fermée",
}

# Read once, when the module is imported: no page waits for a disk.
_STYLE = files("callbot.web").joinpath("templates", "style.css").read_bytes()
_ENVIRONMENT = Environment(
    loader=PackageLoader("callbot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, auto_reload=False,
)  # fmt: skip
_ENVIRONMENT.globals.update(
    {
        "HOME": HOME, "TALK": TALK, "MESSAGE": MESSAGE, "RESTART": RESTART, "QUIT": QUIT, "HELP": HELP,
        "STYLE": STYLE, "LONGEST": LONGEST, "LAPSE_MINUTES": int(LAPSE.total_seconds() // 60), "Phase": Phase,
    }
)  # fmt: skip
_NAMES = ("base", "welcome", "talk", "help", "problem")
_TEMPLATES = {name: _ENVIRONMENT.get_template(f"{name}.html") for name in _NAMES}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was not taken: shown again beside what is wrong with it."""

    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Pages:
    """Every page. ``people_phone``: the number of the call centre as people write it."""

    people_phone: str

    def welcome(self, *, going_on: bool) -> Response:
        """What this is, and the button to begin; ``going_on``: a conversation can be gone back to."""
        return self._page("welcome", "Accueil", going_on=going_on)

    def help(self) -> Response:
        """How to answer, how to reach a person, what is kept."""
        return self._page("help", "Aide")

    def talk(self, session: Session, view: View, draft: Draft | None = None, status: int = HTTPStatus.OK) -> Response:
        """The conversation and, while it is open, the form."""
        title = "Erreur : votre message n'est pas parti" if draft else _TITLES[view.phase]
        heading = _TITLES[view.phase]
        return self._page("talk", title, status, view=view, draft=draft, heading=heading, token=session.form_token)

    def problem(self, problem: Problem) -> Response:
        """What went wrong, what to do, and the way to a person."""
        response = self._page("problem", problem.title, problem.status, problem=problem)
        if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response.headers["Retry-After"] = "60"
        return response

    def _page(self, name: str, title: str, status: int = HTTPStatus.OK, **values: object) -> Response:
        dialled = "".join(char for char in self.people_phone if char.isdigit() or char == "+")
        text = _TEMPLATES[name].render(title=title, people_phone=self.people_phone, dialled=dialled, **values)
        return HTMLResponse(text, status, {**_HEADERS, "Cache-Control": "no-store"})


def style_sheet() -> Response:
    """Our own, small."""
    return Response(_STYLE, headers={**_HEADERS, "Cache-Control": "public, max-age=3600"}, media_type="text/css")


def go_to(path: str) -> Response:
    """After a form: another page, by GET, so that loading it again sends nothing twice."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, {**_HEADERS, "Cache-Control": "no-store"})
