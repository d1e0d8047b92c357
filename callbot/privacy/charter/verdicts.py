"""What a check says: proofs, each with its source, and the verdict that follows from all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from callbot.privacy.charter.grounds import Grounds


class Verdict(StrEnum):
    """What became of a promise; the values are those of ``callbot charter --json``."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_MEASURED = "not measured"


class Grounding(StrEnum):
    """What a proof was read from, as people are told (French)."""

    CODE = "le programme, interrogé"
    CONFIGURATION = "les réglages"
    KNOWLEDGE = "la base de connaissances"
    DATABASE = "la base de données"
    REHEARSALS = "les appels d'essai"
    BENCHMARK = "un banc de mesure"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was looked at. ``told``: French. ``needed``: without it the promise is not measured."""

    source: Grounding
    verdict: Verdict
    told: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """How a commitment is checked. ``measures`` and ``threshold`` are French."""

    number: int
    measures: str
    sources: tuple[Grounding, ...]
    threshold: str
    judge: Callable[[Grounds], tuple[Proof, ...]]


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one commitment of the charter."""

    number: int
    title: str
    verdict: Verdict
    measures: str
    threshold: str
    proofs: tuple[Proof, ...]

    @property
    def evidence(self) -> str:
        """All proofs in one line."""
        return " ".join(proof.told for proof in self.proofs)


def verdict_of(proofs: Iterable[Proof]) -> Verdict:
    """Broken where one proof is; not measured where one that is needed is not, or where nothing was kept."""
    found = tuple(proofs)
    if any(proof.verdict is Verdict.BROKEN for proof in found):
        return Verdict.BROKEN
    missing = any(proof.needed and proof.verdict is Verdict.NOT_MEASURED for proof in found)
    return (
        Verdict.NOT_MEASURED if missing or all(proof.verdict is not Verdict.KEPT for proof in found) else Verdict.KEPT
    )


def proof(source: Grounding, kept: bool, told: str, *, needed: bool = True) -> Proof:
    """A proof of something that was measured."""
    return Proof(source, Verdict.KEPT if kept else Verdict.BROKEN, told, needed)


def unmeasured(source: Grounding, told: str, *, needed: bool = True) -> Proof:
    """A proof that is not there (yet)."""
    return Proof(source, Verdict.NOT_MEASURED, told, needed)
