"""Staff pages out of templates. Every template extends ``staff_base.html``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import Response

from callbot.access import Right, Role
from callbot.web.problems import NOT_A_FORM, TOO_LARGE, UNAVAILABLE, WRONG_TYPE, Problem
from callbot.web.rendering import HEADERS, Templates
from callbot.web.staff import paths
from callbot.web.staff.theme import Theme
from callbot.web.staff.visit import Visit

_POLICY = HEADERS["Content-Security-Policy"]
STAFF_HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Content-Security-Policy": _POLICY}
"""no script; a family of pages that needs one says so in its own headers"""
ROLE_WORDS = {
    Role.AGENT: "accueil d'appels",
    Role.SUPERVISOR: "supervision",
    Role.ADMINISTRATOR: "administration",
    Role.DATA_PROTECTION_OFFICER: "protection des données",
    Role.READ_ONLY: "lecture seule",
}
_UNREADABLE = "Ce qui a été envoyé est illisible ou trop long. Rien n'a changé. Revenez à la page et recommencez."
_WORDS = {
    NOT_A_FORM: _UNREADABLE,
    WRONG_TYPE: _UNREADABLE,
    TOO_LARGE: _UNREADABLE,
    UNAVAILABLE: "Ce que vous venez d'envoyer n'est peut-être pas gardé. Attendez une minute, puis vérifiez.",
}
"""other words for staff: those of all pages speak of a conversation"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation; ``right`` None: for everybody who is signed in."""

    path: str
    label: str
    right: Right | None


NAVIGATION = (
    Entry(paths.DESK, "Accueil d'appels", Right.DESK),
    Entry(paths.REVIEW, "Relecture", Right.REVIEW),
    Entry(paths.CONTENT, "Connaissances", Right.ANNOTATE),
    Entry(paths.FIGURES, "Chiffres", Right.FIGURES),
    Entry(paths.DATA_RIGHTS, "Droits", Right.DATA_RIGHTS),
    Entry(paths.SWITCH, "Interrupteur", Right.KILL_SWITCH),
    Entry(paths.ACCOUNTS, "Comptes", Right.ACCOUNTS),
    Entry(paths.ACCOUNT, "Mon compte", None),
)


def entries_of(visit: Visit) -> tuple[Entry, ...]:
    """What somebody's navigation shows: only what opens."""
    return tuple(entry for entry in NAVIGATION if entry.right is None or visit.may(entry.right))


def home_of(visit: Visit) -> str:
    """Where somebody begins: the first page they may open."""
    return entries_of(visit)[0].path


def staff_templates(
    names: tuple[str, ...], values: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
) -> Templates:
    """The templates of a family of staff pages; make them when the module is imported, as files are read.

    ``values`` are known to every template of the family; ``headers`` are sent over ``STAFF_HEADERS``.
    """
    known = {
        "STAFF_STYLE": paths.STYLE, "SIGN_IN": paths.SIGN_IN, "SIGN_OUT": paths.SIGN_OUT, "ROLE_WORDS": ROLE_WORDS,
    }  # fmt: skip
    all_names = tuple(dict.fromkeys((*names, "staff_problem", "staff_base")))
    return Templates(all_names, {**known, **(values or {})}, {**STAFF_HEADERS, **(headers or {})})


class StaffPages:
    """A family of staff pages with the face of the authority.

    ``_TEMPLATES = staff_templates(("desk_home",))`` in the module, ``pages = StaffPages(_TEMPLATES, theme)`` where
    it is wired, ``pages.page("desk_home", "Accueil d'appels", visit, "/desk", calls=...)`` in a handler.
    """

    def __init__(self, templates: Templates, theme: Theme, more: Mapping[str, object] | None = None) -> None:
        """``more``: what every page of the family is given besides, known only where it is wired."""
        self._templates = templates
        self._face = {"AUTHORITY": theme.name, "LOGO": paths.LOGO if theme.logo else "", **(more or {})}

    def page(
        self, name: str, title: str, visit: Visit | None, here: str = "", status: int = HTTPStatus.OK, **values: object
    ) -> Response:
        """A page; ``here``: the path of the entry of the navigation it belongs to."""
        entries = entries_of(visit) if visit else ()
        known = {"visit": visit, "entries": entries, "here": here, **self._face}
        return self._templates.page(name, title, status, "", **known, **values)

    def part(self, name: str, visit: Visit, **values: object) -> str:
        """A part of a page."""
        return self._templates.part(name, visit=visit, **self._face, **values)

    def problem(self, problem: Problem, visit: Visit | None = None) -> Response:
        """What went wrong and what to do."""
        advice = _WORDS.get(problem, problem.advice)
        response = self.page(
            "staff_problem", problem.title, visit, status=problem.status, heading=problem.title, advice=advice
        )
        if problem.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            response.headers["Retry-After"] = "60"
        return response
