"""The conversation as a pure function: ``step(state, event) -> (state, acts)``."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.absorb import absorb
from callbot.dialogue.acts import Act, DialogueAct, HangUp, Say
from callbot.dialogue.agenda import proceed
from callbot.dialogue.already import ABOUT_ALREADY
from callbot.dialogue.answers import booked, judged, not_booked, offered, placed, recalled
from callbot.dialogue.asking import Step, ask, understood
from callbot.dialogue.errand_replies import (
    ANSWERED_ALONE,
    amended,
    cancelled,
    change_failed,
    reported,
)
from callbot.dialogue.errands import bookings_found
from callbot.dialogue.keys import HUMAN, meaning_of_keys
from callbot.dialogue.name_replies import NAME_QUESTIONS
from callbot.dialogue.people import (
    CALL_BACK_QUESTIONS,
    call_back_kept,
    call_back_reply,
    declines_call_back,
    hand_over,
    leave,
    people_checked,
    way_failed,
)
from callbot.dialogue.prompts import LEAD_INS, NOTICES, STATEMENTS, Wording, said
from callbot.dialogue.repair import MOST_ADDRESSES, STRIKES, missed, no_progress, offer_human
from callbot.dialogue.replies import reply
from callbot.dialogue.requests import another_wish, at_once, not_known, question
from callbot.dialogue.satisfaction import farewell, last_answer, parting
from callbot.dialogue.state import Goal, State
from callbot.dialogue.whys import why
from callbot.domain.events import (
    AddressesFound,
    Amended,
    Booked,
    BookingFailed,
    BookingsFound,
    CallAnswered,
    CallBackKept,
    Cancelled,
    ChangeFailed,
    Channel,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    EarlierCallFound,
    Ended,
    EndReason,
    Event,
    GapNoted,
    HandedBack,
    HandedOver,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    PeopleChecked,
    Prompted,
    Rated,
    Reported,
    Understood,
)
from callbot.domain.meaning import Intent, Meaning, YesNo

_ABOUT_PLACE = frozenset({Act.ASK_ADDRESS, Act.ASK_COMMUNE})
_READ_BACKS = frozenset({Act.CONFIRM_ADDRESS, Act.CONFIRM_PHONE, Act.RECAP, Act.CONFIRM_CHANGE})
_WHOLE = frozenset({Act.RECAP, Act.CONFIRM_CHANGE})
"""questions that read everything back"""
_NOT_SETBACKS = NAME_QUESTIONS | ANSWERED_ALONE | ABOUT_ALREADY | {Act.RECALL_ADDRESS, Act.OFFER_REMINDER}
"""a no to these is an answer like any other, nothing was misheard"""
_BESIDE_THE_AGENDA = frozenset({Act.ASK_CORRECTION, Act.ASK_MORE, Act.OFFER_HUMAN})
"""questions that no rule of the agenda asks"""


def step(state: State, event: Event) -> Step:
    """The next state and what to do. Total: any event in any state has an answer, if only to do nothing."""
    after, acts = _step(state, event)
    return after, tuple(_slowly(act) for act in acts) if after.slow else acts


def _slowly(act: DialogueAct) -> DialogueAct:
    return replace(act, slow=True) if isinstance(act, Say) else act


def _step(state: State, event: Event) -> Step:
    match event:
        case Prompted():
            return replace(state, prompts=state.prompts + 1), ()
        case Ended():
            return replace(state, over=True, ended=True), ()
        case HandedOver():
            return replace(state, over=True, handed=True), ()
        case HandedBack():
            open_again = replace(state, over=False, handed=False, ended=False, leaving=None, given_back=True)
            return replace(open_again, misses=0, setbacks=0), ()
        case CallAnswered() if not state.ended:
            return _answered(state, event)
    return _over(state, event) if state.over else _going_on(state, event)


def _over(state: State, event: Event) -> Step:
    """Nothing counts any more but the key for a person, until the line is closed: the goodbye may still be playing."""
    if event == KeysPressed(HUMAN) and not state.handed and not state.ended:
        return hand_over(state, HandOverReason.ASKED)
    return state, ()


def _going_on(state: State, event: Event) -> Step:
    if state.asked_act is Act.ASK_SATISFACTION:
        return last_answer(state, event)
    match event:
        case Understood(meaning, readings):
            return _heard(state, meaning, readings)
        case KeysPressed(keys):
            return _heard(state, meaning_of_keys(state, keys), ())
        case NothingHeard():
            return missed(state, silent=True)
        case NoWords():
            return missed(state)
        case NoProgress():
            return no_progress(state)
        case PartFailed(part):
            return _failed(state, part)
        case _:
            return _told(state, event)


def _failed(state: State, part: str) -> Step:
    """Without ears the call goes on turn by turn (webhooks); without anything else a person takes it."""
    if part == "speech" and state.channel is Channel.PHONE:
        hold_on = said(Act.HOLD_ON, STATEMENTS["hold_on"])
        return state, (hold_on, HangUp(EndReason.BROKEN_STREAM))
    if state.leaving:
        return way_failed(state)
    if state.rating_asked and state.asked is None:
        return farewell(state)  # what was said of the call is lost, the call was served
    return hand_over(state, HandOverReason.TECHNICAL, "technical")


def _told(state: State, event: Event) -> Step:
    """The services' answers about a new booking."""
    match event:
        case ItemsJudged():
            return judged(state, event)
        case AddressesFound(candidates):
            return placed(state, candidates)
        case EarlierAddressFound(address):
            return recalled(state, address)
        case EarlierCallFound():
            return _call_recalled(state, event)
        case DatesFound():
            return offered(state, event)
        case DateHeld(day):
            return proceed(replace(state, when=replace(state.when, held=day, taken=False)))
        case HoldRefused():
            when = replace(state.when, chosen=None, searched=False, offered=(), taken=True)
            return proceed(replace(state, when=when))
        case Booked():
            return booked(state, event)
        case BookingFailed():
            return not_booked(state, event)
        case _:
            return _told_more(state, event)


