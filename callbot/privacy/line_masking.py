"""Masks one line of a transcript: what the call knew about people, and what looks like it.

When in doubt it hides: a word too many hidden costs a reader a click with a reason, a name left in clear costs its
owner more. What is hidden is named by its kind, so that the line can still be read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from callbot.privacy import announced, homes, naming, patterns
from callbot.privacy.hardship import hardships
from callbot.privacy.known import Known
from callbot.privacy.ordinary import PARTICLES
from callbot.privacy.secrets_in_words import (
    Range,
    digits_in_words,
    in_words,
    numbers_in_words,
    parts_in_words,
    said_in,
)
from callbot.privacy.spelling import signs_at, spelled_stretches
from callbot.privacy.spoken_numbers import is_number_word
from callbot.privacy.words import Word, words_of


class Hidden(StrEnum):
    """What stands behind a mark, as the mark says it."""

    EMAIL = "e-mail"
    PHONE = "téléphone"
    REFERENCE = "référence"
    NAME = "nom"
    STREET = "voie"
    NUMBER = "numéro"
    SPELLED = "épelé"
    OTHER = "masqué"


class Asked(StrEnum):
    """What a line answers, as far as it matters here."""

    ANYTHING = "anything"
    ADDRESS = "address"
    NAME = "name"
    PHONE = "phone"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line; ``hidden`` None: shown as it is."""

    text: str = field(repr=False)
    hidden: Hidden | None = None

    @property
    def shown(self) -> str:
        """The text, or the mark that stands for it."""
        return self.text if self.hidden is None else f"[{self.hidden.value}]"


@dataclass(frozen=True, slots=True)
class MaskedLine:
    """A line in pieces. Only ``text`` may be shown or stored."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line with marks for what is hidden."""
        return "".join(piece.shown for piece in self.pieces)

    @property
    def fields(self) -> tuple[Piece, ...]:
        """What is hidden, in order."""
        return tuple(piece for piece in self.pieces if piece.hidden is not None)


_LEAST_NAME, _LEAST_STREET = 2, 3


def mask(text: str, known: Known, asked: Asked = Asked.ANYTHING, *, by_caller: bool = True) -> MaskedLine:
    """``text`` without what it tells about people. ``asked``: the question it answers; ``by_caller``: False for our
    own sentences, in which a capital is no sign of a name."""
    text = unicodedata.normalize("NFC", text)
    words = words_of(text)
    kinds: list[Hidden | None] = [None] * len(words)
    for hidden, (first, last) in _found(text, words, known, asked, by_caller=by_caller):
        for place in range(first, last):
            kinds[place] = kinds[place] or hidden
    return MaskedLine(tuple(_pieces(text, words, _joined(words, kinds))))


def mask_keys(keys: str, asked: Asked) -> MaskedLine:
    """Keys of a telephone: one or two answer a menu, more are a number, a reference or letters."""
    menu = asked is Asked.ANYTHING and len(keys) < 3
    return MaskedLine((Piece(keys, None if menu else Hidden.OTHER),))


def _found(
    text: str, words: Sequence[Word], known: Known, asked: Asked, *, by_caller: bool
) -> Iterator[tuple[Hidden, Range]]:
    """Where two claim a word the first one names it: what is known before what only looks like something."""
    yield from _each(Hidden.EMAIL, patterns.emails(text, words))
    yield from _known(words, known, asked)
    yield from _each(Hidden.PHONE, patterns.phones(text, words))
    yield from _each(Hidden.SPELLED, spelled_stretches(words))
    yield from _each(Hidden.NUMBER, homes.numbers_of_a_home(words))
    if by_caller:
        yield from _told(words)
    yield from _each(Hidden.STREET, patterns.streets(words, asked=asked is Asked.ADDRESS and by_caller))
    if by_caller and asked is not Asked.ANYTHING:
        yield from _answer(words, known, asked)
    yield from _each(Hidden.NAME, naming.names(words, known.plain, by_caller=by_caller))


def _told(words: Sequence[Word]) -> Iterator[tuple[Hidden, Range]]:
    """What callers tell of themselves and of others. The mark of health is a plain one: that it was about health is
    hidden too."""
    yield from _each(Hidden.OTHER, hardships(words))
    yield from _each(Hidden.OTHER, announced.births(words))
    yield from _each(Hidden.PHONE, announced.ends_of_phones(words))
    yield from _each(Hidden.REFERENCE, announced.references(words))
    yield from _each(Hidden.NUMBER, homes.floors(words))
    yield from _each(Hidden.NUMBER, homes.lettered(words))
    yield from _each(Hidden.STREET, homes.named_homes(words))


