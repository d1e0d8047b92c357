"""The form by which somebody says what the bot did wrong on a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from callbot.domain.meaning import Intent
from callbot.domain.personal import Personal
from callbot.review.annotations import LONGEST_NOTE, ErrorKind, Expected, NewAnnotation
from callbot.web.forms import plain_text, small_number

ITEM_ROWS = 3
LONGEST_FIELD = 120
_MOST_OF_AN_ITEM = 99
_LARGEST_NUMBER = 9_999


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen in the form: ids of items, communes, knowledge entries."""

    items: Collection[str]
    communes: Collection[str]
    entries: Collection[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was sent; ``errors`` by the field they stand beside, in French."""

    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed."""
        return self.fields.get(name, "")


def read_annotation(form: Mapping[str, str], call_id: str, account: str, offered: Offered) -> NewAnnotation | Asked:
    """The annotation in a form, or the form with what is wrong in it."""
    errors: dict[str, str] = {}
    seq = small_number(form.get("ligne", ""))
    kind = next((one for one in ErrorKind if one.value == form.get("sorte")), None)
    if kind is None:
        errors["sorte"] = "choisissez une sorte d'erreur."
    number = _number(form, errors)
    items = _items(form, offered.items, errors)
    note = plain_text(form.get("note", ""))
    if len(note) > LONGEST_NOTE:
        errors["note"] = f"écrivez {LONGEST_NOTE} caractères au plus."
    if errors or kind is None or seq is None:
        return Asked(form, errors)
    expected = Expected(
        words=plain_text(form.get("paroles", ""))[:LONGEST_FIELD],
        street=plain_text(form.get("rue", ""))[:LONGEST_FIELD],
        number=number,
        insee=_chosen(form, "commune", offered.communes),
        items=items,
        intent=next((one for one in Intent if one.value == form.get("intention")), None),
        entry=_chosen(form, "fiche", offered.entries),
    )
    return NewAnnotation(call_id, seq, kind, Personal(note), expected, account)


def _number(form: Mapping[str, str], errors: dict[str, str]) -> int | None:
    text = form.get("numero", "").strip()
    number = small_number(text)
    if text and (number is None or not 0 < number <= _LARGEST_NUMBER):
        errors["numero"] = "écrivez un nombre, sans « bis » ni lettre."
        return None
    return number


def _items(form: Mapping[str, str], known: Collection[str], errors: dict[str, str]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for row in range(ITEM_ROWS):
        item = form.get(f"objet{row}", "")
        if item not in known:
            continue
        count = small_number(form.get(f"combien{row}", "") or "1")
        if count is None or not 0 < count <= _MOST_OF_AN_ITEM:
            errors[f"combien{row}"] = f"écrivez un nombre de 1 à {_MOST_OF_AN_ITEM}."
            continue
        found[item] = count
    return tuple(found.items())


def _chosen(form: Mapping[str, str], name: str, known: Collection[str]) -> str:
    return form.get(name, "") if form.get(name, "") in known else ""
