"""How to go on with an address, decided from how likely each candidate is. Pure.

``AddressCandidate.probability`` means what it says: of a hundred candidates at 0.7, seventy are right; what the
candidates of one search leave of 1 is "none of these". The thresholds weigh a caller's turn against a wrong address:
whatever is taken is still read back, and booked only after a yes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.keypad import begins_with

LEAST_LIKELY = 0.05
"""Below, a candidate is not worth a caller's time: one in twenty of such read-backs would be right."""
READ_BACK = 0.60
"""From here on the best is read back alone: the yes is likelier than in a choice, and a no still leaves the others."""
READ_ALONE = 0.35
"""The same without a rival: less, and two of three read-backs would be wrong; asking the street again costs no more."""
TOGETHER = 0.60
"""Candidates are offered together when they hold this much: below, "none of them" is too likely an answer."""
RIVAL = 0.40
"""A candidate is a rival of the best from this share of its probability on; one that is further behind is not named."""
MOST_OFFERED = 3
"""Callers keep no more in mind by ear."""
INSISTED = 0.80
"""A refused address that is heard again so clearly is read back again: the "no" itself may have been misheard."""
AGREEMENT = 50.0
"""How many times likelier a street gets that two hearings name: by Bayes' rule as many as streets are possible, some
hundreds in a sector; less, because the same voice is misheard in the same way twice."""
UNNAMED = 0.5
"""The same for a street that the hearing before did not name: it is one of "none of these", and most of those are
no streets."""
RECALL_WITHIN = timedelta(days=365)
"""Earlier bookings count so long: after a year people have moved too often."""
RECALL_MISSES = 2
"""After so many misunderstandings the question about an earlier address is dropped: it was a convenience only."""


class Plan(StrEnum):
    """What to do with the candidates of a search."""

    READ_BACK = "read_back"
    OFFER = "offer"
    ASK_AGAIN = "ask_again"


class Difference(StrEnum):
    """What tells candidates offered together apart, hence what is said of them."""

    STREET = "street"
    NUMBER = "number"
    COMMUNE = "commune"
    WHOLE = "whole"


def plan(candidates: Sequence[AddressCandidate]) -> Plan:
    """Read the best back, offer it beside its rivals, or ask again; ``candidates`` best first."""
    if not candidates:
        return Plan.ASK_AGAIN
    best = candidates[0].probability
    if best >= READ_BACK:
        return Plan.READ_BACK
    together = offered(candidates)
    if len(together) > 1 and sum(each.probability for each in together) >= TOGETHER:
        return Plan.OFFER
    return Plan.READ_BACK if best >= READ_ALONE else Plan.ASK_AGAIN


def plan_of_typed(candidates: Sequence[AddressCandidate]) -> Plan:
    """After letters were typed, the last way to ask: what they leave is offered, however little it is worth."""
    way = plan(candidates)
    if way is not Plan.ASK_AGAIN or not candidates:
        return way
    return Plan.OFFER if len(offered(candidates)) > 1 else Plan.READ_BACK


def offered(candidates: Sequence[AddressCandidate]) -> tuple[AddressCandidate, ...]:
    """The best and its rivals, three at most: those that are named when they are offered together."""
    rivals = [each for each in candidates if each.probability >= RIVAL * candidates[0].probability]
    return tuple(rivals[:MOST_OFFERED])


def difference(together: Sequence[AddressCandidate]) -> Difference:
    """The one thing that tells all of them apart, the whole address when there is none."""
    places = [each.address for each in together]
    if len({place.street for place in places}) == len(places):
        return Difference.STREET
    if len({place.street for place in places}) > 1:
        return Difference.WHOLE
    if len({place.insee for place in places}) == len(places):
        return Difference.COMMUNE
    one_commune = len({place.insee for place in places}) == 1
    return Difference.NUMBER if one_commune else Difference.WHOLE


