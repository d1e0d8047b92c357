"""Which rule of which commune is filled in, only a sample, or missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from callbot.domain.geography import Commune
from callbot.domain.items import Certainty
from callbot.domain.territories import BookingMode, TerritoryRules
from callbot.knowledge.base import KnowledgeBase, Rule


class Filled(StrEnum):
    """How far a rule of a commune can be relied on."""

    FILLED = "filled"
    """established by a source (mark S)"""
    SAMPLE = "sample"
    """a value is there to run with, not proven (marks T, G, I)"""
    MISSING = "missing"
    """nothing is there: a person decides"""


_WORSE = (Filled.FILLED, Filled.SAMPLE, Filled.MISSING)


@dataclass(frozen=True, slots=True)
class CommuneCoverage:
    """One row of the table; ``territory`` is its name, empty when no territory holds the commune."""

    commune: Commune
    territory: str
    rules: Mapping[Rule, Filled]


@dataclass(frozen=True, slots=True)
class TerritoryCoverage:
    """One row of the table territory x rule on a day; ``version`` is the key of the rules in force, None: none are.

    A rule counts as the least established one of the territory's communes: known in half of them is not known.
    """

    id: str
    name: str
    version: str | None
    valid_from: date | None
    valid_to: date | None
    rules: Mapping[Rule, Filled]


def coverage_of_territories(kb: KnowledgeBase, day: date) -> tuple[TerritoryCoverage, ...]:
    """The table territory x rule on ``day``, in the order of the knowledge base."""
    by_id: dict[str, list[TerritoryRules]] = {}
    for rules in kb.territories:
        by_id.setdefault(rules.id, []).append(rules)
    return tuple(_of_territory(kb, versions, day) for versions in by_id.values())


def _of_territory(kb: KnowledgeBase, versions: list[TerritoryRules], day: date) -> TerritoryCoverage:
    current = next((rules for rules in versions if rules.valid_on(day)), None)
    if current is None:
        name = versions[-1].name
        return TerritoryCoverage(versions[0].id, name, None, None, None, dict.fromkeys(Rule, Filled.MISSING))
    rows = [_rules_of(kb, current, insee, _items(kb, current.key)) for insee in current.communes]
    worst = {rule: max((row[rule] for row in rows), key=_WORSE.index, default=Filled.MISSING) for rule in Rule}
    return TerritoryCoverage(current.id, current.name, current.key, current.valid_from, current.valid_to, worst)


def coverage(kb: KnowledgeBase, communes: Iterable[Commune], day: date | None = None) -> tuple[CommuneCoverage, ...]:
    """The table commune x rule on ``day`` (the newest rules without one), in the order of ``communes``."""
    items = {territory.key: _items(kb, territory.key) for territory in kb.territories}
    return tuple(_row(kb, commune, items, day) for commune in communes)


def _row(kb: KnowledgeBase, commune: Commune, items: Mapping[str, Filled], day: date | None) -> CommuneCoverage:
    territory = kb.territory_of(commune.insee, day)
    if territory is None:
        return CommuneCoverage(commune, "", dict.fromkeys(Rule, Filled.MISSING))
    return CommuneCoverage(commune, territory.name, _rules_of(kb, territory, commune.insee, items[territory.key]))


def _rules_of(kb: KnowledgeBase, territory: TerritoryRules, insee: str, items: Filled) -> dict[Rule, Filled]:
    marks = kb.rule_marks[territory.key]
    there = _present(territory, insee)
    rules = {rule: _state(there[rule], marks[rule]) for rule in Rule if rule is not Rule.ITEMS}
    return rules | {Rule.ITEMS: items}


def _present(territory: TerritoryRules, insee: str) -> dict[Rule, bool]:
    in_sector = territory.sector_of(insee) is not None or _in_sectors_by_arrondissement(territory, insee)
    return {
        Rule.MODE: territory.mode is not BookingMode.UNKNOWN,
        Rule.SECTOR: in_sector,
        Rule.CALENDAR: in_sector,
        Rule.CAPACITY: in_sector,
        Rule.CUT_OFF: territory.cut_off is not None,
        Rule.PUT_OUT: territory.put_out is not None,
        Rule.LIMITS: territory.max_items is not None and territory.max_volume_m3 is not None,
        Rule.WEIGHT: territory.max_weight_kg is not None,
        Rule.HOUSEHOLD: territory.household is not None,
        Rule.ASSISTED: territory.assisted is not None,
        Rule.PROFESSIONALS: territory.professionals is not None,
    }


def _in_sectors_by_arrondissement(territory: TerritoryRules, insee: str) -> bool:
    """Marseille as a whole is covered when each of its 16 arrondissements is."""
    return insee == "13055" and all(territory.sector_of(str(13200 + number)) for number in range(1, 17))


def _state(present: bool, mark: Certainty) -> Filled:
    if not present:
        return Filled.MISSING
    return Filled.FILLED if mark is Certainty.SOURCED else Filled.SAMPLE


def _items(kb: KnowledgeBase, territory: str) -> Filled:
    sourced = all(kind.ruling_in(territory).certainty is Certainty.SOURCED for kind in kb.catalogue.kinds)
    return Filled.FILLED if sourced else Filled.SAMPLE
