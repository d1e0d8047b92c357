"""Finds an address in the sound itself, not only in its words: which street was said, then which number."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from typing import Final

from callbot.calls.address_search import AddressSearch, Ears, Evidence, ReadAddress
from callbot.calls.judging import Judge, Readers
from callbot.calls.number_hearing import Label, NumberEvidence, NumberHearing
from callbot.calls.ports import RememberedSound
from callbot.domain.addresses import AddressCandidate
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.probability import JUDGED, JUDGED_SLOWED, Model
from callbot.gazetteer.search import Gazetteer, Ranked
from callbot.speech.engine import EarsAwayError, Engine
from callbot.speech.listening import HeardSound

SURE: Final = 0.75
"""probability from which the sound is not read again"""
LONGEST_S: Final = 4.0
"""on a busy machine; well before ``conversation.SERVICE_LIMIT_S``, where the call would go to a person"""
MOST_FOUND: Final = 8
"""more than are ever offered: a street that comes last now may come first when it is said again"""
LEAST_VARIANT: Final = 0.05
"""probability below which a house number is not named (``dialogue.address_policy.LEAST_LIKELY``)"""
NUMBER_LEFT_OPEN: Final = 0.6
"""probability of a house number below which it is asked rather than read back: a no costs three turns, asking one"""


class AddressHearing:
    """``FindsAddresses`` with the ears of the service. Its work runs on the threads of ``executor``."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        engine: Engine,
        executor: Executor,
        read: ReadAddress,
        *,
        patience_s: float | None = LONGEST_S,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """``patience_s``: after so long what was found so far decides, or the words alone; None: never.

        ``busy``: others wait so long for the ears that a doubtful street is asked rather than listened for again.
        """
        readers = Readers(executor)
        judge = Judge(engine, readers)
        self._gazetteer = gazetteer
        self._patience_s = patience_s
        self._busy = busy
        self._ears = Ears(gazetteer, engine, readers, judge, read)
        self.numbers = NumberHearing(judge, readers, self._number_in)

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        """See ``FindsAddresses``; without a sound the words alone decide. Cancelling stops after what is running."""
        if sound is None or not isinstance(sound.sound, HeardSound):
            return await self._gazetteer.find(heard, hypotheses)
        search = self.open(heard, hypotheses, sound.texts, sound.sound)
        found: tuple[AddressCandidate, ...] | None = None
        # ears that are slow or gone meanwhile do not end the search: what was found so far decides, or the words alone
        with suppress(TimeoutError, EarsAwayError):
            async with asyncio.timeout(self._patience_s):
                streets, found = self._likeliest(heard, await search.first(both=not self._busy()), JUDGED)
                if (not found or found[0].probability < SURE) and not self._busy():
                    streets, found = self._likeliest(heard, await search.again(), JUDGED_SLOWED)
                texts = tuple(text for text in dict.fromkeys((*sound.texts, *search.plain)) if text)
                found = await self._numbered(heard, streets, found, texts, sound.sound)
        return await self._gazetteer.find(heard, hypotheses) if found is None else found

    def open(
        self, heard: HeardAddress, hypotheses: Sequence[str], texts: Sequence[str], sound: HeardSound
    ) -> AddressSearch:
        """A search in ``sound``, whose readings are ``texts``, best first."""
        view = tuple(text for text in (heard.street_heard or "", *hypotheses, *texts) if text)
        return AddressSearch(self._ears, heard, view, texts[0], sound)

    def _likeliest(
        self, heard: HeardAddress, evidence: Evidence, model: Model
    ) -> tuple[list[Ranked], tuple[AddressCandidate, ...]]:
        chances = evidence.probabilities(model)
        order = sorted(range(len(chances)), key=lambda place: -chances[place])[:MOST_FOUND]
        streets = [evidence.ranked[place] for place in order]
        parts = [{"fit": evidence.judged[i].fit, "prior": evidence.judged[i].prior} for i in order]
        return streets, self._gazetteer.candidates(heard, streets, [chances[place] for place in order], parts)

    async def _numbered(
        self,
        heard: HeardAddress,
        streets: Sequence[Ranked],
        found: Sequence[AddressCandidate],
        texts: Sequence[str],
        sound: HeardSound,
    ) -> tuple[AddressCandidate, ...]:
        run = self._ears.readers.run
        if not found or found[0].probability < LEAST_VARIANT or not await run(self._number_is_heard, heard, texts):
            return tuple(found)
        best = streets[0].street
        existing = [(one.number, one.repetition or None) for one in await run(self._gazetteer.numbers, best)]
        if not existing:
            return tuple(found)
        evidence = await self.numbers.evidence(heard, best.name, existing, texts, sound.encoding)
        return await run(self._with_numbers, streets, found, evidence)

    def _with_numbers(
        self, streets: Sequence[Ranked], found: Sequence[AddressCandidate], evidence: NumberEvidence
    ) -> tuple[AddressCandidate, ...]:
        """The streets with the house number that was said; without one where it is too doubtful.

        The sound tells the number whichever street it was said in: what makes the number doubtful makes it so for the
        rivals too, and the order of the streets stays.
        """
        chances = dict(zip(evidence.labels, evidence.probabilities(), strict=True))
        label = max(chances, key=lambda one: chances[one])
        pairs = list(zip(streets, found, strict=True))
        if label is None or chances[label] < NUMBER_LEFT_OPEN:
            return tuple(self._gazetteer.renumbered(street, one, None, None) for street, one in pairs)
        others = [other for other in chances if other not in (label, None)]
        best, *rivals = (self._variant(street, one, label, chances[label]) for street, one in pairs)
        rivals += [self._variant(*pairs[0], other, chances[other]) for other in others]
        likely = sorted((one for one in rivals if one.probability >= LEAST_VARIANT), key=lambda one: -one.probability)
        return (best, *likely)[:MOST_FOUND]

    def _variant(self, street: Ranked, candidate: AddressCandidate, label: Label, chance: float) -> AddressCandidate:
        number, repetition = label or (None, None)
        return replace(
            self._gazetteer.renumbered(street, candidate, number, repetition),
            probability=round(candidate.probability * chance, 4),
            why={**candidate.why, "number heard": round(chance, 4)},
        )

    def _number_is_heard(self, heard: HeardAddress, texts: Sequence[str]) -> bool:
        """Whether this sound can tell the number: not where it was typed, or said in another turn than the street."""
        if heard.number_typed:
            return False
        said = (self._number_in(text, heard.insee) for text in texts)
        return heard.number is None or (heard.number, heard.repetition) in said

    def _number_in(self, text: str, insee: str | None) -> Label:
        address = self._ears.read(text, insee)
        return (address.number, address.repetition) if address and address.number is not None else None
