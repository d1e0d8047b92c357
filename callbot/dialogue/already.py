"""What is booked already: a pickup at the same address, and all the pickups that a household may have."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.errands import MOST_CHOICES, begin
from callbot.dialogue.people import hand_over
from callbot.dialogue.prompts import VARIANTS, Wording
from callbot.dialogue.reasons import of_household
from callbot.dialogue.state import Already, BookingAt, Goal, State
from callbot.dialogue.wording import listed, spoken_date, spoken_days, spoken_limit
from callbot.domain.events import HandOverReason
from callbot.domain.meaning import Intent, Meaning, YesNo

ABOUT_ALREADY = frozenset({Act.ASK_WHOSE, Act.OFFER_ADD})
ALREADY_MISSES = 2
"""questions about it that led to nothing, after which the booking goes on: it blocks nothing"""


def already(state: State, lead: Wording = ()) -> Step | None:
    """What is asked or told of it before dates are offered; None when nothing is."""
    if state.errand.goal is not Goal.BOOK:
        return None
    return _duplicate(state, lead) or (over_limit(state) if state.when.over_limit else None)


def _duplicate(state: State, lead: Wording) -> Step | None:
    """Asked once a booking. Many households share the number of a building: whose it is, only the caller knows."""
    there = state.when.booked_there
    if state.already is Already.SETTLED or not there:
        return None
    if state.already is Already.THEIRS:
        return ask(state, Act.OFFER_ADD, lead, VARIANTS["add_to_that"])
    if own := [each for each in there if each.own]:
        return ask(state, Act.OFFER_ADD, lead, date=spoken_date(own[0].day))
    if state.when.over_limit:
        return None
    days = sorted({each.day for each in there})[:MOST_CHOICES]
    if len(days) == 1:
        return ask(state, Act.ASK_WHOSE, lead, dates=f"le {spoken_date(days[0])}")
    dates = listed([f"le {day}" for day in spoken_days(days)])
    return ask(state, Act.ASK_WHOSE, lead, VARIANTS["one_of_them"], dates=dates)


def over_limit(state: State) -> Step:
    """The rule is named and a person decides: the machine refuses nobody."""
    limit = state.when.limit
    state = replace(state, no=of_household(limit, state.when.ground))
    if limit is None:
        return hand_over(state, HandOverReason.HOUSEHOLD_LIMIT, "household_limit_reached")
    return hand_over(state, HandOverReason.HOUSEHOLD_LIMIT, "household_limit", limit=spoken_limit(limit))


def ask_whose(state: State, meaning: Meaning) -> State | None:
    """Theirs: they most likely want to add to it. Somebody else's: the booking goes on."""
    match meaning.yes_no:
        case YesNo.YES:
            return replace(state, already=Already.THEIRS)
        case YesNo.NO:
            return settled(state)
    return None


def offer_add(state: State, meaning: Meaning) -> State | None:
    """Yes, or "ajoutez-les", changes that booking; no makes a new one."""
    if meaning.yes_no is YesNo.NO:
        return settled(state)
    return _adding(state) if meaning.yes_no is YesNo.YES or meaning.intent is Intent.AMEND else None


def settled(state: State) -> State:
    """The state in which the booking goes on, with dates looked for afresh."""
    return replace(state, already=Already.SETTLED, when=replace(state.when, searched=False, offered=()))


def _adding(state: State) -> State:
    """The state that sets out to add the objects told: to the caller's own booking there, or to one whose reference is
    asked."""
    own = next((each for each in state.when.booked_there if each.own), None)
    place = state.where.confirmed
    begun = begin(state, Goal.AMEND, Meaning(items=state.items))
    only = BookingAt(own.day, place) if own and place else None
    return replace(begun, errand=replace(begun.errand, adds=True, only=only, looked_up=only is None))
