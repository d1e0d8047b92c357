"""What residents are told of their bookings, and the ways a message leaves."""

from __future__ import annotations

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


class MessageChannel(StrEnum):
    """How a message leaves."""

    SMS = "sms"
    EMAIL = "email"
    VOICE = "voice"
    """a call that says it, only where the resident asked for one"""
    WEBHOOK = "webhook"
    """the métropole's own request system"""
