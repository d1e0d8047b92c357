"""Answers to one question, from their sound to their meaning: house numbers and surnames."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Expectation
from callbot.gazetteer.folding import without_accents
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.ears import Ears
from tests.bench.addresses.line import Condition
from tests.bench.addresses.stages import Listening, number_line
from tests.bench.addresses.workers import Method

EXPECTS: Final[Mapping[Task, Expectation]] = {
    Task.NUMBER: Expectation.NUMBER,
    Task.NAME_SPOKEN: Expectation.NAME,
    Task.NAME_SPELLED: Expectation.NAME,
    Task.NAME_BOTH: Expectation.NAME,
}


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What was understood, "" for nothing: ``12 bis``, a name as it would be written."""

    found: str


def answers(utterances: Sequence[Utterance]) -> tuple[Listening, ...]:
    """Each clean and at 20 dB."""
    conditions = (Condition.CLEAN, Condition.DB20)
    return tuple(Listening(each, one) for each in utterances if each.task in EXPECTS for one in conditions)


def listen_to_answer(ears: Ears, job: Listening) -> AnswerOutcome:
    """With the hints, and the choice among readings, of the question it answers."""
    expect = EXPECTS[job.utterance.task]
    heard = asyncio.run(ears.listen(ears.sound_of(job.utterance, job.condition), expect))
    meaning = ears.understand(heard, expect).meaning
    if expect is Expectation.NAME:
        return AnswerOutcome(meaning.name or "")
    address = meaning.address
    return AnswerOutcome(number_line(address.number, address.repetition) if address else "")


def same_letters(found: str, wanted: str) -> bool:
    """The same name but for accents and capitals."""
    return without_accents(found).casefold() == without_accents(wanted).casefold()


def same_name(found: str, wanted: str) -> bool:
    """The same name with its accents."""
    return found.casefold() == wanted.casefold()


ANSWERS: Final = Method("answers", listen_to_answer, AnswerOutcome, ("answers.py", "stages.py"))