def _told_more(state: State, event: Event) -> Step:
    """The services' answers about anything else."""
    match event:
        case PeopleChecked():
            return people_checked(state, event)
        case CallBackKept():
            return call_back_kept(state, event)
        case BookingsFound():
            return proceed(bookings_found(state, event))
        case Cancelled():
            return cancelled(state, event)
        case Amended():
            return amended(state, event)
        case ChangeFailed():
            return change_failed(state, event)
        case Reported():
            return reported(state, event)
        case GapNoted():
            return not_known(state)
        case Rated():
            return farewell(state)
        case _:
            return state, ()


def _call_recalled(state: State, found: EarlierCallFound) -> Step:
    known = tuple(line for line in found.items if line.item in state.world.catalogue)
    unfinished = replace(found, items=known) if known else None
    return proceed(replace(state, call_recalled=True, unfinished=unfinished))


def _answered(state: State, event: CallAnswered) -> Step:
    # Only the network shows whose telephone it is: elsewhere nothing is looked up by a number.
    by_phone = event.channel in (Channel.PHONE, Channel.TURNS)
    state = replace(
        state,
        caller=event.caller,
        channel=event.channel,
        today=event.today or state.today,
        recalled=state.recalled or not by_phone,
        call_recalled=state.call_recalled or not by_phone,
        over=False,
        handed=False,
    )
    resumed = said(Act.RESUME, LEAD_INS["given_back" if state.given_back else "resume"])
    state = replace(state, given_back=False)
    if state.booked:
        after, acts = booked(state, state.booked)
        return after, (resumed, *acts)
    if state.promised:
        after, acts = call_back_kept(state, state.promised)
        return after, (resumed, *acts)
    if state.greeted and state.prompts:
        after, acts = _where_we_were(state)
        return after, (resumed, *acts)
    notice, way_to_a_person = NOTICES[event.channel]
    asked, acts = proceed(replace(state, greeted=True))
    return asked, (said(Act.NOTICE, notice), said(Act.TELL_HUMAN, way_to_a_person), *acts)


def _where_we_were(state: State) -> Step:
    """The question that waited when the line broke, in its first wording where the agenda has it."""
    if state.asked and state.asked_act in _BESIDE_THE_AGENDA:
        return state, (state.asked,)
    return proceed(replace(state, asked=None, misses=0))


def _heard(state: State, meaning: Meaning, readings: tuple[str, ...]) -> Step:
    """Words or keys: a person first, then what was asked, then anything else that was said."""
    if (now := at_once(state, meaning)) is not None:
        return now
    if (reason := why(state, meaning)) is not None:
        return reason
    if state.asked_act in CALL_BACK_QUESTIONS:
        return _about_call_back(state, meaning)
    if state.asked_act is Act.OFFER_HUMAN:
        return _offered_human(state, meaning)
    if state.asked_act is Act.ASK_LANDMARK and meaning.intent is not Intent.GOODBYE:
        return hand_over(understood(state), HandOverReason.ADDRESS_DOUBT, "address_doubt")
    beside = another_wish(state, meaning) or question(state, meaning)
    if beside is not None:
        return beside
    changed = _taken_in(state, meaning, readings)
    if changed is None:
        return _neither(state, meaning)
    if changed.addresses_refused >= MOST_ADDRESSES:
        return hand_over(understood(changed), HandOverReason.ADDRESS_DOUBT, "address_doubt")
    if changed.setbacks >= STRIKES:
        return offer_human(understood(changed))
    return proceed(replace(understood(changed), offers=0, no=None), _lead(state, changed))


def _lead(before: State, after: State) -> Wording:
    """What is said of an answer that changes nothing else."""
    if before.asked_act is Act.CONFIRM_CANCEL and after.errand.done:
        return LEAD_INS["kept"]
    if before.asked_act is Act.CONFIRM_GOAL and after.errand.done:
        return LEAD_INS["dropped"]
    if before.asked_act is Act.CHECK_COMMUNE and after.errand.tries > before.errand.tries:
        return LEAD_INS["not_this_commune"]
    return ()


