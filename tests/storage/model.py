"""The booking desk as a page of plain Python: no database, no locks, nothing stored twice. Written from the rules.

What is asked of it is answered by one word: what was done, or why it was not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from callbot.booking.ports import ChangeKind
from callbot.domain.bookings import BookingStatus, NotConform
from tests.storage.ledger import Journalled

Things = tuple[tuple[str, int], ...]
Weight = tuple[int, int, int]
"""places, objects, litres"""

ROOM: Weight = (3, 5, 3000)
"""what each day takes"""
LITRES = {"matelas": 500, "armoire": 1500}
MOST_THINGS, MOST_LITRES = 4, 3000
"""at one pickup"""
WEEKDAYS = {1, 3}
CLOSED = {date(2026, 12, 3)}
HORIZON_DAYS = 21
CUT_OFF = time(12, 0)
"""of the day before"""
HOLD = timedelta(minutes=10)
WAITS = {BookingStatus.BOOKED, BookingStatus.REPLANNED}
MOVES = WAITS | {BookingStatus.MISSED, BookingStatus.INACCESSIBLE}
"""what may get another day"""


def weight(things: Things) -> Weight:
    """What things weigh on a day."""
    return 1, sum(count for _, count in things), sum(LITRES[item] * count for item, count in things)


@dataclass
class Kept:
    """A place kept for a call."""

    day: date
    weight: Weight
    until: datetime


@dataclass
class Life:
    """One booking and all that happened to it."""

    day: date
    things: Things
    status: BookingStatus = BookingStatus.BOOKED
    why: NotConform | None = None
    changes: list[Journalled] = field(default_factory=list)
    last_asked: object = None
    """the amendment that was its last change"""

    @property
    def weight(self) -> Weight:
        return weight(self.things)

    def change(self, kind: ChangeKind, day: date, status: BookingStatus, asked: object = None) -> None:
        self.changes.append(Journalled(len(self.changes) + 1, kind, self.day, day, status))
        self.day, self.status, self.last_asked = day, status, asked


@dataclass
class Model:
    """All bookings by reference and all holds by call. ``now`` is local time."""

    now: datetime
    lives: dict[str, Life] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    of_call: dict[str, str] = field(default_factory=dict)
    """the reference each call booked last"""

    def wait(self, delay: timedelta) -> None:
        self.now += delay
        self.kept = {call: kept for call, kept in self.kept.items() if kept.until > self.now}

    def taken(self, day: date) -> Weight:
        """What is taken of a day."""
        theirs = [life.weight for life in self.lives.values() if life.day == day and not _gone(life)]
        held = [kept.weight for kept in self.kept.values() if kept.day == day]
        return _total([*theirs, *held])

    def room(self, day: date, more: Weight) -> bool:
        """True when so much more fits; less always does."""
        each = zip(self.taken(day), more, ROOM, strict=True)
        return all(extra <= 0 or used + extra <= most for used, extra, most in each)

    def open(self, day: date) -> bool:
        """True when ``day`` can still be booked."""
        ahead = (day - self.now.date()).days
        return day.weekday() in WEEKDAYS and day not in CLOSED and 0 <= ahead <= HORIZON_DAYS and not self.late(day)

    def late(self, day: date) -> bool:
        """True from the cut-off of ``day`` on."""
        return self.now >= datetime.combine(day - timedelta(days=1), CUT_OFF, self.now.tzinfo)

    def days(self) -> Iterator[date]:
        ahead = (self.now.date() + timedelta(days=number) for number in range(HORIZON_DAYS + 1))
        return (day for day in ahead if self.open(day))

    def hold(self, call: str, day: date, things: Things) -> str:
        if not self.open(day) or not self._moves(call, day, weight(things)):
            return "refused"
        self.kept[call] = Kept(day, weight(things), self.now + HOLD)
        return "held"

    def release(self, call: str) -> None:
        self.kept.pop(call, None)

    def book(self, call: str, day: date, things: Things) -> str:
        """One word, or the reference the call has already. A new booking is told to ``made``."""
        earlier = self.of_call.get(call)
        if earlier is not None and not _gone(self.lives[earlier]):
            return earlier
        if self.late(day):
            return "cut_off_passed"
        if not self.open(day) or not self._moves(call, day, weight(things)):
            return "no_room"
        self.kept.pop(call, None)
        return "new"

    def made(self, reference: str, call: str, day: date, things: Things) -> None:
        self.lives[reference] = Life(day, things)
        self.of_call[call] = reference

    def amend(self, call: str, reference: str, day: date | None, things: Things | None) -> str:
        life, asked = self.lives[reference], (call, reference, day, things)
        if life.last_asked == asked:
            return "amended"
        if refusal := self._too_late(life):
            return refusal
        new_things, new_day = things or life.things, day or life.day
        _, count, litres = weight(new_things)
        if count > MOST_THINGS or litres > MOST_LITRES:
            return "not_accepted"
        if new_day != life.day and not self.open(new_day):
            return "no_room"
        if not self._refits(life, call, new_day, weight(new_things)):
            return "no_room"
        self.kept.pop(call, None)
        if (new_day, new_things) != (life.day, life.things):
            life.things = new_things
            life.change(ChangeKind.AMENDED, new_day, life.status, asked)
        return "amended"

    def cancel(self, reference: str) -> str:
        life = self.lives[reference]
        if _gone(life):
            return "cancelled"
        if refusal := self._too_late(life):
            return refusal
        life.change(ChangeKind.CANCELLED, life.day, BookingStatus.CANCELLED)
        return "cancelled"

    def record(self, reference: str, outcome: BookingStatus, why: NotConform | None) -> str:
        life = self.lives[reference]
        if (life.status, life.why) != (outcome, why):
            if life.day > self.now.date() or _gone(life):
                return "conflict"
            life.change(ChangeKind.OUTCOME, life.day, outcome)
            life.why = why
        return "recorded"

    def replan(self, reference: str) -> str:
        life = self.lives[reference]
        if life.status not in MOVES or (life.status in WAITS and life.day > self.now.date()):
            return "conflict"
        free = (day for day in self.days() if day != life.day and self.room(day, life.weight))
        day = next(free, None)
        if day is None:
            return "no_room"
        life.change(ChangeKind.REPLANNED, day, BookingStatus.REPLANNED)
        return f"replanned {day}"

    def _too_late(self, life: Life) -> str:
        """Why a booking can no longer be changed, or nothing."""
        if life.status not in WAITS or life.day < self.now.date():
            return "over"
        return "too_late" if self.late(life.day) else ""

    def _moves(self, call: str, day: date, wanted: Weight) -> bool:
        """True when what the call holds can become ``wanted`` on ``day``."""
        kept = self.kept.get(call)
        return self.room(day, _less(wanted, kept.weight) if kept is not None and kept.day == day else wanted)

    def _refits(self, life: Life, call: str, day: date, wanted: Weight) -> bool:
        if day != life.day:
            return self._moves(call, day, wanted)
        kept = self.kept.pop(call, None)
        fits = self.room(day, _less(wanted, life.weight))
        if kept is not None:
            self.kept[call] = kept
        return fits


def _gone(life: Life) -> bool:
    return life.status is BookingStatus.CANCELLED


def _less(one: Weight, other: Weight) -> Weight:
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _total(weights: list[Weight]) -> Weight:
    return sum(one[0] for one in weights), sum(one[1] for one in weights), sum(one[2] for one in weights)
