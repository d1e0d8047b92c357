"""Finds an address in the sound itself, not only in its words: reads the utterance again, and asks the decoder.

1. the utterance is read a second time without a hint: two readings made differently err differently;
2. the address base ranks the streets by their likeness to both;
3. the decoder says of each likely street how well it fits the sound, beyond how usual its words are;
4. a model fitted on the benchmark joins both into a probability;
5. while that is low, the utterance is read a third time with the short list as a hint, and judged again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Final

from callbot.calls.number_hearing import Label, NumberHearing
from callbot.calls.ports import RememberedSound
from callbot.domain.addresses import AddressCandidate
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.probability import JUDGED, JUDGED_TWICE, Judgement, Model, judged_probabilities
from callbot.gazetteer.search import Gazetteer, Ranked, View
from callbot.gazetteer.splicing import before_street, with_street
from callbot.speech.engine import Encoding, Engine, Hints

MOST_JUDGED: Final = 20
"""names the decoder judges; the right one is among them about as often as among twice as many, at half the time"""
MOST_HINTED: Final = 15
"""names in the hint of the third reading: more push the first ones out of the prompt"""
SURE: Final = 0.6
"""probability from which the third reading is spared (``dialogue.address_policy.READ_BACK``)"""
MOST_FOUND: Final = 5

LEAST_VARIANT: Final = 0.05
"""probability below which a house number is not named (``dialogue.address_policy.LEAST_LIKELY``)"""
NUMBER_LEFT_OPEN: Final = 0.35
"""probability of a house number below which the number is asked rather than guessed (``READ_ALONE`` there)"""

ReadAddress = Callable[[str, str | None], HeardAddress | None]
"""(sentence, known commune) -> the pieces of an address in it, in the caller's words"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Streets with what speaks for each."""

    ranked: tuple[Ranked, ...]
    judged: tuple[Judgement, ...]

    def probabilities(self, model: Model) -> tuple[float, ...]:
        """How sure each street is, in the order of ``ranked``."""
        return judged_probabilities([one.score for one in self.ranked], self.judged, model)


