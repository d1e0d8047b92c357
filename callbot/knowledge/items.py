"""Reads ``items/*.yaml``: the kinds of things people want taken away, and the general ruling on each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from callbot.domain.items import Catalogue, Certainty, Ground, ItemKind, Ruling, Verdict
from callbot.knowledge import provenance
from callbot.knowledge.base import Provenance, plain
from callbot.knowledge.sheet import Entry, Value

_OWN_KEYS = (
    "label",
    "plural",
    "gender",
    "synonyms",
    "volume_m3",
    "volume_certainty",
    "weight_kg",
    "weight_certainty",
    "verdict",
    "alternative",
)
_KEYS = (*_OWN_KEYS, *provenance.KEYS)
_DEFAULT_KEYS = ("verdict", "alternative", "volume_certainty", "weight_certainty", *provenance.KEYS)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_LARGEST_M3 = 20.0
_HEAVIEST_KG = 5000.0


class Gender(StrEnum):
    """Grammatical gender of the label."""

    FEMININE = "f"
    MASCULINE = "m"


@dataclass(slots=True)
class Items:
    """What was read so far, over all files."""

    kinds: dict[str, ItemKind] = field(default_factory=dict)
    provenance: dict[str, Provenance] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """every spoken form (plain spelling) -> the item that owns it"""

    def read(self, root: Entry) -> None:
        """Add the items of one file."""
        root.only("defaults", "items")
        defaults = root.entry("defaults", optional=True)
        if defaults is not None:
            defaults.only(*_DEFAULT_KEYS)
        for entry in root.children("items", defaults):
            entry.only(*_KEYS)
            self._read_item(entry)

    def catalogue(self, by_territory: dict[str, dict[str, Ruling]]) -> Catalogue:
        """All kinds with the rulings of territories (``by_territory[item][territory]``)."""
        return Catalogue(
            {item: replace(kind, by_territory=by_territory.get(item, {})) for item, kind in self.kinds.items()}
        )

    def _read_item(self, entry: Entry) -> None:
        item = entry.name
        check_id(entry, item)
        if item in self.kinds:
            entry.note(
                f'item "{item}" appears twice; expected one entry for each item',
                f"l'objet « {item} » est écrit deux fois ; il faut une seule entrée par objet",
            )
            return
        origin = provenance.read_provenance(entry)
        kind = ItemKind(
            id=item,
            label=entry.text("label"),
            plural=entry.text("plural"),
            feminine=entry.choice("gender", Gender) is Gender.FEMININE,
            synonyms=self._synonyms(entry),
            volume_m3=entry.number("volume_m3", above=0, most=_LARGEST_M3),
            ruling=read_ruling(entry, item, origin, f"items/{item}"),
            weight_kg=entry.number("weight_kg", above=0, most=_HEAVIEST_KG) if "weight_kg" in entry else None,
        )
        self.kinds[item] = kind
        self.provenance[f"item/{item}"] = origin
        self._mark(entry, "volume", origin)
        if kind.weight_kg is not None:
            self._mark(entry, "weight", origin)

    def _mark(self, entry: Entry, measure: str, origin: Provenance) -> None:
        mark = entry.choice(f"{measure}_certainty", Certainty)
        sample = mark is not Certainty.SOURCED
        self.provenance[f"{measure}/{entry.name}"] = replace(origin, certainty=mark, sample=sample)

    def _synonyms(self, entry: Entry) -> tuple[str, ...]:
        synonyms = entry.texts("synonyms")
        for key in ("label", "plural"):
            if key in entry:
                self._own(entry.name, Value(entry.text(key), entry.sheet, entry.values.get(key, entry.head)))
        for synonym in synonyms:
            self._own(entry.name, synonym)
        return tuple(synonym.text for synonym in synonyms)

    def _own(self, item: str, word: Value) -> None:
        form = plain(word.text)
        owner = self.words.setdefault(form, item)
        if form and owner != item:
            word.note(
                f'"{word.text}" already names the item "{owner}"; expected each spoken form in one item only',
                f"« {word.text} » désigne déjà l'objet « {owner} » ; chaque façon de dire va à un seul objet",
            )


def check_id(entry: Entry, given: str, key: str | None = None) -> None:
    """Note an id (read under ``key``) that is not small ASCII letters, digits and underscores."""
    if given and not _ID.fullmatch(given):
        entry.note(
            f'id "{given}": expected small letters without accents, digits and underscores',
            f"identifiant « {given} » : il faut des minuscules sans accent, des chiffres et des tirets bas",
            key,
        )


def read_ruling(entry: Entry, item: str, origin: Provenance, rule: str) -> Ruling:
    """The verdict of an entry. A "no" or a doubt without a way out is a problem (charter: no dead end).

    ``rule``: the name of the entry, told with every "no" and every doubt.
    """
    verdict = entry.choice("verdict", Verdict)
    alternative = entry.text("alternative", default="")
    if verdict is not Verdict.ACCEPTED and not alternative:
        entry.note(
            f'missing key "alternative" in {entry.name}; expected what the caller can do, as it is {verdict}',
            f"la clé « alternative » manque dans {entry.name} ; dites ce que l'appelant peut faire ({verdict})",
        )
    ground = Ground(rule, origin.source, origin.certainty, origin.valid_from, origin.spoken_source)
    told = None if verdict is Verdict.ACCEPTED else ground
    return Ruling(item, verdict, alternative, origin.source, origin.certainty, told)
