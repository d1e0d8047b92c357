"""Reads the blocks of a territory file that stand for one rule each; what is absent stays unknown (None)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from callbot.domain.items import Certainty
from callbot.domain.territories import (
    Assisted,
    AssistedOffer,
    BookingMode,
    Closure,
    ClosureKind,
    CutOff,
    HouseholdLimit,
    Professionals,
    ProfessionalsMode,
    PutOut,
)
from callbot.knowledge.base import Provenance, Rule
from callbot.knowledge.problems import Said
from callbot.knowledge.sheet import Entry, Value, known_only
from callbot.knowledge.spoken import check_length

_LONGEST_HORIZON = 366
_LONGEST_WINDOW = 730
_HEAVIEST_KG = 1000
_SECTOR = Said("sector of this territory", "secteur inconnu dans ce territoire")
KEYS_OF = {
    Rule.SECTOR: ("sectors",),
    Rule.CALENDAR: ("closures", "works_on_holidays", "holidays_worked", "horizon_days"),
    Rule.WEIGHT: ("limits.max_weight_kg",),
}
"""keys of the file a mark stands for, where they are not its own name"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one appointment may take."""

    items: int | None = None
    volume_m3: float | None = None
    weight_kg: float | None = None


def marks(root: Entry, origin: Provenance) -> dict[Rule, Certainty]:
    """How well each rule is established: the mark of the file, where the rule has none of its own."""
    found = dict.fromkeys(Rule, origin.certainty)
    block = root.entry("marks", optional=True)
    if block is not None:
        block.only(*Rule)
        found |= {rule: block.choice(rule, Certainty) for rule in Rule if rule in block}
    return found


def marks_by_key(by_rule: dict[Rule, Certainty]) -> dict[str, Certainty]:
    """The same marks by the keys of the file."""
    return {key: mark for rule, mark in by_rule.items() for key in KEYS_OF.get(rule, (rule.value,))}


def cut_off(root: Entry) -> CutOff | None:
    entry = root.entry("cut_off", optional=True)
    if entry is None:
        return None
    entry.only("days_before", "at")
    return CutOff(entry.whole("days_before", 0, 30), entry.clock("at"))


def put_out(root: Entry) -> PutOut | None:
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
        entry.note(
            '"latest" in put_out: expected a time after "start", or "evening_before: true"',
            "« latest » dans put_out : il faut une heure après « start », ou « evening_before: true »",
            "latest",
        )
    return rule


def limits(root: Entry) -> Limits:
    entry = root.entry("limits", optional=True)
    if entry is None:
        return Limits()
    entry.only("max_items", "max_volume_m3", "max_weight_kg")
    return Limits(
        items=entry.whole("max_items", 1, 100) if "max_items" in entry else None,
        volume_m3=entry.number("max_volume_m3", above=0, most=100) if "max_volume_m3" in entry else None,
        weight_kg=entry.number("max_weight_kg", above=0, most=_HEAVIEST_KG) if "max_weight_kg" in entry else None,
    )


def household(root: Entry) -> HouseholdLimit | None:
    entry = root.entry("household", optional=True)
    if entry is None:
        return None
    entry.only("most", "within_days")
    return HouseholdLimit(entry.whole("most", 1, 100), entry.whole("within_days", 1, _LONGEST_WINDOW))


def assisted(root: Entry) -> Assisted | None:
    entry = root.entry("assisted", optional=True)
    if entry is None:
        return None
    entry.only("offered", "spoken")
    return Assisted(entry.choice("offered", AssistedOffer), _spoken(entry))


def professionals(root: Entry) -> Professionals | None:
    entry = root.entry("professionals", optional=True)
    if entry is None:
        return None
    entry.only("mode", "spoken")
    return Professionals(entry.choice("mode", ProfessionalsMode), _spoken(entry))


def horizon(root: Entry, mode: BookingMode) -> int:
    """How far ahead dates are offered; only needed where there are dates to offer."""
    needed = mode is BookingMode.APPOINTMENT or "horizon_days" in root
    return root.whole("horizon_days", 1, _LONGEST_HORIZON) if needed else 0


def closures(root: Entry, sectors: Collection[str], origin: Provenance) -> tuple[Closure, ...]:
    """Days without collection; one outside the validity of the file would never apply: it is a mistake."""
    return tuple(_closure(entry, sectors, origin) for entry in root.children("closures", optional=True))


def holidays_worked(root: Entry, origin: Provenance) -> frozenset[date]:
    values = root.codes("holidays_worked") if "holidays_worked" in root else ()
    return frozenset(_days(values, origin))


def _spoken(entry: Entry) -> str:
    text = entry.text("spoken")
    check_length(entry, Said(f'"spoken" in {entry.name}', f"« spoken » dans {entry.name}"), text, "spoken")
    return text


def _closure(entry: Entry, sectors: Collection[str], origin: Provenance) -> Closure:
    entry.only("first", "last", "reason", "kind", "sectors")
    first = entry.day("first") or date.min
    last = entry.day("last") or date.max
    if last < first:
        entry.note(
            f'"last" of {entry.name} comes before "first"; expected the same day or later',
            f"« last » de {entry.name} vient avant « first » ; il faut le même jour ou plus tard",
            "last",
        )
    elif last < origin.valid_from or (origin.valid_to is not None and origin.valid_to < first):
        entry.note(
            f"{entry.name} never applies; expected days between valid_from and valid_to of this file",
            f"{entry.name} ne s'applique jamais ; il faut des jours entre valid_from et valid_to de ce fichier",
            "first",
        )
    named = entry.texts("sectors", at_least=1) if "sectors" in entry else ()
    return Closure(
        first=first,
        last=last,
        reason=entry.text("reason"),
        kind=entry.choice("kind", ClosureKind) if "kind" in entry else ClosureKind.OTHER,
        sectors=frozenset(name.text for name in named if known_only(name, sectors, _SECTOR)),
    )


def _days(values: tuple[Value, ...], origin: Provenance) -> Iterator[date]:
    for value in values:
        try:
            day = date.fromisoformat(value.text)
        except ValueError:
            value.note(
                f'"{value.text}" in holidays_worked: expected a date like 2026-01-31',
                f"« {value.text} » dans holidays_worked : il faut une date comme 2026-01-31",
            )
            continue
        if not origin.valid_on(day):
            value.note(
                f"{day} in holidays_worked never applies; expected a day between valid_from and valid_to",
                f"{day} dans holidays_worked ne s'applique jamais ; il faut un jour entre valid_from et valid_to",
            )
        yield day
