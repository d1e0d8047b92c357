"""What is still missing, in order: the first rule that is not satisfied says what to do next.

The caller may give slots in any order; the agenda only looks at what is not known yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from callbot.dialogue import errands
from callbot.dialogue.acts import Act, Book, FindAddress, FindDates, HoldDate, JudgeItems, RecallAddress, RecallCall
from callbot.dialogue.address_policy import Difference, difference, offered
from callbot.dialogue.already import already
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.errand_prompts import DROP, GOALS
from callbot.dialogue.name_replies import spoken_name
from callbot.dialogue.people import call_back_question
from callbot.dialogue.prompts import LEAD_INS, VARIANTS, Wording
from callbot.dialogue.reminding import reminder
from callbot.dialogue.state import Contact, Goal, State, Where
from callbot.dialogue.wording import (
    listed,
    spoken_address,
    spoken_choices,
    spoken_commune,
    spoken_date,
    spoken_days,
    spoken_ending,
    spoken_items,
    spoken_phone,
)
from callbot.domain.addresses import AddressCandidate, NumberCheck
from callbot.domain.bookings import BookingDraft
from callbot.domain.meaning import Expectation

KEYS_FROM = 2
"""times the number was said to be wrong from which it is asked by keys"""

_ANSWERS = {Difference.NUMBER: Expectation.NUMBER, Difference.COMMUNE: Expectation.COMMUNE}
"""how the answer to a choice is heard, a street elsewhere"""


def unfinished(state: State, lead: Wording) -> Step | None:
    """A call of this number that was cut off a moment ago: go on with it?"""
    nothing_yet = not (state.items or state.need_known) and state.where == Where()
    if not nothing_yet or state.caller is None:
        return None
    if not state.call_recalled:
        return state, (RecallCall(state.caller),)
    if state.unfinished is None:
        return None
    return ask(state, Act.OFFER_CONTINUE, lead, items=spoken_items(state.unfinished.items, state.world.catalogue))


def need(state: State, lead: Wording) -> Step | None:
    """Why the caller rings."""
    if state.need_known or state.items:
        return None
    return ask(state, Act.ASK_NEED, lead, VARIANTS["what_else"] if state.asked_act is Act.ASK_MORE else ())


def items(state: State, lead: Wording) -> Step | None:
    """What is to be taken away."""
    if state.items:
        return None
    return ask(state, Act.ASK_ITEMS, lead, VARIANTS["ask_other_items"] if state.refused_all else ())


def judgement(state: State, _lead: Wording) -> Step | None:
    """What the rules say of it, again once the commune is known."""
    return None if state.judged else (state, (JudgeItems(state.items, state.insee),))


def recall(state: State, lead: Wording) -> Step | None:
    """The earlier address of this number, only as a question, and only when nothing was said of the place yet.

    Somebody else may ring from that telephone: the street is said, never the number.
    """
    if state.where != Where() or state.caller is None:
        return None
    if not state.recalled:
        return state, (RecallAddress(state.caller),)
    if state.earlier is None:
        return None
    known = state.world.communes.get(state.earlier.insee)
    place = spoken_commune(known) if known else state.earlier.commune
    return ask(state, Act.RECALL_ADDRESS, lead, street=state.earlier.street, commune=place)


def commune(state: State, lead: Wording) -> Step | None:
    """The commune or arrondissement, before the street."""
    where = state.where
    if where.insee or where.anywhere:
        return None
    if where.in_marseille:
        return ask(state, Act.ASK_COMMUNE, lead, VARIANTS["ask_arrondissement"])
    doubted = state.world.communes.get(where.doubt[0]) if where.doubt else None
    if doubted is not None:
        return ask(state, Act.CONFIRM_COMMUNE, lead, commune=spoken_commune(doubted))
    return ask(state, Act.ASK_COMMUNE, lead, VARIANTS["commune_misheard"] if where.communes_refused else ())


def address(state: State, lead: Wording) -> Step | None:
    """Street and number, looked up and read back."""
    where = state.where
    if where.confirmed:
        return None
    if where.doubted:
        return ask(state, Act.ASK_PART, lead)
    if not (where.street_heard or where.initials):
        return _ask_street(state, lead)
    if where.street_sure and where.number is None:
        return _ask_number(state, lead)
    if not where.searched:
        return state, (FindAddress(where.heard, where.readings),)
    if not where.candidates:
        return _ask_street(state, lead or LEAD_INS["not_found"])
    if where.choosing:
        return _choose(state, lead)
    return _about(state, where.candidates[0], lead)


def _ask_street(state: State, lead: Wording) -> Step:
    """The next rung of the ladder: number and street, the street alone, its first letters, a place for the agent."""
    where = state.where
    match where.rounds:
        case 0 if where.number is None:
            return ask(state, Act.ASK_ADDRESS, lead)
        case 0 | 1:
            return ask(state, Act.ASK_ADDRESS, lead, VARIANTS["street_alone"])
        case 2:
            return ask(state, Act.ASK_INITIALS, lead)
    return ask(state, Act.ASK_LANDMARK, lead)


def _ask_number(state: State, lead: Wording) -> Step:
    by_keys = state.where.number_rounds >= KEYS_FROM
    return ask(state, Act.ASK_NUMBER, lead, VARIANTS["number_by_keys"] if by_keys else ())


def _choose(state: State, lead: Wording) -> Step:
    together = offered(state.where.candidates)
    apart = difference(together)
    lines = spoken_choices(together, apart, state.world.communes)
    in_street = apart in (Difference.NUMBER, Difference.COMMUNE)
    chosen, acts = ask(
        state,
        Act.CHOOSE_ADDRESS,
        lead,
        VARIANTS["choose_in_street"] if in_street else (),
        lines,
        street=together[0].address.street,
        choices=", ou ".join(lines),
        keys=", ".join(f"{line}, tapez {key}" for key, line in enumerate(lines, start=1)),
    )
    if chosen.asked is None or apart not in _ANSWERS:
        return chosen, acts
    asked = replace(chosen.asked, expect=_ANSWERS[apart])
    return replace(chosen, asked=asked), (asked,)


def _about(state: State, best: AddressCandidate, lead: Wording) -> Step:
    where = state.where
    if best.address.number is None:
        return _ask_number(state, lead)
    doubtful = best.number_check is NumberCheck.UNKNOWN and not where.number_typed
    if doubtful and where.number_doubted != where.number:
        doubted = replace(state, where=replace(where, number_doubted=where.number))
        return ask(doubted, Act.ASK_NUMBER, lead, VARIANTS["number_unknown"])
    return ask(state, Act.CONFIRM_ADDRESS, lead, address=spoken_address(best.address, state.world.communes))


def date(state: State, lead: Wording) -> Step | None:
    """A date with room, held for this call."""
    when, place = state.when, state.where.confirmed
    if when.held or place is None:
        return None
    if when.chosen:
        return state, (HoldDate(place, state.items, when.chosen),)
    if not when.searched:
        caller = state.caller if state.errand.goal is Goal.BOOK else None
        return state, (FindDates(place, state.items, when.wish, when.after, caller),)
    if (known := already(state, lead)) is not None:
        return known
    days = spoken_days([offer.day for offer in when.offered])
    keys = ". ".join(f"Le {day}, tapez {key}" for key, day in enumerate(days, start=1))
    return ask(
        state,
        Act.OFFER_DATES,
        lead or _why_again(state),
        VARIANTS["one_date"] if len(days) == 1 else (),
        tuple(f"le {spoken_date(offer.day)}" for offer in when.offered),
        dates=listed([f"le {day}" for day in days], "ou"),
        keys=keys,
    )


def _why_again(state: State) -> Wording:
    """Why dates are offered once more, where the calendar has changed in the meantime."""
    if state.when.closed:
        return LEAD_INS["date_closed"]
    return LEAD_INS["date_taken"] if state.when.taken else ()


def contact(state: State, lead: Wording) -> Step | None:
    """Where the SMS goes, the number that calls first; a call instead for who has no mobile and wants one."""
    known = state.contact
    if known.confirmed:
        return None
    if known.declined:
        return reminder(state, lead)
    if known.phone:
        return ask(state, Act.CONFIRM_PHONE, lead, phone=spoken_phone(known.phone))
    if state.caller and state.caller.is_french_mobile and not known.caller_refused:
        suggested = replace(state, contact=Contact(phone=state.caller))
        ending = spoken_ending(state.caller)
        return ask(
            suggested,
            Act.CONFIRM_PHONE,
            lead,
            VARIANTS["confirm_caller"],
            ending=ending,
            phone=spoken_phone(state.caller),
        )
    variant = "no_sms" if known.no_sms else "phone_misheard" if known.misheard else None
    return ask(state, Act.ASK_PHONE, lead, VARIANTS[variant] if variant else ())


def naming(state: State, lead: Wording) -> Step | None:
    """A name for the booking, only where the service asks for one."""
    known = state.naming
    if not state.world.asks_name or known.confirmed or known.declined:
        return None
    if known.name:
        return ask(state, Act.CONFIRM_NAME, lead, name=spoken_name(known))
    if known.refusals:
        return ask(state, Act.ASK_NAME_SPELLED, lead)
    return ask(state, Act.ASK_NAME, lead)


def recap(state: State, lead: Wording) -> Step | None:
    """Everything read back; only an explicit yes books."""
    place, day = state.where.confirmed, state.when.held
    if state.recap_accepted or place is None or day is None:
        return None
    return ask(
        state,
        Act.RECAP,
        lead,
        items=spoken_items(state.items, state.world.catalogue),
        address=spoken_address(place, state.world.communes),
        date=f"le {spoken_date(day)}",
    )


def booking(state: State, _lead: Wording) -> Step | None:
    """The booking itself."""
    place, day = state.where.confirmed, state.when.held
    if state.booked or place is None or day is None:
        return None
    phone = state.contact.phone if state.contact.confirmed else None
    name = state.naming.name if state.naming.confirmed else None
    draft = BookingDraft(
        state.call_id,
        place,
        state.items,
        day,
        phone,
        readback_accepted=state.recap_accepted,
        name=name,
        calls_wanted=state.contact.calls_wanted,
    )
    return state, (Book(draft),)


Rule = Callable[[State, Wording], Step | None]

AGENDAS: Mapping[Goal, tuple[Rule, ...]] = {
    Goal.BOOK: (
        unfinished, need, items, judgement, recall, commune, address, date, contact, naming, recap, booking,
    ),
    Goal.STATUS: (errands.more, errands.which_booking, errands.tell_status),
    Goal.MISSED: (errands.more, errands.which_booking, errands.missed_pickup),
    Goal.CANCEL: (errands.more, errands.which_booking, errands.cancelling),
    Goal.AMEND: (
        errands.more, errands.which_booking, errands.to_change, errands.changed_items, judgement, date, contact,
        errands.confirm_change, errands.amend,
    ),
    Goal.FLY_TIP: (errands.more, errands.tip_kind, commune, address, errands.tip_report),
}  # fmt: skip


def proceed(state: State, lead: Wording = ()) -> Step:
    """The next question or request; ``lead`` is said in front of a question."""
    if state.leaving:
        return call_back_question(state, lead)
    if state.wished:
        drops = state.wished is Goal.CANCEL and state.errand.goal is Goal.BOOK
        return ask(state, Act.CONFIRM_GOAL, lead, goal=DROP if drops else GOALS[state.wished])
    if state.naming.declined and not state.naming.told:
        state = replace(state, naming=replace(state.naming, told=True))
        lead = (*lead, *LEAD_INS["no_name"])
    if state.asked_about:
        return ask(state, Act.OFFER_BOOKING, lead)
    for rule in AGENDAS[state.errand.goal]:
        if (outcome := rule(state, lead)) is not None:
            return outcome
    return state, ()
