"""Which commune or Marseille arrondissement the caller names: by number, by postcode, by name as it sounds.

Each clue gives the set of codes it may mean; what all clues share is the answer. One code is certain, several are a
doubt that the dialogue asks about ("Marseille" alone is a doubt between sixteen arrondissements).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from callbot.domain.geography import Commune
from callbot.domain.meaning import Expectation
from callbot.understanding.lexicon import FILLERS, LOOSE_STREET_TYPES, MONTHS, STREET_TYPES, alternation, vocabulary
from callbot.understanding.sentence import Sentence
from callbot.understanding.sound import fold, sound

ARRONDISSEMENTS = tuple(str(13200 + number) for number in range(1, 17))

_NOT_ARRONDISSEMENT = (
    rf"(?! (?:etages?|jours?|date|dates|semaines?|fois|choix|heures?|minutes?|mois|rang|sous|"
    rf"les vallons|{alternation(MONTHS)}|{alternation(STREET_TYPES)}|place|cours|bis|ter|quater|de la|du)\b)"
)
_NUMBER = r"#o?(?P<number>[0-9]{1,2})\b"
_IN = r"(?:(?:dans|sur|vers) )?(?:(?:le|au|du) )?"
_ALWAYS = (
    re.compile(rf"\bmarseille (?:dans )?(?:(?:le|au) )?{_NUMBER}{_NOT_ARRONDISSEMENT}(?: arrondissements?)?"),
    re.compile(rf"{_IN}{_NUMBER} arrondissements?(?: (?:de |a )?marseille)?"),
    re.compile(rf"{_IN}arrondissement (?:numero )?{_NUMBER}"),
    re.compile(rf"\b(?:dans|sur) le {_NUMBER}{_NOT_ARRONDISSEMENT}(?: (?:de |a )?marseille)?"),
)
_WHERE_ASKED = (
    re.compile(rf"\bau #o(?P<number>[0-9]{{1,2}})\b{_NOT_ARRONDISSEMENT}(?! (?:c est|le))"),
    re.compile(rf"(?<!\bla )(?<!\ble )(?<!\bdu )(?<!\bau )#o(?P<number>[0-9]{{1,2}})\b{_NOT_ARRONDISSEMENT}"),
)
_BARE = re.compile(rf"(?:(?:dans|au|le|dans le) )?{_NUMBER}{_NOT_ARRONDISSEMENT}")
_POSTCODE = re.compile(r"(?<![#0-9] )#[0-9]{1,5}(?: #[0-9]{1,5}){0,4}\b")
_NO_ALIAS = vocabulary("saint sainte port le la les plan chateauneuf marseille")
_CONNECTORS = vocabulary("en de du la le les sur lez d l et")
_BEFORE_NAME = re.compile(
    r"(?:^| )(?:(?:a|sur|dans|de|d|vers|pour) )?(?:(?:la|le) )?(?:(?:commune|ville|village) (?:de|d) )?$"
)
_MISHEARD = {
    "ex": "aix en provence", "alo": "allauch", "allau": "allauch", "septieme les vallons": "septemes les vallons",
    "7 e les vallons": "septemes les vallons", "7 eme les vallons": "septemes les vallons",
}  # fmt: skip
"""what speech recognition writes for a name, beyond what the sound key brings together"""
_LONGEST_NAME = 7
_SAFE_FUZZ, _ASKED_FUZZ = 90, 86
_SAFE_LETTERS, _ASKED_LETTERS = 10, 6
_SAFE_SOUND_LETTERS = 7


@dataclass(frozen=True, slots=True)
class Place:
    """Codes the words may mean, and the sentence without those words. ``insee`` only when certain."""

    insee: str | None
    doubt: tuple[str, ...]
    rest: Sentence


@dataclass(frozen=True, slots=True)
class _Clue:
    codes: tuple[str, ...]
    first: int
    last: int


class CommuneFinder:
    """Knows the names and postcodes of the territory."""

    def __init__(self, communes: Sequence[Commune]) -> None:
        self._by_postcode: dict[str, list[str]] = defaultdict(list)
        self._names: dict[str, tuple[str, ...]] = {"marseille": ARRONDISSEMENTS}
        aliases: dict[str, set[str]] = defaultdict(set)
        for commune in communes:
            if commune.insee == "13055":
                continue
            for postcode in commune.postcodes:
                self._by_postcode[postcode].append(commune.insee)
            if commune.arrondissement is None:
                words = tuple(re.findall(r"[a-z]+", fold(commune.name)))
                self._names[" ".join(words)] = (commune.insee,)
                for alias in _aliases(words):
                    aliases[alias].add(commune.insee)
        self._by_postcode["13000"] = list(ARRONDISSEMENTS)
        self._by_sound = {_sound(name): codes for name, codes in self._names.items()}
        sounds: dict[str, set[str]] = defaultdict(set)
        for alias, codes in aliases.items():
            sounds[_sound(alias)] |= codes
        self._alias_sounds = {heard: tuple(sorted(codes)) for heard, codes in sounds.items()}
        self._aliases = {alias: self._alias_sounds[_sound(alias)] for alias in aliases if alias not in self._names}
        misheard = {said: self._names[name] for said, name in _MISHEARD.items() if name in self._names}
        self._aliases.update(misheard)

    def find(self, sentence: Sentence, expect: Expectation, known: str | None = None) -> Place:
        """The place in ``sentence``; ``known``: the commune established before, which settles a doubt it is part of."""
        clues: list[_Clue] = []
        rest = sentence
        for finder in (self._postcodes, self._arrondissements, self._named):
            for clue in finder(rest, expect):
                clues.append(clue)
                rest = rest.without(clue.first, clue.last)
        if not clues:
            return Place(None, (), sentence)
        shared = set(clues[0].codes).intersection(*(clue.codes for clue in clues[1:]))
        codes = tuple(dict.fromkeys(code for clue in clues for code in clue.codes if code in shared or not shared))
        if len(codes) > 1 and known in codes:
            codes = (known,)
        return Place(codes[0], (), rest) if len(codes) == 1 else Place(None, codes, rest)

    def _postcodes(self, sentence: Sentence, expect: Expectation) -> Iterator[_Clue]:
        for found in sentence.find(_POSTCODE):
            for first in range(found.first, found.last):
                for last in range(found.last, first, -1):
                    parts = [sentence.tag(index).lstrip("#") for index in range(first, last)]
                    codes = self._by_postcode.get(_joined(parts))
                    if codes:
                        yield _Clue(tuple(codes), first, last)
                        return

    def _arrondissements(self, sentence: Sentence, expect: Expectation) -> Iterator[_Clue]:
        patterns = list(_ALWAYS)
        if expect in (Expectation.COMMUNE, Expectation.ADDRESS) or STREET_TYPES.intersection(sentence.tags.split()):
            patterns += _WHERE_ASKED
        elif expect in (Expectation.ANY, Expectation.ITEMS):
            patterns.append(_WHERE_ASKED[0])
        if expect is Expectation.COMMUNE and sum(sentence.tag(index).startswith("#") for index in sentence.free) == 1:
            patterns.append(_BARE)
        for pattern in patterns:
            for found in sentence.find(pattern):
                number = int(found["number"] or 0)
                if 1 <= number <= 16:
                    yield _Clue((ARRONDISSEMENTS[number - 1],), found.first, found.last)
                    return

    def _named(self, sentence: Sentence, expect: Expectation) -> Iterator[_Clue]:
        free = sentence.free
        content = [index for index in free if sentence.tag(index) not in FILLERS]
        asked = expect is Expectation.COMMUNE and len(content) <= 6
        best: tuple[float, int, int, tuple[str, ...]] | None = None
        for first in free:
            for last in range(first + 1, min(first + _LONGEST_NAME, len(sentence)) + 1):
                if last - 1 in sentence.taken:
                    break
                if self._in_street_name(sentence, first):
                    continue
                score, codes = self._score(sentence, first, last, asked)
                if codes and (best is None or (score + last - first) > best[0]):
                    best = (score + last - first, first, last, codes)
        if best is not None:
            _, first, last, codes = best
            lead = _BEFORE_NAME.search(" ".join(sentence.tag(index) for index in range(max(0, first - 5), first)) + " ")
            yield _Clue(codes, first - (len(lead[0].split()) if lead and first else 0), last)

    def _score(self, sentence: Sentence, first: int, last: int, asked: bool) -> tuple[float, tuple[str, ...]]:
        """(300 exact, 200 same sound, up to 100 alike; the codes), or (0, ()) when it is no name."""
        words = " ".join(word.folded for unit in sentence.units[first:last] for word in unit.words)
        if words in self._names:
            return 300, self._names[words]
        if words in self._aliases and self._alias_allowed(sentence, first, words, asked):
            return 250, self._aliases[words]
        letters = len(words.replace(" ", ""))
        heard = _sound(" ".join(word.text for unit in sentence.units[first:last] for word in unit.words))
        if heard in self._by_sound and (asked or letters >= _SAFE_SOUND_LETTERS):
            return 200, self._by_sound[heard]
        if asked and letters >= 4 and heard in self._alias_sounds:
            return 150, self._alias_sounds[heard]
        if letters < (_ASKED_LETTERS if asked else _SAFE_LETTERS):
            return 0, ()
        cutoff = _ASKED_FUZZ if asked else _SAFE_FUZZ
        for table, said in ((self._names, words), (self._by_sound, heard)):
            alike = process.extractOne(said, table.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
            if alike:
                return float(alike[1]), table[alike[0]]
        return 0, ()

    @staticmethod
    def _alias_allowed(sentence: Sentence, first: int, words: str, asked: bool) -> bool:
        """A short name ("Salon", "La Fare") counts alone when a commune was asked, else only after "à", "sur"..."""
        before = sentence.tag(first - 1)
        here = before in ("a", "sur", "vers") or (
            before in ("de", "d") and sentence.tag(first - 2) in ("commune", "ville")
        )
        return asked or here or words == "aix" or (" " in words and sentence.units[first].word.text[0].isupper())

    @staticmethod
    def _in_street_name(sentence: Sentence, first: int) -> bool:
        """True in "rue de Marseille", "avenue d'Aix": there the name is the street's, not the place."""
        before = first - 1
        while before >= 0 and sentence.tag(before) in ("de", "d", "du", "des", "la", "l", "le", "les"):
            if sentence.after_pause(before + 1):
                return False
            before -= 1
        if sentence.after_pause(before + 1):
            return False
        return sentence.tag(before) in STREET_TYPES | LOOSE_STREET_TYPES


def _joined(parts: Sequence[str]) -> str:
    """The five digits said in parts: 13|0|0|6, 13|006, 13|1000|6 all are 13006."""
    if len(parts) == 3 and parts[1] == "1000":
        return f"{parts[0]}{int(parts[2]):03d}"
    return "".join(parts)


def _aliases(words: tuple[str, ...]) -> Iterator[str]:
    """Beginnings of a name that people use for the whole: Aix, Les Pennes, Port-Saint-Louis."""
    for length in range(1, len(words) + 1):
        alias = words[:length]
        if alias[-1] not in _CONNECTORS and alias[-1] not in _NO_ALIAS - {"chateauneuf"}:
            if length < len(words):
                yield " ".join(alias)
            if alias[0] in ("le", "la", "les"):
                yield " ".join(alias[1:])


def _sound(name: str) -> str:
    return " ".join(sound(word) for word in name.split())