def _about_call_back(state: State, meaning: Meaning) -> Step:
    if (answered := call_back_reply(state, meaning)) is not None:
        after, acts = answered
        return replace(after, ever_understood=True), acts
    if meaning.intent is Intent.GOODBYE or (state.booked and declines_call_back(state, meaning)):
        return leave(state, "no_call_back")
    if declines_call_back(state, meaning):
        return proceed(replace(understood(state), asked=None, leaving=None), LEAD_INS["all_right"])
    return missed(state)


def _taken_in(state: State, meaning: Meaning, readings: tuple[str, ...]) -> State | None:
    """The state after the slots or the answer in the words; None when there was neither.

    A yes to a read-back wins over slots repeated with it ("oui, douze rue de Rome"); a no gives way to them, and counts
    as the setback it is.
    """
    answered = reply(state, meaning)
    if state.asked_act in ANSWERED_ALONE:
        return answered
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
    if state.asked_act not in _WHOLE or held is None:
        return state
    known = {line.item for line in state.items}
    more = tuple(line for line in meaning.items if line.item not in known)
    wish = meaning.date
    other_day = (
        wish is not None
        and not wish.first <= held <= wish.last
        and any(wish.first <= offer.day <= wish.last for offer in state.when.offered)
    )
    changed = absorb(state, Meaning(items=more, date=wish if other_day else None), ())
    return state if changed == state else replace(changed, errand=replace(changed.errand, agreed=False))


def _weighed(state: State, meaning: Meaning) -> State:
    """A no to a read-back is a setback, a yes ends a row of them."""
    match meaning.yes_no:
        case YesNo.NO if state.asked_act not in _NOT_SETBACKS:
            refused = state.addresses_refused + (state.asked_act is Act.CONFIRM_ADDRESS)
            return replace(state, setbacks=state.setbacks + 1, addresses_refused=refused)
        case YesNo.YES:
            return replace(state, setbacks=0, addresses_refused=0)
    return state


def _neither(state: State, meaning: Meaning) -> Step:
    """No slot and no answer: another wish, a plain no, or not understood."""
    if state.asked_act is Act.RECAP and meaning.yes_no is YesNo.NO:
        return _refused_whole(understood(state))
    leaves = meaning.intent is Intent.GOODBYE and state.asked_act in (Act.ASK_NEED, Act.OFFER_BOOKING)
    if meaning.yes_no is YesNo.NO and not leaves and (declined := _declined(state)) is not None:
        return declined
    if meaning.intent is Intent.GOODBYE:
        return _goodbye(state)
    if state.refused_all and meaning.yes_no is YesNo.NO:
        return leave(state, "nothing_to_take")
    return missed(state, lead=_instead_of_street(state, meaning))


def _refused_whole(state: State) -> Step:
    """What is wrong? A yes in between (to the address, say) does not mend a recap that stays wrong: the third time a
    person is offered, the sixth time one has the call."""
    refused = replace(state, setbacks=state.setbacks + 1, recaps_refused=state.recaps_refused + 1)
    if refused.recaps_refused >= 2 * STRIKES:
        return hand_over(refused, HandOverReason.NOT_UNDERSTOOD)
    stuck = refused.setbacks >= STRIKES or refused.recaps_refused == STRIKES
    return offer_human(refused) if stuck else ask(refused, Act.ASK_CORRECTION)


def _declined(state: State) -> Step | None:
    """A no that means "nothing": no more wishes, nothing to book, nothing to change."""
    after = understood(state)
    match state.asked_act:
        case Act.ASK_MORE:
            return parting(after)
        case Act.ASK_NEED | Act.OFFER_BOOKING:
            return ask(replace(after, asked_about=()), Act.ASK_MORE)
        case Act.ASK_CHANGE:
            unchanged = replace(after, errand=replace(state.errand, done=True))
            return ask(unchanged, Act.ASK_MORE, LEAD_INS["nothing_changed"])
    return None


def _instead_of_street(state: State, meaning: Meaning) -> Wording:
    """What is said to a caller who gives something else where a street was asked."""
    return LEAD_INS[meaning.no_street] if meaning.no_street and state.asked_act in _ABOUT_PLACE else ()


def _goodbye(state: State) -> Step:
    """Who takes leave of the recap may think that it is booked: asked once more; nobody leaves with a wrong belief."""
    if state.asked_act is Act.RECAP and not state.misses:
        return missed(state)
    begun = state.items and state.errand.goal is Goal.BOOK
    return leave(state, "nothing_booked" if begun else "nothing_to_take")


def _offered_human(state: State, meaning: Meaning) -> Step:
    match meaning.yes_no:
        case YesNo.YES:
            return hand_over(state, state.offered_for)
        case YesNo.NO:
            return proceed(replace(understood(state), asked=None), LEAD_INS["continue"])
    if meaning.intent is Intent.GOODBYE:
        return _goodbye(state)
    changed = absorb(state, meaning, ())
    return missed(state) if changed == state else proceed(understood(changed))
