"""What somebody who looks at their booking may do with it, and why: read only."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from callbot.booking import household
from callbot.booking.judging import judge_items
from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.booking.ports import Rules, UnitOfWork, UnitOfWorkFactory, Used
from callbot.booking.serving import Service, Serving
from callbot.booking.units import with_retries
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Booking, Load, NotChanged, load_of
from callbot.domain.clock import Clock
from callbot.domain.events import ItemsJudged
from callbot.domain.items import ItemLine
from callbot.domain.territories import TerritoryRules


@dataclass(frozen=True, slots=True)
class Standing:
    """``territory``: whose rules decide, None where none are known; ``until``: when it can no longer be changed (local
    time); ``closed``: why it cannot be changed now, None while it can."""

    territory: TerritoryRules | None
    until: datetime | None
    closed: NotChanged | None


class Looking:
    """The rules and the room, for one booking."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        rules: Rules,
        clock: Clock,
        holidays: Collection[date] = PUBLIC_HOLIDAYS,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._rules = rules
        self._clock = clock
        self._serving = Serving(rules, clock, holidays)

    def standing(self, booking: Booking) -> Standing:
        """The same answer as ``BookingDesk.amend`` and ``cancel`` would give now."""
        territory = self._rules.territory_of(booking.address.insee, booking.day)
        service = self._serving.service(booking.address, booking.day)
        until = self._cut_off(service, booking.day) if service else None
        return Standing(territory, until, self._closed(booking, service))

    def serves(self, address: StreetAddress) -> bool:
        """True where appointments are taken."""
        return self._serving.service(address) is not None

    def judged(self, items: tuple[ItemLine, ...], address: StreetAddress) -> ItemsJudged:
        """The verdict of the rules of the address on these items."""
        today = self._clock.now().date()
        return judge_items(self._rules.catalogue, items, self._rules.territory_of(address.insee, today))

    async def days(
        self, booking: Booking, *, address: StreetAddress | None = None, items: tuple[ItemLine, ...] | None = None
    ) -> tuple[date, ...]:
        """Days on which the booking could take place as it is, or at another address or with other items; its own day
        among them as long as its place there is kept."""
        load = booking.load if items is None else load_of(self._rules.catalogue, items)

        def own(day: date, then: Service) -> Load | None:
            kept = (then.sector.id, day) == (booking.sector, booking.day) and booking.status.to_come
            return booking.load if kept else None

        return await self._fitting(address or booking.address, load, own)

    async def free_days(self, address: StreetAddress, items: tuple[ItemLine, ...]) -> tuple[date, ...]:
        """Days with room for a new booking, earliest first."""
        return await self._fitting(address, load_of(self._rules.catalogue, items), lambda _day, _then: None)

    async def _fitting(
        self, there: StreetAddress, load: Load, own: Callable[[date, Service], Load | None]
    ) -> tuple[date, ...]:
        days = self._serving.days(there)
        now = self._clock.now().astimezone(UTC)
        sectors = {then.sector.id for then in days.values()}

        async def look(work: UnitOfWork) -> dict[str, dict[date, Used]]:
            return {sector: await work.places.used(sector, tuple(days), now) for sector in sectors}

        taken = await with_retries(self._unit_of_work, look, reading=True)

        def fits(day: date, then: Service) -> bool:
            used = taken[then.sector.id].get(day) or household.untouched(then.sector)
            return _room(used, own(day, then), load)

        return tuple(day for day, then in days.items() if fits(day, then))

    def _cut_off(self, service: Service, day: date) -> datetime:
        last_day = day - timedelta(days=service.cut_off.days_before)
        return datetime.combine(last_day, service.cut_off.at, self._clock.now().tzinfo)

    def _closed(self, booking: Booking, service: Service | None) -> NotChanged | None:
        if not booking.status.to_come or booking.day < self._clock.now().date():
            return NotChanged.OVER
        if service is None:
            return NotChanged.NOT_SERVED
        return None if self._serving.still_open(service, booking.day) else NotChanged.TOO_LATE


def _room(used: Used, own: Load | None, load: Load) -> bool:
    """True when ``load`` fits; a booking that has its place there (``own``) needs room for the difference only, and
    none where it does not grow."""
    if own is None:
        return used.room_for(load) > 0
    more = load - own
    items_fit = more.items <= 0 or used.capacity_items is None or used.load.items + more.items <= used.capacity_items
    litres_fit = (
        more.litres <= 0 or used.capacity_litres is None or used.load.litres + more.litres <= used.capacity_litres
    )
    return items_fit and litres_fit
