"""What templates show: words for values, lines of a difference, who did what."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.domain.items import Certainty
from callbot.editing.content import Rehearsal, Status
from callbot.editing.publishing import NotPublished
from callbot.editing.switch import AUTOMATIC
from callbot.knowledge import Problem
from callbot.settings import LOCAL_ZONE
from callbot.web.editing.ports import NamesStaff

STATUS_WORDS: Final[Mapping[Status, str]] = {
    Status.WAITING: "attend une approbation",
    Status.PUBLISHED: "publiée",
    Status.REFUSED: "refusée",
    Status.WITHDRAWN: "retirée",
}
REHEARSAL_WORDS: Final[Mapping[Rehearsal, str]] = {
    Rehearsal.NONE: "pas encore faites",
    Rehearsal.RUNNING: "en cours : actualisez la page dans une minute",
    Rehearsal.PASSED: "toutes réussies",
    Rehearsal.FAILED: "échouées",
    Rehearsal.BROKEN: "impossibles à faire",
}
NOT_PUBLISHED: Final[Mapping[NotPublished, str]] = {
    NotPublished.UNKNOWN: "Cette proposition ou cette version n'existe pas.",
    NotPublished.DECIDED: "Cette proposition est déjà décidée.",
    NotPublished.OWN: "Vous l'avez proposée : une autre personne doit l'approuver.",
    NotPublished.OUTDATED: "Le texte en vigueur a changé depuis cette proposition. Proposez le changement de nouveau.",
    NotPublished.NOT_REHEARSED: "Les répétitions n'ont pas toutes réussi. Dites pourquoi publier quand même.",
    NotPublished.BROKEN: "Avec ce qui est en vigueur maintenant, le contrôle refuse ces textes.",
    NotPublished.NO_REASON: "Dites pourquoi, en 5 à 300 caractères.",
    NotPublished.OVERTAKEN: "Une autre version vient d'être publiée. Relisez, puis recommencez.",
}  # fmt: skip
CERTAINTY_WORDS: Final[Mapping[str, str]] = {
    Certainty.SOURCED.value: "S – établi par une source",
    Certainty.TYPICAL.value: "T – habituel ailleurs",
    Certainty.GENERAL.value: "G – règle générale",
    Certainty.INFERRED.value: "I – supposé",
}


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a difference. ``mark``: ``+``, ``-``, a space, or ``@`` between two places; words beside the colour."""

    mark: str
    text: str

    @property
    def face(self) -> str:
        """Its class."""
        return {"+": "added", "-": "removed", "@": "between"}.get(self.mark, "same")

    @property
    def words(self) -> str:
        """What is said of it to who does not see it."""
        return {"+": "ajouté : ", "-": "enlevé : "}.get(self.mark, "")


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """What the loader says of a line, with the line itself; ``own`` False: of another file."""

    where: str
    message: str
    text: str
    own: bool


def difference(before: str | None, after: str) -> list[DiffLine]:
    """What changes, three lines around each place; empty for the same text."""
    lines = difflib.unified_diff((before or "").splitlines(), after.splitlines(), lineterm="", n=3)
    shown = list(lines)[2:]
    return [DiffLine("@", "…") if line.startswith("@@") else DiffLine(line[:1] or " ", line[1:]) for line in shown]


def problem_lines(problems: Iterable[Problem], file: str, text: str) -> list[ProblemLine]:
    """Problems beside the lines they are about."""
    lines = text.splitlines()
    found = []
    for problem in problems:
        own = problem.file == file
        there = lines[problem.line - 1].strip() if own and 0 < problem.line <= len(lines) else ""
        where = f"ligne {problem.line}" if own else f"{problem.file}, ligne {problem.line}"
        found.append(ProblemLine(where, problem.french, there, own))
    return found


def written_moment(at: datetime) -> str:
    """« lundi 23 novembre 2026, 10 h 04 »."""
    local = at.astimezone(LOCAL_ZONE)
    day = "1er" if local.day == 1 else str(local.day)
    return f"{WEEKDAYS[local.weekday()]} {day} {MONTHS[local.month - 1]} {local.year}, {local.hour} h {local.minute:02}"


async def names_of(accounts: Iterable[str], names: NamesStaff) -> dict[str, str]:
    """How each is called; an account that is gone by its id."""
    found = {account: await names(account) for account in set(accounts) if account and account != AUTOMATIC}
    return {
        "": "",
        AUTOMATIC: "seuil automatique",
        **{account: name or _unnamed(account) for account, name in found.items()},
    }


def _unnamed(account: str) -> str:
    return f"ligne de commande ({account[4:]})" if account.startswith("cli:") else f"compte {account}"


def rows_for(text: str, least: int = 12, most: int = 30) -> int:
    """How high a field is that holds ``text``."""
    return max(least, min(most, text.count("\n") + 3))


def limits_in_words(values: Sequence[tuple[str, str]]) -> str:
    """What trips the switch, in a sentence."""
    return " ; ".join(f"{words} : {value}" for words, value in values) or "aucun seuil n'est réglé"