class AddressHearing:
    """``FindsAddresses`` with the ears of the service. Its work runs on the threads of ``executor``."""

    def __init__(self, gazetteer: Gazetteer, engine: Engine, executor: Executor, read: ReadAddress) -> None:
        self._gazetteer = gazetteer
        self._engine = engine
        self._executor = executor
        self._address_in = read
        self._silence = engine.silence()
        self.numbers = NumberHearing(engine, self._silence, self._number_in)

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        """See ``FindsAddresses``; without a sound the words alone decide."""
        if sound is None or not isinstance(sound.encoding, Encoding):
            return await self._gazetteer.find(heard, hypotheses)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, self.listen, heard, tuple(hypotheses), sound)

    def listen(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound
    ) -> tuple[AddressCandidate, ...]:
        """Candidates, best first. Blocking: half a second, a second where the sound is read three times."""
        views: tuple[View, ...] = self.two_views(heard, hypotheses, sound)
        evidence = self.evidence(heard, views, sound)
        chances = evidence.probabilities(JUDGED)
        if evidence.ranked and max(chances) < SURE:
            views = (*views, self.third_view(heard, evidence, sound))
            evidence = self.evidence(heard, views, sound)
            chances = evidence.probabilities(JUDGED_TWICE)
        order = sorted(range(len(chances)), key=lambda place: -chances[place])[:MOST_FOUND]
        found = self._candidates(heard, evidence, chances, order)
        if not found or not self._number_is_heard(heard, sound) or found[0].probability < LEAST_VARIANT:
            return found
        best = self._numbered(heard, evidence.ranked[order[0]], found[0], views, sound)
        number, repetition = best[0].address.number, best[0].address.repetition
        rivals = (
            self._gazetteer.renumbered(evidence.ranked[place], rival, number, repetition)
            for place, rival in zip(order[1:], found[1:], strict=True)
        )
        return tuple(sorted((*best, *rivals), key=lambda one: -one.probability))[:MOST_FOUND]

    def two_views(self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound) -> tuple[View, View]:
        """The readings that were made when the caller spoke, and those of a reading without any hint."""
        first = (heard.street_heard or "", *hypotheses, *sound.texts)
        return tuple(text for text in first if text), self._read(heard, sound, "")

    def third_view(self, heard: HeardAddress, evidence: Evidence, sound: RememberedSound) -> View:
        """Read with the most likely streets as a hint, the likeliest last: what is nearest weighs most."""
        names = dict.fromkeys(one.street.name for one in evidence.ranked)
        return self._read(heard, sound, ", ".join(list(names)[:MOST_HINTED][::-1]) + ".")

    def evidence(self, heard: HeardAddress, views: Sequence[View], sound: RememberedSound) -> Evidence:
        """The most likely streets, judged by the decoder."""
        ranked = _first_names(self._gazetteer.ranked(heard, views), MOST_JUDGED)
        if not ranked:
            return Evidence((), ())
        before, _ = before_street(sound.texts[0], heard.street_heard, ranked[0].street.name)
        names = list(dict.fromkeys(one.street.name for one in ranked))
        judged = self._judge(sound, [with_street(before, name) for name in names])
        by_name = dict(zip(names, judged, strict=True))
        return Evidence(tuple(ranked), tuple(by_name[one.street.name] for one in ranked))

    def _read(self, heard: HeardAddress, sound: RememberedSound, prompt: str) -> View:
        words = self._engine.transcribe(_encoding(sound), Hints(prompt=prompt))
        texts = [reading.text for reading in words.hypotheses]
        addresses = [self._address_in(text, heard.insee) for text in texts]
        streets = [address.street_heard for address in addresses if address]
        return (*(street for street in streets if street), *texts)

    def _judge(self, sound: RememberedSound, texts: Sequence[str]) -> list[Judgement]:
        fits = self._engine.score(_encoding(sound), texts)
        priors = self._engine.score(self._silence, texts)
        return [Judgement(fit, prior) for fit, prior in zip(fits, priors, strict=True)]

    def _numbered(
        self,
        heard: HeardAddress,
        street: Ranked,
        best: AddressCandidate,
        views: Sequence[View],
        sound: RememberedSound,
    ) -> tuple[AddressCandidate, ...]:
        """The best street with the house numbers that may have been said; without one where none is likely enough."""
        existing = [(one.number, one.repetition or None) for one in self._gazetteer.numbers(street.street)]
        if not existing:
            return (best,)
        texts = [text for text in dict.fromkeys((*sound.texts, *views[1])) if text]
        numbers = self.numbers.evidence(heard, street.street.name, existing, texts, sound)
        chances = numbers.probabilities()
        order = sorted(range(len(chances)), key=lambda place: -chances[place])
        if numbers.labels[order[0]] is None or chances[order[0]] < NUMBER_LEFT_OPEN:
            return (self._gazetteer.renumbered(street, best, None, None),)
        found: list[AddressCandidate] = []
        for place in order[:MOST_FOUND]:
            label, chance = numbers.labels[place], best.probability * chances[place]
            if label is not None and chance >= LEAST_VARIANT:
                variant = self._gazetteer.renumbered(street, best, *label)
                why = {**best.why, "number heard": round(chances[place], 4)}
                found.append(replace(variant, probability=round(chance, 4), why=why))
        return tuple(found) or (self._gazetteer.renumbered(street, best, None, None),)

    def _number_is_heard(self, heard: HeardAddress, sound: RememberedSound) -> bool:
        """Whether this sound can tell the number: not where it was typed, or said in another turn than the street."""
        if heard.number_typed:
            return False
        said = (self._number_in(text, heard.insee) for text in sound.texts)
        return heard.number is None or (heard.number, heard.repetition) in said

    def _number_in(self, text: str, insee: str | None) -> Label:
        address = self._address_in(text, insee)
        return (address.number, address.repetition) if address and address.number is not None else None

    def _candidates(
        self, heard: HeardAddress, evidence: Evidence, chances: Sequence[float], order: Sequence[int]
    ) -> tuple[AddressCandidate, ...]:
        parts = [{"fit": evidence.judged[i].fit, "prior": evidence.judged[i].prior} for i in order]
        return self._gazetteer.candidates(
            heard, [evidence.ranked[i] for i in order], [chances[i] for i in order], parts
        )


def _encoding(sound: RememberedSound) -> Encoding:
    if not isinstance(sound.encoding, Encoding):
        raise TypeError("this sound was not encoded here")
    return sound.encoding


def _first_names(ranked: Sequence[Ranked], most: int) -> list[Ranked]:
    """The streets of the first ``most`` names: the same name in several communes sounds the same."""
    kept: dict[str, None] = {}
    found: list[Ranked] = []
    for one in ranked:
        if one.street.name in kept or len(kept) < most:
            kept[one.street.name] = None
            found.append(one)
    return found
