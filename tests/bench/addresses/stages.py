"""One sentence with an address, from its sound to streets: what is done today, and ours. Runs in the bench's processes.

Each sentence is searched twice: in the whole of Marseille, and with its arrondissement known.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Final

from callbot.dialogue.address_policy import READ_BACK
from callbot.domain.addresses import AddressCandidate
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.gazetteer.communes import MARSEILLE
from callbot.gazetteer.folding import fold
from callbot.speech.codec import mulaw_to_samples
from callbot.speech.engine import Hints
from callbot.speech.listening import Heard
from tests.bench.addresses.baselines import TOP
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.ears import Ears, Sound
from tests.bench.addresses.line import Condition
from tests.bench.addresses.workers import Method

TEXT_SEARCH: Final = "raw + our text search"
OURS: Final = "ours"
_NOISIER_SHARE: Final = 1 / 3


class Scope(StrEnum):
    """Where is searched."""

    CITY = "whole Marseille"
    SECTOR = "sector known"


@dataclass(frozen=True, slots=True)
class Listening:
    """A sentence under a condition of the line."""

    utterance: Utterance
    condition: Condition

    @property
    def key(self) -> str:
        """See ``Job``."""
        return f"{self.utterance.key}|{self.utterance.seed}|{self.condition}"

    def insee(self, scope: Scope) -> str:
        """The commune that is searched. Who gives no address is given an arrondissement by chance."""
        if scope is Scope.CITY:
            return MARSEILLE
        address = self.utterance.address
        return address.insee if address else f"132{1 + self.utterance.seed % 16:02}"


@dataclass(frozen=True, slots=True)
class Guess:
    """A street found. ``probability`` is None where the method states none."""

    street: str
    insee: str
    probability: float | None = None
    number: int | None = None
    repetition: str | None = None


@dataclass(frozen=True, slots=True)
class RawOutcome:
    """What each baseline makes of the transcript: guesses by its name and by scope, best first."""

    guesses: Mapping[str, Mapping[Scope, tuple[Guess, ...]]]


@dataclass(frozen=True, slots=True)
class OursOutcome:
    """Guesses of the product by scope, best first; the house number as it was heard ("12 bis")."""

    guesses: Mapping[Scope, tuple[Guess, ...]]
    number: str


@dataclass(frozen=True, slots=True)
class TimedOutcome:
    """Milliseconds from the sound of a whole turn to candidates, and of a search on its text over the métropole."""

    decision_ms: float
    search_ms: float


def listenings(utterances: Sequence[Utterance]) -> tuple[Listening, ...]:
    """All addresses and no-addresses clean and at 20 dB, a third of them at 15 and 10 dB too."""
    return tuple(
        Listening(each, condition)
        for each in utterances
        if each.task in (Task.ADDRESS, Task.NO_ADDRESS)
        for condition in _conditions(each)
    )


def _conditions(utterance: Utterance) -> Iterator[Condition]:
    yield Condition.CLEAN
    yield Condition.DB20
    if Random(f"noisier:{utterance.seed}").random() < _NOISIER_SHARE:
        yield Condition.DB15
        yield Condition.DB10


def is_right(guess: Guess, job: Listening, scope: Scope) -> bool:
    """The street that was said; in the sector it was said to be in where that is known."""
    wanted = job.utterance.address
    if wanted is None or fold(guess.street) != fold(wanted.street):
        return False
    return scope is Scope.CITY or guess.insee == wanted.insee


def is_false_alarm(guesses: Sequence[Guess]) -> bool:
    """So sure of an address that it would be read back alone."""
    return bool(guesses) and (guesses[0].probability or 0.0) >= READ_BACK


def listen_raw(ears: Ears, job: Listening) -> RawOutcome:
    """Whisper without hints, its text into each baseline."""
    sound = ears.sound_of(job.utterance, job.condition)
    text = ears.engine.transcribe(ears.engine.encode(mulaw_to_samples(sound.audio)), Hints()).text
    guesses = {
        baseline.name: {
            scope: tuple(Guess(found.street, found.insee) for found in baseline.find(text, _filter(job, scope)))
            for scope in Scope
        }
        for baseline in ears.baselines
    }
    guesses[TEXT_SEARCH] = {scope: _searched(ears, text, job.insee(scope)) for scope in Scope}
    return RawOutcome(guesses)


def _filter(job: Listening, scope: Scope) -> str | None:
    return None if scope is Scope.CITY else job.insee(scope)


def _searched(ears: Ears, text: str, insee: str) -> tuple[Guess, ...]:
    return _guesses(ears.gazetteer.search(HeardAddress(street_heard=text, insee=insee), limit=TOP))


def listen_ours(ears: Ears, job: Listening) -> OursOutcome:
    """The product: listening, understanding, finding."""
    return asyncio.run(_listen_ours(ears, job))


async def _listen_ours(ears: Ears, job: Listening) -> OursOutcome:
    heard = await ears.listen(ears.sound_of(job.utterance, job.condition), Expectation.ADDRESS)
    found: dict[Scope, tuple[Guess, ...]] = {}
    number = ""
    for scope in Scope:
        understood = ears.understand(heard, Expectation.ADDRESS, job.insee(scope))
        address, readings = understood.meaning.address, understood.street_readings
        found[scope] = _guesses(await _find(ears, address, readings, job.insee(scope), heard))
        number = number_line(address.number, address.repetition) if address else ""
    return OursOutcome(found, number)


async def _find(
    ears: Ears, address: HeardAddress | None, readings: Sequence[str], insee: str, heard: Heard
) -> tuple[AddressCandidate, ...]:
    """As a conversation does that knows the commune: nothing is looked up for words that name no street."""
    if address is None or address.street_heard is None:
        return ()
    return await ears.ours(replace(address, insee=insee, commune_doubt=()), readings, heard)


def number_line(number: int | None, repetition: str | None) -> str:
    """``12 bis``; "" without a number."""
    return " ".join(str(part) for part in (number, repetition) if part)


def _guesses(found: Sequence[AddressCandidate]) -> tuple[Guess, ...]:
    places = ((each.address, each.probability) for each in found[:TOP])
    return tuple(Guess(at.street, at.insee, chance, at.number, at.repetition) for at, chance in places)


def time_ours(ears: Ears, job: Listening) -> TimedOutcome:
    """Alone in its process, with the sector known."""
    sound = ears.sound_of(job.utterance, job.condition)
    return asyncio.run(_timed(ears, job, sound))


async def _timed(ears: Ears, job: Listening, sound: Sound) -> TimedOutcome:
    started = time.perf_counter()
    heard = await ears.listen(sound, Expectation.ADDRESS)
    insee = job.insee(Scope.SECTOR)
    understood = ears.understand(heard, Expectation.ADDRESS, insee)
    await _find(ears, understood.meaning.address, understood.street_readings, insee, heard)
    decided = time.perf_counter()
    ears.gazetteer.search(HeardAddress(street_heard=heard.text), understood.street_readings)
    return TimedOutcome((decided - started) * 1000, (time.perf_counter() - decided) * 1000)


_SOURCES: Final = ("stages.py", "baselines.py")
RAW: Final = Method("raw", listen_raw, RawOutcome, _SOURCES)
SOUND: Final = Method("sound", listen_ours, OursOutcome, _SOURCES)
TIMES: Final = Method("times", time_ours, TimedOutcome, _SOURCES)
