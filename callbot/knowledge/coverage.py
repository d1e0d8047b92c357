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


@dataclass(frozen=True, slots=True)
class CommuneCoverage:
    """One row of the table; ``territory`` is its name, empty when no territory holds the commune."""

    commune: Commune
    territory: str
    rules: Mapping[Rule, Filled]


def coverage(kb: KnowledgeBase, communes: Iterable[Commune], day: date | None = None) -> tuple[CommuneCoverage, ...]:
    """The table commune x rule on ``day`` (the newest rules without one), in the order of ``communes``."""
    items = {territory.key: _items(kb, territory.key) for territory in kb.territories}
    return tuple(_row(kb, commune, items, day) for commune in communes)


def _row(kb: KnowledgeBase, commune: Commune, items: Mapping[str, Filled], day: date | None) -> CommuneCoverage:
    territory = kb.territory_of(commune.insee, day)
    if territory is None:
        return CommuneCoverage(commune, "", dict.fromkeys(Rule, Filled.MISSING))
    marks = kb.rule_marks[territory.key]
    there = _present(territory, commune.insee)
    rules = {rule: _state(there[rule], marks[rule]) for rule in Rule if rule is not Rule.ITEMS}
    return CommuneCoverage(commune, territory.name, rules | {Rule.ITEMS: items[territory.key]})


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
