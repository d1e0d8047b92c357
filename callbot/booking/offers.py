"""Which dates to offer, out of those with room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from holidays import country_holidays

from callbot.domain.calendar import PickupDate
from callbot.domain.meaning import HeardDate

PUBLIC_HOLIDAYS: Collection[date] = country_holidays("FR", observed=False)
"""the public holidays of France (without those of Alsace-Moselle), any year; made here because making it reads files"""
MOST_OFFERED = 3
"""dates a caller can keep in mind; a fourth is only asked for"""


def offered(
    with_room: Sequence[PickupDate], wish: HeardDate | None, after: date | None = None
) -> tuple[PickupDate, ...]:
    """At most three of the dates ``with_room`` (earliest first), later than ``after``.

    A wish is respected where it has room. Where it has none the nearest dates after it are offered, and where there is
    none after it either, the earliest of all: the caller always hears what exists. The part of the day of a wish is
    not used: a pickup has a day, no hour.
    """
    possible = [pickup for pickup in with_room if after is None or pickup.day > after]
    if wish is not None:
        wished = [pickup for pickup in possible if wish.first <= pickup.day <= wish.last]
        later = [pickup for pickup in possible if pickup.day > wish.last]
        possible = wished or later or possible
    return tuple(possible[:MOST_OFFERED])
