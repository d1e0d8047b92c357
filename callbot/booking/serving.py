"""Who takes appointments at an address, and on which days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from callbot.booking.ports import Rules
from callbot.domain.addresses import StreetAddress
from callbot.domain.calendar import served_days, still_open
from callbot.domain.clock import Clock
from callbot.domain.territories import BookingMode, CutOff, SectorRules, TerritoryRules


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves an address, and until when a day of it can be booked or changed."""

    territory: TerritoryRules
    sector: SectorRules
    cut_off: CutOff


class Serving:
    """The rules, read for an address at the present moment."""

    def __init__(self, rules: Rules, clock: Clock, holidays: Collection[date]) -> None:
        self._rules = rules
        self._clock = clock
        self._holidays = holidays

    def service(self, address: StreetAddress) -> Service | None:
        """Who takes appointments at an address; the sector found by its point wins over the one of its commune."""
        territory = self._rules.territory_of(address.insee)
        if territory is None or territory.mode is not BookingMode.APPOINTMENT or territory.cut_off is None:
            return None
        by_point = next((sector for sector in territory.sectors if sector.id == address.sector), None)
        sector = by_point or territory.sector_of(address.insee)
        return Service(territory, sector, territory.cut_off) if sector else None

    def days(self, service: Service) -> tuple[date, ...]:
        """Days that can still be booked, earliest first."""
        return tuple(served_days(service.territory, service.sector, self._clock.now(), self._holidays))

    def still_open(self, service: Service, day: date) -> bool:
        """True before the cut-off of ``day``."""
        return still_open(day, service.cut_off, self._clock.now())
