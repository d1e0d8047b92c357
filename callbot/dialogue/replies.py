"""What yes, no, a choice or a topic mean for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from callbot.dialogue.absorb import choose_day
from callbot.dialogue.acts import Act
from callbot.dialogue.state import Contact, State, When, Where
from callbot.domain.meaning import Meaning, Topic, YesNo


def reply(state: State, meaning: Meaning) -> State | None:
    """The state after the answer to the pending question, None when the words do not answer it."""
    handler = _REPLIES.get(state.asked_act) if state.asked_act else None
    return handler(state, meaning) if handler else None


def _confirm_commune(state: State, meaning: Meaning) -> State | None:
    where = state.where
    match meaning.yes_no:
        case YesNo.YES:
            sure = replace(where, insee=where.doubt[0], doubt=())
            return replace(state, where=sure, judged=False)
        case YesNo.NO:
            return replace(state, where=replace(where, doubt=()))
    return None


def _confirm_address(state: State, meaning: Meaning) -> State | None:
    where = state.where
    match meaning.yes_no:
        case YesNo.YES:
            return _settled(state, 0)
        case YesNo.NO:
            return replace(state, where=_refuse(where, 1))
    return None


def _choose_address(state: State, meaning: Meaning) -> State | None:
    offered = min(2, len(state.where.candidates))
    if meaning.choice and meaning.choice <= offered:
        chosen = replace(state.where, candidates=(state.where.candidates[meaning.choice - 1],), choosing=False)
        if chosen.candidates[0].address.number is None:
            return replace(state, where=chosen)
        return _settled(replace(state, where=chosen), 0)
    if meaning.yes_no is YesNo.NO:
        return replace(state, where=_refuse(state.where, offered))
    return None


def _settled(state: State, index: int) -> State:
    place = state.where.candidates[index].address
    where = replace(state.where, confirmed=place, insee=place.insee, anywhere=False, choosing=False)
    return replace(state, where=where, judged=state.judged and place.insee == state.insee)


def _refuse(where: Where, count: int) -> Where:
    """Throws the first ``count`` candidates away; the next ones are offered together, and with none left the street
    is asked anew."""
    gone = where.refused | {(each.address.insee, each.address.line) for each in where.candidates[:count]}
    left = where.candidates[count:]
    if left:
        return replace(where, refused=gone, candidates=left, choosing=True)
    return replace(
        where, refused=gone, candidates=(), street_heard=None, readings=(), rounds=where.rounds + 1, choosing=False
    )


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
        return replace(state, contact=Contact(declined=True))
    return None


def _confirm_phone(state: State, meaning: Meaning) -> State | None:
    match meaning.yes_no:
        case YesNo.YES:
            return replace(state, contact=replace(state.contact, confirmed=True))
        case YesNo.NO:
            return replace(state, contact=Contact(caller_refused=True))
    return None


def _recap(state: State, meaning: Meaning) -> State | None:
    if meaning.yes_no is YesNo.YES:
        return replace(state, recap_accepted=True)
    return _ask_correction(state, meaning)


def _ask_correction(state: State, meaning: Meaning) -> State | None:
    match meaning.topic:
        case Topic.ITEMS:
            return replace(state, items=(), judged=False, noted=False)
        case Topic.ADDRESS:
            return replace(state, where=Where(), when=When(), judged=False)
        case Topic.DATE:
            return replace(state, when=When())
        case Topic.PHONE:
            return replace(state, contact=Contact(caller_refused=True))
    return None


_REPLIES: Mapping[Act, Callable[[State, Meaning], State | None]] = {
    Act.CONFIRM_COMMUNE: _confirm_commune,
    Act.CONFIRM_ADDRESS: _confirm_address,
    Act.CHOOSE_ADDRESS: _choose_address,
    Act.OFFER_DATES: _offer_dates,
    Act.ASK_PHONE: _ask_phone,
    Act.CONFIRM_PHONE: _confirm_phone,
    Act.RECAP: _recap,
    Act.ASK_CORRECTION: _ask_correction,
}
