"""What turns over webhooks, hand-overs and two-way SMS need from the other rooms; ``bootstrap`` provides it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from callbot.calls.turn_by_turn import Converses
from callbot.desk import AgentLine, Answer, RingResult
from callbot.domain.events import CallBackKept, Channel, Event, HandOverReason, PeopleChecked
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.messages.ports import Delivery
from callbot.messages.stop import StopAnswer


class OpensTurns(Protocol):
    """The conversations, new and known (``calls.conversation.Conversations``)."""

    async def open(self, call_id: str) -> Converses:
        """The conversation of this call, continued from its stored events when it is known."""
        ...


class Summarises(Protocol):
    """What the agent hears before the caller is put through."""

    async def summary(self, call_id: str) -> str:
        """At most two French sentences: why the call, what is known. No name, no number, no house number."""
        ...


class CallsBack(Protocol):
    """Call-backs (``calls.ports.CallsPeople``)."""

    async def check(self) -> PeopleChecked:
        """The next window in which a person can call back."""
        ...

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """Store a call-back, once a call; the next window is kept where this one filled up."""
        ...


class FollowsHandOvers(Protocol):
    """The queue of the agents (``storage.hand_overs.HandOvers``). All are False, and nothing changes, for a call that
    does not wait in it.
    """

    async def taken(self, call_id: str) -> bool:
        """A person has the caller on the line."""
        ...

    async def talked(self, call_id: str, lasted: timedelta | None) -> bool:
        """The talk with a person is over; ``lasted`` where the phone company tells."""
        ...

    async def left(self, call_id: str) -> bool:
        """The caller hung up before anybody answered: nobody rings a dead line."""
        ...

    async def unanswered(self, call_id: str) -> bool:
        """Nobody answered: a person looks into it later."""
        ...


class FollowsAgents(Protocol):
    """Agents by telephone (``storage.agent_lines.AgentLines``)."""

    async def line_for(self, call_id: str, account: str) -> AgentLine | None:
        """Where to ring for a call; None where this account does not have it, or gave no telephone."""
        ...

    async def joined(self, call_id: str, account: str) -> bool:
        """This agent is on the telephone and wants the call; False where somebody else has it."""
        ...

    async def wait_again(self, call_id: str, account: str, *, even_answered: bool = False) -> datetime | None:
        """The caller is on the line without anybody: since when the call has waited. None, and nothing changed, where
        somebody answered it (unless ``even_answered``), it is over, or somebody else has it."""
        ...

    async def number_to_call_back(self, call_id: str, account: str) -> PhoneNumber | None:
        """The number of a call-back that this account has and has not ended; None for any other."""
        ...

    async def ring_ended(self, call_id: str, account: str, result: RingResult) -> bool:
        """How a ring for a call-back ended; the first answer stays."""
        ...

    async def refused_listening(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of the calls whose caller does not want to be listened to."""
        ...


class MovesCalls(Protocol):
    """The desk's way to the phone company (``switchboard.TwilioSwitchboard``). Nothing here raises."""

    @property
    def listening(self) -> bool:
        """True where calls are put through by conference."""
        ...

    async def take_out_of_queue(self, call_id: str, account: str) -> Answer:
        """Let a caller's line go on towards this agent."""
        ...

    async def send_back(self, call_id: str, account: str) -> Answer:
        """Let the line of a caller who is alone go back to the queue."""
        ...

    async def waits_alone(self, call_id: str) -> bool | None:
        """True for a caller in a conference that never began; None where that cannot be known."""
        ...


class KnownConversation(Protocol):
    """The last state of a conversation (``storage.event_log.CallSummary``)."""

    @property
    def call_id(self) -> str:
        """Its id."""
        ...

    @property
    def channel(self) -> Channel | None:
        """How it reached us last."""
        ...

    @property
    def started_at(self) -> datetime:
        """When its first event was stored, aware."""
        ...

    @property
    def last_event_at(self) -> datetime:
        """When its last event was stored, aware."""
        ...


class LogsTexts(Protocol):
    """The event log as turns and SMS need it (``storage.event_log.EventLog``)."""

    async def events(self, call_id: str) -> list[Event]:
        """All events of a conversation in order, [] for an unknown one."""
        ...

    async def summary(self, call_id: str) -> KnownConversation | None:
        """The last state of a conversation, None for an unknown one."""
        ...

    async def calls_of(self, caller: PhoneNumber, since: datetime) -> Sequence[KnownConversation]:
        """Conversations of a number that began at or after ``since``, newest first; found by a blind index."""
        ...


class RemembersStops(Protocol):
    """Numbers that want no SMS (``storage.opt_outs.OptOuts``)."""

    async def stop(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        """No SMS to this number from now on, but ``answer``; False where that was so already, or it is answered."""
        ...

    async def start(self, phone: PhoneNumber, at: datetime, answer: StopAnswer | None = None) -> bool:
        """SMS may go there again, ``answer`` first; False where they might already."""
        ...


class TakesOpinions(Protocol):
    """Answers to the question how a pickup was (``storage.Satisfaction``)."""

    async def rate(self, phone: PhoneNumber, rating: int) -> bool:
        """Keep it; False where this number was not asked lately, or answered already."""
        ...


class KeepsDeliveries(Protocol):
    """The outbox (``storage.outbox.Outbox``)."""

    async def told(self, provider_id: str, delivery: Delivery, at: datetime, mark: str = "") -> bool:
        """What became of a message, which ``mark`` names; False for an unknown one, or when more is known."""
        ...
