"""What may be said on the telephone in one go."""

from __future__ import annotations

import re

from callbot.knowledge.problems import Said
from callbot.knowledge.sheet import Entry

LONGEST = 260
"""characters: about fifteen seconds of speech"""
_MOST_SENTENCES = 2
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")


def check_length(entry: Entry, what: Said, text: str, key: str) -> None:
    """Note a spoken text (read under ``key``) that is too long for somebody who only hears it."""
    sentences = len(_SENTENCE_END.findall(text))
    if sentences > _MOST_SENTENCES:
        entry.note(
            f"{what.english}: expected at most {_MOST_SENTENCES} sentences, found {sentences}",
            f"{what.french} : il faut au plus {_MOST_SENTENCES} phrases, il y en a {sentences}",
            key,
        )
    if len(text) > LONGEST:
        entry.note(
            f"{what.english}: expected at most {LONGEST} characters, found {len(text)}",
            f"{what.french} : il faut au plus {LONGEST} caractères, il y en a {len(text)}",
            key,
        )
