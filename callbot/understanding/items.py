"""Items and how many of each: words of the catalogue as they are inflected, misspelt or misheard.

Quantities nobody says in figures are decided so, and read back to the caller: "des" is two, "quelques", "plusieurs" and
"beaucoup de" are three, "deux ou trois" is the larger (room is kept for it), a bare plural is two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from callbot.domain.items import Catalogue, ItemLine
from callbot.understanding.lexicon import vocabulary
from callbot.understanding.numbers import units_of
from callbot.understanding.sentence import Sentence, Unit, clean, words_of
from callbot.understanding.sound import broad_sound, singular, sound

_MOST = 99
_FUZZ, _FUZZ_LETTERS = 88, 7
_COUNTED_FUZZ, _COUNTED_LETTERS = 90, 5
"""likeness (0..100) and fewest letters of a misspelt name, and of one with a count or an article before it"""
_SOUND_LETTERS = 5
_BROAD_SOUNDS = 3
"""fewest sounds of a name said with an accent"""
_SMALL = vocabulary("a au aux d de des du en l la le les un une et ou pour sur")
_ONE = vocabulary("un une mon ma le la l ce cet cette son sa notre votre leur")
_TWO = vocabulary("des mes les ces nos ses leurs vos")
_INDEFINITE = vocabulary("un une des")
_DEFINITE = vocabulary("le la l les ce cet cette ces mon ma mes")
_MASS = vocabulary("gravats dechets vegetaux toilettes wc vetements encombrants branchages decombres jouets")
_COLLECTIVE = re.compile(
    r"(?:(?P<paire>(?:une |#1 )?paire|un couple)|(?P<demi>une demi douzaine)|(?P<dix>une dizaine)"
    r"|(?P<douze>une douzaine)"
    r"|(?P<quinze>une quinzaine)|(?P<vingt>une vingtaine)|(?P<trois>beaucoup|plein|pas mal|un tas|un lot|plusieurs"
    r"|quelques))"
    r"(?: (?:de|d))?$"
)
_COLLECTIVE_VALUES = {"paire": 2, "demi": 6, "dix": 10, "douze": 12, "quinze": 15, "vingt": 20, "trois": 3}
_NEGATED = re.compile(
    r"(?<!pour)(?: |^)(?:pas|sans|sauf|hormis|excepte|ni|a part|plus besoin|enleve[rz]? pas|au lieu|a la place"
    r"|(?:suis|est|sommes) en)"
    r"(?: (?:de|d|du|des|le|la|les|l|un|une|mon|ma|mes|ce|cette|ces|votre|vos|#\d+))*$"
)
_INSTEAD = re.compile(
    r"^(?=.*\b(?:non|nan|pardon|plutot|enfin|excusez|desolee?|dire|trompee?|corrige)\b)"
    r"(?:(?:euh|heu|hum|ah|oh|ben|bah|ou|mais|non|nan|pardon|plutot|enfin|finalement|en fait|c est|ce sont|j ai"
    r"|attendez|excusez moi|desolee?|je (?:me suis trompee?|(?:veux|voulais) dire|corrige))(?: |$))+$"
)
"""between two items, the second in place of the first: "un canapé, non, deux fauteuils" """
_STATED = re.compile(
    r"\b(?:j ai|j en ai|y a|y en a|on a|nous avons|c est|c etait|ce sont|sera|serait|seront|plutot|finalement|en fait)"
    r"(?: (?:que|juste|seulement|plutot|bien))?$"
)
"""before a count that says what there is to take, and is no house number"""
_GENERAL = vocabulary("les des")
"""determiners of all things of a kind: "vous prenez les frigos ?" """
_LATER_COUNT = re.compile(r"(?:il y )?en (?:a|ai|avons) #(?P<count>\d{1,2})\b")
_INSTEAD_COUNT = re.compile(
    r"^(?:(?:mais|c est|plutot|non|il y en a|j en ai|en) )*(?P<count>#\d{1,2})(?: (?:s il|merci|voila).*)?$"
)
"""after an item refused: "pas deux matelas mais trois" """
_NAMING = frozenset({"NOUN", "PROPN", "ADJ", "X"})
_NEVER_NAMING = frozenset({"VERB", "AUX", "PRON", "DET"})
"""parts of speech (Universal Dependencies) of words that name things, and of words that never do"""
_ADJECTIVES = vocabulary(
    "vieux vieil vieille vieilles ancien ancienne anciens anciennes petit petite petits petites grand grande grands"
    " grandes gros grosse grosses beau belle beaux belles autre autres simple double bon bonne meme espece sorte genre"
    " de d"
)


@dataclass(frozen=True, slots=True)
class _Match:
    kind: str
    first: int
    last: int
    definite: bool = False


class ItemFinder:
    """Knows every way to name an item of the catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._phrases: dict[str, str] = {}
        by_sound: dict[str, set[str]] = defaultdict(set)
        by_broad_sound: dict[str, set[str]] = defaultdict(set)
        for kind in catalogue.kinds:
            for name in (kind.label, kind.plural, *kind.synonyms):
                words = words_of(clean(name))
                key = " ".join(singular(unit.tag) for unit in units_of(words))
                if key:
                    self._phrases.setdefault(key, kind.id)
                    by_sound[" ".join(sound(word.text) for word in words)].add(self._phrases[key])
                if key and len(words) == 1:
                    by_broad_sound[broad_sound(words[0].text)].add(self._phrases[key])
        self._sounds = _of_one_kind(by_sound)
        self._broad_sounds = {
            heard: kind for heard, kind in _of_one_kind(by_broad_sound).items() if len(heard) >= _BROAD_SOUNDS
        }
        self._alike = [phrase for phrase in self._phrases if len(phrase) >= _COUNTED_LETTERS]
        self._longest = max((len(key.split()) for key in self._phrases), default=0)

    def find(
        self, sentence: Sentence, *, only_clear: bool = False, in_general: bool = False
    ) -> tuple[tuple[ItemLine, ...], Sentence]:
        """Items in the order first named, and the sentence without them.

        ``only_clear``: exact words with a count; ``in_general``: a plural names a kind, not several of it.
        """
        lines: dict[str, ItemLine] = {}
        rest = sentence
        last: _Match | None = None
        for match in self._matches(sentence, exact=only_clear):
            before = " ".join(sentence.tag(index) for index in range(max(0, match.first - 8), match.first))
            first, quantity = _quantity(sentence, match)
            if only_clear and quantity is None:
                continue
            rest = rest.without(first, match.last)
            if _negated(before) and not _pause_within(sentence, match.first):
                lines.pop(match.kind, None)
                if (count := _count_instead(sentence, match)) is not None:
                    lines[match.kind] = ItemLine(match.kind, count, sentence.raw(match.first, match.last))
                    rest = rest.without(match.last, len(sentence))
                continue
            if in_general and (quantity is None or sentence.tag(first) in _GENERAL):
                quantity = 1
            if last and last.kind != match.kind and _INSTEAD.match(_said(sentence, last.last, first)):
                lines.pop(last.kind, None)
            last = match
            _add(lines, match, quantity, sentence)
        return tuple(lines.values()), rest

    def find_stated(self, sentence: Sentence) -> tuple[tuple[ItemLine, ...], Sentence]:
        """The items where the words say what there is to take ("en fait c'est deux matelas"); none elsewhere."""
        for match in self._matches(sentence, exact=True):
            first, quantity = _quantity(sentence, match)
            if quantity is not None and _STATED.search(_said(sentence, 0, first)) and _ends_there(sentence, match.last):
                return self.find(sentence, only_clear=True)
        return (), sentence

    def _matches(self, sentence: Sentence, *, exact: bool) -> Iterator[_Match]:
        index = 0
        while index < len(sentence):
            match = self._longest_at(sentence, index, exact=exact)
            if match:
                yield match
            index = match.last if match else index + 1

    def _longest_at(self, sentence: Sentence, first: int, *, exact: bool) -> _Match | None:
        if sentence.tag(first) in _SMALL:
            return None
        readings = (_exact_keys,) if exact else (_exact_keys, _sound_keys)
        for reading, table in zip(readings, (self._phrases, self._sounds), strict=False):
            for length in range(min(self._longest, len(sentence) - first), 0, -1):
                for key in reading(sentence, first, first + length):
                    if key in table:
                        return _Match(table[key], first, first + length)
        return None if exact else self._almost(sentence, first) or self._accented(sentence, first)

    def _almost(self, sentence: Sentence, first: int) -> _Match | None:
        """A misspelt name: nearly the same letters, long enough not to be another word."""
        if not _may_name(sentence, first):
            return None
        counted = _counted(sentence, first)
        cutoff, fewest = (_COUNTED_FUZZ, _COUNTED_LETTERS) if counted else (_FUZZ, _FUZZ_LETTERS)
        for length in range(min(3, len(sentence) - first), 0, -1):
            tags = [singular(sentence.tag(index)) for index in range(first, first + length)]
            said = " ".join(tags)
            if len(said) < fewest or "|" in tags or tags[-1] in _SMALL:
                continue
            alike = process.extractOne(
                said, self._alike, scorer=fuzz.ratio, score_cutoff=cutoff if len(said) < _FUZZ_LETTERS else _FUZZ
            )
            if alike and alike[0][0] == said[0] and alike[0].count(" ") == said.count(" "):
                return _Match(self._phrases[alike[0]], first, first + length)
        return None

    def _accented(self, sentence: Sentence, first: int) -> _Match | None:
        """A counted word of no language that sounds like a name where sounds are mixed up: "quatre saises"."""
        before, word = sentence.tag(first - 1), sentence.units[first].word
        if first in sentence.taken or sentence.after_pause(first) or not word.is_unknown:
            return None
        if not (before in _INDEFINITE or before.startswith("#")):
            return None
        kind = self._broad_sounds.get(broad_sound(word.text))
        return _Match(kind, first, first + 1) if kind else None


