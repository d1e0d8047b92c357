"""The words of SMS, from the templates of the knowledge base, and how many SMS a text takes."""

from __future__ import annotations

from datetime import date
from string import Formatter

from callbot.domain.bookings import Booking
from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.domain.gsm7 import BASIC, EXTENDED
from callbot.domain.items import Catalogue
from callbot.domain.territories import TerritoryRules

PLACES = frozenset({"reference", "date", "address", "items", "put_out"})
"""what a confirmation may name"""

_GSM7_ALONE, _GSM7_PART = 160, 153
_UCS2_ALONE, _UCS2_PART = 70, 67


class TemplateError(Exception):
    """A template names a place that no confirmation has, or leaves out the reference or the date."""


class ConfirmationSms:
    """Writes the confirmation of a booking; conforms to ``booking.ports.WritesConfirmation``."""

    def __init__(self, template: str, catalogue: Catalogue) -> None:
        """``template`` with the places of ``PLACES`` in braces; raises ``TemplateError``."""
        named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
        if not named <= PLACES:
            raise TemplateError(f"unknown places {sorted(named - PLACES)}; expected some of {sorted(PLACES)}")
        if not {"reference", "date"} <= named:
            raise TemplateError("a confirmation names {reference} and {date}")
        self._template = template
        self._catalogue = catalogue

    def confirmation(self, booking: Booking, territory: TerritoryRules) -> str:
        """The text for one booking, on one line where the template is."""
        return self._template.format(
            reference=booking.reference,
            date=written_day(booking.day),
            address=f"{booking.address.line}, {booking.address.postcode} {booking.address.commune}",
            items=", ".join(self._catalogue[line.item].spoken(line.quantity) for line in booking.items),
            put_out=territory.put_out.spoken if territory.put_out else "",
        ).strip()


def written_day(day: date) -> str:
    """The day as French people write it: ``mardi 1er décembre``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def sms_segments(text: str) -> int:
    """How many SMS a text is billed as, at least one.

    160 septets alone or 153 in each part when every letter is in the GSM alphabet; else 70 or 67 UTF-16 units. A
    letter of two units is never cut between two parts.
    """
    if (BASIC | EXTENDED).issuperset(text):
        return _parts([2 if letter in EXTENDED else 1 for letter in text], _GSM7_ALONE, _GSM7_PART)
    return _parts([len(letter.encode("utf-16-le")) // 2 for letter in text], _UCS2_ALONE, _UCS2_PART)


def _parts(units: list[int], alone: int, part: int) -> int:
    if sum(units) <= alone:
        return 1
    count, room = 1, part
    for unit in units:
        if unit > room:
            count, room = count + 1, part
        room -= unit
    return count
