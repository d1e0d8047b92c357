"""Where in a sentence the street is said, so that another street can be put in its place. Pure."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz import fuzz

from callbot.gazetteer.folding import fold

_NUMBER: Final = re.compile(r"\b\d{1,4}(?: ?(?:bis|ter|quater))?(?:, | |,$|$)", re.IGNORECASE)
_WORD: Final = re.compile(r"\S+")


def before_street(sentence: str, street_heard: str | None, likely: str) -> str:
    """The words before the street: before ``street_heard`` where ``sentence`` holds it, else before what is most like
    the name ``likely``. They end with the house number if there is one: what stands between it and the street may be
    the beginning of the name ("au 12 promenade de la Plage").
    """
    before = sentence[: _street_start(sentence, street_heard, likely)]
    numbers = list(_NUMBER.finditer(before))
    return before[: numbers[-1].end()] if numbers else before


def _street_start(sentence: str, street_heard: str | None, likely: str) -> int:
    if street_heard and (at := straight(sentence).find(straight(street_heard))) >= 0:
        return at
    found = fuzz.partial_ratio_alignment(likely.lower(), sentence.lower())
    return _word_start(sentence, found.dest_start) if found and sentence else 0


def straight(text: str) -> str:
    """With straight apostrophes, as the understanding writes them; every letter keeps its place."""
    return text.replace("’", "'")


def with_street(before: str, name: str) -> str:
    """``name`` as it is written inside a sentence: its type in lower case, and no word of it twice when ``before`` ends
    with its beginning ("j'habite escalier du", "Escalier du Vallon").
    """
    return f"{_without_beginning(before, name)}{name[:1].lower()}{name[1:]}"


def _without_beginning(before: str, name: str) -> str:
    said, begins = list(_WORD.finditer(before)), [fold(word) for word in name.split()]
    for count in range(min(len(said), len(begins)), 0, -1):
        if [fold(word[0]) for word in said[-count:]] == begins[:count]:
            return before[: said[-count].start()]
    return before


def _word_start(sentence: str, start: int) -> int:
    # the lower case of a few foreign letters is longer than they are: places found there may lie beyond the end
    start = min(start, len(sentence))
    while start > 0 and sentence[start - 1] not in " ,":
        start -= 1
    return start
