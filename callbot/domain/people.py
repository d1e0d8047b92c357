"""What is left to people: call-backs in a promised window, and reports they look into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callbot.domain.addresses import StreetAddress
from callbot.domain.data_rights import DataWish
from callbot.domain.items import ItemLine


@dataclass(frozen=True, slots=True)
class Window:
    """A person calls back between ``first`` and ``last``, local time of the métropole, the same day."""

    first: datetime
    last: datetime


class ReportKind(StrEnum):
    """Lists that people work through; none of them is a booking."""

    MISSED = "missed"
    FLY_TIP = "fly_tip"
    COMPLAINT = "complaint"
    DATA_RIGHTS = "data_rights"


@dataclass(frozen=True, slots=True)
class Report:
    """Something a person has to look into. All of it makes it idempotent: the same thing is reported once a call."""

    call_id: str
    kind: ReportKind
    reference: str | None = None
    """the booking it is about"""
    address: StreetAddress | None = None
    items: tuple[ItemLine, ...] = ()
    wish: DataWish | None = None
    """what is asked about one's data; it goes into the register of requests, the report itself names nobody"""
