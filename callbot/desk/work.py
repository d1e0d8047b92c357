"""What agents do with calls: take one, see what is sure, end it, put it back; the same for call-backs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callbot.desk import urgency
from callbot.desk.known import Fact, facts
from callbot.desk.live import LiveCalls
from callbot.desk.ports import (
    CallBackWork,
    EarlierCall,
    JournalsLooks,
    KeepsHistory,
    KeepsWork,
    NumberedEvent,
    Presence,
    TellsCalls,
    Work,
)
from callbot.desk.urgency import Urgency
from callbot.desk.wrap_up import WrapUp
from callbot.dialogue.state import State
from callbot.domain.bookings import Booking
from callbot.domain.clock import Clock
from callbot.domain.events import Channel, HandedBack
from callbot.domain.personal import Personal, PhoneNumber

HISTORY: Final = timedelta(days=90)
"""how far back calls of the same number are shown"""
ON_THE_TELEPHONE: Final = frozenset({Channel.PHONE, Channel.TURNS})
ANSWERED_LATELY: Final = timedelta(hours=2)
"""how long a call answered by telephone can still be opened at the desk"""
KNOWN_FOR: Final = timedelta(seconds=30)
"""how long what a waiting call has told is not read again, however many desks look"""
LONGEST_NOTE: Final = 500
"""characters of a note"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call in the queue; ``since``: how long it has waited."""

    work: Work
    urgency: Urgency
    since: timedelta


@dataclass(frozen=True, slots=True)
class ToCallBack:
    """A promised call-back."""

    work: CallBackWork
    urgency: Urgency
    late: bool
    """its window has passed"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """All that waits for people, what is urgent first."""

    calls: tuple[Waiting, ...]
    call_backs: tuple[ToCallBack, ...]

    @property
    def longest(self) -> timedelta:
        """How long somebody has been waiting on the line; zero where nobody does."""
        return max((call.since for call in self.calls if call.work.on_the_line), default=timedelta())


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that an agent needs of one call. ``events``: what was said, for who has taken it only."""

    work: Work
    state: State
    known: tuple[Fact, ...]
    events: Sequence[NumberedEvent]
    earlier: Sequence[EarlierCall]
    bookings: Sequence[Booking]
    """that left the number that calls"""
    at_address: Sequence[Booking] = ()
    """others, of the address that was confirmed"""


