"""Calls in every state of knowledge, and the world they are known in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from callbot.dialogue.state import World
from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import (
    AddressesFound,
    CallAnswered,
    CallerSpoke,
    EarlierAddressFound,
    EarlierCallFound,
    Event,
    HandedOver,
    HandOverReason,
    ItemsJudged,
    Understood,
)
from callbot.domain.geography import Commune
from callbot.domain.items import ItemLine, Ruling, Verdict
from callbot.domain.meaning import HeardAddress, Intent, Meaning, YesNo
from tests.booking.sample import CATALOGUE, MOBILE, address

WORLD = World(CATALOGUE, {"13206": Commune("13206", "Marseille 6e", ("13006",))})
MATTRESS = ItemLine("matelas", 1, "un matelas")


def spoke(meaning: Meaning, text: str = "oui") -> list[Event]:
    """Words and what they mean."""
    return [CallerSpoke(text, (text,), 0.9), Understood(meaning)]


def opening() -> list[Event]:
    """A call answered, its caller known by the number alone."""
    return [CallAnswered(MOBILE, today=date(2026, 11, 23)), EarlierCallFound(), EarlierAddressFound(None)]


def wanted() -> list[Event]:
    """A mattress at 12 rue de Rome, everything said in one sentence; the address waits for a yes."""
    heard = HeardAddress(12, None, "rue de rome", "13206")
    meaning = Meaning(intent=Intent.BOOK, items=(MATTRESS,), address=heard)
    ruling = Ruling("matelas", Verdict.ACCEPTED)
    found = AddressesFound((AddressCandidate(address(), 0.95, 0.9),))
    return [*opening(), *spoke(meaning, "un matelas au 12 rue de Rome"), ItemsJudged((ruling,), 0.7), found]


def agreed(events: Sequence[Event]) -> list[Event]:
    """And then a yes."""
    return [*events, *spoke(Meaning(yes_no=YesNo.YES))]


def handed_over(events: Sequence[Event], reason: HandOverReason = HandOverReason.ASKED) -> list[Event]:
    """And then a person."""
    return [*events, HandedOver(reason)]
