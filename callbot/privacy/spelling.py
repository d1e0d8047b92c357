"""Letters said one by one: "M A R T I N", "emme a erre té", "M comme Marcel", "deux L"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from callbot.privacy.words import Word, vocabulary

_NAMES: Final = {
    "a": "a ah", "b": "be bee", "c": "ce cee", "d": "de dee", "e": "eu", "f": "effe ef eff", "g": "ge",
    "h": "ache hache", "i": "hi", "j": "ji", "k": "ka kah", "l": "elle ell", "m": "emme em", "n": "enne en haine",
    "o": "oh eau", "p": "pe pee", "q": "qu cu ku", "r": "erre air er", "s": "esse ess", "t": "te tee the",
    "u": "hue", "v": "ve vee", "x": "ixe iks", "y": "igrec", "z": "zede zed",
}  # fmt: skip
_LETTER_OF: Final = {name: letter for letter, names in _NAMES.items() for name in names.split()}
_TWO_WORDS: Final = {("i", "grec"): "y", ("double", "v"): "w", ("double", "ve"): "w", ("double", "vee"): "w"}
_TEN_DIGITS: Final = "zero un deux trois quatre cinq six sept huit neuf"
_DIGIT_OF: Final = {word: str(value) for value, word in enumerate(_TEN_DIGITS.split())}
_NOTHING_ELSE: Final = vocabulary("effe emme em enne erre esse ess ixe iks igrec zede zed bee cee dee vee pee tee")
"""names of letters that are no words"""
_MARKS: Final = vocabulary(
    "accent aigu grave circonflexe trema cedille tilde apostrophe espace tiret trait union majuscule minuscule dans"
    " puis et ensuite euh"
)
"""what is said between letters and is none"""
_ELIDED: Final = vocabulary("j l d c s n t m qu")
_LEAST_SPELLED: Final = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """A letter or a digit and the words it was said with; ``sure``: nothing else could be meant."""

    sign: str
    first: int
    last: int
    sure: bool


def signs_at(words: Sequence[Word], at: int) -> Iterator[Sign]:
    """The signs that the words from ``at`` on may stand for, those with an example first."""
    word = words[at].folded
    if word in ("deux", "2") and at + 1 < len(words):
        yield from (Sign(each.sign * 2, at, each.last, each.sure) for each in _single(words, at + 1))
    yield from _single(words, at)


def _single(words: Sequence[Word], at: int) -> Iterator[Sign]:
    word, after = words[at].folded, words[at + 1].folded if at + 1 < len(words) else ""
    letter, end, sure = _TWO_WORDS.get((word, after)), at + 2, True
    if letter is None:
        letter, end = word if len(word) == 1 and word.isalpha() else _LETTER_OF.get(word), at + 1
        sure = word in _NOTHING_ELSE or _is_alone(words, at, end)
    if letter is not None:
        if end + 1 < len(words) and words[end].folded in ("comme", "com") and words[end + 1].folded[0] == letter:
            yield Sign(letter, at, end + 2, True)
        yield Sign(letter, at, end, sure)
    elif word.isdigit() and len(word) == 1:
        yield Sign(word, at, at + 1, True)
    elif word in _DIGIT_OF:
        yield Sign(_DIGIT_OF[word], at, at + 1, False)


def _is_alone(words: Sequence[Word], at: int, end: int) -> bool:
    """False for the "l" of "l'adresse" and for letters that are words."""
    word = words[at].folded
    elided = word in _ELIDED and end < len(words) and words[end].gap in ("'", "’")
    return len(word) == 1 and not elided and (word not in ("a", "y") or words[at].capital)


def says(signs: Sequence[Sequence[Sign]], folded: Sequence[str], at: int, secret: str) -> int | None:
    """The index after the words from ``at`` on that spell ``secret`` sign by sign; None when they do not.

    ``signs``: those of each word (``signs_at``); ``folded``: the words.
    """
    if not secret:
        return at
    start = at
    while start < len(folded) and folded[start] in _MARKS and start > 0:
        start += 1
    for sign in signs[start] if start < len(signs) else ():
        if secret.startswith(sign.sign):
            end = says(signs, folded, sign.last, secret[len(sign.sign) :])
            if end is not None:
                return end
    return None


def _goes_on(words: Sequence[Word], sign: Sign, letters: int, *, exampled: bool) -> bool:
    """A sign that is a word too, among those that are none: the "a" of "g a r", a figure after an example."""
    if exampled and sign.sign.isdigit():
        return True
    after = next(signs_at(words, sign.last), None) if sign.last < len(words) else None
    letter = sign.last - sign.first == 1 and len(words[sign.first].folded) == 1
    return letters > 0 and letter and (letters >= _LEAST_SPELLED - 1 or (after is not None and after.sure))


def spelled_stretches(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Stretches in which something is spelled, whatever it is: three sure letters in a row, or one with its example."""
    at = 0
    while at < len(words):
        first, letters, exampled, end = at, 0, False, at
        while end < len(words):
            sign = next(signs_at(words, end), None)
            if sign is not None and (sign.sure or _goes_on(words, sign, letters, exampled=exampled)):
                letters += sign.sign.isalpha()
                exampled = exampled or (sign.sign.isalpha() and sign.last - sign.first > 2)
                end = sign.last
            elif words[end].folded in _MARKS and end > first:
                end += 1
            else:
                break
        if exampled or letters >= _LEAST_SPELLED:
            yield first, end
        at = max(end, at + 1)
