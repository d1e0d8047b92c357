"""What a crew drives by: the stops of a sector's day, in driving order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import BookingStatus, NotConform
from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.domain.personal import Personal

STATUS_WORDS = {
    BookingStatus.HELD: "en attente",
    BookingStatus.BOOKED: "à collecter",
    BookingStatus.REPLANNED: "à collecter",
    BookingStatus.COLLECTED: "collecté",
    BookingStatus.NOT_PRESENTED: "rien trouvé",
    BookingStatus.NOT_CONFORM: "non conforme",
    BookingStatus.INACCESSIBLE: "inaccessible",
    BookingStatus.MISSED: "non passé",
    BookingStatus.CANCELLED: "annulé",
}
"""a status as crews say it"""
NOT_CONFORM_WORDS = {
    NotConform.OTHER_ITEMS: "autres objets que prévu",
    NotConform.TOO_MUCH: "plus d'objets que prévu",
    NotConform.NOT_TAKEN: "objets non acceptés",
    NotConform.BLOCKS_THE_WAY: "gêne le passage",
    NotConform.NO_REFERENCE: "pas de référence sur les objets",
}
"""why something was left there, as crews say it"""


@dataclass(frozen=True, slots=True)
class CrewStop:
    """One pickup: ``rank`` from 1 on; ``items``: labels with their quantity; ``photos``: numbers of those there are."""

    rank: int
    reference: str
    status: BookingStatus
    address: StreetAddress
    items: tuple[str, ...]
    volume_litres: int
    note: Personal | None = None
    """how to get there, written by the resident"""
    photos: tuple[int, ...] = ()
    not_conform: NotConform | None = None

    @property
    def state(self) -> str:
        """The status in words, with its reason."""
        words = STATUS_WORDS[self.status]
        return f"{words} : {NOT_CONFORM_WORDS[self.not_conform]}" if self.not_conform else words


@dataclass(frozen=True, slots=True)
class CrewSheet:
    """The round of a sector on a day; ``length_m``: as the crow flies, from the first known point to the last."""

    day: date
    sector_id: str
    sector_name: str
    stops: tuple[CrewStop, ...]
    length_m: float


def written_day(day: date) -> str:
    """The day as it heads a round: ``mardi 1er décembre 2026``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"
