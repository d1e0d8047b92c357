"""What yes, no, a choice or a part mean for the questions about the address; what is not refused is kept."""

from __future__ import annotations

from dataclasses import replace

from callbot.dialogue.absorb import kept_from, moved
from callbot.dialogue.address_policy import Difference, Plan, difference, folded, key, offered, plan, without
from callbot.dialogue.state import MOST_COMMUNES_NAMED, State, Where
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.meaning import AddressPart, HeardAddress, Meaning, YesNo

_PARTS = {1: AddressPart.NUMBER, 2: AddressPart.STREET}


def confirm_commune(state: State, meaning: Meaning) -> State | None:
    """Yes to the commune settles it, no goes on with the next one it could be, then asks for it."""
    where = state.where
    match meaning.yes_no:
        case YesNo.YES:
            return replace(state, where=replace(where, insee=where.doubt[0], doubt=()), judged=False)
        case YesNo.NO:
            refused = where.communes_refused | {where.doubt[0]}
            left = where.doubt[1:MOST_COMMUNES_NAMED]
            return replace(state, where=replace(where, doubt=left, communes_refused=refused))
    return None


def confirm_address(state: State, meaning: Meaning) -> State | None:
    """Yes settles the address; no goes on with the next likely ones, or with the part that is wrong."""
    place = state.where.candidates[0].address
    match meaning.yes_no:
        case YesNo.YES:
            return settled(state, place)
        case YesNo.NO if meaning.part:
            return _wrong(state, _refused(state.where, 1), place, meaning.part)
        case YesNo.NO:
            return _next(state, _refused(state.where, 1, meaning.address), place)
    return None


def ask_part(state: State, meaning: Meaning) -> State | None:
    """Drops the part that is wrong and keeps the others."""
    part = meaning.part or _PARTS.get(meaning.choice or 0)
    if part is None or state.where.doubted is None:
        return None
    return _wrong(state, state.where, state.where.doubted, part)


def choose_address(state: State, meaning: Meaning) -> State | None:
    """Takes the one that was named, to be read back; none of them goes on with the others."""
    together = offered(state.where.candidates)
    chosen = _named(together, meaning)
    if chosen is not None and meaning.yes_no is not YesNo.NO:
        kept = kept_from(state.where, chosen.address)
        sure = replace(chosen, probability=1.0)
        return replace(state, where=replace(kept, candidates=(sure,), choosing=False, searched=True))
    if meaning.yes_no is not YesNo.NO:
        return None
    left = _refused(state.where, len(together))
    if plan(left.candidates) is not Plan.ASK_AGAIN:
        return replace(state, where=left)
    place = together[0].address
    match difference(together):
        case Difference.NUMBER:
            return _wrong(state, left, place, AddressPart.NUMBER)
        case Difference.COMMUNE if not left.anywhere:
            return _wrong(state, left, place, AddressPart.COMMUNE)
    return replace(state, where=street_lost(left))


def recall_address(state: State, meaning: Meaning) -> State | None:
    """Yes takes the street and asks for the number; no forgets that there was an earlier address."""
    place = state.earlier
    if place is None or meaning.yes_no is None:
        return None
    forgotten = replace(state, earlier=None)
    if meaning.yes_no is YesNo.NO or place.number is None:
        return forgotten
    street = place.street
    where = Where(insee=place.insee, street_heard=street, readings=(street,), street_sure=street, expected=place)
    return replace(forgotten, where=where, judged=False)


def settled(state: State, place: StreetAddress) -> State:
    """The state with ``place`` confirmed; its commune has its own rules."""
    where = replace(state.where, confirmed=place, insee=place.insee, anywhere=False, choosing=False)
    return replace(state, where=where, judged=state.judged and place.insee == state.insee)


def street_lost(where: Where) -> Where:
    """The street has to be asked another way; what was heard of it stays for a search by its letters."""
    return replace(
        where,
        street_heard=None,
        street_sure=None,
        initials=None,
        searched=False,
        candidates=(),
        choosing=False,
        rounds=where.rounds + 1,
    )


def _named(together: tuple[AddressCandidate, ...], meaning: Meaning) -> AddressCandidate | None:
    """The one of those offered whose number, arrondissement, name or place in the list the caller said."""
    if heard := meaning.address:
        fitting = [each for each in together if _fits(each.address, heard)]
        return fitting[0] if len(fitting) == 1 else None
    if meaning.choice and meaning.choice <= len(together):
        return together[meaning.choice - 1]
    return None


def _fits(place: StreetAddress, heard: HeardAddress) -> bool:
    said = heard.street_heard
    return (
        (heard.number is None or (heard.number, heard.repetition) == (place.number, place.repetition))
        and (heard.insee is None or heard.insee == place.insee)
        and (not heard.commune_doubt or heard.insee is not None or place.insee in heard.commune_doubt)
        and (said is None or folded(said) == folded(place.street))
    )


def _refused(where: Where, count: int, correction: HeardAddress | None = None) -> Where:
    """The first ``count`` are refused, and with a commune named again all that lie elsewhere."""
    gone = {key(each.address) for each in where.candidates[:count]}
    insee = correction.insee if correction else None
    left = without(
        where.candidates, lambda each: key(each.address) in gone or (insee is not None and each.address.insee != insee)
    )
    return replace(where, refused=where.refused | gone, candidates=left, choosing=plan(left) is Plan.OFFER)


def _next(state: State, where: Where, place: StreetAddress) -> State:
    """After a plain no to ``place``: the next likely ones; else the part in doubt; else the street another way."""
    if plan(where.candidates) is not Plan.ASK_AGAIN:
        return replace(state, where=where)
    if where.street_sure and not where.number_typed:
        return _wrong(state, where, place, AddressPart.NUMBER)
    if not where.part_asked:
        return replace(state, where=replace(where, candidates=(), choosing=False, doubted=place, part_asked=True))
    return replace(state, where=street_lost(where))


def _wrong(state: State, where: Where, place: StreetAddress, part: AddressPart) -> State:
    """``part`` of ``place`` is wrong, the rest stands."""
    kept = replace(kept_from(where, place), part_asked=True)
    match part:
        case AddressPart.NUMBER:
            again = replace(kept, insee=place.insee, doubt=(), number_rounds=where.number_rounds + 1)
            return moved(state, _numberless(again))
        case AddressPart.COMMUNE:
            return moved(state, replace(kept, insee=None, doubt=(), anywhere=False))
        case AddressPart.STREET:
            return moved(state, street_lost(kept))
    return moved(state, street_lost(_numberless(kept)))


def _numberless(where: Where) -> Where:
    return replace(where, number=None, repetition=None, number_typed=False, number_doubted=None, expected=None)
