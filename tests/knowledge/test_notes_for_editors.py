"""The notes for those who edit the base: every key is explained, and the example loads as it stands."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from callbot.domain.items import Certainty
from callbot.domain.territories import AssistedOffer, BookingMode, ClosureKind, ProfessionalsMode
from callbot.knowledge import Rule, load_knowledge
from callbot.knowledge.places import _KEYS, Weekday
from tests.knowledge.conftest import REAL

NOTES = (REAL / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", NOTES, re.DOTALL)
KEYS = [
    *_KEYS, "defaults", "weekdays", "capacity", "capacity_items", "capacity_m3", "days_before", "at", "evening_before",
    "start", "latest", "place", "spoken", "max_items", "max_volume_m3", "max_weight_kg", "most", "within_days", "first",
    "last", "reason", "kind", "offered", "open_on_holidays", "reasons",
]  # fmt: skip
ITEM_KEYS = ["label", "plural", "gender", "volume_m3", "volume_certainty", "weight_kg", "weight_certainty", "synonyms",
             "verdict", "alternative"]  # fmt: skip
VALUES = [*BookingMode, *AssistedOffer, *ProfessionalsMode, *ClosureKind, *Certainty, *Rule]


def test_every_key_and_every_value_is_explained() -> None:
    assert [key for key in (*KEYS, *(value.value for value in VALUES)) if f"`{key}`" not in NOTES] == []


def test_every_key_of_an_object_is_in_its_example() -> None:
    assert [key for key in ITEM_KEYS if f"    {key}: " not in BLOCKS[0]] == []


def test_the_example_of_a_territory_loads_and_holds_every_block(folder: Path) -> None:
    for file in (folder / "territories").iterdir():
        file.unlink()
    (folder / "territories/exemple.yaml").write_text(BLOCKS[1], encoding="utf-8")
    rules = load_knowledge(folder).territory_of("13201", date(2027, 6, 1))
    assert rules is not None
    known = (rules.cut_off, rules.put_out, rules.household, rules.assisted, rules.professionals, rules.max_weight_kg)
    assert None not in known
    assert rules.closures[1].sectors == {"centre"}
    assert rules.sectors[0].weekdays == {Weekday.MONDAY.number, Weekday.THURSDAY.number}
    assert rules.ground("household").certainty is Certainty.TYPICAL
    assert rules.ground("limits.max_items").spoken == "le règlement de collecte de mars 2026"


def test_the_steps_to_a_new_version_lead_to_one(folder: Path) -> None:
    """As the notes say: end the file, copy it, begin the copy on the day after."""
    north = folder / "territories/nord.yaml"
    text = north.read_text(encoding="utf-8")
    (folder / "territories/nord_2027.yaml").write_text(text.replace("2026-01-01", "2027-01-01"), encoding="utf-8")
    north.write_text(
        text.replace("valid_from: 2026-01-01", "valid_from: 2026-01-01\nvalid_to: 2026-12-31"), encoding="utf-8"
    )
    kb = load_knowledge(folder)
    found = [kb.territory_of("13201", day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [rules.key for rules in found if rules] == ["nord", "nord@2027-01-01"]
