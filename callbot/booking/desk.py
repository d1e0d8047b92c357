"""The booking desk: judge items, offer dates, hold a place, book, and change what is booked. One unit of work each."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from callbot.booking import household
from callbot.booking.announcements import Announcements, BookingEvent
from callbot.booking.changes import BookingChanges
from callbot.booking.judging import judge_items
from callbot.booking.means import Means
from callbot.booking.notices import tell, told_by_sms
from callbot.booking.offers import PUBLIC_HOLIDAYS, offered
from callbot.booking.outcomes import BookingOutcomes, Recorded
from callbot.booking.ports import Rules, UnitOfWork, UnitOfWorkFactory, Used, WritesNotices
from callbot.booking.serving import Service, Serving
from callbot.booking.units import move, take_for_good, with_retries
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import (
    Amendment,
    Author,
    Booking,
    BookingDraft,
    BookingStatus,
    Changer,
    Hold,
    Load,
    NotBooked,
    NotConform,
    load_of,
)
from callbot.domain.calendar import PickupDate
from callbot.domain.clock import Clock
from callbot.domain.events import (
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    Cancelled,
    ChangeFailed,
    DateHeld,
    DatesFound,
    HoldRefused,
    ItemsJudged,
)
from callbot.domain.items import Ground, ItemLine
from callbot.domain.meaning import HeardDate
from callbot.domain.notices import Notice
from callbot.domain.personal import PhoneNumber
from callbot.domain.references import make_reference
from callbot.domain.territories import SectorRules

HOLD_FOR = timedelta(minutes=10)
_DRAWS = 200


class _RefusedError(Exception):
    """Leaves a unit of work so that nothing of it is kept."""

    def __init__(self, reason: NotBooked, ground: Ground | None = None) -> None:
        self.reason = reason
        self.ground = ground


class BookingDesk:
    """Conforms to ``TakesBookings`` of the running call."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        rules: Rules,
        clock: Clock,
        writer: WritesNotices,
        *,
        holidays: Collection[date] = PUBLIC_HOLIDAYS,
        hold_for: timedelta = HOLD_FOR,
        draw: Callable[[int], int] = secrets.randbelow,
        announcements: Announcements = Announcements(),  # noqa: B008 - it cannot change
    ) -> None:
        """``draw(n)`` gives a random integer in 0..n-1 for the references; ``holidays`` default to those of France."""
        self._unit_of_work = unit_of_work
        self._rules = rules
        self._clock = clock
        self._writer = writer
        self._serving = Serving(rules, clock, holidays)
        means = Means(unit_of_work, self._serving, clock, writer, announcements)
        self._changes = BookingChanges(means, rules)
        self._outcomes = BookingOutcomes(means)
        self._hold_for = hold_for
        self._draw = draw
        self._announcements = announcements

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        """The rules' verdict on the items; the general rules while the commune is unknown."""
        territory = self._rules.territory_of(insee, self._today()) if insee else None
        return judge_items(self._rules.catalogue, items, territory)

    async def dates(
        self,
        address: StreetAddress,
        items: tuple[ItemLine, ...],
        wish: HeardDate | None,
        after: date | None,
        caller: PhoneNumber | None = None,
    ) -> DatesFound:
        """At most three dates with room for these items, see ``offered`` for the choice, and what is booked at this
        address already; not served where no appointment is known."""
        service = self._serving.service(address)
        if service is None:
            return DatesFound((), served=False)
        days = self._serving.days(address)
        load = self._load(items)
        by_sector: dict[str, list[date]] = {}
        for day, then in days.items():
            by_sector.setdefault(then.sector.id, []).append(day)

        async def look(work: UnitOfWork) -> tuple[list[dict[date, Used]], Sequence[Booking]]:
            used = [await work.places.used(sector, theirs, self._now()) for sector, theirs in by_sector.items()]
            return used, await household.bookings_there(work, address, service.territory, self._today())

        used, there = await with_retries(self._unit_of_work, look, reading=True)
        taken = {day: of_day for of_sector in used for day, of_day in of_sector.items()}
        with_room = [
            PickupDate(then.sector.id, day, room)
            for day, then in days.items()
            if (room := (taken.get(day) or household.untouched(then.sector)).room_for(load)) > 0
        ]
        chosen = offered(with_room, wish, after)
        over = bool(chosen) and household.over_limit(there, caller, chosen[0].day, service.territory)
        to_come = household.to_come(there, caller, self._today())
        territory = service.territory
        return DatesFound(
            chosen,
            booked_there=to_come,
            over_limit=over,
            limit=territory.household,
            ground=territory.ground("household") if territory.household else None,
            closed=self._serving.closure(address, wish),
        )

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        """Keep a place for ten minutes. The call's earlier place is given back, and kept when ``day`` has no room."""
        service = self._serving.open_on(address, day)
        if service is None:
            return HoldRefused(day)
        expires_at = self._now() + self._hold_for
        wanted = Hold(call_id, service.sector.id, day, expires_at, self._load(items))

        async def work_once(work: UnitOfWork) -> DateHeld | HoldRefused:
            earlier = await work.places.settle(self._now(), call_id, (service.sector.id, day))
            if not await move(work, earlier, wanted, service.sector):
                return HoldRefused(day)
            await work.places.keep(wanted)
            return DateHeld(day, expires_at)

        return await with_retries(self._unit_of_work, work_once)

    async def release(self, call_id: str) -> None:
        """Give the call's held place back, if it has one."""

        async def work_once(work: UnitOfWork) -> None:
            hold = await work.places.settle(self._now(), call_id)
            if hold is not None:
                await work.places.give_back(hold)

        await with_retries(self._unit_of_work, work_once)

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        """Book, once per call: asked again, the call gets the same booking. The SMS is queued in the same unit of work.

        A call whose booking is cancelled may book again. A hold that lapsed is taken again on the same day when there
        is still room.
        """
        try:
            booking, sms = await with_retries(self._unit_of_work, lambda work: self._book_once(work, draft))
        except _RefusedError as refused:
            return BookingFailed(refused.reason, refused.ground)
        service = self._serving.service(booking.address, booking.day)
        put_out = service.territory.put_out if service else None
        return Booked(booking.reference, booking.day, put_out.spoken if put_out else "", sms)

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        """Bookings that left this number or have one of the references, see ``BookingChanges.find_bookings``."""
        return await self._changes.find_bookings(caller, references)

    async def cancel(self, reference: str, by: Changer = Changer.BOT) -> Cancelled | ChangeFailed:
        """Cancel until the cut-off, once however often it is asked; the SMS is queued in the same unit of work."""
        return await self._changes.cancel(reference, by)

    async def amend(self, amendment: Amendment) -> Amended | ChangeFailed:
        """Change items, day or phone until the cut-off of the day it has, see ``BookingChanges.amend``."""
        return await self._changes.amend(amendment)

    async def record_outcome(
        self, reference: str, outcome: BookingStatus, *, not_conform: NotConform | None = None, by: Changer
    ) -> Recorded | ChangeFailed:
        """What the crew found, see ``BookingOutcomes.record``."""
        return await self._outcomes.record(reference, outcome, not_conform=not_conform, by=by)

    async def replan(self, reference: str, day: date | None = None) -> Recorded | ChangeFailed:
        """Another day for a pickup that did not take place or cannot, see ``BookingOutcomes.replan``."""
        return await self._outcomes.replan(reference, day)

    async def _book_once(self, work: UnitOfWork, draft: BookingDraft) -> tuple[Booking, bool]:
        """The booking, and whether an SMS confirms it."""
        earlier, there = await work.bookings.before(draft.call_id, draft.address, self._counted_since(draft))
        if earlier is not None and earlier.status is not BookingStatus.CANCELLED:
            return earlier, await told_by_sms(work, earlier)
        service = self._check(draft)
        if household.over_limit(there, draft.phone, draft.day, service.territory):
            raise _RefusedError(NotBooked.HOUSEHOLD_LIMIT, service.territory.ground("household"))
        held = await work.places.settle(self._now(), draft.call_id, (service.sector.id, draft.day))
        if held is None or held.day != draft.day:
            await work.places.open(service.sector, draft.day)
        if earlier is not None:
            await work.bookings.set_aside(earlier)
        booking = await self._store(work, draft, service.sector)
        await self._announcements.announce(work, BookingEvent.BOOKED, booking)
        key = f"confirmation:{booking.reference}"
        sms = await tell(work, self._writer, Notice.CONFIRMATION, booking, service.territory, key=key)
        # Last, because whoever wants the same day waits from here on; without room nothing of the above is kept.
        wanted = Hold(draft.call_id, service.sector.id, draft.day, self._now(), booking.load)
        if not await take_for_good(work, held, wanted, service.sector):
            raise _RefusedError(NotBooked.NO_ROOM)
        return booking, sms

    def _check(self, draft: BookingDraft) -> Service:
        """The service of the address when the rules let this be booked now; raises ``_RefusedError``."""
        service = self._serving.service(draft.address, draft.day)
        if service is None:
            raise _RefusedError(NotBooked.NOT_SERVED)
        if not draft.readback_accepted:
            raise _RefusedError(NotBooked.NOT_READ_BACK)
        if not self._serving.still_open(service, draft.day):
            raise _RefusedError(NotBooked.CUT_OFF_PASSED, service.territory.ground("cut_off"))
        if self._serving.open_on(draft.address, draft.day) is None:
            raise _RefusedError(NotBooked.NO_ROOM)
        return service

    def _counted_since(self, draft: BookingDraft) -> date | None:
        """From when on the household's bookings count; None where nothing limits them, or an agent decides."""
        service = self._serving.service(draft.address, draft.day)
        if service is None or service.territory.household is None or draft.created_by is Author.AGENT:
            return None
        return household.looked_at_from(service.territory, self._today())

    async def _store(self, work: UnitOfWork, draft: BookingDraft, sector: SectorRules) -> Booking:
        """The booking, stored under a reference that was free."""
        for _ in range(_DRAWS):
            booking = self._new_booking(draft, sector)
            if await work.bookings.add(booking, draft):
                return booking
        raise RuntimeError("no free booking reference was found: purge bookings whose retention is over")

    def _new_booking(self, draft: BookingDraft, sector: SectorRules) -> Booking:
        return Booking(
            reference=make_reference(self._draw),
            status=BookingStatus.BOOKED,
            day=draft.day,
            sector=sector.id,
            address=replace(draft.address, sector=sector.id),
            items=draft.items,
            phone=draft.phone,
            created_by=draft.created_by,
            created_at=self._now(),
            name=draft.name,
            calls_wanted=draft.calls_wanted,
            email=draft.email,
            load=self._load(draft.items),
        )

    def _load(self, items: tuple[ItemLine, ...]) -> Load:
        """The load of what the catalogue knows; a thing it does not know is never booked by the machine."""
        catalogue = self._rules.catalogue
        return load_of(catalogue, tuple(line for line in items if line.item in catalogue))

    def _today(self) -> date:
        return self._clock.now().date()

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)