def _of_one_kind(by_sound: Mapping[str, set[str]]) -> dict[str, str]:
    """A sound that two kinds share names neither."""
    return {heard: min(kinds) for heard, kinds in by_sound.items() if len(kinds) == 1}


def _forms(unit: Unit) -> set[str]:
    return {singular(unit.tag), singular(unit.word.lemma) if len(unit.words) == 1 and unit.word.lemma else unit.tag}


def _counted(sentence: Sentence, index: int) -> bool:
    before = sentence.tag(index - 1)
    return before in _ONE | _TWO or before.startswith("#")


def _may_name(sentence: Sentence, index: int) -> bool:
    """True for a noun, and for any word that is counted: "il lit" names nothing, "un lit" does."""
    return _counted(sentence, index) or sentence.units[index].word.pos in _NAMING


def _exact_keys(sentence: Sentence, first: int, last: int) -> Iterator[str]:
    if any(index in sentence.taken or (index > first and sentence.after_pause(index)) for index in range(first, last)):
        return
    if last - first == 1:
        if _may_name(sentence, first) or sentence.units[first].word.pos not in _NEVER_NAMING:
            yield from sorted(_forms(sentence.units[first]))
        return
    yield " ".join(singular(sentence.tag(index)) for index in range(first, last))
    lemmas = [sentence.units[index].word.lemma or sentence.tag(index) for index in range(first, last)]
    yield " ".join([singular(lemmas[0]), *(singular(sentence.tag(index)) for index in range(first + 1, last))])


