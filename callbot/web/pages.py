"""The pages of the conversation in writing, out of templates."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response

from callbot.web.problems import Problem
from callbot.web.rendering import STYLE, Templates, go_to, style_sheet
from callbot.web.sessions import Session
from callbot.web.talk import LAPSE, LONGEST, Phase, View

__all__ = [
    "ACCESSIBILITY",
    "CALL_BACK",
    "HELP",
    "HOME",
    "MESSAGE",
    "QUIT",
    "RESTART",
    "STYLE",
    "TALK",
    "Draft",
    "Pages",
    "go_to",
    "style_sheet",
]

HOME, TALK, MESSAGE = "/texte", "/texte/conversation", "/texte/message"
RESTART, QUIT, HELP = "/texte/recommencer", "/texte/quitter", "/texte/aide"
CALL_BACK = "/texte/rappel"
ACCESSIBILITY = "/accessibilite"

_TITLES = {
    Phase.OPEN: "À vous de répondre",
    Phase.WITH_A_PERSON: "Un conseiller prend la suite",
    Phase.OVER: "Conversation terminée",
    Phase.LAPSED: "Conversation fermée",
}
_TEMPLATES = Templates(
    ("welcome", "talk", "help", "accessibility", "problem", "diverted"),
    {
        "HOME": HOME, "TALK": TALK, "MESSAGE": MESSAGE, "RESTART": RESTART, "QUIT": QUIT, "HELP": HELP,
        "CALL_BACK": CALL_BACK, "LONGEST": LONGEST, "LAPSE_MINUTES": int(LAPSE.total_seconds() // 60), "Phase": Phase,
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that was not taken: shown again beside what is wrong with it."""

    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Diverted:
    """The page of who comes while people answer in the bot's stead; ``window``: of the call-back kept, "" before."""

    hours: str
    asked: str = ""
    window: str = ""
    error: str = ""
    given: str = ""
    going_on: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """Every page. ``people_phone``: the number of the call centre as people write it."""

    people_phone: str

    def welcome(self, *, going_on: bool) -> Response:
        """What this is, and the button to begin; ``going_on``: a conversation can be gone back to."""
        return self._page("welcome", "Accueil", going_on=going_on)

    def diverted(self, shown: Diverted, status: int = HTTPStatus.OK) -> Response:
        """People answer in the bot's stead: their number, their hours, a call-back."""
        title = "Erreur : votre demande n'est pas partie" if shown.error else "Un conseiller vous répond"
        values = {name: getattr(shown, name) for name in ("hours", "asked", "window", "error", "given", "going_on")}
        return self._page("diverted", title, status, **values)

    def help(self) -> Response:
        """How to answer, how to reach a person, what is kept."""
        return self._page("help", "Aide")

    def accessibility(self) -> Response:
        """The declaration that French law asks of public services (law 2005-102, article 47; RGAA 4.1)."""
        return self._page("accessibility", "Déclaration d'accessibilité")

    def talk(self, session: Session, view: View, draft: Draft | None = None, status: int = HTTPStatus.OK) -> Response:
        """The conversation and, while it is open, the form."""
        title = "Erreur : votre message n'est pas parti" if draft else _TITLES[view.phase]
        heading = _TITLES[view.phase]
        return self._page("talk", title, status, view=view, draft=draft, heading=heading, token=session.form_token)

    def problem(self, problem: Problem) -> Response:
        """What went wrong, what to do, and the way to a person."""
        return _TEMPLATES.problem("problem", problem, self.people_phone)

    def _page(self, name: str, title: str, status: int = HTTPStatus.OK, **values: object) -> Response:
        return _TEMPLATES.page(name, title, status, self.people_phone, **values)
