"""What comes first among what waits for people."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Final

from callbot.domain.events import HandOverReason


class Urgency(IntEnum):
    """Smaller comes first."""

    DANGER = 0
    ON_THE_LINE = 1
    """somebody waits with the receiver in the hand"""
    ANSWERED = 2
    """somebody talks with them by telephone, and may open the page"""
    PROMISED_NOW = 3
    """a call-back whose window has begun"""
    CUT_OFF = 4
    """the call broke, or nobody answered the transfer: nothing is promised yet"""
    PROMISED_LATER = 5


def of_call(reason: HandOverReason, *, on_the_line: bool, answered: bool = False) -> Urgency:
    """How urgent a handed-over call is. A danger comes first even when its caller has hung up; once somebody has
    ``answered`` it, opening its page can wait."""
    if answered:
        return Urgency.ANSWERED
    if reason is HandOverReason.EMERGENCY:
        return Urgency.DANGER
    return Urgency.ON_THE_LINE if on_the_line else Urgency.CUT_OFF


def of_call_back(first: datetime, now: datetime) -> Urgency:
    """How urgent a promised call-back is."""
    return Urgency.PROMISED_NOW if first <= now else Urgency.PROMISED_LATER


WORDS: Final = {
    Urgency.DANGER: "danger signalé",
    Urgency.ON_THE_LINE: "en ligne",
    Urgency.ANSWERED: "en communication avec un agent",
    Urgency.PROMISED_NOW: "rappel promis maintenant",
    Urgency.CUT_OFF: "appel coupé, à rappeler",
    Urgency.PROMISED_LATER: "rappel promis plus tard",
}
