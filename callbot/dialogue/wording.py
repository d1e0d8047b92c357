"""French wording of dates, lists, phone numbers and items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.personal import PhoneNumber

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


def spoken_date(day: date) -> str:
    """``jeudi 3 décembre``; the first of a month is ``premier``. Without the year: the horizon is a few weeks."""
    number = "premier" if day.day == 1 else str(day.day)
    return f"{_WEEKDAYS[day.weekday()]} {number} {_MONTHS[day.month - 1]}"


def listed(parts: Sequence[str], last: str = "et") -> str:
    """``a``, ``a et b``, ``a, b et c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def spoken_items(items: Sequence[ItemLine], catalogue: Catalogue) -> str:
    """``un canapé et deux matelas``."""
    return listed([catalogue[line.item].spoken(line.quantity) for line in items])


def spoken_phone(phone: PhoneNumber) -> str:
    """A French number by pairs, ``06, 12, 34, 56, 78``; any other digit by digit."""
    number = phone.reveal()
    if number.startswith("+33") and len(number) == 12:
        national = "0" + number[3:]
        return ", ".join(national[at : at + 2] for at in range(0, 10, 2))
    return ", ".join(number.removeprefix("+"))


def spoken_ending(phone: PhoneNumber) -> str:
    """The last four digits by pairs: ``56, 78``."""
    last = phone.last_digits(4)
    return f"{last[:2]}, {last[2:]}"
