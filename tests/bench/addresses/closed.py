"""Answers out of few: the commune or arrondissement, and the ten digits of a phone number, at the first turn."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callbot.dialogue.state import MOST_COMMUNES_NAMED
from callbot.domain.meaning import Expectation
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.ears import Ears
from tests.bench.addresses.line import Condition
from tests.bench.addresses.stages import Listening
from tests.bench.addresses.workers import Method

PHONES: Final = (Task.PHONE_PAIRS, Task.PHONE_DIGITS)


class Turn(StrEnum):
    """What becomes of a first answer."""

    RIGHT = "right"
    NAMED_FIRST = "asked by name, right"
    """ "C'est bien à Aubagne ?", and it is"""
    NAMED_NEXT = "asked by name, the second is right"
    ASKED_AGAIN = "asked again, by keys or voice"
    WRONG = "wrong"
    """a commune taken without a question, a phone number read back wrong"""


@dataclass(frozen=True, slots=True)
class ClosedOutcome:
    """``found``: the code or the number understood, "" for none; ``doubt``: the codes it may be, best first."""

    found: str
    doubt: tuple[str, ...] = ()


def closed_answers(utterances: Sequence[Utterance]) -> tuple[Listening, ...]:
    """Communes and phone numbers, each clean and at 20 dB."""
    wanted = (Task.COMMUNE, *PHONES)
    return tuple(
        Listening(each, one) for each in utterances if each.task in wanted for one in (Condition.CLEAN, Condition.DB20)
    )


def listen_to_closed(ears: Ears, job: Listening) -> ClosedOutcome:
    """What a call understands from the answer to its question."""
    commune = job.utterance.task is Task.COMMUNE
    expect = Expectation.COMMUNE if commune else Expectation.PHONE
    heard = asyncio.run(ears.listen(ears.sound_of(job.utterance, job.condition), expect))
    meaning = ears.understand(heard, expect).meaning
    if not commune:
        return ClosedOutcome(national(meaning.phone or ""))
    address = meaning.address
    return ClosedOutcome(address.insee or "", address.commune_doubt) if address else ClosedOutcome("")


def national(phone: str) -> str:
    """``+33612345678`` as it is said in France: ``0612345678``; any other stays as it is."""
    return f"0{phone.removeprefix('+33')}" if phone.startswith("+33") else phone


def commune_turn(found: ClosedOutcome, wanted: str) -> Turn:
    """What the dialogue does with it; who says only Marseille is asked again."""
    if found.found:
        return Turn.RIGHT if found.found == wanted else Turn.WRONG
    named = found.doubt if len(found.doubt) <= MOST_COMMUNES_NAMED else ()
    if wanted not in named[:2]:
        return Turn.ASKED_AGAIN
    return Turn.NAMED_FIRST if named[0] == wanted else Turn.NAMED_NEXT


def phone_turn(found: ClosedOutcome, wanted: str) -> Turn:
    """Right and wrong numbers are both read back."""
    if not found.found:
        return Turn.ASKED_AGAIN
    return Turn.RIGHT if found.found == wanted else Turn.WRONG


def commune_outcomes(results: Iterable[tuple[Utterance, ClosedOutcome]]) -> Counter[Turn]:
    """How often which turn; all but WRONG end right: asked by name, then by keys, which are exact."""
    return Counter(commune_turn(found, one.wanted) for one, found in results if one.task is Task.COMMUNE)


def phone_outcomes(results: Iterable[tuple[Utterance, ClosedOutcome]]) -> Counter[Turn]:
    """How often which turn. Who types is right after one repair, by construction; who only speaks tries again."""
    return Counter(phone_turn(found, one.wanted) for one, found in results if one.task in PHONES)


CLOSED: Final = Method("closed", listen_to_closed, ClosedOutcome, ("closed.py", "stages.py"))
