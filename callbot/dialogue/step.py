"""The conversation as a pure function: ``step(state, event) -> (state, acts)``."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.absorb import absorb
from callbot.dialogue.acts import Act
from callbot.dialogue.agenda import Step, ask, proceed
from callbot.dialogue.answers import booked, judged, not_booked, offered, placed, recalled
from callbot.dialogue.keys import HUMAN, meaning_of_keys
from callbot.dialogue.name_replies import NAME_QUESTIONS
from callbot.dialogue.prompts import LEAD_INS, NOTICE, VARIANTS, Wording, said
from callbot.dialogue.repair import STRIKES, hand_over, leave, missed, offer_human
from callbot.dialogue.replies import reply
from callbot.dialogue.state import State
from callbot.domain.events import (
    AddressesFound,
    Booked,
    BookingFailed,
    CallAnswered,
    Channel,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    Ended,
    Event,
    HandedOver,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    KeysPressed,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning, YesNo

_FOR_AGENTS = frozenset({Intent.STATUS, Intent.MISSED, Intent.AMEND, Intent.CANCEL, Intent.QUESTION})
"""requests that a person handles for now"""
_ABOUT_A_BOOKING = _FOR_AGENTS - {Intent.QUESTION}
_ABOUT_PLACE = frozenset({Act.ASK_ADDRESS, Act.ASK_COMMUNE})
_READ_BACKS = frozenset({Act.CONFIRM_ADDRESS, Act.CONFIRM_PHONE, Act.RECAP})


def step(state: State, event: Event) -> Step:
    """The next state and what to do. Total: any event in any state has an answer, if only to do nothing."""
    match event:
        case Prompted():
            return replace(state, prompts=state.prompts + 1), ()
        case Ended():
            return replace(state, over=True, ended=True), ()
        case HandedOver():
            return replace(state, over=True, handed=True), ()
        case CallAnswered() if not state.ended:
            return _answered(state, event)
    return _over(state, event) if state.over else _going_on(state, event)


def _over(state: State, event: Event) -> Step:
    """Nothing counts any more but the key for a person, until the line is closed: the goodbye may still be playing."""
    if event == KeysPressed(HUMAN) and not state.handed and not state.ended:
        return hand_over(state, HandOverReason.ASKED)
    return state, ()


def _going_on(state: State, event: Event) -> Step:
    match event:
        case Understood(meaning, readings):
            return _heard(state, meaning, readings)
        case KeysPressed(keys):
            return _heard(state, meaning_of_keys(state, keys), ())
        case NothingHeard():
            return missed(state, silent=True)
        case NoWords():
            return missed(state)
        case PartFailed():
            return hand_over(state, HandOverReason.TECHNICAL, "technical")
        case _:
            return _told(state, event)


def _told(state: State, event: Event) -> Step:
    """The services' answers."""
    match event:
        case ItemsJudged():
            return judged(state, event)
        case AddressesFound(candidates):
            return placed(state, candidates)
        case EarlierAddressFound(address):
            return recalled(state, address)
        case DatesFound():
            return offered(state, event)
        case DateHeld(day):
            return proceed(replace(state, when=replace(state.when, held=day, taken=False)))
        case HoldRefused():
            when = replace(state.when, chosen=None, searched=False, offered=(), taken=True)
            return proceed(replace(state, when=when))
        case Booked():
            return booked(state, event)
        case BookingFailed(reason):
            return not_booked(state, reason)
        case _:
            return state, ()


def _answered(state: State, event: CallAnswered) -> Step:
    # Only the network shows whose telephone it is: elsewhere nothing is looked up by a number.
    recalled_already = state.recalled or event.channel is not Channel.PHONE
    state = replace(state, caller=event.caller, recalled=recalled_already, over=False, handed=False)
    if state.booked:
        resumed, acts = booked(state, state.booked)
        return resumed, (said(Act.RESUME, LEAD_INS["resume"]), *acts)
    if state.greeted:
        resumed, acts = proceed(replace(state, asked=None, misses=0))
        return resumed, (said(Act.RESUME, LEAD_INS["resume"]), *acts)
    asked, acts = proceed(replace(state, greeted=True))
    return asked, (said(Act.NOTICE, NOTICE), *acts)


def _heard(state: State, meaning: Meaning, readings: tuple[str, ...]) -> Step:
    """Words or keys: a person first, then what was asked, then anything else that was said."""
    if meaning.wants_human:
        return hand_over(state, HandOverReason.ASKED)
    if meaning.intent is Intent.EMERGENCY:
        return hand_over(state, HandOverReason.EMERGENCY, "emergency")
    if meaning.intent is Intent.REPEAT and state.asked:
        return _again(state, LEAD_INS["repeat"])
    if meaning.intent is Intent.WAIT and state.asked:
        return _again(state, LEAD_INS["hearing_you"])
    if state.asked_act is Act.OFFER_HUMAN:
        return _offered_human(state, meaning)
    if state.asked_act is Act.ASK_LANDMARK and meaning.intent is not Intent.GOODBYE:
        return hand_over(_understood(state), HandOverReason.ADDRESS_DOUBT, "address_doubt")
    changed = _taken_in(state, meaning, readings)
    if changed is None:
        return _neither(state, meaning)
    if state.asked_act is Act.ASK_NEED and meaning.intent in _ABOUT_A_BOOKING:
        # "mon canapé n'a pas été ramassé" names an object and wants no new booking
        return ask(_understood(changed), Act.OFFER_HUMAN, variant=VARIANTS["other_request"])
    if changed.setbacks >= STRIKES:
        return offer_human(_understood(changed))
    return proceed(_understood(changed))


