"""Who takes appointments at an address, and on which days."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from callbot.booking.ports import Rules
from callbot.domain.addresses import StreetAddress
from callbot.domain.calendar import is_served, still_open
from callbot.domain.clock import Clock
from callbot.domain.events import ClosedThen
from callbot.domain.meaning import HeardDate
from callbot.domain.territories import BookingMode, CutOff, SectorRules, TerritoryRules

HOLIDAY = "jour férié"


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves an address, and until when a day of it can be booked or changed."""

    territory: TerritoryRules
    sector: SectorRules
    cut_off: CutOff


class Serving:
    """The rules, read for an address."""

    def __init__(self, rules: Rules, clock: Clock, holidays: Collection[date]) -> None:
        self._rules = rules
        self._clock = clock
        self._holidays = holidays

    def service(self, address: StreetAddress, day: date | None = None) -> Service | None:
        """Who takes appointments at an address under the rules in force on ``day``, today's when None.

        The sector found by its point wins over the one of its commune.
        """
        territory = self._rules.territory_of(address.insee, day or self._clock.now().date())
        if territory is None or territory.mode is not BookingMode.APPOINTMENT or territory.cut_off is None:
            return None
        by_point = next((sector for sector in territory.sectors if sector.id == address.sector), None)
        sector = by_point or territory.sector_of(address.insee)
        return Service(territory, sector, territory.cut_off) if sector else None

    def days(self, address: StreetAddress) -> dict[date, Service]:
        """Days that can still be booked, earliest first, each with the service in force on it.

        How far ahead one may book is what today's rules say.
        """
        present = self.service(address)
        if present is None:
            return {}
        today = self._clock.now().date()
        ahead = (today + timedelta(days=offset) for offset in range(present.territory.horizon_days + 1))
        return {day: then for day in ahead if (then := self._open_on(address, day)) is not None}

    def open_on(self, address: StreetAddress, day: date) -> Service | None:
        """The service of a day that can still be booked; the same as ``days`` has, without looking at the others."""
        present = self.service(address)
        ahead = (day - self._clock.now().date()).days
        if present is None or not 0 <= ahead <= present.territory.horizon_days:
            return None
        return self._open_on(address, day)

    def still_open(self, service: Service, day: date) -> bool:
        """True before the cut-off of ``day``."""
        return still_open(day, service.cut_off, self._clock.now())

    def closed(self, address: StreetAddress, day: date) -> bool:
        """True when nobody is served on ``day`` after all: a booking there is stranded."""
        then = self.service(address, day)
        return then is None or not is_served(then.territory, then.sector, day, self._holidays)

    def closure(self, address: StreetAddress, wish: HeardDate | None = None) -> ClosedThen | None:
        """What closes every pickup day of the address in ``wish``, or within the horizon; the first of several.

        None where one of these days is served, where none is a pickup day anyway, and where nobody serves the address.
        """
        closed = [self._closed_on(then, day) for day, then in self._pickup_days(address, wish)]
        return closed[0] if closed and all(closed) else None

    def _pickup_days(self, address: StreetAddress, wish: HeardDate | None) -> Iterator[tuple[date, Service]]:
        """The weekdays on which the crews would come, closures and public holidays among them."""
        present = self.service(address)
        today = self._clock.now().date()
        for offset in range(present.territory.horizon_days + 1 if present else 0):
            day = today + timedelta(days=offset)
            then = self.service(address, day) if wish is None or wish.first <= day <= wish.last else None
            if then is not None and day.weekday() in then.sector.weekdays:
                yield day, then

    def _closed_on(self, then: Service, day: date) -> ClosedThen | None:
        territory = then.territory
        for closure in territory.closures:
            if closure.closes(then.sector.id, day):
                return ClosedThen(closure.first, closure.last, closure.reason, territory.ground("closures"))
        if is_served(territory, then.sector, day, self._holidays):
            return None
        return ClosedThen(day, day, HOLIDAY, territory.ground("works_on_holidays"))

    def _open_on(self, address: StreetAddress, day: date) -> Service | None:
        then = self.service(address, day)
        if then is None or not is_served(then.territory, then.sector, day, self._holidays):
            return None
        return then if still_open(day, then.cut_off, self._clock.now()) else None
