"""A crew sheet with everything in it that files have to survive."""

from __future__ import annotations

from datetime import date

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import BookingStatus, NotConform
from callbot.domain.crew import CrewSheet, CrewStop
from callbot.domain.geography import Point
from callbot.domain.personal import Personal

DAY = date(2026, 12, 1)


def sheet(note: str = "Portail bleu, code 0000") -> CrewSheet:
    """Three stops; one done, one left there, one without a point."""
    rome = StreetAddress("Rue de Rome", "13206", "Marseille 6e", "13006", 12, "bis", Point(5.3806, 43.2912))
    dragon = StreetAddress("Rue Dragon", "13206", "Marseille 6e", "13006", 3, None, Point(5.377, 43.288))
    nowhere = StreetAddress("Traverse de l'Œuvre", "13206", "Marseille 6e", "13006", 7)
    stops = (
        CrewStop(1, "A2C4E", BookingStatus.BOOKED, rome, ("un matelas", "deux chaises"), 700, Personal(note), (1, 2)),
        CrewStop(2, "H3J5K", BookingStatus.COLLECTED, dragon, ("une armoire",), 1500),
        CrewStop(3, "L6R7S", BookingStatus.NOT_CONFORM, nowhere, ("un canapé",), 1200, not_conform=NotConform.TOO_MUCH),
    )
    return CrewSheet(DAY, "centre", "Centre", stops, 480.0)
