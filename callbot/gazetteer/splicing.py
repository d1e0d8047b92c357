"""Where in a sentence the street is said, so that another street can be put in its place. Pure."""

from __future__ import annotations

from rapidfuzz import fuzz


def before_street(sentence: str, street_heard: str | None, likely: str) -> str:
    """The words before the street: before ``street_heard`` where ``sentence`` holds it, else before what is most like
    the name ``likely``.
    """
    if street_heard and (at := straight(sentence).find(straight(street_heard))) >= 0:
        return sentence[:at]
    found = fuzz.partial_ratio_alignment(likely.lower(), sentence.lower())
    return sentence[: _word_start(sentence, found.dest_start)] if found and sentence else ""


def straight(text: str) -> str:
    """With straight apostrophes, as the understanding writes them; every letter keeps its place."""
    return text.replace("’", "'")


def with_street(before: str, name: str) -> str:
    """``name`` as it is written inside a sentence: its type in lower case."""
    return f"{before}{name[:1].lower()}{name[1:]}"


def _word_start(sentence: str, start: int) -> int:
    # the lower case of a few foreign letters is longer than they are: places found there may lie beyond the end
    start = min(start, len(sentence))
    while start > 0 and sentence[start - 1] not in " ,":
        start -= 1
    return start
