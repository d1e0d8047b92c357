"""What residents are told of their bookings, and the ways a message leaves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Notice(StrEnum):
    """What a resident is told of a booking; also the name of its text in the knowledge base."""

    CONFIRMATION = "confirmation"
    AMENDMENT = "amendment"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    REPLANNED = "replanned"
    COLLECTED = "collected"
    NOT_PRESENTED = "not_presented"
    NOT_CONFORM = "not_conform"
    INACCESSIBLE = "inaccessible"
    MISSED = "missed"


_OF_A_BOOKING = frozenset({"reference", "date", "address", "items", "link"})
_TO_COME = _OF_A_BOOKING | {"put_out"}
PLACES: Mapping[Notice, frozenset[str]] = {
    Notice.CONFIRMATION: _TO_COME,
    Notice.AMENDMENT: _TO_COME,
    Notice.CANCELLATION: _OF_A_BOOKING,
    Notice.REMINDER: _TO_COME,
    Notice.REPLANNED: _TO_COME,
    Notice.COLLECTED: _OF_A_BOOKING,
    Notice.NOT_PRESENTED: _OF_A_BOOKING,
    Notice.NOT_CONFORM: _OF_A_BOOKING | {"reason"},
    Notice.INACCESSIBLE: _OF_A_BOOKING,
    Notice.MISSED: _OF_A_BOOKING,
}
"""what each notice can name: how to put things out only before a pickup, a reason only where something was left"""
NEEDED: Mapping[Notice, frozenset[str]] = {
    notice: frozenset({"reference", "date"} | ({"reason"} if notice is Notice.NOT_CONFORM else set()))
    for notice in Notice
}
"""what each notice has to name"""


FOR_DAYTIME = ("outcome:", "replanned:", "satisfaction:")
"""how the keys of messages begin that nobody waits for: however late they are tried, they leave at a decent hour"""


class MessageChannel(StrEnum):
    """How a message leaves."""

    SMS = "sms"
    EMAIL = "email"
    VOICE = "voice"
    """a call that says it, only where the resident asked for one"""
    WEBHOOK = "webhook"
    """the métropole's own request system"""
