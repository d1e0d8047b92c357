"""Takes the slots of one utterance into the state, whatever was asked: callers answer in any order.

A slot that changes throws away only what depended on it: a new street asks for a new search, a new commune for new
rules, a new address for new dates. What is settled and not being read back is not changed by a stray word.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from callbot.dialogue.acts import Act
from callbot.dialogue.address_policy import spelled
from callbot.dialogue.name_replies import NAME_QUESTIONS, take_name
from callbot.dialogue.state import Contact, Goal, State, When, Where
from callbot.domain.addresses import StreetAddress
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, Topic
from callbot.domain.personal import PhoneNumber

REVIEW = frozenset({Act.RECAP, Act.ASK_CORRECTION})
"""questions in which anything may be corrected"""
_NOT_ABOUT_ITEMS = NAME_QUESTIONS | {
    Act.ASK_ADDRESS, Act.ASK_NUMBER, Act.ASK_PART, Act.ASK_INITIALS, Act.CHOOSE_ADDRESS, Act.ASK_PHONE,
    Act.CONFIRM_PHONE,
}  # fmt: skip
_NOT_ABOUT_ADDRESS = NAME_QUESTIONS | {Act.OFFER_DATES, Act.ASK_PHONE, Act.CONFIRM_PHONE}
_ABOUT_DATE = REVIEW | {Act.OFFER_DATES, Act.ASK_NEED, Act.ASK_ITEMS, Act.ASK_CHANGE, Act.CONFIRM_CHANGE}
_READ_OUT = REVIEW | {Act.CONFIRM_ADDRESS, Act.ASK_PART}
"""questions about an address just read out: a correction of one part leaves the others as they were read"""
_NO_WISH = timedelta(days=45)
"""a wish that spans so much means that any day will do ("le plus tôt possible", "peu importe")"""


def absorb(state: State, meaning: Meaning, readings: tuple[str, ...]) -> State:
    """The state with every slot of ``meaning`` that has its place now; equal to ``state`` when there was none."""
    if meaning.items and (meaning.correcting or not (state.items and state.asked_act in _NOT_ABOUT_ITEMS)):
        state = _items(state, meaning.items)
    if meaning.address and (_address_welcome(state) or _corrects_address(state, meaning)):
        state = _address(state, meaning.address, readings)
    elif state.asked_act is Act.ASK_INITIALS and (letters := _letters(meaning)):
        state = moved(state, replace(state.where, initials=letters))
    if meaning.date and state.asked_act in _ABOUT_DATE:
        state = _date(state, meaning.date)
    if meaning.phone:
        state = _phone(state, PhoneNumber(meaning.phone))
    state = take_name(state, meaning)
    if meaning.intent is Intent.BOOK and not state.need_known:
        state = replace(state, need_known=True)
    return state


def _items(state: State, lines: tuple[ItemLine, ...]) -> State:
    merged = {} if _replaced(state, lines) else {line.item: line for line in state.items}
    known = {line.item: line.quantity for line in state.items}
    merged.update({line.item: line for line in lines})
    if known == {item: line.quantity for item, line in merged.items()}:
        return state
    return replace(
        state,
        items=tuple(merged.values()),
        need_known=True,
        refused_all=False,
        judged=False,
        noted=False,
        recap_accepted=False,
    )


def _replaced(state: State, lines: tuple[ItemLine, ...]) -> bool:
    """Asked what to change, a caller who names none of the objects noted names what should have been noted instead."""
    noted = {line.item for line in state.items}
    return state.asked_act is Act.ASK_CORRECTION and not any(line.item in noted for line in lines)


def _address_welcome(state: State) -> bool:
    if state.asked_act in _NOT_ABOUT_ADDRESS:
        return False
    return state.where.confirmed is None or state.asked_act in REVIEW


def _corrects_address(state: State, meaning: Meaning) -> bool:
    """ "Attendez, c'est le 22, pas le 12", said later on; where a telephone number is asked, figures are that."""
    elsewhere = NAME_QUESTIONS | {Act.ASK_PHONE, Act.CONFIRM_PHONE}
    return meaning.correcting and state.errand.goal is Goal.BOOK and state.asked_act not in elsewhere


def _address(state: State, heard: HeardAddress, readings: tuple[str, ...]) -> State:
    where = _kept(state, heard)
    changed = where
    if heard.insee and heard.insee != where.insee:
        changed = replace(changed, insee=heard.insee, doubt=(), street_heard=_street_for(where))
    elif heard.commune_doubt and not where.insee:
        # what was refused is not offered again, which would go on for ever: heard once more, it is as good as nothing
        possible = tuple(insee for insee in heard.commune_doubt if insee not in where.communes_refused)
        changed = replace(changed, doubt=possible or where.doubt)
    if heard.initials:
        changed = replace(changed, initials=heard.initials)
    said = (heard.number, heard.repetition, heard.number_typed)
    if heard.number and said != (where.number, where.repetition, where.number_typed):
        changed = replace(changed, number=heard.number, repetition=heard.repetition, number_typed=heard.number_typed)
        corrected = state.asked_act in _READ_OUT and heard.street_heard is None
        changed = replace(changed, number_rounds=where.number_rounds + corrected)
    if heard.street_heard and _takes_street(state):
        readings = readings or (heard.street_heard,)
        changed = replace(changed, street_heard=heard.street_heard, readings=readings, street_sure=None, initials=None)
    if heard.street_heard and not _takes_street(state):
        changed = replace(changed, expected=None)  # a street said with the number: to be read back
    return state if changed == where else moved(state, changed)


def moved(state: State, where: Where) -> State:
    """The state with another ``where``: looked up afresh, with its own rules and dates."""
    fresh = replace(where, searched=False, candidates=(), choosing=False, doubted=None, confirmed=None)
    return replace(
        state,
        where=fresh,
        judged=state.judged and fresh.insee == state.where.insee,
        when=When(wish=state.when.wish),
        recap_accepted=False,
    )


def kept_from(where: Where, place: StreetAddress) -> Where:
    """``where`` with the street and the number of ``place``, which the caller found no fault with."""
    street = place.street
    kept = replace(where, street_heard=street, readings=(street,), street_sure=street, initials=None)
    same_number = (place.number, place.repetition) == (where.number, where.repetition)
    return kept if same_number else replace(kept, number=place.number, repetition=place.repetition, number_typed=False)


def _kept(state: State, heard: HeardAddress) -> Where:
    """What stands before a correction is taken in: what was read back, but for the parts the correction names."""
    where = state.where
    if not (state.asked_act in _READ_OUT or where.confirmed) or where.read is None:
        return where
    kept = kept_from(where, where.read)
    if heard.street_heard is None:
        return kept
    return replace(kept, street_heard=where.street_heard, readings=where.readings, street_sure=where.street_sure)


def _street_for(where: Where) -> str | None:
    """A street that was looked for in vain is looked for again in another commune."""
    return where.street_heard or next(iter(where.readings), None)


def _letters(meaning: Meaning) -> str | None:
    if meaning.spelled:
        return spelled("".join(letter.sign for letter in meaning.spelled.letters if letter.sign.isalpha()))
    return spelled(meaning.name) if meaning.name else None


def _takes_street(state: State) -> bool:
    """A number asked alone leaves the street as it is."""
    return not (state.asked_act is Act.ASK_NUMBER and state.where.street_heard)


def _date(state: State, wish: HeardDate) -> State:
    """Picks an offered day when exactly one lies in the wish, looks for other dates otherwise.

    A wish for all of the days just offered finds the same ones again: the first is taken when any will do, else the
    caller has not answered yet.
    """
    when = state.when
    fitting = [offer.day for offer in when.offered if wish.first <= offer.day <= wish.last]
    if len(fitting) == 1:
        return choose_day(state, fitting[0])
    if fitting and len(fitting) == len(when.offered) and state.asked_act is Act.OFFER_DATES:
        return choose_day(state, fitting[0]) if _any_day(wish) else state
    if wish == when.wish and not when.offered:
        return state
    return replace(state, when=When(wish=wish), recap_accepted=False)


def _any_day(wish: HeardDate) -> bool:
    return wish.part_of_day is None and wish.last - wish.first >= _NO_WISH


def choose_day(state: State, day: date) -> State:
    """The state with ``day`` chosen; it still has to be held."""
    if day == state.when.held:
        return state
    return replace(state, when=replace(state.when, chosen=day, held=None, taken=False), recap_accepted=False)


def _phone(state: State, phone: PhoneNumber) -> State:
    if phone == state.contact.phone:
        return state
    if not phone.is_french_mobile:
        return state if state.contact.confirmed else replace(state, contact=_without_sms(state.contact, phone))
    return replace(state, contact=Contact(phone, caller_refused=True), recap_accepted=False)


def _without_sms(known: Contact, phone: PhoneNumber) -> Contact:
    """A mobile is asked for; who has said to have none is asked whether to ring ``phone``."""
    return Contact(caller_refused=True, no_sms=True, landline=phone, declined=known.declined, no_calls=known.no_calls)


def correction(state: State, meaning: Meaning) -> State | None:
    """The state in which the topic named is asked anew; None when none is."""
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
