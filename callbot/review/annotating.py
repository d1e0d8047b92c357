"""Saying what the bot did wrong, and keeping it as a regression case."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callbot.domain.clock import Clock
from callbot.review.annotations import Annotation, NewAnnotation
from callbot.review.cases import case_name, case_text, number_of
from callbot.review.ports import KeepsAnnotations, KeepsCases, ReadsCalls

LATEST = 200
"""annotations on their page"""


class NoCaseError(Exception):
    """Nothing in this annotation can be checked by a machine."""


class Annotating:
    """The use case."""

    def __init__(self, log: ReadsCalls, annotations: KeepsAnnotations, cases: KeepsCases, clock: Clock) -> None:
        self._log = log
        self._annotations = annotations
        self._cases = cases
        self._clock = clock

    async def add(self, new: NewAnnotation) -> int | None:
        """Keeps it; its number, None where the call has no such line."""
        events = (await self._log.numbered({new.call_id: 0})).get(new.call_id, ())
        if not any(each.number == new.seq for each in events):
            return None
        return await self._annotations.add(new, self._clock.now())

    async def of_call(self, call_id: str) -> Sequence[Annotation]:
        """Those of a call."""
        return await self._annotations.of_call(call_id)

    async def latest(self) -> Sequence[Annotation]:
        """The newest of all calls."""
        return await self._annotations.latest(LATEST)

    async def make_case(self, number: int) -> Annotation | None:
        """Makes the regression case of an annotation, anew where there was one; None where there is no such annotation.

        Raises ``NoCaseError`` where nothing can be checked, or the line is none of the caller's words.
        """
        found = await self._annotations.get(number)
        if found is None:
            return None
        events = (await self._log.numbered({found.call_id: 0})).get(found.call_id, ())
        text = case_text(found, events) if found.expected.can_be_checked else None
        if text is None:
            raise NoCaseError
        name = case_name(number)
        await asyncio.to_thread(self._cases.write, name, text)
        await self._annotations.made_case(number, name)
        return found

    async def drop_case(self, number: int) -> Annotation | None:
        """Removes the case of an annotation; None where there is no such annotation."""
        found = await self._annotations.get(number)
        if found is not None:
            await asyncio.to_thread(self._cases.remove, case_name(number))
            await self._annotations.made_case(number, "")
        return found

    async def drop_orphans(self) -> int:
        """Removes cases whose annotation went with its call: their words may not outlive it. Gives how many."""
        names = await asyncio.to_thread(self._cases.names)
        numbered = ((name, number) for name in names if (number := number_of(name)) is not None)
        orphans = [name for name, number in numbered if await self._annotations.get(number) is None]
        for name in orphans:
            await asyncio.to_thread(self._cases.remove, name)
        return len(orphans)