def _known(words: Sequence[Word], known: Known, asked: Asked) -> Iterator[tuple[Hidden, Range]]:
    said = said_in(words)
    for digits in sorted(known.digits):
        yield from _each(Hidden.PHONE, in_words(said, digits))
        yield from _each(Hidden.PHONE, digits_in_words(said, digits))
    for email in sorted(known.emails):
        yield from _each(Hidden.EMAIL, in_words(said, email))
    for reference in sorted(known.references):
        yield from _each(Hidden.REFERENCE, in_words(said, reference))
    yield from _each(Hidden.STREET, parts_in_words(said, sorted(known.streets), _LEAST_STREET))
    yield from _each(Hidden.NAME, parts_in_words(said, sorted(known.names), _LEAST_NAME))
    yield from _each(Hidden.NUMBER, numbers_in_words(said, known.numbers, bare=asked is Asked.ADDRESS))


_ANSWERS = {
    Asked.ADDRESS: (Hidden.STREET, Hidden.NUMBER),
    Asked.NAME: (Hidden.NAME, Hidden.OTHER),
    Asked.PHONE: (Hidden.OTHER, Hidden.PHONE),
    Asked.REFERENCE: (Hidden.REFERENCE, Hidden.REFERENCE),
}


def _answer(words: Sequence[Word], known: Known, asked: Asked) -> Iterator[tuple[Hidden, Range]]:
    """An answer to a question about the person: whatever in it is not an ordinary word, and every number."""
    stranger, number = _ANSWERS[asked]
    yield from _each(stranger, naming.strangers(words, known.plain, particles=asked is Asked.NAME))
    if asked is Asked.NAME:
        yield from _each(stranger, naming.answered_names(words))
    if asked in (Asked.NAME, Asked.REFERENCE):
        yield from _each(stranger, _single_signs(words))
    yield from _each(number, patterns.all_numbers(words))


def _single_signs(words: Sequence[Word]) -> Iterator[Range]:
    """Letters and figures by themselves in an answer that may spell something."""
    for at, word in enumerate(words):
        sign = next(signs_at(words, at), None)
        alone = len(word.folded) == 1 and not (at + 1 < len(words) and words[at + 1].gap in ("'", "’"))
        if sign is not None and (sign.sure or (alone and _beside_a_sign(words, at))):
            yield at, sign.last


def _beside_a_sign(words: Sequence[Word], at: int) -> bool:
    return any(
        len(words[near].folded) == 1 or is_number_word(words[near].folded)
        for near in (at - 1, at + 1)
        if 0 <= near < len(words)
    )


def _each(hidden: Hidden, ranges: Iterable[Range]) -> Iterator[tuple[Hidden, Range]]:
    return ((hidden, one) for one in ranges)


def _joined(words: Sequence[Word], kinds: list[Hidden | None]) -> list[Hidden | None]:
    """Particles between two words of one kind go with them: "[voie]", not "[voie] de la [voie]"."""
    joined = list(kinds)
    for at, kind in enumerate(kinds):
        if kind is not None or at == 0 or joined[at - 1] is None or words[at].folded not in PARTICLES:
            continue
        after = at
        while after < len(words) and kinds[after] is None and words[after].folded in PARTICLES:
            after += 1
        if after < len(words) and kinds[after] is joined[at - 1]:
            joined[at] = joined[at - 1]
    return _glued(words, joined)


def _glued(words: Sequence[Word], kinds: list[Hidden | None]) -> list[Hidden | None]:
    """Letters and figures written without a space between them are one thing: "45B12"."""
    glued = list(kinds)
    for at in [*range(1, len(words)), *range(len(words) - 1, 0, -1)]:
        if not words[at].gap and words[at].start:
            glued[at - 1] = glued[at] = glued[at - 1] or glued[at]
    return glued


def _pieces(text: str, words: Sequence[Word], kinds: Sequence[Hidden | None]) -> Iterator[Piece]:
    done = at = 0
    while at < len(words):
        kind, first = kinds[at], words[at].start
        if kind is None:
            at += 1
            continue
        while at + 1 < len(words) and kinds[at + 1] is kind:
            at += 1
        if text[done:first]:
            yield Piece(text[done:first])
        yield Piece(text[first : words[at].end], kind)
        done = words[at].end
        at += 1
    if text[done:]:
        yield Piece(text[done:])
