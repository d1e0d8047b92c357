"""What templates ask: moments as people write them, words for values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.privacy import MaskedLine, Piece
from callbot.review.lines import Line, Speaker
from callbot.review.reading import Revealed
from callbot.review.story import FieldRef
from callbot.review.words import decimal
from callbot.settings import LOCAL_ZONE

SPEAKERS = {Speaker.CALLER: "Appelant", Speaker.BOT: "Assistant", Speaker.SERVICE: "Service"}
_SURE, _DOUBTFUL = 0.75, 0.5


def written_moment(at: datetime) -> str:
    """« lundi 23 novembre 2026, 10 h 04 », the time never cut in two."""
    local = at.astimezone(LOCAL_ZONE)
    day = "1er" if local.day == 1 else str(local.day)
    clock = f"{local.hour}\u00a0h\u00a0{local.minute:02}"
    return f"{WEEKDAYS[local.weekday()]} {day} {MONTHS[local.month - 1]} {local.year}, {clock}"


def written_second(at: datetime) -> str:
    """« 10:04:07 »."""
    return f"{at.astimezone(LOCAL_ZONE):%H:%M:%S}"


def confidence_words(line: Line) -> str:
    """How sure the words are, in words and a figure; empty for lines without recognition."""
    if line.confidence is None:
        return ""
    words = "sûr" if line.confidence >= _SURE else "peu sûr" if line.confidence >= _DOUBTFUL else "douteux"
    return f"{words} ({decimal(line.confidence)})"


def confidence_class(line: Line) -> str:
    """The face that goes with the words, never alone."""
    if line.confidence is None:
        return ""
    return "confirmed" if line.confidence >= _SURE else "likely" if line.confidence >= _DOUBTFUL else "doubtful"


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of a text on the page: in clear, hidden with its reference, or revealed for this answer only."""

    text: str = field(repr=False)
    ref: FieldRef | None = None
    revealed: bool = False


def pieces(masked: MaskedLine, seq: int, part: str, revealed: Revealed | None) -> list[Shown]:
    """The pieces of a text, the one revealed in clear."""
    shown: list[Shown] = []
    index = 0
    for piece in masked.pieces:
        if piece.hidden is None:
            shown.append(Shown(piece.text))
            continue
        ref = FieldRef(seq, part, index)
        clear = revealed is not None and revealed.ref == ref
        shown.append(Shown(revealed.text if revealed and clear else _mark(piece), ref, clear))
        index += 1
    return shown


def _mark(piece: Piece) -> str:
    return f"{piece.hidden.value if piece.hidden else ''} masqué{'e' if piece.hidden in _FEMININE else ''}"


_FEMININE = frozenset({"voie", "référence"})


_JOURNALED = re.compile(r"call ([A-Za-z0-9_-]{1,64}), event ([0-9]{1,6}), ")


def line_of(what: str) -> tuple[str, str] | None:
    """The call and the line that an entry of the journal is about; None for other looks."""
    found = _JOURNALED.match(what)
    return (found[1], found[2]) if found else None
