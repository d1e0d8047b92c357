"""A written conversation: begun, looked at, answered turn by turn, left. No HTTP here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum
from weakref import WeakValueDictionary

from callbot.calls.leftovers import LAPSE
from callbot.calls.ports import OvertakenError
from callbot.calls.turn_by_turn import LONGEST, TurnByTurn
from callbot.domain.clock import Clock
from callbot.domain.events import CallAnswered, CallerSpoke, Channel, Ended, EndReason, Event, KeysPressed, Prompted
from callbot.web.history import Line, content, history, last_input, messages
from callbot.web.ports import OpensConversations, ReadsConversations, TextConversation
from callbot.web.quick import QuickAnswer, quick_answers, typed_keys

__all__ = ["LAPSE", "LONGEST", "MOST_MESSAGES", "Phase", "Taken", "TextTalk", "View"]

MOST_MESSAGES = 100
"""messages of a caller after which a person takes over"""


class Phase(StrEnum):
    """Where a conversation is."""

    OPEN = "open"
    WITH_A_PERSON = "with_a_person"
    OVER = "over"
    LAPSED = "lapsed"


class Taken(Enum):
    """What became of a message."""

    ANSWERED = "answered"
    TWICE = "twice"
    """the same message for the same question was answered before: a double click, a page loaded again"""
    STALE = "stale"
    """it answers a question that is not the pending one any more"""
    CLOSED = "closed"
    """the conversation is over"""


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows. ``turn``: the number of the pending question, which an answer has to name."""

    phase: Phase
    lines: tuple[Line, ...]
    quick: tuple[QuickAnswer, ...]
    turn: int


class TextTalk:
    """Every method works on stored events, one at a time for each conversation of this process."""

    def __init__(self, conversations: OpensConversations, log: ReadsConversations, clock: Clock) -> None:
        self._conversations = conversations
        self._log = log
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self, call_id: str) -> None:
        """The greeting and the first question."""
        async with self._alone(call_id):
            await TurnByTurn(await self._conversations.open(call_id)).begin(None, Channel.TEXT)

    async def view(self, call_id: str) -> View | None:
        """How the conversation stands, None when there is none."""
        async with self._alone(call_id):
            conversation = await self._current(call_id)
            if conversation is None:
                return None
            events = await self._log.events(call_id)
            phase = await self._phase(conversation, events)
            hidden = phase is Phase.LAPSED
            return View(
                phase,
                () if hidden else history(call_id, events, conversation.state.world),
                quick_answers(conversation.state) if phase is Phase.OPEN else (),
                conversation.prompt_count,
            )

    async def write(self, call_id: str, turn: int, text: str) -> Taken:
        """A message in answer to question ``turn``; keys written out count as keys where they answer it."""
        return await self._take(call_id, turn, CallerSpoke(text, (text,)))

    async def choose(self, call_id: str, turn: int, keys: str) -> Taken:
        """A button in answer to question ``turn``."""
        return await self._take(call_id, turn, KeysPressed(keys))

    async def leave(self, call_id: str) -> None:
        """The conversation is closed and a place held for it given back; nothing for an unknown one."""
        async with self._alone(call_id):
            if await self._log.events(call_id):
                await TurnByTurn(await self._conversations.open(call_id)).leave()

    async def _take(self, call_id: str, turn: int, event: CallerSpoke | KeysPressed) -> Taken:
        async with self._alone(call_id):
            conversation = await self._current(call_id)
            if conversation is None or conversation.state.over:
                return Taken.CLOSED
            if isinstance(event, CallerSpoke) and (keys := typed_keys(conversation.state, event.text)):
                event = KeysPressed(keys)
            events = await self._log.events(call_id)
            if turn != conversation.prompt_count:
                return Taken.TWICE if content(event) == content(last_input(events)) else Taken.STALE
            if messages(events) >= MOST_MESSAGES:
                await conversation.close(EndReason.TOO_LONG)
                return Taken.CLOSED
            try:
                await TurnByTurn(conversation).take(event)
            except OvertakenError:  # the page was sent twice and to two hosts, or from two windows
                return await self._overtaken(call_id, event)
            return Taken.ANSWERED

    async def _overtaken(self, call_id: str, event: CallerSpoke | KeysPressed) -> Taken:
        """What another host took in the meantime: the same, or something else."""
        taken = last_input(await self._log.events(call_id))
        return Taken.TWICE if content(event) == content(taken) else Taken.STALE

    async def _current(self, call_id: str) -> TextConversation | None:
        """The conversation, closed when it has lapsed, its question asked again when the answer was cut off."""
        events = await self._log.events(call_id)
        if not events:
            return None
        conversation = await self._conversations.open(call_id)
        if conversation.state.ended:
            return conversation
        if await self._lapsed(call_id):
            await conversation.close(EndReason.CALLER_HUNG_UP)
        elif conversation.state.over:
            handed = conversation.state.handed
            await conversation.close(EndReason.HANDED_OVER if handed else EndReason.DONE)
        elif not _waits(conversation, events):
            await TurnByTurn(conversation).begin(None, Channel.TEXT, resumed=True)
        return conversation

    async def _phase(self, conversation: TextConversation, events: Sequence[Event]) -> Phase:
        if not conversation.state.over:
            return Phase.OPEN
        left = Ended(EndReason.CALLER_HUNG_UP) in events
        if left or await self._lapsed(conversation.state.call_id):
            return Phase.LAPSED
        return Phase.WITH_A_PERSON if conversation.state.handed else Phase.OVER

    async def _lapsed(self, call_id: str) -> bool:
        summary = await self._log.summary(call_id)
        return summary is None or self._clock.now() - summary.last_event_at >= LAPSE

    @asynccontextmanager
    async def _alone(self, call_id: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(call_id, asyncio.Lock())
        async with lock:
            yield


def _waits(conversation: TextConversation, events: Sequence[Event]) -> bool:
    """True when the pending question was written out after the last message: the answer to it was not cut off."""
    asked = conversation.state.asked
    told = (
        event for event in reversed(events) if isinstance(event, Prompted | CallAnswered | CallerSpoke | KeysPressed)
    )
    latest = next(told, None)
    return asked is not None and isinstance(latest, Prompted) and latest.act == asked.act.value
