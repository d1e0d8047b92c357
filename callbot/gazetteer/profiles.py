"""What each part of a street name is worth when it is compared: the name carries more than "rue" or "de la"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from callbot.gazetteer.folding import letters, without_accents, word_set, words
from callbot.gazetteer.phonetics import sounds_of


class Role(StrEnum):
    """The part a word plays in a street name; the value is stored beside each letter and each sound."""

    TYPE = "t"
    """rue, boulevard...: often missing or wrong in what is heard"""
    ARTICLE = "a"
    """de, la, des..."""
    TITLE = "h"
    """président, docteur...: people leave it out"""
    FORENAME = "f"
    """the one word before the last: people shorten "Georges Pompidou" to "Pompidou\""""
    MIDDLE = "m"
    """each of several words before the last: "Corniche Kennedy" is enough for a president with two forenames"""
    CORE = "c"
    """the last word of the name: what makes it that street"""


WEIGHTS: Mapping[str, float] = {
    Role.TYPE: 0.3,
    Role.ARTICLE: 0.35,
    Role.TITLE: 0.2,
    Role.FORENAME: 0.65,
    Role.MIDDLE: 0.25,
    Role.CORE: 1.0,
}
"""Cost of a wrong letter or sound by role; set by hand, on noisy street names."""
LEFT_OUT: Mapping[str, float] = {Role.TITLE: 0.5, Role.MIDDLE: 0.7}
"""Share of that cost for a sound that is missing: "Corniche Kennedy" is how everyone calls it."""

STREET_TYPES = word_set(
    """rue ruelle avenue boulevard place placette impasse chemin allee allees traverse cours cour quai square route
    montee promenade corniche passage lotissement residence cite hameau domaine esplanade parvis villa clos sentier
    voie escalier escaliers descente rampe mail galerie autoroute pont tunnel faubourg quartier rond point giratoire
    carrefour venelle draille calade campagne vallon port jardin parc groupe ensemble immeuble enclos zone zac za
    """
)
SPOKEN_TYPES = word_set(
    "rue avenue boulevard place impasse chemin allee allees traverse cours quai square route montee promenade corniche "
    "passage lotissement residence cite hameau domaine esplanade"
)
"""Types that announce a street name in a sentence."""
BEFORE_TYPES = frozenset({"vieux", "vieille", "ancien", "ancienne", "petit", "petite", "grand", "grande"})
"""Words in front of a type that belong to the name: Grand Rue, Vieux Chemin de..."""
ARTICLES = word_set("de du des d la le les l et a au aux en sur sous")
_TITLES = word_set(
    "president docteur general marechal commandant capitaine professeur colonel lieutenant adjudant sergent abbe "
    "amiral monseigneur cardinal chanoine frere freres madame monsieur maitre"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """A name ready to compare: ``letters`` and ``sounds`` without blanks, and the role of each character of both."""

    letters: str
    letter_roles: str
    sounds: str
    sound_roles: str


@lru_cache(maxsize=4096)
def profile(name: str) -> Profile:
    """The profile of a street name as written in the base."""
    written = words(name)
    roles = roles_of(tuple(without_accents(word) for word in written))
    spelled = [letters(word) for word in written]
    heard = list(_joined_sounds(written))
    return Profile(
        letters="".join(spelled),
        letter_roles="".join(role * len(text) for role, text in zip(roles, spelled, strict=True)),
        sounds="".join(heard),
        sound_roles="".join(role * len(text) for role, text in zip(roles, heard, strict=True)),
    )


def _joined_sounds(written: Sequence[str]) -> Iterator[str]:
    """Sounds of each word; a sound that ends one word and begins the next is heard once."""
    last = ""
    for word in written:
        sounds = sounds_of(word)
        yield sounds[1:] if sounds[:1] == last else sounds
        last = sounds[-1:] or last


def roles_of(folded: Sequence[str]) -> tuple[Role, ...]:
    """The role of each word of a name (words without accents). A name of nothing but types is all core."""
    start = _end_of_type(folded)
    if all(word in ARTICLES for word in folded[start:]):
        start = 0
    last = max((i for i in range(start, len(folded)) if folded[i] not in ARTICLES), default=start)
    roles = tuple(_role(word, i, start, last) for i, word in enumerate(folded))
    if roles.count(Role.FORENAME) > 1:
        return tuple(Role.MIDDLE if role is Role.FORENAME else role for role in roles)
    return roles


def _end_of_type(folded: Sequence[str]) -> int:
    """How many leading words only say what kind of street it is."""
    end = 0
    if len(folded) > 1 and folded[0] in BEFORE_TYPES and folded[1] in STREET_TYPES:
        end = 1
    while end < len(folded) and folded[end] in STREET_TYPES:
        end += 1
    return end


def _role(word: str, position: int, start: int, last: int) -> Role:
    if position < start:
        return Role.TYPE
    if position == last:
        return Role.CORE
    if word in ARTICLES:
        return Role.ARTICLE
    return Role.TITLE if word in _TITLES else Role.FORENAME