def _sound_keys(sentence: Sentence, first: int, last: int) -> Iterator[str]:
    units = sentence.units[first:last]
    if any(index in sentence.taken or (index > first and sentence.after_pause(index)) for index in range(first, last)):
        return
    if any(unit.value is not None for unit in units) or sum(len(unit.tag) for unit in units) < _SOUND_LETTERS:
        return
    if last - first == 1 and not _may_name(sentence, first):
        return
    key = " ".join(sound(word.text) for unit in units for word in unit.words)
    if len(key) >= _SOUND_LETTERS - 1:
        yield key


def _quantity(sentence: Sentence, match: _Match) -> tuple[int, int | None]:
    """Where the counted phrase begins, and its count; None when nothing counts it."""
    index = match.first - 1
    while index >= 0 and sentence.tag(index) in _ADJECTIVES and not sentence.after_pause(index + 1):
        index -= 1
    before = " ".join(sentence.tag(earlier) for earlier in range(max(0, index - 3), match.first))
    before = re.sub(rf"(?: (?:{'|'.join(_ADJECTIVES - {'de', 'd'})}))+$", "", before)
    collective = _COLLECTIVE.search(before)
    if collective:
        return match.first - len(collective[0].split()), _COLLECTIVE_VALUES[collective.lastgroup or "trois"]
    tag = sentence.tag(index)
    if not tag or sentence.after_pause(index + 1):
        return match.first, None
    if sentence.units[index].is_cardinal and tag != "|":
        return index, min(max(sentence.units[index].value or 1, 1), _MOST)
    if tag in ("quelques", "plusieurs"):
        return index, 3
    if tag in _ONE:
        return index, 1
    if tag in _TWO:
        return index, 1 if sentence.tag(match.first) in _MASS else 2
    return match.first, None


