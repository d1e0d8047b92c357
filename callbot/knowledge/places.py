"""Reads ``territories/*.yaml``: communes, sectors, days, capacities, cut-offs, put-out rules, own verdicts on items."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from callbot.domain.items import Certainty, Ruling
from callbot.domain.territories import BookingMode, SectorRules, TerritoryRules
from callbot.knowledge import blocks, provenance
from callbot.knowledge.base import Provenance, Rule
from callbot.knowledge.items import check_id, read_ruling
from callbot.knowledge.problems import Said, nearest
from callbot.knowledge.sheet import Entry, Value, known_only

_KEYS = (
    "id", "name", "mode", "communes", "marks", "sectors", "cut_off", "put_out", "limits", "horizon_days", "closures",
    "works_on_holidays", "holidays_worked", "household", "assisted", "professionals", "verdicts", *provenance.KEYS,
)  # fmt: skip
_INSEE = re.compile(r"\d{5}|2[AB]\d{3}")
_MOST_A_DAY = 2000
_MOST_ITEMS_A_DAY = 20000
_MOST_M3_A_DAY = 5000.0
_COMMUNE = Said("commune of this territory", "commune inconnue dans ce territoire")
_WEEKDAY = Said("weekday", "jour de la semaine inconnu")


class Weekday(StrEnum):
    """Days as the files write them, in the order of ``date.weekday()``."""

    MONDAY = "lundi"
    TUESDAY = "mardi"
    WEDNESDAY = "mercredi"
    THURSDAY = "jeudi"
    FRIDAY = "vendredi"
    SATURDAY = "samedi"
    SUNDAY = "dimanche"

    @property
    def number(self) -> int:
        """Monday = 0."""
        return list(Weekday).index(self)


@dataclass(frozen=True, slots=True)
class _Version:
    """The rules of one file, before it is known which other files are about the same territory."""

    root: Entry
    rules: TerritoryRules
    origin: Provenance
    marks: dict[Rule, Certainty]
    rulings: dict[str, Ruling]


@dataclass(slots=True)
class Places:
    """What was read so far, over all files. ``items``: ids a territory may rule on.

    The other fields are there once all files were read (``finish``), by ``TerritoryRules.key``.
    """

    items: Collection[str]
    territories: list[TerritoryRules] = field(default_factory=list)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    rule_marks: dict[str, dict[Rule, Certainty]] = field(default_factory=dict)
    rulings: dict[str, dict[str, Ruling]] = field(default_factory=dict)
    _versions: dict[str, list[_Version]] = field(default_factory=dict)
    _owners: dict[str, list[tuple[str, Provenance]]] = field(default_factory=dict)
    _sectors: dict[str, str] = field(default_factory=dict)

    def read(self, root: Entry) -> None:
        """Add the version of a territory that one file holds."""
        root.only(*_KEYS)
        territory = root.text("id")
        check_id(root, territory, "id")
        origin = provenance.read_provenance(root)
        marks = blocks.marks(root, origin)
        rules = self._rules(root, territory, origin, marks)
        rulings = self._read_verdicts(root, territory, origin)
        self._versions.setdefault(territory, []).append(_Version(root, rules, origin, marks, rulings))

    def finish(self) -> None:
        """Order the versions of each territory by date; their periods must follow one another day by day."""
        for versions in self._versions.values():
            versions.sort(key=lambda version: version.origin.valid_from)
            for earlier, later in pairwise(versions):
                _check_order(earlier, later)
            for place, version in enumerate(versions):
                self._add(version, replace(version.rules, later=place > 0))

    def _add(self, version: _Version, rules: TerritoryRules) -> None:
        self.territories.append(rules)
        self.provenance[f"territory/{rules.key}"] = version.origin
        self.rule_marks[rules.key] = version.marks
        for item, ruling in version.rulings.items():
            self.rulings.setdefault(item, {})[rules.key] = ruling

    def _rules(self, root: Entry, territory: str, origin: Provenance, marks: dict[Rule, Certainty]) -> TerritoryRules:
        communes = self._communes(root, territory, origin)
        limits = blocks.limits(root)
        mode = root.choice("mode", BookingMode)
        sectors = self._read_sectors(root, territory, communes, limits)
        return TerritoryRules(
            id=territory,
            name=root.text("name"),
            communes=communes,
            mode=mode,
            sectors=sectors,
            cut_off=blocks.cut_off(root),
            put_out=blocks.put_out(root),
            max_items=limits.items,
            max_volume_m3=limits.volume_m3,
            max_weight_kg=limits.weight_kg,
            horizon_days=blocks.horizon(root, mode),
            closures=blocks.closures(root, [sector.id for sector in sectors], origin),
            works_on_holidays=root.flag("works_on_holidays", default=False),
            holidays_worked=blocks.holidays_worked(root, origin),
            household=blocks.household(root),
            assisted=blocks.assisted(root),
            professionals=blocks.professionals(root),
            sample=origin.sample,
            source=origin.source,
            spoken_source=origin.spoken_source,
            certainty=origin.certainty,
            valid_from=origin.valid_from,
            valid_to=origin.valid_to,
            marks=blocks.marks_by_key(marks),
        )

    def _communes(self, root: Entry, territory: str, origin: Provenance) -> frozenset[str]:
        block = root.entry("communes")
        if block is None:
            return frozenset()
        for insee, node in block.keys.items():
            code = Value(insee, root.sheet, node)
            if not _INSEE.fullmatch(insee):
                code.note(
                    f'"{insee}" in communes: expected an INSEE code of five digits, like 13055',
                    f"« {insee} » dans communes : il faut un code INSEE de cinq chiffres, comme 13055",
                )
            owners = self._owners.setdefault(insee, [])
            for owner in sorted({name for name, held in owners if name != territory and _meet(held, origin)}):
                code.note(
                    f'commune {insee} already belongs to the territory "{owner}"; expected in one territory only',
                    f"la commune {insee} est déjà dans le territoire « {owner} » ; elle va dans un seul territoire",
                )
            owners.append((territory, origin))
            block.text(insee)
        return frozenset(block.keys)

    def _read_sectors(
        self, root: Entry, territory: str, communes: frozenset[str], limits: blocks.Limits
    ) -> tuple[SectorRules, ...]:
        served: dict[str, str] = {}
        sectors = []
        for entry in root.children("sectors", optional=True):
            if self._sectors.setdefault(entry.name, territory) != territory:
                entry.note(
                    f'sector "{entry.name}" appears in two territories; expected in one only',
                    f"le secteur « {entry.name} » est dans deux territoires ; il va dans un seul",
                )
            sectors.append(self._read_sector(entry, communes, served))
            _check_room(entry, sectors[-1], limits)
        return tuple(sectors)

    def _read_sector(self, entry: Entry, communes: frozenset[str], served: dict[str, str]) -> SectorRules:
        check_id(entry, entry.name)
        entry.only("name", "communes", "weekdays", "capacity", "capacity_items", "capacity_m3")
        codes = entry.codes("communes")
        for code in codes:
            owner = served.setdefault(code.text, entry.name)
            if known_only(code, communes, _COMMUNE) and owner != entry.name:
                code.note(
                    f'commune {code.text} is already in the sector "{owner}"; expected in one sector only',
                    f"la commune {code.text} est déjà dans le secteur « {owner} » ; elle va dans un seul secteur",
                )
        return SectorRules(
            id=entry.name,
            name=entry.text("name"),
            communes=frozenset(code.text for code in codes),
            weekdays=frozenset(_weekdays(entry)),
            capacity=entry.whole("capacity", 1, _MOST_A_DAY),
            capacity_items=entry.whole("capacity_items", 1, _MOST_ITEMS_A_DAY) if "capacity_items" in entry else None,
            capacity_m3=entry.number("capacity_m3", above=0, most=_MOST_M3_A_DAY) if "capacity_m3" in entry else None,
        )

    def _read_verdicts(self, root: Entry, territory: str, origin: Provenance) -> dict[str, Ruling]:
        rulings = {}
        for entry in root.children("verdicts", root, optional=True):
            entry.only("verdict", "alternative", *provenance.KEYS)
            if entry.name not in self.items:
                hint = nearest(entry.name, sorted(self.items))
                entry.note(
                    f'unknown item "{entry.name}" in verdicts{hint.english}',
                    f"objet inconnu dans verdicts : « {entry.name} »{hint.french}",
                )
            own = provenance.read_provenance(entry) if entry.values.keys() & set(provenance.KEYS) else origin
            rulings[entry.name] = read_ruling(entry, entry.name, own, f"{territory}/verdicts.{entry.name}")
        return rulings


def _meet(one: Provenance, other: Provenance) -> bool:
    """True when there is a day in both periods."""
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


def _check_order(earlier: _Version, later: _Version) -> None:
    name, file = earlier.rules.id, earlier.root.sheet.file
    begins, ends = later.origin.valid_from, earlier.origin.valid_to
    if ends is None or begins <= ends:
        found = (
            Said("has no valid_to", "n'a pas de valid_to")
            if ends is None
            else Said(f"ends on {ends}", f"finit le {ends}")
        )
        later.root.note(
            f'territory "{name}" appears in two files at a time: {file} {found.english}; expected it to end before'
            f" {begins}",
            f"le territoire « {name} » est dans deux fichiers à la fois : {file} {found.french} ; il doit finir avant"
            f" le {begins}",
            "valid_from",
        )
    elif begins - ends > timedelta(days=1):
        later.root.note(
            f'territory "{name}" has no rules between {ends} ({file}) and {begins}; expected the day after',
            f"le territoire « {name} » n'a pas de règles entre le {ends} ({file}) et le {begins} ; il faut le jour"
            " suivant",
            "valid_from",
        )


def _check_room(entry: Entry, sector: SectorRules, limits: blocks.Limits) -> None:
    """A day must take the largest appointment allowed, or that one would never find a day."""
    if sector.capacity_items is not None and limits.items is not None and sector.capacity_items < limits.items:
        entry.note(
            f"capacity_items of {sector.id}: expected at least max_items, {limits.items}",
            f"capacity_items de {sector.id} : il faut au moins max_items, {limits.items}",
            "capacity_items",
        )
    if sector.capacity_m3 is not None and limits.volume_m3 is not None and sector.capacity_m3 < limits.volume_m3:
        entry.note(
            f"capacity_m3 of {sector.id}: expected at least max_volume_m3, {limits.volume_m3:g}",
            f"capacity_m3 de {sector.id} : il faut au moins max_volume_m3, {limits.volume_m3:g}",
            "capacity_m3",
        )


def _weekdays(entry: Entry) -> list[int]:
    days = entry.texts("weekdays", at_least=1)
    names = [day.value for day in Weekday]
    return [Weekday(day.text).number for day in days if known_only(day, names, _WEEKDAY)]
