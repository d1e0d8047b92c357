"""Invented calls as lists of events, and facts of calls for sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from callbot.domain.events import (
    Booked,
    CallAnswered,
    CallerSpoke,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    Prompted,
    Understood,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, Intent, Meaning, YesNo
from callbot.insight.figures import Beside, CallFacts, Motive, Outcome, Timed, facts_of

NINE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""9 o'clock in Marseille, a Monday"""
TERRITORIES = {"13206": "marseille", "13005": "aubagne"}
YES, NO = Meaning(yes_no=YesNo.YES), Meaning(yes_no=YesNo.NO)


def told(events: Iterable[Event], start: datetime = NINE, every_s: float = 5) -> list[Timed]:
    """The events one after the other, ``every_s`` seconds apart."""
    return [Timed(start + timedelta(seconds=every_s * number), event) for number, event in enumerate(events)]


def asked(act: str, number: int = 1) -> Prompted:
    return Prompted(act, number, "")


def heard(meaning: Meaning, confidence: float = 0.9) -> list[Event]:
    return [CallerSpoke("", confidence=confidence, decode_ms=400), Understood(meaning)]


def booking_call() -> list[Event]:
    """Books: the address is wrong once, then everything is accepted."""
    return [
        CallAnswered(None),
        asked("notice"),
        asked("ask_need"),
        *heard(Meaning(intent=Intent.BOOK, items=(ItemLine("canape", 1),))),
        asked("ask_commune"),
        *heard(Meaning(address=HeardAddress(insee="13206")), confidence=0.4),
        asked("confirm_address"),
        *heard(NO),
        asked("ask_address"),
        *heard(Meaning(address=HeardAddress(number=12))),
        asked("confirm_address"),
        *heard(YES),
        asked("recap"),
        *heard(YES),
        Booked("AC47K", date(2026, 11, 9), "", sms=True),
        asked("goodbye"),
        Ended(EndReason.DONE),
    ]


def handed_call(reason: HandOverReason = HandOverReason.ASKED) -> list[Event]:
    return [
        CallAnswered(None),
        asked("ask_need"),
        *heard(Meaning(wants_human=True)),
        HandedOver(reason),
        Ended(EndReason.HANDED_OVER),
    ]


def facts(events: Iterable[Event], call_id: str = "CA1", **beside: object) -> CallFacts:
    return facts_of(Beside(call_id, **beside), told(events), TERRITORIES.get)  # type: ignore[arg-type]


def call(number: int, **values: object) -> CallFacts:
    """Facts written by hand: an answered call that booked, unless ``values`` say otherwise."""
    at = NINE + timedelta(minutes=number)
    usual: dict[str, object] = {
        "call_id": f"CA{number}",
        "channel": Channel.PHONE,
        "received": at,
        "received_known": True,
        "answered": at + timedelta(seconds=2),
        "ended": at + timedelta(seconds=92),
        "caller_index": f"caller{number}",
        "motive": Motive.BOOK,
        "outcome": Outcome.BOOKED,
        "verified": True,
        "booked": True,
        "turns": 5,
        "questions": ("ask_need", "recap"),
    }
    made = {**usual, **values}
    return CallFacts(**{"traced": made["caller_index"] is not None, **made})  # type: ignore[arg-type]
