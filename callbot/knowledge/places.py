"""Reads ``territories/*.yaml``: communes, sectors, days, capacities, cut-offs, put-out rules, own verdicts on items."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from callbot.domain.items import Certainty, Ruling
from callbot.domain.territories import BookingMode, Closure, CutOff, PutOut, SectorRules, TerritoryRules
from callbot.knowledge import provenance
from callbot.knowledge.base import Provenance, Rule
from callbot.knowledge.items import check_id, read_ruling
from callbot.knowledge.problems import nearest
from callbot.knowledge.sheet import Entry, Value, known_only

_KEYS = (
    "id", "name", "mode", "communes", "marks", "sectors", "cut_off", "put_out", "limits", "horizon_days", "closures",
    "works_on_holidays", "verdicts", *provenance.KEYS,
)  # fmt: skip
_INSEE = re.compile(r"\d{5}|2[AB]\d{3}")
_LONGEST_HORIZON = 366
_MOST_A_DAY = 2000


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


@dataclass(slots=True)
class Places:
    """What was read so far, over all files. ``items``: ids a territory may rule on."""

    items: Collection[str]
    territories: list[TerritoryRules] = field(default_factory=list)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    rule_marks: dict[str, dict[Rule, Certainty]] = field(default_factory=dict)
    rulings: dict[str, dict[str, Ruling]] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)
    _sectors: dict[str, str] = field(default_factory=dict)

    def read(self, root: Entry) -> None:
        """Add the territory of one file."""
        root.only(*_KEYS)
        territory = root.text("id")
        check_id(root, territory, "id")
        if territory in self.rule_marks:
            root.note(f'territory "{territory}" appears in two files; expected one file for each', "id")
            return
        origin = provenance.read_provenance(root)
        communes = self._communes(root, territory)
        limits = _limits(root)
        mode = root.choice("mode", BookingMode)
        self.rule_marks[territory] = _marks(root, origin)
        self.provenance[f"territory/{territory}"] = origin
        self.territories.append(
            TerritoryRules(
                id=territory,
                name=root.text("name"),
                communes=communes,
                mode=mode,
                sectors=self._read_sectors(root, communes),
                cut_off=_cut_off(root),
                put_out=_put_out(root),
                max_items=limits[0],
                max_volume_m3=limits[1],
                horizon_days=_horizon(root, mode),
                closures=_closures(root),
                works_on_holidays=root.flag("works_on_holidays", default=False),
                sample=origin.sample,
                source=origin.source,
                certainty=origin.certainty,
            )
        )
        self._read_verdicts(root, territory, origin)

    def _communes(self, root: Entry, territory: str) -> frozenset[str]:
        block = root.entry("communes")
        if block is None:
            return frozenset()
        for insee, node in block.keys.items():
            code = Value(insee, root.sheet, node)
            if not _INSEE.fullmatch(insee):
                code.note(f'"{insee}" in communes: expected an INSEE code of five digits, like 13055')
            owner = self._owners.setdefault(insee, territory)
            if owner != territory:
                code.note(f'commune {insee} already belongs to the territory "{owner}"; expected in one territory only')
            block.text(insee)
        return frozenset(block.keys)

    def _read_sectors(self, root: Entry, communes: frozenset[str]) -> tuple[SectorRules, ...]:
        served: dict[str, str] = {}
        return tuple(self._read_sector(entry, communes, served) for entry in root.children("sectors", optional=True))

    def _read_sector(self, entry: Entry, communes: frozenset[str], served: dict[str, str]) -> SectorRules:
        check_id(entry, entry.name)
        entry.only("name", "communes", "weekdays", "capacity")
        if self._sectors.setdefault(entry.name, entry.sheet.file) != entry.sheet.file:
            entry.note(f'sector "{entry.name}" appears in two territories; expected one entry for each sector')
        codes = entry.codes("communes")
        for code in codes:
            owner = served.setdefault(code.text, entry.name)
            if known_only(code, communes, "commune of this territory") and owner != entry.name:
                code.note(f'commune {code.text} is already in the sector "{owner}"; expected in one sector only')
        return SectorRules(
            id=entry.name,
            name=entry.text("name"),
            communes=frozenset(code.text for code in codes),
            weekdays=frozenset(_weekdays(entry)),
            capacity=entry.whole("capacity", 1, _MOST_A_DAY),
        )

    def _read_verdicts(self, root: Entry, territory: str, origin: Provenance) -> None:
        for entry in root.children("verdicts", root, optional=True):
            entry.only("verdict", "alternative", *provenance.KEYS)
            if entry.name not in self.items:
                entry.note(f'unknown item "{entry.name}" in verdicts{nearest(entry.name, sorted(self.items))}')
            own = provenance.read_provenance(entry) if entry.values.keys() & set(provenance.KEYS) else origin
            ruling = read_ruling(entry, entry.name, own)
            self.rulings.setdefault(entry.name, {})[territory] = ruling


def _weekdays(entry: Entry) -> list[int]:
    days = entry.texts("weekdays", at_least=1)
    names = [day.value for day in Weekday]
    return [Weekday(day.text).number for day in days if known_only(day, names, "weekday")]


def _marks(root: Entry, origin: Provenance) -> dict[Rule, Certainty]:
    marks = dict.fromkeys(Rule, origin.certainty)
    block = root.entry("marks", optional=True)
    if block is not None:
        block.only(*Rule)
        marks |= {rule: block.choice(rule, Certainty) for rule in Rule if rule in block}
    return marks


def _cut_off(root: Entry) -> CutOff | None:
    entry = root.entry("cut_off", optional=True)
    if entry is None:
        return None
    entry.only("days_before", "at")
    return CutOff(entry.whole("days_before", 0, 30), entry.clock("at"))


def _put_out(root: Entry) -> PutOut | None:
    entry = root.entry("put_out", optional=True)
    if entry is None:
        return None
    entry.only("evening_before", "start", "latest", "place", "spoken")
    rule = PutOut(
        evening_before=entry.flag("evening_before"),
        start=entry.clock("start"),
        latest=entry.clock("latest"),
        place=entry.text("place"),
        spoken=entry.text("spoken"),
    )
    if not rule.evening_before and rule.latest <= rule.start and "latest" in entry:
        entry.note('"latest" in put_out: expected a time after "start", or "evening_before: true"', "latest")
    return rule


def _limits(root: Entry) -> tuple[int | None, float | None]:
    entry = root.entry("limits", optional=True)
    if entry is None:
        return None, None
    entry.only("max_items", "max_volume_m3")
    items = entry.whole("max_items", 1, 100) if "max_items" in entry else None
    volume = entry.number("max_volume_m3", above=0, most=100) if "max_volume_m3" in entry else None
    return items, volume


def _horizon(root: Entry, mode: BookingMode) -> int:
    """How far ahead dates are offered; only needed where there are dates to offer."""
    needed = mode is BookingMode.APPOINTMENT or "horizon_days" in root
    return root.whole("horizon_days", 1, _LONGEST_HORIZON) if needed else 0


def _closures(root: Entry) -> tuple[Closure, ...]:
    return tuple(_closure(entry) for entry in root.children("closures", optional=True))


def _closure(entry: Entry) -> Closure:
    entry.only("first", "last", "reason")
    first = entry.day("first") or date.min
    last = entry.day("last") or date.max
    if last < first:
        entry.note(f'"last" of {entry.name} comes before "first"; expected the same day or later', "last")
    return Closure(first, last, entry.text("reason"))
