"""Find, cancel and amend what is booked. One unit of work each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from callbot.booking import household
from callbot.booking.announcements import BookingEvent
from callbot.booking.judging import judge_items
from callbot.booking.means import Means
from callbot.booking.notices import tell, told_by_sms
from callbot.booking.ports import Change, ChangeKind, Rules, UnitOfWork
from callbot.booking.serving import Service
from callbot.booking.units import RefusedError, locked, take_for_good, with_retries
from callbot.domain.bookings import Amendment, Booking, BookingStatus, Changer, Hold, NotChanged, load_of
from callbot.domain.events import Amended, BookingsFound, Cancelled, ChangeFailed
from callbot.domain.items import ItemLine, Verdict
from callbot.domain.notices import Notice
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import TerritoryRules

LOOK_BACK = timedelta(days=21)
"""a pickup longer ago is no longer what people call about"""
MOST_FOUND = 4
"""bookings a caller can choose from by ear"""


class BookingChanges:
    """The part of the booking desk that looks at bookings again."""

    def __init__(self, means: Means, rules: Rules) -> None:
        self._means = means
        self._rules = rules

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        """At most four: those to come by day, then the latest of three weeks, cancelled ones last.

        Where there are more, those with one of ``references`` are not the ones left out.
        """
        if caller is None and not references:
            return BookingsFound(())

        async def look(work: UnitOfWork) -> tuple[Sequence[Booking], Sequence[Booking]]:
            named = await work.bookings.of_references(references) if references else ()
            return named, await work.bookings.of_phone(caller) if caller else ()

        named, theirs = await with_retries(self._means.unit_of_work, look, reading=True)
        today = self._means.today()
        every = {booking.reference: booking for booking in (*named, *theirs)}
        recent = sorted(
            (booking for booking in every.values() if booking.day >= today - LOOK_BACK),
            key=lambda booking: _turn(booking, today),
        )
        kept = sorted(recent, key=lambda booking: booking.reference not in references)[:MOST_FOUND]
        return BookingsFound(tuple(booking for booking in recent if booking in kept))

    async def cancel(self, reference: str, by: Changer = Changer.BOT) -> Cancelled | ChangeFailed:
        """Cancel, once however often it is asked."""
        try:
            return await with_retries(self._means.unit_of_work, lambda work: self._cancel_once(work, reference, by))
        except RefusedError as refused:
            return ChangeFailed(refused.reason, refused.ground)

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change, once however often the same amendment is asked; what is so already is changed without an SMS."""
        if not amendment.readback_accepted:
            return ChangeFailed(NotChanged.NOT_READ_BACK)
        try:
            return await with_retries(self._means.unit_of_work, lambda work: self._amend_once(work, amendment))
        except RefusedError as refused:
            return ChangeFailed(refused.reason, refused.ground)

    async def _cancel_once(self, work: UnitOfWork, reference: str, by: Changer) -> Cancelled:
        booking = await locked(work, reference)
        if booking.status is BookingStatus.CANCELLED:
            return Cancelled(reference, await told_by_sms(work, booking))
        self._check(booking)
        await work.places.settle(self._means.now(), None, (booking.sector, booking.day))
        cancelled = replace(booking, status=BookingStatus.CANCELLED)
        number = await work.bookings.change(booking, cancelled, Change(ChangeKind.CANCELLED, self._means.now(), by))
        await self._means.announcements.announce(work, BookingEvent.CANCELLED, cancelled, number)
        await work.places.free(booking.sector, booking.day, booking.load)
        await work.outgoing.withdraw(f"reminder:{reference}")
        key = f"cancellation:{reference}"
        return Cancelled(reference, await tell(work, self._means.writer, Notice.CANCELLATION, cancelled, None, key=key))

    async def _amend_once(self, work: UnitOfWork, amendment: Amendment) -> Amended:
        booking = await locked(work, amendment.reference)
        if await work.bookings.was_last(amendment):
            return Amended(booking.reference, booking.day, await told_by_sms(work, booking))
        service = self._check(booking)
        amended = self._amended(booking, amendment, service)
        await self._check_household(work, booking, amended, amendment.by)
        amended = await self._placed(work, booking, amended, amendment.call_id)
        if _same(booking, amended):
            return Amended(booking.reference, booking.day, sms=False)
        change = Change(ChangeKind.AMENDED, self._means.now(), amendment.by, amendment)
        number = await work.bookings.change(booking, amended, change)
        await self._means.announcements.announce(work, BookingEvent.AMENDED, amended, number)
        if booking.day != amended.day:
            await work.outgoing.withdraw(f"reminder:{booking.reference}")
        key = f"amendment:{booking.reference}:{number}"
        then = self._means.serving.service(amended.address, amended.day) or service
        sms = await tell(work, self._means.writer, Notice.AMENDMENT, amended, then.territory, key=key)
        if booking.phone != amended.phone:
            # Who booked learns of it, whoever asked for another number.
            before = replace(amended, phone=booking.phone, email=None)
            await tell(work, self._means.writer, Notice.AMENDMENT, before, then.territory, key=f"{key}:before")
        return Amended(amended.reference, amended.day, sms)

    def _amended(self, booking: Booking, amendment: Amendment, service: Service) -> Booking:
        """The booking as asked, its place aside; raises ``RefusedError``."""
        items = booking.items
        if amendment.items is not None:
            items = self._accepted(amendment.items, service.territory)
        load = booking.load if amendment.items is None else load_of(self._rules.catalogue, items)
        return replace(
            booking,
            items=items,
            load=load,
            phone=amendment.phone or booking.phone,
            address=amendment.address or booking.address,
            day=amendment.day or booking.day,
        )

    async def _check_household(self, work: UnitOfWork, booking: Booking, amended: Booking, by: Changer) -> None:
        """Raises ``RefusedError`` when the household at another address has had all its pickups; an agent decides
        otherwise. Where the booking is already it was allowed."""
        then = self._means.serving.service(amended.address, amended.day)
        if by is Changer.AGENT or _place(amended) == _place(booking) or then is None or not then.territory.household:
            return
        # Before any place, as for a new booking: two changes at once would count the same bookings.
        await work.bookings.lock_address(amended.address)
        there = await household.bookings_there(work, amended.address, then.territory, self._means.today())
        if household.over_limit(there, amended.phone, amended.day, then.territory):
            raise RefusedError(NotChanged.HOUSEHOLD_LIMIT, then.territory.ground("household"))

    def _check(self, booking: Booking) -> Service:
        """Who serves the booking, when it may still be changed; raises ``RefusedError``."""
        if not booking.status.to_come or booking.day < self._means.today():
            raise RefusedError(NotChanged.OVER)
        service = self._means.serving.service(booking.address, booking.day)
        if service is None:
            raise RefusedError(NotChanged.NOT_SERVED)
        if not self._means.serving.still_open(service, booking.day):
            raise RefusedError(NotChanged.TOO_LATE, service.territory.ground("cut_off"))
        return service

    def _accepted(self, items: tuple[ItemLine, ...], territory: TerritoryRules) -> tuple[ItemLine, ...]:
        """The items, when all of them are taken and there are not too many; raises ``RefusedError``."""
        judged = judge_items(self._rules.catalogue, items, territory)
        all_taken = all(ruling.verdict is Verdict.ACCEPTED for ruling in judged.rulings)
        if not items or judged.too_many or not all_taken:
            of_items = next((ruling.ground for ruling in judged.rulings if ruling.ground), None)
            raise RefusedError(NotChanged.NOT_ACCEPTED, judged.ground or of_items)
        return items

    async def _placed(self, work: UnitOfWork, booking: Booking, amended: Booking, call_id: str) -> Booking:
        """``amended`` with a place for what it is now; raises ``RefusedError`` when there is no room.

        On the day it has already it keeps its place, which is never given back in between, and what the call holds is
        given back. On another day the place the call holds there becomes its place, and its old one is free.
        """
        now = self._means.now()
        then = self._means.serving.service(amended.address, amended.day)
        if then is None:
            raise RefusedError(NotChanged.NOT_SERVED)
        stays = (then.sector.id, amended.day) == (booking.sector, booking.day) or amended.address == booking.address
        if amended.day == booking.day and stays:
            held = await work.places.settle(now, call_id, (booking.sector, booking.day))
            if held is not None:
                await work.places.give_back(held)
            if not await work.places.adjust(booking.sector, booking.day, amended.load - booking.load):
                raise RefusedError(NotChanged.NO_ROOM)
            return replace(amended, address=replace(amended.address, sector=booking.sector))
        if self._means.serving.open_on(amended.address, amended.day) is None:
            raise RefusedError(NotChanged.NO_ROOM)
        held = await work.places.settle(now, call_id, (then.sector.id, amended.day), (booking.sector, booking.day))
        wanted = Hold(call_id, then.sector.id, amended.day, now, amended.load)
        if not await take_for_good(work, held, wanted, then.sector):
            raise RefusedError(NotChanged.NO_ROOM)
        await work.places.free(booking.sector, booking.day, booking.load)
        return replace(amended, sector=then.sector.id, address=replace(amended.address, sector=then.sector.id))


def _turn(booking: Booking, today: date) -> tuple[bool, bool, int]:
    """Where a booking stands in the list: cancelled ones last, those to come first and by day, others latest first."""
    past = booking.day < today
    day = booking.day.toordinal()
    return booking.status is BookingStatus.CANCELLED, past, -day if past else day


def _same(one: Booking, other: Booking) -> bool:
    """True when nothing that can be amended differs; how an item was said does not matter."""
    asked = (one.day, one.phone, _place(one), _counted(one.items))
    return asked == (other.day, other.phone, _place(other), _counted(other.items))


def _place(booking: Booking) -> tuple[str, str]:
    return booking.address.line, booking.address.insee


def _counted(items: tuple[ItemLine, ...]) -> list[tuple[str, int]]:
    return [(line.item, line.quantity) for line in items]
