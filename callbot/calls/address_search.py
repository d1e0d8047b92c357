"""One search for a street in one sound: what speaks for each street that may have been said.

At first the utterance is read with and without a hint: two readings made differently err differently. The address base
ranks the streets by their likeness to both, and the decoder says of the likeliest how well each fits the sound, beyond
how usual its words are. Where that leaves doubt the sound is slowed down and read twice more, and many more streets are
judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.calls.judging import Judge, Readers
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.gazetteer.probability import Judgement, Model, judged_probabilities
from callbot.gazetteer.search import Gazetteer, Ranked, View
from callbot.gazetteer.splicing import before_street, with_street
from callbot.speech.codec import mulaw_to_samples, resample
from callbot.speech.engine import Encoding, Engine, Hints
from callbot.speech.hints import PROMPTS
from callbot.speech.listening import HeardSound

FIRST_JUDGED: Final = 10
"""names the decoder judges at first; on ``dev`` they settle half of the searches, 95 % of those rightly"""
MOST_JUDGED: Final = 40
"""names judged where they do not: among ten the right one is missing for one address in ten"""
SLOWED: Final = (20, 23)
"""rates: 15 % slower and lower, which Whisper reads as well and misreads otherwise"""
_HINTED: Final = Hints(Expectation.ADDRESS, PROMPTS[Expectation.ADDRESS])
_USUAL_LEAD: Final = "Au 12, "

ReadAddress = Callable[[str, str | None], HeardAddress | None]
"""(sentence, known commune) -> the pieces of an address in it, in the caller's words"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Streets with what speaks for each."""

    ranked: tuple[Ranked, ...] = ()
    judged: tuple[Judgement, ...] = ()

    def probabilities(self, model: Model) -> tuple[float, ...]:
        """How sure each street is, in the order of ``ranked``."""
        return judged_probabilities([one.score for one in self.ranked], self.judged, model)


@dataclass(frozen=True, slots=True)
class Ears:
    """What a search listens with."""

    gazetteer: Gazetteer
    engine: Engine
    readers: Readers
    judge: Judge
    read: ReadAddress

    async def readings(self, sound: Encoding, hints: Hints = Hints()) -> tuple[str, ...]:  # noqa: B008 - it is frozen
        """What ``sound`` says, best first."""
        words = await self.readers.run(self.engine.transcribe, sound, hints)
        return tuple(reading.text for reading in words.hypotheses)


class AddressSearch:
    """``first`` and, where that leaves doubt, ``again``. ``view``: the first readings and the streets in them."""

    def __init__(self, ears: Ears, heard: HeardAddress, view: View, sentence: str, sound: HeardSound) -> None:
        """``sentence``: the best reading, in which streets are put in place of the one that was heard."""
        self._ears = ears
        self._heard = heard
        self._sentence = sentence
        self._sound = sound
        self._views = [view]
        self._judged: dict[str, Judgement] = {}
        self._before: str | None = None
        """the words in which all names are judged, found with the likeliest: only so they can be compared"""
        self.plain = sound.plain
        """readings without a hint"""

    async def first(self, *, both: bool = True) -> Evidence:
        """Two readings, the likeliest names judged; a fifth of a second where both were made already.

        ``both``: the second reading is made where it is not there yet.
        """
        if both and not self.plain:
            self.plain = await self._ears.readings(self._sound.encoding)
        if self.plain:
            self._views.append(await self._view(self.plain))
        return await self._evidence(FIRST_JUDGED)

    async def again(self) -> Evidence:
        """Four readings, many names judged; a second more."""
        ears = self._ears
        slowed = await ears.readers.run(_slowed, ears.engine, self._sound.audio)
        readings = await asyncio.gather(ears.readings(slowed, _HINTED), ears.readings(slowed))
        self._views += [await self._view(texts) for texts in readings]
        return await self._evidence(MOST_JUDGED)

    async def _view(self, texts: Sequence[str]) -> View:
        """The streets in ``texts``, then the texts themselves."""
        return await self._ears.readers.run(self._streets_first, texts)

    def _streets_first(self, texts: Sequence[str]) -> View:
        addresses = [self._ears.read(text, self._heard.insee) for text in texts]
        streets = [address.street_heard for address in addresses if address]
        return (*(street for street in streets if street), *texts)

    async def _evidence(self, most: int) -> Evidence:
        ranked = _first_names(await self._ears.readers.run(self._ears.gazetteer.ranked, self._heard, self._views), most)
        if not ranked:
            return Evidence()
        await self._listen_for(list(dict.fromkeys(one.street.name for one in ranked)))
        return Evidence(tuple(ranked), tuple(self._judged[one.street.name] for one in ranked))

    async def _listen_for(self, names: Sequence[str]) -> None:
        """Has those judged that were not yet."""
        names = [name for name in names if name not in self._judged]
        if self._before is None:
            self._before = before_street(self._sentence, self._heard.street_heard, names[0])
        said, usually = ([with_street(lead, name) for name in names] for lead in (self._before, _USUAL_LEAD))
        judged = await self._ears.judge.judge(self._sound.encoding, said, usually)
        self._judged |= dict(zip(names, judged, strict=True))


def _slowed(engine: Engine, audio: bytes) -> Encoding:
    return engine.encode(resample(mulaw_to_samples(audio), *SLOWED))


def _first_names(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """The streets of the first ``most`` names: the same name in several communes sounds the same."""
    kept: dict[str, None] = {}
    found: list[Ranked] = []
    for one in ranked:
        if one.street.name in kept or len(kept) < most:
            kept[one.street.name] = None
            found.append(one)
    return found
