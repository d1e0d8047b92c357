"""What a running call needs from the other rooms, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Amendment, BookingDraft
from callbot.domain.clock import Clock
from callbot.domain.events import (
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    CallBackKept,
    Cancelled,
    ChangeFailed,
    DateHeld,
    DatesFound,
    Event,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    PeopleChecked,
    Reported,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Meaning
from callbot.domain.people import Report, Window
from callbot.domain.personal import PhoneNumber

__all__ = [
    "CallsPeople",
    "Clock",
    "EarlierAddresses",
    "FindsAddresses",
    "KeepsCalls",
    "OvertakenError",
    "RememberedSound",
    "TakesBookings",
    "Understands",
]


class OvertakenError(Exception):
    """Another process talks to this caller by now: nothing was stored, and nothing more is to be said here."""


class Understands(Protocol):
    """Words -> meaning."""

    def understand(
        self, text: str, expect: Expectation, *, today: date, offered: Sequence[date] = (), insee: str | None = None
    ) -> Meaning:
        """The slots in ``text``; ``offered`` dates and the known commune ``insee`` help to read it. Never raises."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class RememberedSound:
    """An utterance that can be read again: its readings, best first, and what the ears keep of it. Personal."""

    texts: tuple[str, ...]
    sound: object = field(repr=False)


class FindsAddresses(Protocol):
    """The address base."""

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        """Candidates for what was heard, best first; ``sound``: in which the street was said, where there is one."""
        ...


class EarlierAddresses(Protocol):
    """Where a number booked before."""

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        """The address of the last booking made at or after ``since`` that left this number, whatever its status."""
        ...


class TakesBookings(Protocol):
    """Rules, dates, holds and bookings."""

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        """The rules' verdict on the items."""
        ...

    async def dates(
        self,
        address: StreetAddress,
        items: tuple[ItemLine, ...],
        wish: HeardDate | None,
        after: date | None,
        caller: PhoneNumber | None,
    ) -> DatesFound:
        """Dates with room, and what is booked at the address already; ``caller`` tells which of it is their own."""
        ...

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        """Keep a place; a call holds one place at most, an earlier one is given back."""
        ...

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Book, once per call however often it is asked; the confirmation SMS is queued in the same unit of work."""
        ...

    async def release(self, call_id: str) -> None:
        """Give the call's held place back, if it has one."""
        ...

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        """Bookings that left this number or have one of the references: those to come, by day, then the latest of
        the last weeks."""
        ...

    async def cancel(self, reference: str) -> Cancelled | ChangeFailed:
        """Cancel, once however often it is asked; the place is free again and the SMS queued in the same unit of
        work."""
        ...

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change a booking in one unit of work: on the same day its place is never given back, on another one the
        call's hold becomes its place."""
        ...


class KeepsCalls(Protocol):
    """The append-only event log of calls."""

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        """Store one event behind the ``after`` that are stored, before it is answered; False, and nothing stored, when
        there are more by now: somebody else wrote in this call."""
        ...

    async def events(self, call_id: str) -> list[Event]:
        """All events of a call in order, [] for an unknown one."""
        ...

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        """The latest call of a number that began at or after ``since``, other than ``but``, if it ended because the
        caller hung up or the line broke, and booked nothing; None else."""
        ...


class CallsPeople(Protocol):
    """The way to a person."""

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        """Queue the call, with its events, for the agents."""
        ...

    async def check(self) -> PeopleChecked:
        """Whether agents answer now, and the next window in which one can call back."""
        ...

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """Store a call-back, once a call; the next window is kept where this one filled up. A mobile gets an SMS."""
        ...

    async def report(self, report: Report) -> Reported:
        """Store a report for the people concerned; the same one of a call once."""
        ...
