"""An annotation as it is shown: what people wrote about a caller is masked as the caller's own words are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from callbot.privacy import Hidden, Known, MaskedLine, Piece, mask
from callbot.review.annotations import Annotation
from callbot.review.beliefs import Naming, Row, plain_row
from callbot.review.words import INTENT_WORDS


@dataclass(frozen=True, slots=True)
class Noted:
    """An annotation and its texts, masked; ``part`` names are unlike those of any other annotation of the call."""

    annotation: Annotation
    note: MaskedLine
    rows: tuple[Row, ...]

    @property
    def note_part(self) -> str:
        """By what hidden pieces of the note are asked for."""
        return f"note{self.annotation.number}"

    def text_of(self, seq: int, part: str) -> MaskedLine | None:
        """The text of that part; None where there is none."""
        if seq != self.annotation.seq:
            return None
        if part == self.note_part:
            return self.note
        return next((row.masked for row in self.rows if row.part and row.part == part), None)


def noted(annotation: Annotation, known: Known, naming: Naming) -> Noted:
    """``annotation`` with what is hidden in it; ``known``: what its call told."""
    expected = annotation.expected
    more = replace(
        known,
        streets=known.streets | ({expected.street} if expected.street else set()),
        numbers=known.numbers | ({expected.number} if expected.number is not None else set()),
    )
    return Noted(annotation, mask(annotation.note.reveal(), more), tuple(_rows(annotation, more, naming)))


def _rows(annotation: Annotation, known: Known, naming: Naming) -> Iterator[Row]:
    expected, number = annotation.expected, annotation.number
    if expected.words:
        yield Row("Paroles", mask(expected.words, known), f"words{number}")
    if expected.number is not None:
        yield _hidden("Numéro dans la rue", str(expected.number), Hidden.NUMBER, f"number{number}")
    if expected.street:
        yield _hidden("Rue", expected.street, Hidden.STREET, f"street{number}")
    if expected.insee:
        yield plain_row("Commune", naming.commune(expected.insee))
    if expected.items:
        yield plain_row("Objets", ", ".join(f"{count} × {naming.item(item)}" for item, count in expected.items))
    if expected.intent:
        yield plain_row("Intention", INTENT_WORDS[expected.intent])
    if expected.entry:
        yield plain_row("Fiche", expected.entry)


def _hidden(label: str, text: str, hidden: Hidden, part: str) -> Row:
    return Row(label, MaskedLine((Piece(text, hidden),)), part)