def _taken_in(state: State, meaning: Meaning, readings: tuple[str, ...]) -> State | None:
    """The state after the slots or the answer in the words; None when there was neither.

    A yes to a read-back wins over slots repeated with it ("oui, douze rue de Rome"); a no gives way to them, and counts
    as the setback it is.
    """
    answered = reply(state, meaning)
    if answered is not None and state.asked_act is Act.CHOOSE_ADDRESS and meaning.yes_no is not YesNo.NO:
        return answered  # named one of those offered: no reason to look for it again
    if answered is not None and meaning.yes_no is YesNo.YES:
        return _with_additions(_weighed(answered, meaning), meaning)
    changed = absorb(state, meaning, readings)
    if changed != state:
        return _weighed(changed, meaning) if state.asked_act in _READ_BACKS else changed
    return None if answered is None else _weighed(answered, meaning)


def _with_additions(state: State, meaning: Meaning) -> State:
    """A yes to the recap that adds an object or names another of the days offered is no yes to what was read back."""
    held = state.when.held
    if state.asked_act is not Act.RECAP or held is None:
        return state
    known = {line.item for line in state.items}
    more = tuple(line for line in meaning.items if line.item not in known)
    wish = meaning.date
    other_day = (
        wish is not None
        and not wish.first <= held <= wish.last
        and any(wish.first <= offer.day <= wish.last for offer in state.when.offered)
    )
    return absorb(state, Meaning(items=more, date=wish if other_day else None), ())


def _weighed(state: State, meaning: Meaning) -> State:
    """A no to a read-back is a setback, a yes ends a row of them."""
    match meaning.yes_no:
        case YesNo.NO if state.asked_act is not Act.RECALL_ADDRESS and state.asked_act not in NAME_QUESTIONS:
            return replace(state, setbacks=state.setbacks + 1)
        case YesNo.YES:
            return replace(state, setbacks=0)
    return state


def _understood(state: State) -> State:
    return replace(state, misses=0, ever_understood=True)


def _neither(state: State, meaning: Meaning) -> Step:
    """No slot and no answer: another wish, a plain no, or not understood."""
    if state.asked_act is Act.RECAP and meaning.yes_no is YesNo.NO:
        refused = replace(_understood(state), setbacks=state.setbacks + 1)
        return offer_human(refused) if refused.setbacks >= STRIKES else ask(refused, Act.ASK_CORRECTION)
    if meaning.intent in _FOR_AGENTS:
        return _other_request(state)
    if meaning.intent is Intent.GOODBYE:
        return _goodbye(state)
    if state.refused_all and meaning.yes_no is YesNo.NO:
        return leave(state, "nothing_to_take")
    return missed(state, lead=_instead_of_street(state, meaning))


def _instead_of_street(state: State, meaning: Meaning) -> Wording:
    """What is said to a caller who gives something else where a street was asked."""
    return LEAD_INS[meaning.no_street] if meaning.no_street and state.asked_act in _ABOUT_PLACE else ()


def _goodbye(state: State) -> Step:
    """Who takes leave of the recap may think that it is booked: asked once more; nobody leaves with a wrong belief."""
    if state.asked_act is Act.RECAP and not state.misses:
        return missed(state)
    return leave(state, "nothing_booked" if state.items else "nothing_to_take")


def _other_request(state: State) -> Step:
    """A request for a person. In the middle of a booking it may be an answer misheard: the caller decides."""
    if state.asked_act is Act.ASK_NEED:
        return hand_over(state, HandOverReason.OTHER_REQUEST, "other_request")
    return ask(_understood(state), Act.OFFER_HUMAN, variant=VARIANTS["other_request"])


def _offered_human(state: State, meaning: Meaning) -> Step:
    match meaning.yes_no:
        case YesNo.YES:
            return hand_over(state, HandOverReason.NOT_UNDERSTOOD)
        case YesNo.NO:
            return proceed(replace(_understood(state), asked=None), LEAD_INS["continue"])
    changed = absorb(state, meaning, ())
    return missed(state) if changed == state else proceed(_understood(changed))


def _again(state: State, lead: Wording) -> Step:
    """The same question once more, not counted as a misunderstanding."""
    assert state.asked is not None  # noqa: S101 - both callers look
    parts = state.asked.parts
    fresh = parts if parts[: len(lead)] == lead else (*lead, *parts)
    return replace(state, ever_understood=True), (replace(state.asked, parts=fresh),)