class AgentDesk:
    """Every change is made by one account and by nobody else at the same time."""

    def __init__(
        self, work: KeepsWork, live: LiveCalls, history: KeepsHistory, journal: JournalsLooks, clock: Clock
    ) -> None:
        self._work = work
        self._live = live
        self._history = history
        self._journal = journal
        self._clock = clock
        self._known: dict[str, tuple[datetime, tuple[Fact, ...]]] = {}

    async def backlog(self) -> Backlog:
        """Calls nobody took and call-backs nobody made."""
        now = self._clock.now()
        calls = [
            Waiting(work, _urgency(work), now - work.created_at)
            for work in await self._work.waiting(now - ANSWERED_LATELY)
        ]
        call_backs = [
            ToCallBack(work, urgency.of_call_back(work.window.first, now), work.window.last < now)
            for work in await self._work.call_backs()
        ]
        return Backlog(
            tuple(sorted(calls, key=lambda call: (call.urgency, call.work.created_at))),
            tuple(sorted(call_backs, key=lambda each: (each.urgency, each.work.window.first))),
        )

    async def own(self, account: str) -> Sequence[Work]:
        """What an account has taken and not ended."""
        return await self._work.taken_by(account)

    async def take(self, call_id: str, account: str) -> bool:
        """Take a waiting call, journaled: from here on this account sees who called and what was said."""
        if not await self._work.take(call_id, account, self._clock.now()):
            return False
        await self._journal.record(account, "prise en charge", f"call {call_id}")
        return True

    async def put_back(self, call_id: str, account: str) -> bool:
        """Let it wait again, where it waited before: its place in the queue is by its age."""
        return await self._work.put_back(call_id, account)

    async def finish(self, call_id: str, account: str, wrap_up: WrapUp, note: str = "") -> bool:
        """End the work on a call; a note is cut at ``LONGEST_NOTE`` characters."""
        return await self._work.finish(call_id, account, wrap_up, _note(note), self._clock.now())

    async def give_back(self, call_id: str, account: str, told: TellsCalls) -> bool:
        """Give a call back to the machine: when the agent hangs up its caller goes on with it where they were.

        False, and nothing done, where this account does not have the call or its caller is not on the telephone.
        """
        work = await self._work.of_call(call_id)
        if work is None or work.taken_by != account or work.ended_at is not None:
            return False
        state, _ = await self._live.told(call_id)
        if state.channel not in ON_THE_TELEPHONE:
            return False
        if not await self._work.finish(call_id, account, WrapUp.HANDED_BACK, None, self._clock.now()):
            return False
        await told.append(call_id, HandedBack())
        return True

    async def dossier(self, call_id: str, account: str) -> Dossier | None:
        """The call for who has taken it; None for everybody else."""
        work = await self._work.of_call(call_id)
        if work is None or work.taken_by != account:
            return None
        state, events = await self._live.told(call_id)
        earlier: Sequence[EarlierCall] = ()
        bookings: Sequence[Booking] = ()
        if state.caller is not None:
            earlier = await self._history.earlier_calls(state.caller, self._clock.now() - HISTORY, call_id)
            bookings = await self._history.bookings_of_phone(state.caller)
        at_address = await self._elsewhere(state, {booking.reference for booking in bookings})
        return Dossier(work, state, facts(state), events, earlier, bookings, at_address)

    async def _elsewhere(self, state: State, known: Collection[str]) -> Sequence[Booking]:
        """Bookings of the confirmed address that left another number: a neighbour's, or theirs by another telephone."""
        if state.where.confirmed is None:
            return ()
        since = (self._clock.now() - HISTORY).date()
        found = await self._history.bookings_at(state.where.confirmed, since)
        return [booking for booking in found if booking.reference not in known]

    async def by_telephone(self, call_id: str) -> bool:
        """True for a caller who speaks: who writes cannot be put through."""
        state, _ = await self._live.told(call_id)
        return state.channel in ON_THE_TELEPHONE

    async def known(self, call_id: str) -> tuple[Fact, ...]:
        """What a call has told: for the summary of a call that still waits, without what names anybody."""
        now = self._clock.now()
        self._known = {call: seen for call, seen in self._known.items() if now - seen[0] < KNOWN_FOR}
        if call_id not in self._known:
            state, _ = await self._live.told(call_id)
            self._known[call_id] = (now, facts(state))
        return self._known[call_id][1]

    async def take_call_back(self, call_id: str, account: str) -> bool:
        """Take a promised call-back, journaled like a call."""
        if not await self._work.take_call_back(call_id, account, self._clock.now()):
            return False
        await self._journal.record(account, "rappel", f"call {call_id}")
        return True

    async def call_back_of(self, call_id: str, account: str) -> CallBackWork | None:
        """The call-back for who has taken it."""
        found = await self._work.call_backs()
        return next((each for each in found if each.call_id == call_id and each.taken_by == account), None)

    async def end_call_back(self, call_id: str, account: str, wrap_up: WrapUp, note: str = "") -> bool:
        """End it. Nobody answered: it stays in the list for another try, until an agent ends it otherwise."""
        if wrap_up is WrapUp.NOT_REACHED:
            return await self._work.put_back_call_back(call_id, account, tried=True)
        return await self._work.finish_call_back(call_id, account, wrap_up, _note(note), self._clock.now())

    async def leave_call_back(self, call_id: str, account: str) -> bool:
        """Leave it to others."""
        return await self._work.put_back_call_back(call_id, account, tried=False)

    async def say(self, account: str, presence: Presence) -> None:
        """Present, or in pause."""
        await self._work.say(account, presence, self._clock.now())

    async def presence(self, account: str) -> Presence:
        """What an agent last said."""
        return await self._work.presence(account)

    async def present(self) -> int:
        """How many say they are there; never who answered how much."""
        return await self._work.present()

    async def bookings_for(self, account: str, phone: PhoneNumber | None, reference: str) -> Sequence[Booking]:
        """Bookings of a number or of a reference, journaled before they are shown."""
        await self._journal.record(account, "recherche à la demande de l'appelant", "bookings by number or reference")
        if phone is not None:
            return await self._history.bookings_of_phone(phone)
        found = await self._history.booking(reference)
        return [found] if found else []

    def now(self) -> datetime:
        """The clock of the desk."""
        return self._clock.now()


def _urgency(work: Work) -> Urgency:
    answered = not work.on_the_line and work.answered_at is not None
    return urgency.of_call(work.reason, on_the_line=work.on_the_line, answered=answered)


def _note(text: str) -> Personal | None:
    kept = text.strip()[:LONGEST_NOTE]
    return Personal(kept) if kept else None
