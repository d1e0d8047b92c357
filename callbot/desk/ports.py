"""What the desk needs from the storage, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from callbot.desk.lines import AgentLine
from callbot.desk.wrap_up import WrapUp
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking
from callbot.domain.events import Channel, EndReason, Event, HandOverReason
from callbot.domain.people import Window
from callbot.domain.personal import Personal, PhoneNumber


@dataclass(frozen=True, slots=True)
class RunningCall:
    """A call that has not ended; ``events``: how many it has."""

    call_id: str
    started_at: datetime
    last_event_at: datetime
    channel: Channel | None
    events: int


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """An event with its place in the call, from 1 on, and its moment."""

    number: int
    at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Work:
    """A handed-over call as people work on it. ``on_the_line``: the caller waits for somebody to answer.

    ``taken_by``: the account; None while it waits, or where it was answered by telephone without the desk.
    """

    call_id: str
    reason: HandOverReason
    created_at: datetime
    on_the_line: bool
    answered_at: datetime | None = None
    """by telephone, by whomever"""
    taken_by: str | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    wrap_up: WrapUp | None = None
    note: Personal | None = None
    caller_left: bool = False
    """hung up before anybody answered"""
    may_be_heard: bool = True
    """False: the caller does not want a supervisor to listen"""


class RingResult(StrEnum):
    """How the last ring of the service for a call-back ended."""

    TALKED = "talked"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    AGENT_ABSENT = "agent_absent"
    """the agent's own telephone was not answered, so that nobody else was rung"""


@dataclass(frozen=True, slots=True)
class CallBackWork:
    """A promised call-back as people work on it; ``window`` in UTC."""

    call_id: str
    phone: PhoneNumber
    reason: HandOverReason
    window: Window
    taken_by: str | None = None
    tries: int = 0
    rung_at: datetime | None = None
    """when the service last rang for it"""
    ring_result: RingResult | None = None
    """how that ended; None while it rings"""


@dataclass(frozen=True, slots=True)
class EarlierCall:
    """A call of the same number."""

    call_id: str
    started_at: datetime
    hand_over_reason: HandOverReason | None
    end_reason: EndReason | None


class Presence(StrEnum):
    """What an agent says of themselves."""

    PRESENT = "present"
    PAUSE = "pause"


class ReadsCalls(Protocol):
    """The log of calls."""

    async def running(self, since: datetime) -> Sequence[RunningCall]:
        """Calls that have not ended and of which something was heard at or after ``since``, oldest first."""
        ...

    async def numbered(self, after: Mapping[str, int]) -> Mapping[str, Sequence[NumberedEvent]]:
        """The events of calls behind the number given for each, in order."""
        ...


class TellsCalls(Protocol):
    """Where what happens to a call is written."""

    async def append(self, call_id: str, event: Event) -> None:
        """Store one event at the end of the call."""
        ...


class KeepsWork(Protocol):
    """Hand-overs and call-backs."""

    async def waiting(self, answered_since: datetime) -> Sequence[Work]:
        """Calls nobody took, longest waiting first; those answered by telephone at or after ``answered_since`` too, so
        that whoever answered opens their page."""
        ...

    async def taken_by(self, account: str) -> Sequence[Work]:
        """Calls an account has taken and not ended, longest first."""
        ...

    async def of_call(self, call_id: str) -> Work | None:
        """The work of a call, None where it was never handed over."""
        ...

    async def take(self, call_id: str, account: str, at: datetime) -> bool:
        """Take a call that nobody has; False, and nothing changed, where somebody was first."""
        ...

    async def put_back(self, call_id: str, account: str) -> bool:
        """Let a call wait again; False where this account does not have it."""
        ...

    async def finish(self, call_id: str, account: str, wrap_up: WrapUp, note: Personal | None, at: datetime) -> bool:
        """End the work on a call; False where this account does not have it."""
        ...

    async def call_backs(self) -> Sequence[CallBackWork]:
        """Call-backs still to be made, by window."""
        ...

    async def take_call_back(self, call_id: str, account: str, at: datetime) -> bool:
        """Take a call-back that nobody has."""
        ...

    async def put_back_call_back(self, call_id: str, account: str, *, tried: bool) -> bool:
        """Leave it to others; ``tried``: it was rung in vain once more."""
        ...

    async def finish_call_back(
        self, call_id: str, account: str, wrap_up: WrapUp, note: Personal | None, at: datetime
    ) -> bool:
        """End a call-back; False where this account does not have it."""
        ...

    async def say(self, account: str, presence: Presence, at: datetime) -> None:
        """What an agent says of themselves from now on."""
        ...

    async def presence(self, account: str) -> Presence:
        """Last said; in pause where nothing was."""
        ...

    async def present(self) -> int:
        """How many say they are present."""
        ...


