"""The search: what was heard -> candidate addresses with explained scores, step by step.

1. views: the readings of the sound, grouped by how it was read (with a prompt, without, with a short list of names);
2. scope: the commune when it is known; apart from it all of Marseille around an arrondissement (long streets cross);
3. match: in each view a street keeps its best reading; its likeness is the mean over the views;
4. number: does the base hold the house number in that street;
5. elsewhere: a street outside the arrondissement that was said counts less, unless only it has the number;
6. initials: a street that does not begin with the letters the caller spelled counts less;
7. rank, and turn likeness into probabilities.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.geography import Point
from callbot.domain.keypad import begins_with, typed
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer.communes import ARRONDISSEMENTS, MARSEILLE, Communes, communes
from callbot.gazetteer.folding import fold, words
from callbot.gazetteer.index import Match, StreetIndex
from callbot.gazetteer.probability import Model, probabilities
from callbot.gazetteer.records import Street
from callbot.gazetteer.sample import ensure_gazetteer
from callbot.gazetteer.store import BaseStatus, HouseNumber, Store
from callbot.gazetteer.utterance import heard as hear

SectorMap = Callable[[str, Point | None], str | None]
"""(INSEE code, point) -> id of the collection sector"""

View = Sequence[str]
"""readings of one sound, made in one way; each may be a whole sentence"""

MOST_READINGS = 12
"""of one view"""
MISSED = 0.03
"""a street that a view did not find is taken to be this much less like it than the last one found"""
NUMBER_KNOWN, NUMBER_UNKNOWN = 0.02, -0.03
ELSEWHERE = -0.25
"""for a street of another arrondissement than the one said"""
ELSEWHERE_WITH_NUMBER = -0.03
"""the same when the number only exists there: it is the same street further on"""
OTHER_INITIALS = -0.15
EXACT = 0.99
"""probability of a street whose name was given as the base writes it: it was read from the base, not heard"""
TYPED = Model(likeness=10.0, none=2.0)
"""among the few streets that begin with the letters typed likeness decides, less surely than among all: they were
asked for because it had told too little"""
LEAST_SCORE = 0.25
"""below, nothing was recognised"""
_NUMBER_REACH, _STREET_REACH = 0.003, 0.02
"""degrees of latitude"""
_LON_SCALE = math.cos(math.radians(43.4))
_RANKED = 40
"""streets of each view that go through the later steps"""


@dataclass(slots=True)
class Ranked:
    """A street on its way through the steps; ``views``: how alike it is to each view of the sound, 0..1."""

    match: Match
    """its best one"""
    views: tuple[float, ...]
    adjustments: dict[str, float] = field(default_factory=dict)
    check: NumberCheck = NumberCheck.NOT_CHECKED
    point: Point | None = None

    @property
    def street(self) -> Street:
        return self.match.street

    @property
    def score(self) -> float:
        """Mean likeness over the views, and what the later steps added."""
        return sum(self.views) / len(self.views) + sum(self.adjustments.values())

    @property
    def why(self) -> dict[str, float]:
        """The parts of the score."""
        parts = {"text": self.match.text, "sound": self.match.sound, "match": self.match.score}
        if len(self.views) > 1:
            parts |= {f"view {place}": alike for place, alike in enumerate(self.views, start=1)}
        return parts | self.adjustments


class Gazetteer:
    """Every street of the base in memory; house numbers are read from the file. Safe for several threads."""

    def __init__(self, store: Store, sector_of: SectorMap | None = None, known: Communes | None = None) -> None:
        self.communes = known or communes()
        self._store = store
        self._store_lock = Lock()
        self._sector_of = sector_of or (lambda insee, point: None)
        self.index = StreetIndex(list(store.streets()))
        self._status = store.status()

    def sector_of(self, insee: str, point: Point | None) -> str | None:
        """The collection sector there, as the map given to the constructor says."""
        return self._sector_of(insee, point)

    def close(self) -> None:
        """Close the base's file."""
        self._store.close()

    @property
    def status(self) -> BaseStatus:
        """What the base holds, and whether it is only the sample."""
        return self._status

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: object | None = None
    ) -> tuple[AddressCandidate, ...]:
        """``search`` in a thread, so that a large base never holds up the calls; ``sound`` is not listened to here."""
        return await asyncio.to_thread(self.search, heard, tuple(hypotheses))

    def search(
        self, heard: HeardAddress, hypotheses: Sequence[str] = (), limit: int = 5
    ) -> tuple[AddressCandidate, ...]:
        """Candidates for what was heard, best first, () when nothing is like it.

        ``heard.street_heard`` and each hypothesis may be a whole sentence. ``score`` ranks; ``probability`` says how
        sure (see ``probability``). ``why`` holds ``text`` and ``sound`` (each 0..1), their weighted sum ``match``,
        and what the later steps added.
        """
        if heard.initials and typed(heard.initials):
            return self._typed(heard, heard.initials, _texts(heard, hypotheses))[:limit]
        ranked = self.ranked(heard, (_texts(heard, hypotheses),))
        chances = probabilities([one.score for one in ranked])
        exact = fold(heard.street_heard or "")
        if ranked and heard.insee and exact == fold(ranked[0].street.name) and ranked[0].street.insee == heard.insee:
            chances = (EXACT, *((1 - EXACT) * chance for chance in chances[1:]))
        return self.candidates(heard, ranked, chances)[:limit]

    def ranked(self, heard: HeardAddress, views: Sequence[View]) -> list[Ranked]:
        """The streets most like what was heard, best first, each with its likeness to every view."""
        said, around = self._scope(heard)
        readings = [list(dict.fromkeys(view))[:MOST_READINGS] for view in views if any(view)]
        ranked = self._matches(readings, said) + (self._matches(readings, around) if around else [])
        self._check_numbers(ranked, heard)
        _discount_elsewhere(ranked, said)
        _discount_initials(ranked, heard.initials)
        return sorted((one for one in ranked if one.score >= LEAST_SCORE), key=lambda one: -one.score)

    def candidates(
        self,
        heard: HeardAddress,
        ranked: Sequence[Ranked],
        chances: Sequence[float],
        parts: Sequence[Mapping[str, float]] | None = None,
    ) -> tuple[AddressCandidate, ...]:
        """The streets as addresses with the number heard, each with its probability, in the order given.

        ``parts``: what else is to be told of each in ``why``.
        """
        told = parts or [{}] * len(ranked)
        return tuple(
            self._candidate(one, heard, chance, more) for one, chance, more in zip(ranked, chances, told, strict=True)
        )

    def renumbered(
        self, one: Ranked, candidate: AddressCandidate, number: int | None, repetition: str | None
    ) -> AddressCandidate:
        """``candidate`` of the street ``one`` with another house number, looked up again; None for no number."""
        address = replace(candidate.address, number=number, repetition=repetition, point=one.street.point)
        if number is None or not one.street.numbers:
            return replace(candidate, address=address, number_check=NumberCheck.NOT_CHECKED)
        point, exact = self._number_point(one.street.id, number, (repetition or "").lower())
        check = NumberCheck.KNOWN if exact else NumberCheck.UNKNOWN
        return replace(candidate, address=replace(address, point=point or one.street.point), number_check=check)

    def street_names(self, insee: str, limit: int) -> tuple[str, ...]:
        """Names of a commune's streets, those with most house numbers first: hints for the speech engine."""
        streets = [self.index.streets[i] for i in self.index.in_scope(self.communes.scope(insee))]
        ordered = sorted(streets, key=lambda street: -street.numbers)
        return tuple(dict.fromkeys(street.name for street in ordered))[:limit]

    def numbers(self, street: Street) -> tuple[HouseNumber, ...]:
        """The house numbers the base holds of a street, in order."""
        with self._store_lock:
            return self._store.numbers(street.id)

    def nearest(self, point: Point) -> StreetAddress | None:
        """The house number nearest to ``point`` within some 300 m, else the street nearest within some 2 km."""
        with self._store_lock:
            houses = self._store.numbers_near(point, _NUMBER_REACH)
        if houses:
            by_id = {street.id: street for street in self.index.streets}
            street_id, house = min(houses, key=lambda one: _distance(one[1].point, point))
            return self._address(by_id[street_id], house.number, house.repetition or None, house.point)
        placed = [(street, street.point) for street in self.index.streets if street.point]
        street, where = min(placed, key=lambda one: _distance(one[1], point), default=(None, point))
        if street is None or _distance(where, point) > _STREET_REACH:
            return None
        return self._address(street, None, None, where)

    def _scope(self, heard: HeardAddress) -> tuple[frozenset[str] | None, frozenset[str]]:
        """The communes that were said (None: any), and those around that are searched too, apart.

        Apart, because the streets of a whole city would push those of the arrondissement out of the ranking.
        """
        named = (heard.insee,) if heard.insee else heard.commune_doubt
        if not named:
            return None, frozenset()
        said = frozenset[str]().union(*(self.communes.scope(insee) for insee in named))
        return said, self.communes.scope(MARSEILLE) - said if said & {*ARRONDISSEMENTS} else frozenset()

    def _typed(self, heard: HeardAddress, keys: str, texts: View) -> tuple[AddressCandidate, ...]:
        """The streets that begin with the letters typed, those most like what was heard first.

        The keys are certain, so every street they leave is a candidate, however badly it was heard.
        """
        said, _ = self._scope(heard)
        here = self.index.streets if said is None else [self.index.streets[row] for row in self.index.in_scope(said)]
        left = [street for street in here if begins_with(fold(street.name).split(), keys)]
        likeness = {one.street.id: one for one in self._matches([texts], said)} if texts else {}
        least = min((one.score for one in likeness.values()), default=LEAST_SCORE)
        ranked = [likeness.get(street.id) or Ranked(Match(street, 0.0, 0.0), (least,)) for street in left]
        self._check_numbers(ranked, heard)
        ranked.sort(key=lambda one: -one.score)
        shares = probabilities([one.score for one in ranked], TYPED)
        return self.candidates(heard, ranked, shares)

    def _matches(self, views: Sequence[View], allowed: frozenset[str] | None) -> list[Ranked]:
        """Each street that any view found, with its best reading in each."""
        carriers = self._commune_words(allowed)
        bests = [self._best_of(view, carriers, allowed) for view in views]
        least = [min((match.score for match in best.values()), default=0.0) - MISSED for best in bests]
        found: dict[int, Match] = {}
        for best in bests:
            for street, match in best.items():
                if street not in found or match.score > found[street].score:
                    found[street] = match
        return [
            Ranked(
                match,
                tuple(b[street].score if street in b else max(0.0, low) for b, low in zip(bests, least, strict=True)),
                point=match.street.point,
            )
            for street, match in found.items()
        ]

    def _best_of(self, view: View, carriers: frozenset[str], allowed: frozenset[str] | None) -> dict[int, Match]:
        """By street, its best match among the readings of one view."""
        once = {" ".join(words(reading)): reading for reading in reversed(view)}.values()
        best: dict[int, Match] = {}
        for matches in self.index.search([hear(reading, carriers) for reading in once], allowed, _RANKED):
            for match in matches:
                if match.street.id not in best or match.score > best[match.street.id].score:
                    best[match.street.id] = match
        return best

    def _commune_words(self, allowed: frozenset[str] | None) -> frozenset[str]:
        """The words of the commune's name: "rue de la République à Aubagne" does not mean Rue d'Aubagne."""
        if allowed is None or len(allowed) > 3:
            return frozenset()
        found = (self.communes.get(insee) for insee in allowed)
        return frozenset(word for commune in found if commune for word in fold(commune.name).split())

    def _check_numbers(self, ranked: Sequence[Ranked], heard: HeardAddress) -> None:
        if heard.number is None:
            return
        for one in ranked:
            if not one.street.numbers:
                continue
            point, exact = self._number_point(one.street.id, heard.number, (heard.repetition or "").lower())
            one.point = point or one.point
            one.check = NumberCheck.KNOWN if exact else NumberCheck.UNKNOWN
            one.adjustments["number"] = NUMBER_KNOWN if exact else NUMBER_UNKNOWN

    def _number_point(self, street: int, number: int, repetition: str) -> tuple[Point | None, bool]:
        """The point of 12 bis, else of 12 (then not exact), else None."""
        with self._store_lock:
            if point := self._store.number(street, number, repetition):
                return point, True
            return (self._store.number(street, number) if repetition else None), False

    def _candidate(
        self, one: Ranked, heard: HeardAddress, probability: float, more: Mapping[str, float]
    ) -> AddressCandidate:
        address = self._address(one.street, heard.number, heard.repetition, one.point)
        why = {name: round(value, 4) for name, value in (one.why | dict(more)).items()}
        return AddressCandidate(address, round(min(one.score, 1.0), 4), round(probability, 4), one.check, why)

    def _address(
        self, street: Street, number: int | None, repetition: str | None, point: Point | None
    ) -> StreetAddress:
        commune = self.communes.get(street.insee)
        return StreetAddress(
            street=street.name,
            insee=street.insee,
            commune=commune.name if commune else "",
            postcode=street.postcode,
            number=number,
            repetition=repetition,
            point=point,
            sector=self._sector_of(street.insee, point),
        )


