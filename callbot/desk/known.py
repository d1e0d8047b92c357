"""What is known of a call, and how sure it is: the agent never asks twice what the caller has confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callbot.dialogue.state import Goal, State
from callbot.dialogue.wording import spoken_date, spoken_items
from callbot.domain.personal import Personal

LIKELY_FROM: Final = 0.60
"""probability from which an address is read back instead of asked again (``dialogue.address_policy``)"""


class Certainty(StrEnum):
    """How far one may rely on it; pages say it in words, colour comes on top."""

    CONFIRMED = "confirmed"
    """read back, and the caller said yes"""
    LIKELY = "likely"
    """understood, not confirmed"""
    DOUBTFUL = "doubtful"
    """heard, and perhaps wrong"""


class Topic(StrEnum):
    """What a fact is about."""

    WISH = "wish"
    BOOKING = "booking"
    ITEMS = "items"
    ADDRESS = "address"
    COMMUNE = "commune"
    DATE = "date"
    PHONE = "phone"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known, in French; personal where it tells who or where."""

    topic: Topic
    text: Personal
    certainty: Certainty


_WISHES: Final = {
    Goal.BOOK: "faire enlever des encombrants",
    Goal.STATUS: "savoir où en est un rendez-vous",
    Goal.MISSED: "signaler un passage manqué",
    Goal.AMEND: "changer un rendez-vous",
    Goal.CANCEL: "annuler un rendez-vous",
    Goal.FLY_TIP: "signaler un dépôt sauvage",
}


def facts(state: State) -> tuple[Fact, ...]:
    """What the call has told so far, in the order an agent needs it."""
    return tuple(_facts(state))


def wish_of(state: State) -> str | None:
    """What the caller wants, None while that is open."""
    return _WISHES[state.errand.goal] if state.need_known or state.errand.goal is not Goal.BOOK else None


def _facts(state: State) -> Iterator[Fact]:
    if (wish := wish_of(state)) is not None:
        yield Fact(Topic.WISH, Personal(wish), Certainty.LIKELY)
    yield from _booking(state)
    if state.items:
        sure = Certainty.CONFIRMED if state.noted else Certainty.LIKELY
        yield Fact(Topic.ITEMS, Personal(spoken_items(state.items, state.world.catalogue)), sure)
    yield from _address(state)
    yield from _date(state)
    yield from _person(state)


def _booking(state: State) -> Iterator[Fact]:
    booking = state.errand.booking
    if state.booked is not None:
        text = f"{state.booked.reference}, {spoken_date(state.booked.day)}, réservé pendant l'appel"
        yield Fact(Topic.BOOKING, Personal(text), Certainty.CONFIRMED)
    elif booking is not None:
        sure = Certainty.CONFIRMED if state.errand.trusted else Certainty.LIKELY
        yield Fact(Topic.BOOKING, Personal(f"{booking.reference}, {spoken_date(booking.day)}"), sure)


def _address(state: State) -> Iterator[Fact]:
    where = state.where
    if where.confirmed is not None:
        address = where.confirmed
        text = f"{address.line}, {address.postcode} {address.commune}"
        yield Fact(Topic.ADDRESS, Personal(text), Certainty.CONFIRMED)
        return
    if where.candidates and not where.choosing:
        best = where.candidates[0]
        text = f"{best.address.line}, {best.address.postcode} {best.address.commune}"
        sure = Certainty.LIKELY if best.probability >= LIKELY_FROM else Certainty.DOUBTFUL
        yield Fact(Topic.ADDRESS, Personal(text), sure)
        return
    heard = " ".join(str(part) for part in (where.number, where.repetition, where.street_heard) if part)
    if heard:
        yield Fact(Topic.ADDRESS, Personal(f"entendu : « {heard} »"), Certainty.DOUBTFUL)
    if (commune := state.world.communes.get(where.insee or "")) is not None:
        yield Fact(Topic.COMMUNE, Personal(commune.name), Certainty.LIKELY)


def _date(state: State) -> Iterator[Fact]:
    when = state.when
    if state.booked is None and when.held is not None:
        yield Fact(Topic.DATE, Personal(f"{spoken_date(when.held)}, place gardée"), Certainty.CONFIRMED)
    elif state.booked is None and when.chosen is not None:
        yield Fact(Topic.DATE, Personal(spoken_date(when.chosen)), Certainty.LIKELY)


def _person(state: State) -> Iterator[Fact]:
    contact = state.contact
    if contact.phone is not None:
        sure = Certainty.CONFIRMED if contact.confirmed else Certainty.LIKELY
        yield Fact(Topic.PHONE, Personal(contact.phone.reveal()), sure)
    elif state.caller is not None:
        yield Fact(Topic.PHONE, Personal(state.caller.reveal()), Certainty.LIKELY)
    if state.naming.name is not None:
        sure = Certainty.CONFIRMED if state.naming.confirmed else Certainty.LIKELY
        yield Fact(Topic.NAME, Personal(state.naming.name.reveal()), sure)