def weighed(
    found: Sequence[AddressCandidate],
    *,
    refused: frozenset[tuple[str, str]] = frozenset(),
    street: str | None = None,
    number: int | None = None,
    initials: str | None = None,
) -> tuple[AddressCandidate, ...]:
    """What is left of a search, best first, once all that is certain has been taken into account.

    ``refused``: communes and lines the caller said no to; ``street``: the street as the base writes it, when the caller
    agreed to it; ``number``: the number when it was typed; ``initials``: letters the street was spelled with.
    """
    left = tuple(found)
    if street is not None and (same := tuple(each for each in left if each.address.street == street)):
        left = _to_one(same)
    if number is not None:
        left = without(left, lambda each: each.address.number not in (number, None))
    least = INSISTED if initials is None else 1.01  # letters alone are no new naming of a refused street
    left = without(left, lambda each: key(each.address) in refused and each.probability < least)
    if initials and any(begins(each.address.street, initials) for each in left):
        left = without(left, lambda each: not begins(each.address.street, initials))
    return tuple(sorted((c for c in left if c.probability >= LEAST_LIKELY), key=lambda c: -c.probability))


def joined(before: Sequence[AddressCandidate], found: Sequence[AddressCandidate]) -> tuple[AddressCandidate, ...]:
    """``found`` in the light of ``before``, both searches for the same street in different utterances, best first.

    Each hearing alone may leave a street at 0.2; named by both it is likely. What is left of 1 is "none of these".
    """
    if not before:
        return tuple(found)
    shares: dict[tuple[str, str], float] = {}
    for each in before:
        shares[_street(each)] = shares.get(_street(each), 0.0) + each.probability
    unsaid = max(0.0, 1 - sum(shares.values()))
    weights = [each.probability * max(AGREEMENT * shares.get(_street(each), 0.0), UNNAMED * unsaid) for each in found]
    total = sum(weights) + unsaid * max(0.0, 1 - sum(each.probability for each in found))
    if total <= 0:
        return tuple(found)
    weighted = zip(found, weights, strict=True)
    return tuple(
        sorted((replace(each, probability=one / total) for each, one in weighted), key=lambda each: -each.probability)
    )


def _street(candidate: AddressCandidate) -> tuple[str, str]:
    return candidate.address.insee, candidate.address.street


def without(
    candidates: Sequence[AddressCandidate], wrong: Callable[[AddressCandidate], bool]
) -> tuple[AddressCandidate, ...]:
    """The candidates that are not ``wrong``; what the wrong ones held goes to the others and to "none of these"."""
    left = tuple(each for each in candidates if not wrong(each))
    if len(left) == len(candidates):
        return left
    held = sum(each.probability for each in left)
    still_possible = max(1 - sum(each.probability for each in candidates if wrong(each)), held)
    return _scaled(left, still_possible)


def key(place: StreetAddress) -> tuple[str, str]:
    """What an address is refused by: its commune and its line."""
    return place.insee, place.line


def begins(street: str, initials: str) -> bool:
    """True when the name begins with the letters, spelled or typed (``domain.keypad``)."""
    return begins_with(folded(street).split(), initials)


def spelled(letters: str) -> str | None:
    """The first letters out of what was spelled or said ("R, O, M", "Rome"): four at most, None when it is no word."""
    words = folded(letters).split()
    if len(words) > 1 and any(len(word) > 1 for word in words):
        return None
    return "".join(words)[:4] or None


def folded(text: str) -> str:
    """Lower case without accents, words of letters and figures with one space between."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _to_one(candidates: tuple[AddressCandidate, ...]) -> tuple[AddressCandidate, ...]:
    """One of these is right: their probabilities sum to 1."""
    return _scaled(candidates, sum(each.probability for each in candidates))


def _scaled(candidates: tuple[AddressCandidate, ...], total: float) -> tuple[AddressCandidate, ...]:
    if total <= 0:
        return candidates
    return tuple(replace(each, probability=min(1.0, each.probability / total)) for each in candidates)
