"""What people say the bot did wrong, on a line of a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callbot.domain.meaning import Intent
from callbot.domain.personal import Personal

LONGEST_NOTE = 1_000
"""characters"""


class ErrorKind(StrEnum):
    """What kind of error it was: who has to mend it."""

    HEARING = "hearing"
    ADDRESS = "address"
    ITEM = "item"
    INTENT = "intent"
    KNOWLEDGE_MISSING = "knowledge_missing"
    KNOWLEDGE_WRONG = "knowledge_wrong"
    RULE = "rule"
    LATENCY = "latency"
    TONE = "tone"


KIND_WORDS = {
    ErrorKind.HEARING: "paroles mal entendues",
    ErrorKind.ADDRESS: "adresse",
    ErrorKind.ITEM: "objet",
    ErrorKind.INTENT: "intention",
    ErrorKind.KNOWLEDGE_MISSING: "réponse manquante",
    ErrorKind.KNOWLEDGE_WRONG: "réponse fausse",
    ErrorKind.RULE: "règle",
    ErrorKind.LATENCY: "lenteur",
    ErrorKind.TONE: "ton",
}


@dataclass(frozen=True, slots=True, repr=False)
class Expected:
    """What should have been understood of a line; personal. What is empty is not looked at."""

    words: str = ""
    """what was really said, where it was misheard"""
    street: str = ""
    number: int | None = None
    insee: str = ""
    items: tuple[tuple[str, int], ...] = ()
    """ids of the catalogue with their quantity"""
    intent: Intent | None = None
    entry: str = ""
    """the knowledge entry that answers"""

    def __repr__(self) -> str:
        return "Expected(***)"

    @property
    def can_be_checked(self) -> bool:
        """True where a machine can tell whether it was understood."""
        return bool(self.street or self.number is not None or self.insee or self.items or self.intent or self.entry)


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """One to be stored; ``by``: the account."""

    call_id: str
    seq: int
    kind: ErrorKind
    note: Personal
    expected: Expected
    by: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One as stored; ``case``: the name of its regression case, empty without one."""

    number: int
    call_id: str
    seq: int
    kind: ErrorKind
    note: Personal
    expected: Expected
    by: str
    at: datetime
    case: str = ""