def _said(sentence: Sentence, first: int, last: int) -> str:
    return " ".join(sentence.tag(index) for index in range(first, last))


def _ends_there(sentence: Sentence, index: int) -> bool:
    """False where a name goes on: "12 porte d'Aix"."""
    if index >= len(sentence) or sentence.after_pause(index):
        return True
    return sentence.tag(index) not in ("de", "d", "du", "des") and sentence.units[index].word.pos != "PROPN"


def _plural(sentence: Sentence, match: _Match) -> bool:
    word = sentence.units[match.first].word
    return word.folded not in _MASS and bool(word.lemma) and word.folded != word.lemma and word.folded[-1] in "sx"


def _negated(before: str) -> bool:
    found = _NEGATED.search(before)
    return bool(found) and not before.endswith(("pas que", "pas seulement")) and "est ce pas" not in before


def _count_instead(sentence: Sentence, match: _Match) -> int | None:
    """The count said in place of another, at the end: "pas deux matelas, trois"."""
    rest = " ".join(sentence.tag(at) for at in range(match.last, len(sentence)))
    found = _INSTEAD_COUNT.match(rest)
    counted = sentence.tag(match.first - 1).startswith("#")
    return min(int(found["count"].lstrip("#")), _MOST) if found and counted else None


def _pause_within(sentence: Sentence, first: int) -> bool:
    """True when a pause separates the item from the negation before it ("non pas, le canapé")."""
    index = first
    while index > 0 and sentence.tag(index - 1) not in ("pas", "sans", "sauf", "hormis", "excepte", "ni", "part"):
        if sentence.after_pause(index):
            return True
        index -= 1
    return sentence.after_pause(index)


def _add(lines: dict[str, ItemLine], match: _Match, quantity: int | None, sentence: Sentence) -> None:
    heard = sentence.raw(match.first, match.last)
    count = quantity if quantity is not None else (2 if _plural(sentence, match) else 1)
    later = next((found for found in sentence.find(_LATER_COUNT) if found.first >= match.last), None)
    if later and not _other_noun(sentence, match.last, later.first):
        count = min(int(later["count"] or count), _MOST)
    known = lines.get(match.kind)
    if known is None:
        lines[match.kind] = ItemLine(match.kind, count, heard)
        return
    between = {sentence.tag(index) for index in range(max(0, match.first - 6), match.first)}
    corrected = bool(between & {"non", "pardon", "plutot", "enfin", "finalement"})
    again = quantity is None or sentence.tag(match.first - 1) in _DEFINITE
    total = count if corrected else known.quantity if again else min(known.quantity + count, _MOST)
    lines[match.kind] = ItemLine(match.kind, total, known.heard)


def _other_noun(sentence: Sentence, first: int, last: int) -> bool:
    return any(sentence.units[index].word.pos == "NOUN" for index in range(first, last))
