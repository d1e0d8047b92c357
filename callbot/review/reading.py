"""Finding calls, reading one, and seeing one masked field with a written reason."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from callbot.dialogue.state import World
from callbot.privacy import CannotOpenError, MaskedLine
from callbot.privacy.patterns import plain_words
from callbot.review.beliefs import Naming
from callbot.review.noted import Noted, noted
from callbot.review.ports import JournalsReveals, KeepsAnnotations, KeepsTranscripts, ReadsCalls
from callbot.review.search import PAGE, Criteria, FoundCall
from callbot.review.story import FieldRef, Story, story_of

LEAST_REASON = 10
"""characters of a reason: enough for a word that says something"""


class ReasonMissingError(Exception):
    """Nothing personal is shown without a written reason."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; ``after``: where the next one begins, empty on the last one."""

    calls: tuple[FoundCall, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Revealed:
    """One field in clear, for this answer only."""

    ref: FieldRef
    text: str = field(repr=False)


class Reading:
    """The use case."""

    def __init__(
        self,
        log: ReadsCalls,
        transcripts: KeepsTranscripts,
        annotations: KeepsAnnotations,
        reveals: JournalsReveals,
        world: World,
    ) -> None:
        self._log = log
        self._transcripts = transcripts
        self._annotations = annotations
        self._reveals = reveals
        self._world = world
        self._plain = plain_words([commune.name for commune in world.communes.values()])
        self.naming = Naming({kind.id: kind.label for kind in world.catalogue.kinds}, world.communes)

    async def page(self, criteria: Criteria, after: str = "") -> Page:
        """Calls that fit, newest first; ``after``: where the page before ended."""
        found: Sequence[FoundCall] = await self._transcripts.search(criteria, PAGE + 1, after)
        more = len(found) > PAGE
        return Page(tuple(found[:PAGE]), found[PAGE - 1].call_id if more else "")

    async def found(self, call_id: str) -> FoundCall | None:
        """One call as the list shows it; None where it is not kept (yet)."""
        return await self._transcripts.found(call_id)

    async def story(self, call_id: str) -> Story | None:
        """A call from its events; None for an unknown one, one whose words nobody can open any more, and one of
        somebody whose data is not to be used."""
        if await self._transcripts.limited(call_id):
            return None
        try:
            events = (await self._log.numbered({call_id: 0})).get(call_id, ())
        except CannotOpenError:
            return None
        if not events:
            return None
        # In a thread: a long call takes a tenth of a second, and callers wait on this loop.
        return await asyncio.to_thread(story_of, call_id, events, self._world, self.naming, self._plain)

    async def unmask(self, call_id: str, ref: FieldRef, who: str, reason: str) -> Revealed | None:
        """One hidden field, journaled for ``who`` (an account) before it is shown; None where there is no such field.

        Raises ``ReasonMissingError``.
        """
        if len(reason.strip()) < LEAST_REASON:
            raise ReasonMissingError
        story = await self.story(call_id)
        masked = await self._text(story, ref) if story else None
        if masked is None or ref.index >= len(masked.fields):
            return None
        await self._reveals.record(who, reason, _what(call_id, ref, masked))
        return Revealed(ref, masked.fields[ref.index].text)

    async def annotations(self, story: Story) -> tuple[Noted, ...]:
        """What was noted on a call, masked as the call is."""
        found = await self._annotations.of_call(story.call_id)
        return tuple(noted(each, story.known, self.naming) for each in found)

    async def _text(self, story: Story, ref: FieldRef) -> MaskedLine | None:
        if (said := story.text_of(ref)) is not None:
            return said
        texts = (each.text_of(ref.seq, ref.part) for each in await self.annotations(story))
        return next((text for text in texts if text is not None), None)


def _what(call_id: str, ref: FieldRef, masked: MaskedLine) -> str:
    """What the journal says was shown: where it stood and its kind, never the text."""
    kind = masked.fields[ref.index].hidden
    return f"call {call_id}, event {ref.seq}, {ref.part} {ref.index}: {kind.value if kind else ''}"