def open_gazetteer(path: Path, sector_of: SectorMap | None = None) -> Gazetteer:
    """The base at ``path``, built from the sample where there is none. Raises ``UnreadableBaseError``."""
    ensure_gazetteer(path)
    return Gazetteer(Store(path), sector_of)


def _distance(one: Point, other: Point) -> float:
    """Degrees of latitude between two points of the métropole."""
    return math.hypot((one.lon - other.lon) * _LON_SCALE, one.lat - other.lat)


def _texts(heard: HeardAddress, hypotheses: Sequence[str]) -> tuple[str, ...]:
    """What is to be searched, best first, each once."""
    texts = (heard.street_heard or "", *hypotheses)
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _discount_initials(ranked: Sequence[Ranked], initials: str | None) -> None:
    if initials is None:
        return
    for one in ranked:
        if not begins_with(fold(one.street.name).split(), initials):
            one.adjustments["initials"] = OTHER_INITIALS


def _discount_elsewhere(ranked: Sequence[Ranked], said: frozenset[str] | None) -> None:
    if said is None:
        return
    here = [one for one in ranked if one.street.insee in said]
    ends_before = {one.street.name for one in here} - {o.street.name for o in here if o.check is NumberCheck.KNOWN}
    for one in ranked:
        if one.street.insee not in said:
            further_on = one.check is NumberCheck.KNOWN and one.street.name in ends_before
            one.adjustments["elsewhere"] = ELSEWHERE_WITH_NUMBER if further_on else ELSEWHERE
