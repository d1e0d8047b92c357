"""What yes, no, a choice or a topic mean for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from callbot.dialogue.absorb import choose_day, correction
from callbot.dialogue.acts import Act
from callbot.dialogue.address_replies import ask_part, choose_address, confirm_address, confirm_commune, recall_address
from callbot.dialogue.already import ask_whose, offer_add
from callbot.dialogue.errand_replies import (
    ask_change,
    ask_kind,
    ask_more,
    ask_reference,
    check_commune,
    choose_booking,
    confirm_cancel,
    confirm_change,
    confirm_goal,
    offer_booking,
    offer_continue,
)
from callbot.dialogue.name_replies import ask_name, confirm_name
from callbot.dialogue.reminding import offer_reminder
from callbot.dialogue.state import Contact, State, When
from callbot.domain.meaning import Meaning, YesNo


def reply(state: State, meaning: Meaning) -> State | None:
    """The state after the answer to the pending question, None when the words do not answer it."""
    handler = _REPLIES.get(state.asked_act) if state.asked_act else None
    return handler(state, meaning) if handler else None


def _offer_dates(state: State, meaning: Meaning) -> State | None:
    when = state.when
    if meaning.choice and meaning.choice <= len(when.offered):
        return choose_day(state, when.offered[meaning.choice - 1].day)
    if meaning.yes_no is YesNo.YES and len(when.offered) == 1:
        return choose_day(state, when.offered[0].day)
    if meaning.yes_no is YesNo.NO and when.offered:
        return replace(state, when=When(after=when.offered[-1].day))
    return None


def _ask_phone(state: State, meaning: Meaning) -> State | None:
    if meaning.yes_no is YesNo.NO:
        return replace(state, contact=Contact(declined=True, landline=state.contact.landline))
    return None


def _confirm_phone(state: State, meaning: Meaning) -> State | None:
    match meaning.yes_no:
        case YesNo.YES:
            return replace(state, contact=replace(state.contact, confirmed=True))
        case YesNo.NO:
            # What the caller did not give, the number that calls, was refused, not misheard.
            return replace(state, contact=Contact(caller_refused=True, misheard=state.contact.caller_refused))
    return None


def _recap(state: State, meaning: Meaning) -> State | None:
    if meaning.yes_no is YesNo.YES:
        return replace(state, recap_accepted=True)
    return correction(state, meaning)


_REPLIES: Mapping[Act, Callable[[State, Meaning], State | None]] = {
    Act.RECALL_ADDRESS: recall_address,
    Act.CONFIRM_COMMUNE: confirm_commune,
    Act.CONFIRM_ADDRESS: confirm_address,
    Act.CHOOSE_ADDRESS: choose_address,
    Act.ASK_PART: ask_part,
    Act.ASK_WHOSE: ask_whose,
    Act.OFFER_ADD: offer_add,
    Act.OFFER_DATES: _offer_dates,
    Act.ASK_PHONE: _ask_phone,
    Act.CONFIRM_PHONE: _confirm_phone,
    Act.OFFER_REMINDER: offer_reminder,
    Act.ASK_NAME: ask_name,
    Act.ASK_NAME_SPELLED: ask_name,
    Act.CONFIRM_NAME: confirm_name,
    Act.RECAP: _recap,
    Act.ASK_CORRECTION: correction,
    Act.ASK_MORE: ask_more,
    Act.CONFIRM_GOAL: confirm_goal,
    Act.OFFER_BOOKING: offer_booking,
    Act.OFFER_CONTINUE: offer_continue,
    Act.ASK_REFERENCE: ask_reference,
    Act.CHOOSE_BOOKING: choose_booking,
    Act.CHECK_COMMUNE: check_commune,
    Act.CONFIRM_CANCEL: confirm_cancel,
    Act.ASK_CHANGE: ask_change,
    Act.CONFIRM_CHANGE: confirm_change,
    Act.ASK_KIND: ask_kind,
}
