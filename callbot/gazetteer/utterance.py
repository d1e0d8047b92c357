"""What was heard, ready to compare: its letters and sounds, and how much each word asks to be explained.

The heard text may be a whole sentence. No word is cut away: what only carries the answer ("euh c'est au douze")
simply costs little when no street name explains it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callbot.gazetteer.folding import letters, without_accents, word_set, words
from callbot.gazetteer.numerals import number_words
from callbot.gazetteer.phonetics import sounds_of
from callbot.gazetteer.profiles import ARTICLES, BEFORE_TYPES, SPOKEN_TYPES

LONGEST_HEARD = 200
"""characters looked at; nobody needs more to say a street"""
MOST_WORDS, MOST_WORDS_WITHOUT_TYPE = 8, 4
"""words of a street name that leave this machine"""

FILLERS = word_set("euh heu hein ben bah alors donc voila oui ouais non bon hum ah oh")
CARRIERS = word_set(
    "c est ce cest sera j je habite suis m mon ma on nous vous appelle pour a au aux dans chez adresse numero bis ter "
    "quater marseille arrondissement premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme "
    "dixieme onzieme douzieme treizieme quatorzieme quinzieme seizieme s il te plait merci bonjour monsieur madame "
    "exactement juste a cote ici la y voudrais encombrants code postal"
) | frozenset(without_accents(word) for word in number_words())


@dataclass(frozen=True, slots=True)
class Standing:
    """How a word of the utterance counts, each 0..1; set by hand, on noisy street names put into sentences."""

    weight: float
    """what it costs to leave it unexplained"""
    doubt: float
    """least cost of explaining it as part of a street name"""


CONTENT = Standing(1.0, 0.0)
LINK = Standing(0.15, 0.0)
"""street types and articles: no name is missed when they are left out"""
BEFORE_TYPE = Standing(0.1, 0.3)
CARRIER = Standing(0.05, 0.3)
FILLER = Standing(0.02, 0.5)


@dataclass(frozen=True, slots=True)
class Characters:
    """Letters or sounds of what was heard, and the standing of the word each belongs to."""

    text: str
    weights: NDArray[np.float32]
    doubts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """One reading of what was said."""

    letters: Characters
    sounds: Characters


def heard(text: str, carriers: frozenset[str] = frozenset()) -> Heard:
    """Prepare ``text``; ``carriers``: further words that name no street here (the commune's own name)."""
    spoken = words(text[:LONGEST_HEARD])
    standings = _standings(tuple(without_accents(word) for word in spoken), CARRIERS | carriers)
    return Heard(
        letters=_characters([letters(word) for word in spoken], standings),
        sounds=_characters([sounds_of(word) for word in spoken], standings),
    )


def street_part(text: str) -> str:
    """The words of ``text`` that name a street, without the sentence around them; "" when that is not clear.

    For services outside this machine: what a caller says is never sent out whole.
    """
    spoken = words(text[:LONGEST_HEARD])
    folded = [without_accents(word) for word in spoken]
    start = next((i for i, word in enumerate(folded) if word in SPOKEN_TYPES), None)
    if start is None:
        named = [word for word, plain in zip(spoken, folded, strict=True) if plain not in CARRIERS | FILLERS]
        return " ".join(named) if len(named) <= MOST_WORDS_WITHOUT_TYPE else ""
    standings = _standings(tuple(folded[start:]), CARRIERS)
    stop = next((i for i, one in enumerate(standings) if one in {CARRIER, FILLER}), len(standings))
    return " ".join(spoken[start : start + min(stop, MOST_WORDS)])


def _standings(folded: tuple[str, ...], carriers: frozenset[str]) -> list[Standing]:
    """Words before the first street type mostly carry: "j'ai un matelas au 12 rue de Rome".

    What directly follows a street type names the street, even a carrier: "rue de Marseille", "rue du quatre septembre".
    """
    first_type = next((i for i, word in enumerate(folded) if word in SPOKEN_TYPES), 0)
    return [
        CONTENT if _follows_type(folded, i) else _standing(word, i < first_type, carriers)
        for i, word in enumerate(folded)
    ]


def _standing(word: str, before_type: bool, carriers: frozenset[str]) -> Standing:
    if word in FILLERS:
        return FILLER
    if word in ARTICLES or word in SPOKEN_TYPES:
        return LINK
    if word in carriers:
        return CARRIER
    return BEFORE_TYPE if before_type and word not in BEFORE_TYPES else CONTENT


def _follows_type(folded: tuple[str, ...], position: int) -> bool:
    """True for the first word after a street type and the articles behind it."""
    if folded[position] in ARTICLES or folded[position] in SPOKEN_TYPES:
        return False
    before = position - 1
    while before > 0 and folded[before] in ARTICLES:
        before -= 1
    return before >= 0 and folded[before] in SPOKEN_TYPES


def _characters(texts: list[str], standings: list[Standing]) -> Characters:
    lengths = [len(text) for text in texts]
    return Characters(
        text="".join(texts),
        weights=np.repeat(np.array([s.weight for s in standings], dtype=np.float32), lengths),
        doubts=np.repeat(np.array([s.doubt for s in standings], dtype=np.float32), lengths),
    )
