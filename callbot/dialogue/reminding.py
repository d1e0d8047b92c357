"""A call the day before, for who has no mobile: offered once, made only to who asked for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from callbot.dialogue.acts import Act
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.prompts import VARIANTS, Wording
from callbot.dialogue.state import Contact, Goal, State
from callbot.dialogue.wording import spoken_ending, spoken_phone
from callbot.domain.events import Channel
from callbot.domain.meaning import Meaning, YesNo
from callbot.domain.personal import PhoneNumber

REMINDER_MISSES = 2
"""questions about it that led to nothing, after which no call is made"""
_ON_THE_PHONE = frozenset({Channel.PHONE, Channel.TURNS})
_TOO_NEAR = timedelta(days=1)
"""a pickup tomorrow is not told again today"""


def reminder(state: State, lead: Wording) -> Step | None:
    """Asked on the phone alone, with the number we would ring; None when there is nothing to ask."""
    number = landline(state)
    if number is None or state.contact.no_calls or not (state.world.rings and _useful(state)):
        return None
    if state.contact.landline:
        return ask(state, Act.OFFER_REMINDER, lead, VARIANTS["reminder_there"], phone=spoken_phone(number))
    return ask(state, Act.OFFER_REMINDER, lead, phone=f"numéro finissant par {spoken_ending(number)}")


def landline(state: State) -> PhoneNumber | None:
    """The landline that was given, else the one that calls; None for any other number."""
    number = state.contact.landline or state.caller
    return number if number and number.is_french_landline else None


def _useful(state: State) -> bool:
    """A new booking, made by voice, that is not for tomorrow already."""
    day, today = state.when.held, state.today
    far = day is None or today is None or day - today > _TOO_NEAR
    return far and state.channel in _ON_THE_PHONE and state.errand.goal is Goal.BOOK


def offer_reminder(state: State, meaning: Meaning) -> State | None:
    """Yes keeps the landline for that call alone; no keeps no number."""
    match meaning.yes_no:
        case YesNo.YES:
            wanted = Contact(landline(state), confirmed=True, caller_refused=True, calls_wanted=True)
            return replace(state, contact=wanted)
        case YesNo.NO:
            return without_reminder(state)
    return None


def without_reminder(state: State) -> State:
    """The state in which nobody is rung."""
    return replace(state, contact=replace(state.contact, no_calls=True))
