"""The booking desk: judge items, offer dates, hold a place, book. One unit of work each."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from callbot.booking.judging import judge_items
from callbot.booking.offers import PUBLIC_HOLIDAYS, offered
from callbot.booking.ports import ConflictError, Rules, UnitOfWork, UnitOfWorkFactory, WritesConfirmation
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, BookingDraft, BookingStatus, Hold, NotBooked
from callbot.domain.calendar import PickupDate, served_days, still_open
from callbot.domain.clock import Clock
from callbot.domain.events import Booked, BookingFailed, DateHeld, DatesFound, HoldRefused, ItemsJudged
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardDate
from callbot.domain.references import make_reference
from callbot.domain.territories import BookingMode, SectorRules, TerritoryRules

HOLD_FOR = timedelta(minutes=10)
_ATTEMPTS = 8
_DRAWS = 200

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Service:
    """Who serves an address, and how."""

    territory: TerritoryRules
    sector: SectorRules


class _RefusedError(Exception):
    """Leaves a unit of work so that nothing of it is kept."""

    def __init__(self, reason: NotBooked) -> None:
        self.reason = reason


class BookingDesk:
    """Conforms to ``TakesBookings`` of the running call."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        rules: Rules,
        clock: Clock,
        writer: WritesConfirmation,
        *,
        holidays: Collection[date] = PUBLIC_HOLIDAYS,
        hold_for: timedelta = HOLD_FOR,
        draw: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        """``draw(n)`` gives a random integer in 0..n-1 for the references; ``holidays`` default to those of France."""
        self._unit_of_work = unit_of_work
        self._rules = rules
        self._clock = clock
        self._writer = writer
        self._holidays = holidays
        self._hold_for = hold_for
        self._draw = draw

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        """The rules' verdict on the items; the general rules while the commune is unknown."""
        territory = self._rules.territory_of(insee) if insee else None
        return judge_items(self._rules.catalogue, items, territory)

    async def dates(
        self, address: StreetAddress, items: tuple[ItemLine, ...], wish: HeardDate | None, after: date | None
    ) -> DatesFound:
        """At most three dates with room, see ``offered`` for the choice; not served where no appointment is known."""
        service = self._service(address)
        if service is None:
            return DatesFound((), served=False)
        days = self._served_days(service)
        async with self._unit_of_work() as work:
            await work.places.settle(self._now())
            used = await work.places.used(service.sector.id, days)
        free = dict.fromkeys(days, service.sector.capacity) | {day: most - taken for day, (most, taken) in used.items()}
        with_room = [PickupDate(service.sector.id, day, free[day]) for day in days if free[day] > 0]
        return DatesFound(offered(with_room, wish, after))

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        """Keep a place for ten minutes. The call's earlier place is given back, and kept when ``day`` has no room."""
        service = self._service(address)
        if service is None or day not in self._served_days(service):
            return HoldRefused(day)
        expires_at = self._now() + self._hold_for
        wanted = Hold(call_id, service.sector.id, day, expires_at)

        async def work_once(work: UnitOfWork) -> DateHeld | HoldRefused:
            earlier = await work.places.settle(self._now(), call_id, (service.sector, day))
            if not await _move(work, earlier, wanted, service.sector):
                return HoldRefused(day)
            await work.places.keep(wanted)
            return DateHeld(day, expires_at)

        return await self._with_retries(work_once)

    async def release(self, call_id: str) -> None:
        """Give the call's held place back, if it has one."""

        async def work_once(work: UnitOfWork) -> None:
            hold = await work.places.settle(self._now(), call_id)
            if hold is not None:
                await work.places.give_back(hold)

        await self._with_retries(work_once)

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Book, once per call: asked again, the call gets the same booking. The SMS is queued in the same unit of work.

        A hold that lapsed is taken again on the same day when there is still room.
        """
        try:
            booking = await self._with_retries(lambda work: self._book_once(work, draft))
        except _RefusedError as refused:
            return BookingFailed(refused.reason)
        service = self._service(booking.address)
        put_out = service.territory.put_out if service else None
        return Booked(booking.reference, booking.day, put_out.spoken if put_out else "", takes_sms(booking))

    async def _book_once(self, work: UnitOfWork, draft: BookingDraft) -> Booking:
        earlier = await work.bookings.of_call(draft.call_id)
        if earlier is not None:
            return earlier
        service = self._check(draft)
        held = await work.places.settle(self._now(), draft.call_id, (service.sector, draft.day))
        # Another unit of work of the same call may have ended while this one waited for it.
        earlier = await work.bookings.of_call(draft.call_id)
        if earlier is not None:
            return earlier
        await self._take_place(work, draft, service.sector, held)
        booking = await self._new_booking(work, draft, service.sector)
        await work.bookings.add(booking, draft)
        if booking.phone is not None and takes_sms(booking):
            text = self._writer.confirmation(booking, service.territory)
            await work.outgoing.queue_sms(f"confirmation:{booking.reference}", booking.phone, text)
        return booking

    def _check(self, draft: BookingDraft) -> _Service:
        """The service of the address when the rules let this be booked now; raises ``_RefusedError``."""
        service = self._service(draft.address)
        if service is None or service.territory.cut_off is None:
            raise _RefusedError(NotBooked.NOT_SERVED)
        if not draft.readback_accepted:
            raise _RefusedError(NotBooked.NOT_READ_BACK)
        if not still_open(draft.day, service.territory.cut_off, self._clock.now()):
            raise _RefusedError(NotBooked.CUT_OFF_PASSED)
        if draft.day not in self._served_days(service):
            raise _RefusedError(NotBooked.NO_ROOM)
        return service

    async def _take_place(self, work: UnitOfWork, draft: BookingDraft, sector: SectorRules, held: Hold | None) -> None:
        """Turn the call's hold into the place of a booking, or take a place where it holds none on that day."""
        wanted = Hold(draft.call_id, sector.id, draft.day, self._now())
        if not await _move(work, held, wanted, sector):
            raise _RefusedError(NotBooked.NO_ROOM)
        if held is not None and _same_place(held, wanted):
            await work.places.consume(held)

    async def _new_booking(self, work: UnitOfWork, draft: BookingDraft, sector: SectorRules) -> Booking:
        return Booking(
            reference=await self._free_reference(work),
            status=BookingStatus.BOOKED,
            day=draft.day,
            sector=sector.id,
            address=replace(draft.address, sector=sector.id),
            items=draft.items,
            phone=draft.phone,
            created_by=draft.created_by,
            created_at=self._now(),
            name=draft.name,
        )

    async def _free_reference(self, work: UnitOfWork) -> str:
        for _ in range(_DRAWS):
            reference = make_reference(self._draw)
            if not await work.bookings.is_taken(reference):
                return reference
        raise RuntimeError("no free booking reference was found: purge bookings whose retention is over")

    async def _with_retries(self, work_once: Callable[[UnitOfWork], Awaitable[Result]]) -> Result:
        """Run one unit of work, again when another one was first; the last ``ConflictError`` is raised."""
        for _ in range(_ATTEMPTS - 1):
            try:
                async with self._unit_of_work() as work:
                    return await work_once(work)
            except ConflictError:
                continue
        async with self._unit_of_work() as work:
            return await work_once(work)

    def _service(self, address: StreetAddress) -> _Service | None:
        """Who takes appointments at an address; the sector found by its point wins over the one of its commune."""
        territory = self._rules.territory_of(address.insee)
        if territory is None or territory.mode is not BookingMode.APPOINTMENT or territory.cut_off is None:
            return None
        by_point = next((sector for sector in territory.sectors if sector.id == address.sector), None)
        sector = by_point or territory.sector_of(address.insee)
        return _Service(territory, sector) if sector else None

    def _served_days(self, service: _Service) -> tuple[date, ...]:
        return tuple(served_days(service.territory, service.sector, self._clock.now(), self._holidays))

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)


def takes_sms(booking: Booking) -> bool:
    """True when the confirmation can reach the number left: a French mobile."""
    return booking.phone is not None and booking.phone.is_french_mobile


def _same_place(one: Hold, other: Hold) -> bool:
    return (one.sector, one.day) == (other.sector, other.day)


async def _move(work: UnitOfWork, earlier: Hold | None, wanted: Hold, sector: SectorRules) -> bool:
    """Give the call the place it wants instead of its earlier one; False, and nothing changed, when it is full."""
    if earlier is not None and _same_place(earlier, wanted):
        return True
    if not await work.places.take(sector, wanted.day):
        return False
    if earlier is not None:
        await work.places.give_back(earlier)
    return True
