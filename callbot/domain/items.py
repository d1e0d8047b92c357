"""What people want taken away, and what the rules say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Certainty(StrEnum):
    """How well a fact of the knowledge base is established (marks of the sources)."""

    SOURCED = "S"
    """read in the source named beside it"""
    TYPICAL = "T"
    """typical of several French local rules, not proven for this métropole"""
    GENERAL = "G"
    """general professional knowledge, to be verified"""
    INFERRED = "I"
    """design advice or a sample value"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a "no" or a doubt rests on, so that nobody gets one without its rule and where the rule comes from.

    ``rule``: the entry and its key, like ``marseille_provence/limits.max_items`` or ``items/gravats``; ``version``: the
    first day of the rules it was read in, None where they carry no date. ``spoken``: the source as a caller hears it,
    empty where nobody worded it; ``most``: what a limit allows, in its own unit (objects, cubic metres, kilograms).
    """

    rule: str
    source: str
    certainty: Certainty
    version: date | None = None
    spoken: str = ""
    most: float | None = None


class Verdict(StrEnum):
    """What the rules say of an item. The machine never refuses for good: "refused" always names an alternative."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ASK_HUMAN = "ask_human"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict on one item in one territory, with what a caller may ask for: why, from where, what else to do."""

    item: str
    verdict: Verdict
    alternative: str = ""
    """spoken French sentence: what to do instead, or the condition that applies"""
    source: str = ""
    certainty: Certainty = Certainty.TYPICAL
    ground: Ground | None = None
    """the rule behind a refusal or a doubt; nothing where the item is accepted"""


@dataclass(frozen=True, slots=True)
class ItemKind:
    """An entry of the catalogue. ``id`` stable and ASCII, ``label`` and ``plural`` spoken French without article.

    ``by_territory``: rulings of territories that have their own, by ``TerritoryRules.key``; ``weight_kg`` of one
    object, None: not known.
    """

    id: str
    label: str
    plural: str
    feminine: bool
    synonyms: tuple[str, ...]
    volume_m3: float
    ruling: Ruling
    by_territory: Mapping[str, Ruling] = field(default_factory=dict)
    weight_kg: float | None = None

    def ruling_in(self, territory: str | None) -> Ruling:
        """The ruling of ``territory`` (``TerritoryRules.key``) where it has its own, the general one elsewhere."""
        return self.by_territory.get(territory or "", self.ruling)

    def spoken(self, quantity: int) -> str:
        """The item with its quantity: un matelas, deux matelas, une armoire; above sixteen in digits."""
        if quantity == 1:
            return f"{'une' if self.feminine else 'un'} {self.label}"
        return f"{_SPOKEN_QUANTITY.get(quantity, str(quantity))} {self.plural}"


_SPOKEN_QUANTITY = {
    2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf", 10: "dix",
    11: "onze", 12: "douze", 13: "treize", 14: "quatorze", 15: "quinze", 16: "seize",
}  # fmt: skip


_SOMETHING = ItemKind("", "objet", "objets", False, (), 0.0, Ruling("", Verdict.ASK_HUMAN))


@dataclass(frozen=True, slots=True)
class ItemLine:
    """So many of one item; ``heard`` is what the caller said for it."""

    item: str
    quantity: int
    heard: str = ""


class Catalogue:
    """All item kinds by id."""

    def __init__(self, kinds: Mapping[str, ItemKind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, item: str) -> ItemKind:
        return self._kinds[item]

    def __contains__(self, item: str) -> bool:
        return item in self._kinds

    def __len__(self) -> int:
        return len(self._kinds)

    @property
    def kinds(self) -> tuple[ItemKind, ...]:
        """Every kind, in the order of the knowledge base."""
        return tuple(self._kinds.values())

    def spoken(self, item: str, quantity: int) -> str:
        """An item with its quantity; one that left the catalogue since it was booked is "un objet"."""
        return self._kinds.get(item, _SOMETHING).spoken(quantity)

    def volume(self, lines: tuple[ItemLine, ...]) -> float:
        """Cubic metres of all lines together."""
        return sum(self[line.item].volume_m3 * line.quantity for line in lines)
