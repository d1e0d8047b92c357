"""What answers mean for the questions of an errand, and what services answered about it."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.absorb import absorb
from callbot.dialogue.acts import Act
from callbot.dialogue.agenda import proceed
from callbot.dialogue.already import over_limit
from callbot.dialogue.asking import Step
from callbot.dialogue.errands import begin, blank, changing, meant, told, trusted
from callbot.dialogue.people import hand_over
from callbot.dialogue.prompts import STATEMENTS, said
from callbot.dialogue.reasons import of_change
from callbot.dialogue.requests import aside
from callbot.dialogue.state import Errand, Goal, State, When, Where
from callbot.domain.bookings import NotChanged
from callbot.domain.data_rights import DataRight
from callbot.domain.events import Amended, Cancelled, ChangeFailed, HandOverReason, Reported
from callbot.domain.meaning import Meaning, Topic, YesNo
from callbot.domain.people import ReportKind

ANSWERED_ALONE = frozenset(
    {
        Act.CONFIRM_GOAL, Act.ASK_MORE, Act.OFFER_BOOKING, Act.OFFER_CONTINUE, Act.ASK_REFERENCE, Act.CHOOSE_BOOKING,
        Act.CHECK_COMMUNE, Act.CONFIRM_CANCEL, Act.ASK_KIND, Act.ASK_CHANGE,
    }
)  # fmt: skip
"""questions whose answer holds no slot of a booking: a commune said there is that of a booking made before"""


def confirm_goal(state: State, meaning: Meaning) -> State | None:
    """Yes sets out for what was heard, no goes on with what was asked before."""
    if meaning.yes_no is YesNo.YES and state.wished:
        if state.wished is Goal.CANCEL and state.errand.goal is Goal.BOOK:  # "annulez" in the middle of a booking
            return replace(blank(state), errand=Errand(Goal.CANCEL, done=True))
        return begin(state, state.wished, Meaning())
    return replace(state, wished=None) if meaning.yes_no is YesNo.NO else None


def offer_booking(state: State, meaning: Meaning) -> State | None:
    """Yes books what was asked about; other objects named are booked instead."""
    asked = replace(state, asked_about=())
    if meaning.yes_no is YesNo.YES:
        return replace(asked, items=state.asked_about, need_known=True, judged=False, noted=True)
    return _absorbed(asked, meaning) if meaning.items else None


def ask_more(state: State, meaning: Meaning) -> State | None:
    """Yes, or objects named at once, begin afresh."""
    begun = blank(state)
    if meaning.yes_no is YesNo.YES and not meaning.items:
        return begun
    return _absorbed(begun, meaning)


def _absorbed(state: State, meaning: Meaning) -> State | None:
    changed = absorb(state, replace(meaning, yes_no=None), ())
    return None if changed == state else changed


def offer_continue(state: State, meaning: Meaning) -> State | None:
    """Yes takes over what was told in the call that was cut off; no, or another wish, forgets it."""
    earlier = state.unfinished
    forgotten = replace(state, unfinished=None)
    if earlier is None or meaning.yes_no is YesNo.NO:
        return forgotten
    if meaning.yes_no is None:
        return _absorbed(forgotten, meaning)
    place = earlier.address
    where = Where(insee=place.insee, confirmed=place) if place else Where()
    return replace(forgotten, items=earlier.items, need_known=True, noted=True, judged=False, where=where)


def ask_reference(state: State, meaning: Meaning) -> State | None:
    """A reference is looked up; without one a person looks for the booking."""
    if meaning.references:
        return replace(state, errand=replace(state.errand, references=meaning.references))
    if meaning.yes_no is YesNo.NO:
        return replace(state, errand=replace(state.errand, no_reference=True))
    return None


def choose_booking(state: State, meaning: Meaning) -> State | None:
    """The one whose day or place in the list was said; none of them leads to its reference."""
    found = state.errand.found
    if meaning.choice and meaning.choice <= len(found):
        return meant(state, found[meaning.choice - 1])
    if wish := meaning.date:
        fitting = [booking for booking in found if wish.first <= booking.day <= wish.last]
        return meant(state, fitting[0]) if len(fitting) == 1 else None
    if meaning.yes_no is YesNo.NO:
        return replace(state, errand=replace(state.errand, found=(), trusted=False))
    return None


def check_commune(state: State, meaning: Meaning) -> State | None:
    """The commune of the booking shows that the caller knows it; another one does not."""
    said_there = meaning.address.insee if meaning.address else None
    if said_there is None:
        return None
    fitting = [booking for booking in state.errand.found if booking.address.insee == said_there]
    if len(fitting) == 1:
        return trusted(state, fitting[0])
    return replace(state, errand=replace(state.errand, tries=state.errand.tries + 1))


def confirm_cancel(state: State, meaning: Meaning) -> State | None:
    """Only a yes cancels."""
    match meaning.yes_no:
        case YesNo.NO:
            return replace(state, errand=replace(state.errand, done=True))
        case YesNo.YES:
            return replace(state, errand=replace(state.errand, agreed=True))
    return None


def ask_change(state: State, meaning: Meaning) -> State | None:
    """What to change, by its name or by its new value."""
    topic = meaning.topic or _topic_of(meaning)
    if topic is None:
        return None
    if topic is Topic.ITEMS and meaning.items:  # "ajoutez un matelas": on top of what is booked
        return absorb(replace(state, errand=replace(state.errand, topic=topic)), meaning, ())
    return absorb(changing(state, topic), meaning, ())


def _topic_of(meaning: Meaning) -> Topic | None:
    values = ((Topic.ITEMS, meaning.items), (Topic.DATE, meaning.date), (Topic.PHONE, meaning.phone))
    return next((topic for topic, value in values if value), None)


def confirm_change(state: State, meaning: Meaning) -> State | None:
    """Yes changes; no asks again what to change."""
    match meaning.yes_no:
        case YesNo.YES:
            return replace(state, errand=replace(state.errand, agreed=True))
        case YesNo.NO if meaning.topic:
            return changing(state, meaning.topic)
        case YesNo.NO:
            return replace(state, errand=replace(state.errand, topic=None, more_items=()))
    return None


def ask_kind(state: State, meaning: Meaning) -> State | None:
    """Whatever was said is kept in the transcript for the team."""
    known = replace(state, errand=replace(state.errand, kind_known=True), items=meaning.items)
    return known if meaning.address is None else absorb(known, replace(meaning, items=()), ())


# ---- the services' answers ----

_WHY_NOT = {
    NotChanged.UNKNOWN: "no_booking",
    NotChanged.OVER: "change_over",
    NotChanged.TOO_LATE: "change_late",
    NotChanged.NOT_SERVED: "not_served",
    NotChanged.NOT_ACCEPTED: "change_too_much",
}
"""the rule behind a change that was not made; any other reason is ours alone"""


def cancelled(state: State, _answer: Cancelled) -> Step:
    """Told, and anything else?"""
    return told(state, Act.TELL_CHANGE, "cancelled")


def amended(state: State, answer: Amended) -> Step:
    """Told with the day that counts."""
    booking = state.errand.booking
    if booking is None:
        return told(state, Act.TELL_CHANGE, "changed_some_day")
    return told(state, Act.TELL_CHANGE, "changed", replace(booking, day=answer.day))


def change_failed(state: State, answer: ChangeFailed) -> Step:
    """A day without room is chosen anew by the agenda; anything else goes to a person, who may do more."""
    if answer.reason is NotChanged.NO_ROOM:
        again = changing(state, Topic.DATE)
        return proceed(replace(again, errand=replace(again.errand, agreed=False), when=When(taken=True)))
    if answer.reason is NotChanged.HOUSEHOLD_LIMIT:
        return over_limit(replace(state, when=replace(state.when, ground=answer.ground)))
    reason = HandOverReason.CANCEL if state.errand.goal is Goal.CANCEL else HandOverReason.AMEND
    state = replace(state, no=of_change(answer.reason, answer.ground))
    return hand_over(state, reason, _WHY_NOT.get(answer.reason, "change_failed"))


def reported(state: State, answer: Reported) -> Step:
    """Told what happens next."""
    match answer.kind:
        case ReportKind.MISSED:
            booking = state.errand.booking
            return told(state, Act.TELL_REPORT, "missed" if booking else "missed_some_day", booking)
        case ReportKind.COMPLAINT:
            return hand_over(state, HandOverReason.COMPLAINT, "complaint")
        case ReportKind.FLY_TIP:
            return told(state, Act.TELL_REPORT, "fly_tip")
    if state.caller is None:  # nobody knows whose number it is: a person asks, and calls it back
        return hand_over(state, HandOverReason.OTHER_REQUEST, "data_rights_person")
    return aside(state, (said(Act.TELL_REPORT, STATEMENTS[f"data_{answer.right or DataRight.ACCESS}"]),))
