"""What the services answered, and what the caller is told of it."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.acts import Act, DialogueAct
from callbot.dialogue.address_policy import Plan, folded, joined, key, plan, plan_of_typed, weighed
from callbot.dialogue.address_replies import settled, street_lost
from callbot.dialogue.agenda import proceed
from callbot.dialogue.already import already, over_limit
from callbot.dialogue.asking import Step, ask
from callbot.dialogue.people import hand_over
from callbot.dialogue.prompts import LEAD_INS, STATEMENTS, VARIANTS, Wording, said, sentence_by_sentence
from callbot.dialogue.reasons import (
    is_too_heavy,
    of_closure,
    of_cut_off,
    of_limit,
    of_no_date,
    of_no_rules,
    of_rulings,
    of_unmet_wish,
)
from callbot.dialogue.repair import STRIKES, offer_human
from callbot.dialogue.requests import aside
from callbot.dialogue.satisfaction import parting
from callbot.dialogue.state import Goal, State, When, Where
from callbot.dialogue.wording import spoken_closure, spoken_date
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import NotBooked
from callbot.domain.events import Booked, BookingFailed, ClosedThen, DatesFound, HandOverReason, ItemsJudged
from callbot.domain.items import Ruling, Verdict
from callbot.domain.keypad import typed
from callbot.domain.references import spoken_reference

_RESIDENCES = frozenset({"residence", "residences", "cite", "lotissement", "immeuble", "batiment", "copropriete"})


def judged(state: State, answer: ItemsJudged) -> Step:
    """Keeps what can be taken, tells what cannot and what to do instead."""
    if state.asked_about:
        return _whether(state, answer)
    if answer.too_many:
        no = of_limit(answer.ground) if answer.ground else None
        return hand_over(replace(state, no=no), HandOverReason.ITEM_DOUBT, "too_many")
    rejected = {ruling.item: ruling for ruling in answer.rulings if ruling.verdict is not Verdict.ACCEPTED}
    kept = tuple(line for line in state.items if line.item not in rejected)
    doubtful = [ruling for ruling in rejected.values() if ruling.verdict is Verdict.ASK_HUMAN]
    if doubtful and not kept:
        return _for_a_person(replace(state, no=of_rulings(state, doubtful)), doubtful[0])
    if rejected:
        state = replace(state, no=of_rulings(state, tuple(rejected.values())))
    told = tuple(_tell(state, ruling) for ruling in rejected.values())
    settled = replace(state, items=kept, judged=bool(kept), refused_all=not kept)
    asked, acts = proceed(replace(settled, asked=None, misses=0) if told else settled)
    return asked, (*told, *acts)


def _for_a_person(state: State, doubtful: Ruling) -> Step:
    item = _the_item(state, doubtful)
    if is_too_heavy(doubtful):
        own = _going_on(doubtful.alternative)
        return hand_over(state, HandOverReason.ITEM_DOUBT, "too_heavy", item=item, alternative=own)
    if doubtful.alternative:
        return hand_over(state, HandOverReason.ITEM_DOUBT, "own_doubt", alternative=doubtful.alternative)
    return hand_over(state, HandOverReason.ITEM_DOUBT, "doubt", item=item)


def _going_on(sentence: str) -> str:
    """A sentence as the end of one that has begun."""
    return sentence[:1].lower() + sentence[1:]


def _whether(state: State, answer: ItemsJudged) -> Step:
    """The answer to "prenez-vous... ?"; what is taken can be booked, unless something else is going on."""
    state = replace(state, no=of_rulings(state, answer.rulings) or state.no)
    told = tuple(_tell(state, ruling) for ruling in answer.rulings)
    taken = {ruling.item for ruling in answer.rulings if ruling.verdict is Verdict.ACCEPTED}
    lines = tuple(line for line in state.asked_about if line.item in taken)
    if state.items or state.errand.goal is not Goal.BOOK or not lines:
        return aside(replace(state, asked_about=()), told)
    asked, acts = ask(replace(state, asked_about=lines), Act.OFFER_BOOKING)
    return asked, (*told, *acts)


def _tell(state: State, ruling: Ruling) -> DialogueAct:
    if ruling.verdict is Verdict.ACCEPTED:
        return said(Act.TELL_RULING, STATEMENTS["accepted"], item=_the_item(state, ruling))
    if is_too_heavy(ruling):
        own = _going_on(ruling.alternative)
        return said(Act.TELL_RULING, STATEMENTS["too_heavy"], item=_the_item(state, ruling), alternative=own)
    if ruling.verdict is Verdict.ASK_HUMAN and ruling.alternative:
        return said(Act.TELL_RULING, STATEMENTS["own_doubt_rest"], alternative=ruling.alternative)
    if ruling.verdict is Verdict.ASK_HUMAN:
        return said(Act.TELL_RULING, STATEMENTS["doubt_rest"], item=_the_item(state, ruling))
    return said(Act.TELL_RULING, STATEMENTS["refused"], item=_the_item(state, ruling), alternative=ruling.alternative)


def _the_item(state: State, ruling: Ruling) -> str:
    lines = state.asked_about or state.items
    quantity = next((line.quantity for line in lines if line.item == ruling.item), 1)
    return state.world.catalogue.spoken(ruling.item, quantity)


def placed(state: State, found: tuple[AddressCandidate, ...]) -> Step:
    """Reads the best back or offers it beside its rivals; with nothing likely left the street is asked another way."""
    where = _remembering(state.where, found)
    state = replace(state, where=where)
    likely = weighed(
        where.found_before if where.street_sure is None else found,
        refused=where.refused,
        street=where.street_sure,
        number=where.number if where.number_typed else None,
        initials=where.initials,
    )
    way = plan_of_typed(likely) if _typed_letters(where) else plan(likely)
    if way is Plan.ASK_AGAIN:
        return _not_found(state)
    # Who names a street instead of choosing is read the best one back: the same choice again would be a loop.
    close = way is Plan.OFFER and state.asked_act not in (Act.CHOOSE_ADDRESS, Act.CONFIRM_ADDRESS)
    searched = replace(state, where=replace(where, searched=True, candidates=likely, choosing=close))
    return proceed(settled(searched, likely[0].address) if _is_expected(where, likely[0]) else searched)


def _typed_letters(where: Where) -> bool:
    return where.initials is not None and typed(where.initials)


def _remembering(where: Where, found: tuple[AddressCandidate, ...]) -> Where:
    """``where`` with what was found, joined with what an earlier utterance of the same street led to."""
    if where.street_sure is not None:
        return where
    another = where.initials is None and where.street_heard != where.found_before_for
    said_again = where.rounds > 0 and (another or _typed_letters(where))
    together = joined(where.found_before, found) if said_again else found
    return replace(where, found_before=together, found_before_for=where.street_heard)


def _is_expected(where: Where, best: AddressCandidate) -> bool:
    """The number said is that of the earlier address whose street the caller agreed to: nothing is in doubt, and the
    recap reads it back."""
    place = best.address
    as_said = (place.number, place.repetition) == (where.number, where.repetition)
    return as_said and where.expected is not None and key(place) == key(where.expected)


def _not_found(state: State) -> Step:
    """Said in a sentence that fits, and asked another way; three times in a row a person is offered."""
    lead, where = _why_not_found(state), state.where
    lost = replace(state, where=street_lost(where), setbacks=state.setbacks + 1)
    if where.rounds == 1 and where.insee and not where.commune_checked and not where.insee.startswith("132"):
        # A commune misheard has none of the caller's streets: once, it is doubted rather than the street. Around an
        # arrondissement of Marseille its neighbours are searched anyway.
        doubtful = replace(lost.where, insee=None, doubt=(where.insee,), commune_checked=True)
        return proceed(replace(lost, where=doubtful, setbacks=0), lead)
    return offer_human(lost, VARIANTS["address_lost"]) if lost.setbacks >= STRIKES else proceed(lost, lead)


def _why_not_found(state: State) -> Wording:
    where = state.where
    if folded(where.street_heard or "").partition(" ")[0] in _RESIDENCES:
        return LEAD_INS["residence"]
    commune = state.world.communes.get(where.insee or "")
    if commune is None and not where.in_marseille:
        return LEAD_INS["not_found"]
    name = "Marseille" if commune is None or commune.arrondissement else commune.name
    return tuple(part.format(commune=name) for part in LEAD_INS["not_found_in"])


def recalled(state: State, address: StreetAddress | None) -> Step:
    """An earlier address of this number, to be asked about; one without a number leaves nothing to compare."""
    known = address if address and address.number is not None else None
    return proceed(replace(state, recalled=True, earlier=known))


def offered(state: State, answer: DatesFound) -> Step:
    """Dates to offer, or a person when there are none to know of."""
    if not answer.served:
        return _no_rules(state)
    if not answer.dates:
        return _no_date(state, answer.closed)
    when = replace(
        state.when,
        searched=True,
        offered=answer.dates,
        booked_there=answer.booked_there,
        over_limit=answer.over_limit,
        limit=answer.limit,
        ground=answer.ground,
    )
    found = replace(state, when=when)
    if (known := already(found)) is not None:
        return known
    wish = found.when.wish
    if wish is None or found.when.taken or any(wish.first <= offer.day <= wish.last for offer in answer.dates):
        return proceed(found)
    return _unmet(found, answer.closed)


def _no_rules(state: State) -> Step:
    return hand_over(replace(state, no=of_no_rules()), HandOverReason.RULE_UNKNOWN, "not_served")


def _no_date(state: State, closed: ClosedThen | None) -> Step:
    if closed is None:
        return hand_over(replace(state, no=of_no_date()), HandOverReason.NO_DATE, "no_date")
    known = replace(state, no=of_closure(closed))
    days = spoken_closure(closed.first, closed.last)
    return hand_over(known, HandOverReason.NO_DATE, "all_closed", days=days, cause=closed.reason)


def _closed(closed: ClosedThen) -> Wording:
    days = spoken_closure(closed.first, closed.last)
    return tuple(part.format(days=days, cause=closed.reason) for part in LEAD_INS["wish_closed"])


def _unmet(state: State, closed: ClosedThen | None) -> Step:
    """No room when the caller wished: said, and worded otherwise each time, so that nobody turns in circles."""
    state = replace(state, no=of_closure(closed) if closed else of_unmet_wish())
    setbacks = state.setbacks + 1
    lost = replace(state, setbacks=setbacks, misses=setbacks)
    if setbacks < STRIKES:
        return proceed(lost, _closed(closed) if closed else LEAD_INS["wish_unmet"])
    return ask(replace(lost, misses=0, setbacks=0), Act.OFFER_HUMAN, variant=VARIANTS["other_request"])


def booked(state: State, answer: Booked) -> Step:
    """The reference twice, how to put the objects out, how it was where that is asked, goodbye."""
    reference = spoken_reference(answer.reference)
    told: tuple[DialogueAct, ...] = (
        said(Act.GIVE_REFERENCE, STATEMENTS["booked"], date=spoken_date(answer.day)),
        said(Act.GIVE_REFERENCE, STATEMENTS["reference"], reference=reference),
        said(Act.GIVE_REFERENCE, STATEMENTS["reference_again"], reference=reference),
        *sentence_by_sentence(Act.PUT_OUT, answer.put_out),
    )
    return parting(replace(state, booked=answer, asked=None), told)


def not_booked(state: State, answer: BookingFailed) -> Step:
    """A place that is gone is looked for again; any other reason goes to a person. Nobody is refused by the machine."""
    match answer.reason:
        case NotBooked.NO_ROOM:
            return proceed(replace(state, when=When(taken=True), recap_accepted=False))
        case NotBooked.CUT_OFF_PASSED:
            known = replace(state, no=of_cut_off(answer.ground))
            return proceed(replace(known, when=When(taken=True, closed=True), recap_accepted=False))
        case NotBooked.HOUSEHOLD_LIMIT:
            return over_limit(replace(state, when=replace(state.when, ground=answer.ground or state.when.ground)))
        case NotBooked.NOT_SERVED:
            return _no_rules(state)
    return hand_over(state, HandOverReason.RULE_UNKNOWN, "not_booked")
