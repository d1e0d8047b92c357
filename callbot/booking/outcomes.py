"""What became of a pickup, and another day for one that did not take place. One unit of work each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from callbot.booking.announcements import BookingEvent
from callbot.booking.means import Means
from callbot.booking.notices import tell
from callbot.booking.ports import Change, ChangeKind, UnitOfWork
from callbot.booking.serving import Service
from callbot.booking.units import RefusedError, locked, with_retries
from callbot.domain.booking_life import OUTCOMES, Move, NotAllowedError, after
from callbot.domain.bookings import Booking, BookingStatus, Changer, NotChanged, NotConform
from callbot.domain.events import ChangeFailed
from callbot.domain.hours import at_a_decent_hour
from callbot.domain.notices import Notice

GRACE = timedelta(minutes=10)
"""a crew that tapped the wrong button corrects it before the resident reads of it"""
_ANOTHER_DAY_WITHIN = timedelta(minutes=5)
"""a missed pickup gets another day once the grace is over, and then one message tells both"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a booking stands now."""

    reference: str
    status: BookingStatus
    day: date


class BookingOutcomes:
    """The part of the booking desk that crews and their planners use."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def record(
        self, reference: str, outcome: BookingStatus, *, not_conform: NotConform | None = None, by: Changer
    ) -> Recorded | ChangeFailed:
        """Write what the crew found, once however often it is tapped; another outcome of the same day corrects it.

        The resident is told ten minutes later, of the outcome that counts then. ``not_conform`` belongs to that
        outcome and to no other; nothing is recorded before the pickup day.
        """
        if outcome not in OUTCOMES or (outcome is BookingStatus.NOT_CONFORM) != (not_conform is not None):
            return ChangeFailed(NotChanged.CONFLICT)
        return await self._safely(lambda work: self._record_once(work, reference, outcome, not_conform, by))

    async def replan(self, reference: str, day: date | None = None) -> Recorded | ChangeFailed:
        """Give the booking another day: ``day``, or the first one with room after today.

        For a pickup that was missed or could not be reached, and for one whose day was closed since. Its place on the
        day it had is freed: a day counts what its own bookings weigh, nothing else. The resident is told.
        """
        return await self._safely(lambda work: self._replan_once(work, reference, day))

    async def _record_once(
        self, work: UnitOfWork, reference: str, outcome: BookingStatus, why: NotConform | None, by: Changer
    ) -> Recorded:
        booking = await locked(work, reference)
        if (booking.status, booking.not_conform) == (outcome, why):
            return _recorded(booking)
        if booking.day > self._means.today():
            raise RefusedError(NotChanged.CONFLICT)
        now = replace(booking, status=_led(booking.status, OUTCOMES[outcome]), not_conform=why)
        number = await work.bookings.change(booking, now, Change(ChangeKind.OUTCOME, self._means.now(), by))
        await self._means.announcements.announce(work, BookingEvent.OUTCOME, now, number)
        await work.outgoing.withdraw(f"outcome:{reference}")
        service = self._means.serving.service(booking.address, booking.day)
        territory = service.territory if service else None
        key = f"outcome:{reference}:{number}"
        not_before = self._means.clock.now() + GRACE
        if outcome is BookingStatus.MISSED:
            not_before += _ANOTHER_DAY_WITHIN
        decent = at_a_decent_hour(not_before)
        await tell(work, self._means.writer, Notice(outcome.value), now, territory, key=key, not_before=decent)
        return _recorded(now)

    async def _replan_once(self, work: UnitOfWork, reference: str, day: date | None) -> Recorded:
        booking = await locked(work, reference)
        status = _led(booking.status, Move.REPLAN)
        today = self._means.today()
        if (
            booking.status.to_come
            and booking.day > today
            and not self._means.serving.closed(booking.address, booking.day)
        ):
            raise RefusedError(NotChanged.CONFLICT)
        await work.places.settle(self._means.now())
        possible = {
            each: then for each, then in self._means.serving.days(booking.address).items() if each != booking.day
        }
        wanted = {each: then for each, then in possible.items() if day is None or each == day}
        chosen, then = await _moved(work, booking, wanted)
        place = replace(booking.address, sector=then.sector.id)
        now = replace(booking, status=status, day=chosen, sector=then.sector.id, address=place)
        number = await work.bookings.change(
            booking, now, Change(ChangeKind.REPLANNED, self._means.now(), Changer.RULES)
        )
        await self._means.announcements.announce(work, BookingEvent.REPLANNED, now, number)
        for earlier in ("outcome", "reminder"):
            await work.outgoing.withdraw(f"{earlier}:{reference}")
        key, decent = f"replanned:{reference}:{number}", at_a_decent_hour(self._means.clock.now())
        await tell(work, self._means.writer, Notice.REPLANNED, now, then.territory, key=key, not_before=decent)
        return _recorded(now)

    async def _safely(self, work_once: Callable[[UnitOfWork], Awaitable[Recorded]]) -> Recorded | ChangeFailed:
        try:
            return await with_retries(self._means.unit_of_work, work_once)
        except RefusedError as refused:
            return ChangeFailed(refused.reason)


async def _moved(work: UnitOfWork, booking: Booking, possible: Mapping[date, Service]) -> tuple[date, Service]:
    """The first of these days (earliest first) with room, its place taken and the one of the booking freed; raises
    ``RefusedError`` when none has any.

    Days are locked one at a time and in order, that of the booking among them: nobody waits for a day that is not
    needed, and two that move between the same days never wait for each other.
    """
    freed = False
    for day, then in possible.items():
        if not freed and booking.day < day:
            await work.places.free(booking.sector, booking.day, booking.load)
            freed = True
        if not await work.places.take(then.sector, day, booking.load):
            continue
        if not freed:
            await work.places.free(booking.sector, booking.day, booking.load)
        return day, then
    raise RefusedError(NotChanged.NO_ROOM)


def _led(status: BookingStatus, move: Move) -> BookingStatus:
    """Where ``move`` leads; raises ``RefusedError`` when the life of a booking does not lead there."""
    try:
        led = after(status, move)
    except NotAllowedError:
        raise RefusedError(NotChanged.CONFLICT) from None
    if led is None:
        raise RefusedError(NotChanged.CONFLICT)
    return led


def _recorded(booking: Booking) -> Recorded:
    return Recorded(booking.reference, booking.status, booking.day)
