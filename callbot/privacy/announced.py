"""What a few words announce: dates of birth, references, the end of a telephone number. Ranges are of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from callbot.privacy.secrets_in_words import Range
from callbot.privacy.spelling import signs_at
from callbot.privacy.spoken_numbers import JOINTS, is_number_word
from callbot.privacy.words import Word, phrases, vocabulary

_BIRTH: Final = phrases(
    "ne le|nee le|ne un|nee un|ne en|nee en|naissance|anniversaire|je suis de|secu|securite sociale|elle est de"
    "|il est de"
)
_PHONE_ENDS: Final = phrases(
    "finit par|finit en|finissent par|fini par|termine par|terminer par|finissant par|derniers chiffres"
    "|premiers chiffres|commence par|a la fin"
)
_REFERENCE: Final = vocabulary("reference ref dossier reservation")
_MONTHS: Final = vocabulary(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre premier er"
)
_FILLERS: Final = vocabulary("c est le la du de ma mon sa a numero au en oui alors euh d abord")
_HOURS: Final = vocabulary("heure heures h minutes ans euros jours")
_REACH, _LEAST_REFERENCE = 5, 3


def births(words: Sequence[Word]) -> Iterator[Range]:
    """The date after "née le", "date de naissance"; numbers of the social security."""
    yield from _after(words, _BIRTH, _MONTHS)


def ends_of_phones(words: Sequence[Word]) -> Iterator[Range]:
    """Digits after "ça finit par", and those around "à la fin"."""
    yield from _after(words, _PHONE_ENDS, frozenset())
    folded = tuple(word.folded for word in words)
    for at in range(len(folded) - 2):
        if folded[at : at + 3] == ("a", "la", "fin"):
            first = at
            while first > 0 and is_number_word(folded[first - 1]):
                first -= 1
            if first < at:
                yield first, at


def _after(words: Sequence[Word], cues: Sequence[tuple[str, ...]], more: frozenset[str]) -> Iterator[Range]:
    folded = tuple(word.folded for word in words)
    for cue in cues:
        for at in range(len(folded) - len(cue) + 1):
            if folded[at : at + len(cue)] == cue:
                yield from _number(folded, at + len(cue), more)


def _number(folded: tuple[str, ...], at: int, more: frozenset[str]) -> Iterator[Range]:
    first = at
    while first < len(folded) and first - at < _REACH and folded[first] in _FILLERS:
        first += 1
    last = first
    while last < len(folded) and (is_number_word(folded[last]) or folded[last] in more or folded[last] in JOINTS):
        last += 1
    while last > first and folded[last - 1] in JOINTS:
        last -= 1
    of_time = last < len(folded) and folded[last] in _HOURS
    if not of_time and any(is_number_word(word) or word == "premier" for word in folded[first:last]):
        yield first, last


def references(words: Sequence[Word]) -> Iterator[Range]:
    """Letters and figures after "référence", "numéro de réservation"."""
    for at, word in enumerate(words):
        if word.folded not in _REFERENCE:
            continue
        first = at + 1
        while first < len(words) and first - at <= _REACH and words[first].folded in _FILLERS - {"d"}:
            if words[first].folded in ("c", "d", "a", "l") and _signs(words, first)[1] >= _LEAST_REFERENCE:
                break
            first += 1
        last, count, figures = _run(words, first)
        if count >= _LEAST_REFERENCE and figures:
            yield first, last


def _signs(words: Sequence[Word], at: int) -> tuple[int, int]:
    last, count, _ = _run(words, at)
    return last, count


def _run(words: Sequence[Word], at: int) -> tuple[int, int, int]:
    """The index after letters and figures in a row, how many they are, and how many are figures."""
    last, count, figures = at, 0, 0
    while last < len(words):
        elided = last + 1 < len(words) and words[last + 1].gap in ("'", "’")
        sign = next(signs_at(words, last), None)
        if words[last].folded in ("euh", "puis", "et", "tiret"):
            last += 1
            continue
        if sign is None and words[last].is_digits:
            last, count, figures = last + 1, count + len(words[last].folded), figures + 1
            continue
        if sign is None or elided:
            break
        count, figures, last = count + len(sign.sign), figures + sign.sign.isdigit(), sign.last
    return last, count, figures
