"""Where in a sentence the street is said, so that another street can be put in its place. Pure."""

from __future__ import annotations

from rapidfuzz import fuzz


def before_street(sentence: str, street_heard: str | None, likely: str) -> tuple[str, str]:
    """The words before the street, and the street as it stands there.

    ``street_heard`` where it is part of ``sentence``, else the part most like the name ``likely``.
    """
    if street_heard and street_heard in sentence:
        start = sentence.index(street_heard)
        return sentence[:start], street_heard
    found = fuzz.partial_ratio_alignment(likely.lower(), sentence.lower())
    if found is None or not sentence:
        return "", sentence
    start, end = _whole_words(sentence, found.dest_start, found.dest_end)
    return sentence[:start], sentence[start:end]


def with_street(before: str, name: str) -> str:
    """``name`` as it is written inside a sentence: its type in lower case."""
    return f"{before}{name[:1].lower()}{name[1:]}"


def _whole_words(sentence: str, start: int, end: int) -> tuple[int, int]:
    # the lower case of a few foreign letters is longer than they are: places found there may lie beyond the end
    start, end = min(start, len(sentence)), min(end, len(sentence))
    while start > 0 and sentence[start - 1] not in " ,":
        start -= 1
    while end < len(sentence) and sentence[end] not in " ,.":
        end += 1
    return start, end
