"""Find, cancel and amend what is booked. One unit of work each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from callbot.booking.judging import judge_items
from callbot.booking.ports import Rules, UnitOfWork, UnitOfWorkFactory, WritesBookingSms
from callbot.booking.serving import Service, Serving
from callbot.booking.units import queue_sms, take_for_good, takes_sms, with_retries
from callbot.domain.bookings import Amendment, Booking, BookingStatus, Hold, NotChanged
from callbot.domain.clock import Clock
from callbot.domain.events import Amended, BookingsFound, Cancelled, ChangeFailed
from callbot.domain.items import ItemLine, Verdict
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import TerritoryRules

LOOK_BACK = timedelta(days=21)
"""a pickup longer ago is no longer what people call about"""
MOST_FOUND = 4
"""bookings a caller can choose from by ear"""


class _RefusedError(Exception):
    """Leaves a unit of work so that nothing of it is kept."""

    def __init__(self, reason: NotChanged) -> None:
        self.reason = reason


class BookingChanges:
    """The part of the booking desk that looks at bookings again."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        rules: Rules,
        serving: Serving,
        clock: Clock,
        writer: WritesBookingSms,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._rules = rules
        self._serving = serving
        self._clock = clock
        self._writer = writer

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        """At most four: those to come by day, then the latest of three weeks, cancelled ones last.

        Where there are more, those with one of ``references`` are not the ones left out.
        """
        if caller is None and not references:
            return BookingsFound(())
        async with self._unit_of_work() as work:
            named = await work.bookings.of_references(references) if references else ()
            theirs = await work.bookings.of_phone(caller) if caller else ()
        today = self._clock.now().date()
        every = {booking.reference: booking for booking in (*named, *theirs)}
        recent = sorted(
            (booking for booking in every.values() if booking.day >= today - LOOK_BACK),
            key=lambda booking: _turn(booking, today),
        )
        kept = sorted(recent, key=lambda booking: booking.reference not in references)[:MOST_FOUND]
        return BookingsFound(tuple(booking for booking in recent if booking in kept))

    async def cancel(self, reference: str) -> Cancelled | ChangeFailed:
        """Cancel, once however often it is asked."""
        try:
            booking = await with_retries(self._unit_of_work, lambda work: self._cancel_once(work, reference))
        except _RefusedError as refused:
            return ChangeFailed(refused.reason)
        return Cancelled(booking.reference, takes_sms(booking))

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change, once however often the same amendment is asked; what is so already is changed without an SMS."""
        if not amendment.readback_accepted:
            return ChangeFailed(NotChanged.NOT_READ_BACK)
        try:
            return await with_retries(self._unit_of_work, lambda work: self._amend_once(work, amendment))
        except _RefusedError as refused:
            return ChangeFailed(refused.reason)

    async def _cancel_once(self, work: UnitOfWork, reference: str) -> Booking:
        booking = await work.bookings.lock(reference)
        if booking is None:
            raise _RefusedError(NotChanged.UNKNOWN)
        if booking.status is BookingStatus.CANCELLED:
            return booking
        self._check(booking)
        await work.places.settle(self._now(), booked=(booking.sector, booking.day))
        await work.bookings.cancel(booking, self._now())
        await work.places.free(booking.sector, booking.day)
        await queue_sms(work, f"cancellation:{reference}", booking, self._writer.cancellation(booking))
        return booking

    async def _amend_once(self, work: UnitOfWork, amendment: Amendment) -> Amended:
        booking = await work.bookings.lock(amendment.reference)
        if booking is None:
            raise _RefusedError(NotChanged.UNKNOWN)
        if await work.bookings.was_last(amendment):
            return Amended(booking.reference, booking.day, takes_sms(booking))
        service = self._check(booking)
        amended = replace(
            booking,
            items=self._accepted(amendment.items, service.territory) if amendment.items is not None else booking.items,
            phone=amendment.phone or booking.phone,
        )
        if amendment.day is not None:
            amended = await self._on_day(work, amended, amendment.day, amendment.call_id, service)
        if _same(booking, amended):
            return Amended(booking.reference, booking.day, sms=False)
        number = await work.bookings.amend(amended, amendment, self._now())
        text = self._writer.amendment(amended, service.territory)
        key = f"amendment:{booking.reference}:{number}"
        await queue_sms(work, key, amended, text)
        if booking.phone != amended.phone:
            # Who booked learns of it, whoever asked for another number.
            await queue_sms(work, f"{key}:before", booking, text)
        return Amended(amended.reference, amended.day, takes_sms(amended))

    def _check(self, booking: Booking) -> Service:
        """Who serves the booking, when it may still be changed; raises ``_RefusedError``."""
        if booking.status is not BookingStatus.BOOKED or booking.day < self._clock.now().date():
            raise _RefusedError(NotChanged.OVER)
        service = self._serving.service(booking.address)
        if service is None:
            raise _RefusedError(NotChanged.NOT_SERVED)
        if not self._serving.still_open(service, booking.day):
            raise _RefusedError(NotChanged.TOO_LATE)
        return service

    def _accepted(self, items: tuple[ItemLine, ...], territory: TerritoryRules) -> tuple[ItemLine, ...]:
        """The items, when all of them are taken and there are not too many; raises ``_RefusedError``."""
        judged = judge_items(self._rules.catalogue, items, territory)
        all_taken = all(ruling.verdict is Verdict.ACCEPTED for ruling in judged.rulings)
        if not items or judged.too_many or not all_taken:
            raise _RefusedError(NotChanged.NOT_ACCEPTED)
        return items

    async def _on_day(self, work: UnitOfWork, booking: Booking, day: date, call_id: str, service: Service) -> Booking:
        """The booking on ``day``: the place the call holds there becomes its place, its old one is free.

        On the day it has already it keeps its place, and what the call holds is given back.
        """
        now = self._now()
        if day == booking.day:
            held = await work.places.settle(now, call_id)
            if held is not None:
                await work.places.give_back(held)
            return booking
        if day not in self._serving.days(service):
            raise _RefusedError(NotChanged.NO_ROOM)
        held = await work.places.settle(now, call_id, (service.sector, day), (booking.sector, booking.day))
        wanted = Hold(call_id, service.sector.id, day, now)
        if not await take_for_good(work, held, wanted, service.sector):
            raise _RefusedError(NotChanged.NO_ROOM)
        await work.places.free(booking.sector, booking.day)
        address = replace(booking.address, sector=service.sector.id)
        return replace(booking, day=day, sector=service.sector.id, address=address)

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)


def _turn(booking: Booking, today: date) -> tuple[bool, bool, int]:
    """Where a booking stands in the list: cancelled ones last, those to come first and by day, others latest first."""
    past = booking.day < today
    day = booking.day.toordinal()
    return booking.status is BookingStatus.CANCELLED, past, -day if past else day


def _same(one: Booking, other: Booking) -> bool:
    """True when nothing that can be amended differs; how an item was said does not matter."""
    return (one.day, one.phone, _counted(one.items)) == (other.day, other.phone, _counted(other.items))


def _counted(items: tuple[ItemLine, ...]) -> list[tuple[str, int]]:
    return [(line.item, line.quantity) for line in items]
