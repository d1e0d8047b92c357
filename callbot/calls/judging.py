"""The decoder as judge of texts: how well each fits a sound, and how usual its words are without any."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

from callbot.gazetteer.probability import Judgement
from callbot.speech.engine import Encoding, Engine

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Readers:
    """The threads on which all that is slow is done: the event loop belongs to the other calls too."""

    executor: Executor

    async def run(self, work: Callable[..., T], *args: object) -> T:
        """``work`` on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, work, *args)


class Judge:
    """Scores on the threads of ``readers``; how usual a text is, is asked of the decoder once and remembered."""

    def __init__(self, engine: Engine, readers: Readers) -> None:
        self._engine = engine
        self._readers = readers
        self._silence = engine.silence()
        self._usual: dict[str, float] = {}

    async def judge(self, sound: Encoding, said: Sequence[str], usually: Sequence[str]) -> list[Judgement]:
        """One judgement for each text of ``said``, the whole sentence as it may have been spoken.

        ``usually``: for each, the same words in a sentence that never changes: what the decoder gives it on silence
        differs from what it would give ``said`` by the same amount for all, which cancels out among rivals.
        """
        fits = await self._scores(sound, said)
        unknown = [text for text in dict.fromkeys(usually) if text not in self._usual]
        self._usual |= dict(zip(unknown, await self._scores(self._silence, unknown), strict=True))
        return [Judgement(fit, self._usual[text]) for fit, text in zip(fits, usually, strict=True)]

    async def _scores(self, sound: Encoding, texts: Sequence[str]) -> list[float]:
        """In two halves, so that two readers share them."""
        middle = (len(texts) + 1) // 2
        halves = (part for part in (texts[:middle], texts[middle:]) if part)
        scored = (self._readers.run(self._engine.score, sound, part) for part in halves)
        return [score for part in await asyncio.gather(*scored) for score in part]
