"""What the desk needs from the storage, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class CallBackWork:
    """A promised call-back as people work on it; ``window`` in UTC."""

    call_id: str
    phone: PhoneNumber
    reason: HandOverReason
    window: Window
    taken_by: str | None = None
    tries: int = 0


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


class JournalsLooks(Protocol):
    """Who looked at what about whom."""

    async def record(self, who: str, reason: str, what: str) -> None:
        """Note a look before it is shown."""
        ...