class KeepsHistory(Protocol):
    """What is stored about callers: earlier calls and bookings."""

    async def earlier_calls(self, caller: PhoneNumber, since: datetime, but: str) -> Sequence[EarlierCall]:
        """Calls of a number that began at or after ``since``, newest first, without ``but``."""
        ...

    async def bookings_of_phone(self, phone: PhoneNumber) -> Sequence[Booking]:
        """Bookings that left this number, by day."""
        ...

    async def bookings_at(self, address: StreetAddress, since: date) -> Sequence[Booking]:
        """Bookings of an address with a pickup day from ``since`` on, by day."""
        ...

    async def booking(self, reference: str) -> Booking | None:
        """The booking with this reference."""
        ...


class Answer(StrEnum):
    """What the phone company says to a request."""

    DONE = "done"
    GONE = "gone"
    """the call is not there any more"""
    FAILED = "failed"
    """it could not be asked, or refused: whether it did something is not known"""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk between a caller and an agent that may be listened to."""

    call_id: str
    since: datetime


class RingsPeople(Protocol):
    """The phone company. Nothing here raises."""

    @property
    def serves_queue(self) -> bool:
        """True where callers wait in a queue of the phone company's, out of which they can be taken."""
        ...

    @property
    def listening(self) -> bool:
        """True where the authority wants supervisors to be able to listen, and people are told so."""
        ...

    async def put_through(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Bring a caller who waits in the queue to the telephone of ``account``."""
        ...

    async def call_back(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Ring the agent; who answers there is asked whether to ring the number of this call-back."""
        ...

    async def talks(self) -> Sequence[Talk] | None:
        """Talks going on that can be joined, longest first; None where the phone company does not say."""
        ...

    async def listen(self, call_id: str, account: str, line: AgentLine) -> Answer:
        """Ring a supervisor; who answers there comes into the talk, where a tone tells it, and is not heard."""
        ...

    async def stop_listening(self, call_id: str) -> Answer:
        """Send all who listen out of a talk."""
        ...


class KeepsLines(Protocol):
    """Where agents are rung, and what became of it."""

    async def line(self, account: str) -> AgentLine | None:
        """The telephone an agent gave; None for none."""
        ...

    async def say_line(self, account: str, line: AgentLine | None) -> None:
        """Keep it, or forget it; changes nothing for who never said whether they are present."""
        ...

    async def wait_again(self, call_id: str, account: str) -> datetime | None:
        """The caller is still on the line and this agent did not answer: the call waits where it waited before.

        Since when it has waited; None, and nothing changed, where the call was answered, is over or somebody else's.
        """
        ...

    async def ring_begins(self, call_id: str, account: str, at: datetime, unless_since: datetime) -> bool:
        """The service rings for a call-back of this account; False where it does so already, since that moment."""
        ...

    async def ring_ended(self, call_id: str, account: str, result: RingResult) -> bool:
        """How it ended; the first answer stays."""
        ...

    async def refuse_listening(self, call_id: str, account: str, at: datetime) -> bool:
        """The caller of this account's call does not want to be listened to."""
        ...

    async def refused_listening(self, call_ids: Sequence[str]) -> frozenset[str]:
        """Those of the calls whose caller does not want it."""
        ...


class JournalsLooks(Protocol):
    """Who looked at what about whom."""

    async def record(self, who: str, reason: str, what: str) -> None:
        """Note a look before it is shown."""
        ...
