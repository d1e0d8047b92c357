"""Which things of the catalogue were named: the sound against sentences made of their names.

Said with an accent, on a bad line or by an old voice, rare words come back as other French ones: "trois paniers à
linge" as "trois pannées et langes". Few things can be named where things are asked: sentences of one or two of them,
with their counts, are compared with what the engine read, by sound; the decoder then judges the nearest ones on the
audio, as it does for communes (``closed_sets``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from callbot.domain.french import LEFT_OUT
from callbot.domain.items import Catalogue, ItemKind
from callbot.domain.meaning import Expectation
from callbot.speech.engine import Encoding, Engine, Hints, Transcription
from callbot.speech.spoken import number_words, spoken

LONGEST_ITEMS_MS: Final = 4_000
"""of voice: who speaks longer names more than two things, or says more than that"""
_CLEAR_FROM: Final = -0.12
"""log-probability from which what was read stays as it is"""
_MOST: Final = 10
"""of one thing"""
_NAMES: Final = 9
"""ways to name a kind: its label and the first synonyms"""
_LONGEST_NAME: Final = 4
"""words; longer synonyms are descriptions"""
_LEADS: Final = ("", "j'ai ", "c'est ", "alors ")
_OTHER_ANSWERS: Final = (
    "je ne sais pas", "c'est tout", "non", "oui", "rien d'autre", "un conseiller", "un conseiller, s'il vous plaît",
    "je voudrais parler à quelqu'un", "pardon", "quoi", "allô", "bonjour", "bonjour madame", "merci", "attendez",
    "attendez une minute", "qu'est-ce que vous prenez", "vous prenez quoi", "c'est gratuit", "c'est payant",
    "combien ça coûte", "je voudrais annuler", "où en est mon rendez-vous", "c'est pour quand", "je n'ai rien",
    "vous pouvez répéter", "je n'ai pas entendu", "je ne comprends pas", "je vous l'ai déjà dit", "des vieux meubles",
    "plein de choses", "des affaires", "c'est lourd", "c'est bon", "à marseille", "je suis au troisième étage",
)  # fmt: skip
"""what is said to the question and names nothing of the catalogue"""
_LEAD: Final = re.compile(
    r"^(?:(?:bonjour|alors|euh|ben|bah|donc|voilà)[ ,]+)*(?:je (?:voudrais|veux) (?:faire )?(?:enlever|jeter) )?",
    re.IGNORECASE,
)
_JUDGED: Final = 14
"""sentences the decoder judges; forty judged no better"""
_OF_ONE_MEANING: Final = 2
_PAIRED: Final = 40
"""things, by how much of them is in the readings, of which pairs are made"""
_WHOLE_NAME: Final = 8
"""sounds of a name from which it counts in full when pairs are made: short ones are part of anything"""
_BEST_READING: Final = 0.6
"""weight of the reading most alike, against the mean of all"""
_SOUND_WEIGHT: Final = 0.2
_SCORE_WEIGHT: Final = 0.5
_USUAL_WEIGHT: Final = 0.5
_SYNONYM_UNLIKE: Final = 8.0
"""likeness taken from a sentence for each synonym in it, when it is decided which ones are judged"""
_SYNONYM_COSTS: Final = 2.0
"""evidence against a thing that is not named as most people name it. These weights, made on 240 answers of four voices
(sara, dora, michael and siwis of Kokoro; one to three things of the catalogue) and 80 that name nothing: 208 of 320 are
understood whole (157 before), 49 name something else (74 before), no right one was lost"""
_REMEMBERED: Final = 20_000
"""sentences whose score on silence is kept: 3 MB"""
_OTHERWISE_FROM: Final = 0.6
"""probability from which things are added to others that were read, or counted otherwise"""
_AT_ALL_FROM: Final = 0.7
"""the same where what was read names nothing"""
_LEAST_LIKENESS: Final = 55.0
_LEAST_FIT: Final = -6.0
"""below it the sound is that of no sentence here, however much likelier than the others one is"""

Sounds = Callable[[str], str]
Scores = Callable[[Sequence[str]], Sequence[float]]
Named = Callable[[str], frozenset[str] | None]
Things = frozenset[tuple[str, int]]
"""kinds of the catalogue with their counts; empty for an answer that names none"""


@dataclass(frozen=True, slots=True)
class ItemSentence:
    """One way to say some things. ``sounds``: its key; ``synonyms``: things not named by the label of their kind."""

    said: str
    things: Things
    sounds: str
    synonyms: int = 0

    @property
    def written(self) -> str:
        """As Whisper writes it."""
        return f"{self.said[:1].upper()}{self.said[1:]}."


@dataclass(frozen=True, slots=True)
class ChosenItems:
    """The likeliest sentence. ``probability``: that it is this one, 0..1; ``likeness`` to the readings, 0..100;
    ``fit`` to the sound, in natural logarithms (what is usual taken off).
    """

    sentence: ItemSentence
    probability: float
    likeness: float
    fit: float

    def better_than(self, named: frozenset[str]) -> bool:
        """May it take the place of a reading that names these kinds? Never where one of them would be lost: rare names
        win over usual ones ("une table basse" over "une table") that every reading had.
        """
        sure = self.probability >= (_OTHERWISE_FROM if named else _AT_ALL_FROM)
        alike = self.likeness >= _LEAST_LIKENESS and self.fit >= _LEAST_FIT
        return sure and alike and named <= _kinds(self.sentence)


class ItemSet:
    """All sentences for a catalogue; ``sounds`` gives the key of one lower-case word, the same for words alike."""

    def __init__(self, catalogue: Catalogue, sounds: Sounds) -> None:
        self._sounds = sounds
        ways = {said: (thing, synonym) for kind in catalogue.kinds for said, thing, synonym in _ways(kind)}
        self._things = tuple(
            ItemSentence(said, frozenset({thing}), self.key(said), int(synonym))
            for said, (thing, synonym) in ways.items()
        )
        self._parts = [each.sounds for each in self._things]
        weights = [min(1.0, len(part) / _WHOLE_NAME) for part in self._parts]
        self._part_weights = np.asarray(weights, dtype=np.float64)
        self._leads = tuple((lead, self.key(lead)) for lead in _LEADS)
        others = tuple(ItemSentence(said, frozenset(), self.key(said)) for said in _OTHER_ANSWERS)
        self._sentences = (*self._led(self._things), *others)
        self._keys = [each.sounds for each in self._sentences]

    def key(self, text: str) -> str:
        """How ``text`` sounds, without word boundaries."""
        return "".join(self._sounds(word) for word in re.findall(r"[^\W_]+", spoken(text).lower()))

    def choose(self, readings: Sequence[str], score: Scores, usual: Scores) -> ChosenItems | None:
        """The things said, from all readings of the sound; None where the words are about something else.

        ``score`` judges sentences on the sound (sum of log-probabilities), ``usual`` the same ones on silence.
        """
        keys = [key for key in (self.key(_LEAD.sub("", text)) for text in readings) if key]
        if not keys:
            return None
        pairs = self._pairs(keys)
        near = [*_nearest(self._sentences, self._keys, keys), *_nearest(pairs, [each.sounds for each in pairs], keys)]
        judged = sorted(near, key=lambda found: found[0].synonyms * _SYNONYM_UNLIKE - found[1])[:_JUDGED]
        texts = [sentence.written for sentence, _ in judged]
        fits = np.asarray(score(texts)) - _USUAL_WEIGHT * np.asarray(usual(texts))
        return _likeliest(judged, fits)

    def _led(self, sentences: Sequence[ItemSentence]) -> Iterator[ItemSentence]:
        for each, (lead, key) in product(sentences, self._leads):
            yield ItemSentence(lead + each.said, each.things, key + each.sounds, each.synonyms)

    def _pairs(self, keys: Sequence[str]) -> tuple[ItemSentence, ...]:
        """Two things of those that are most alike to some part of the readings."""
        alike = _likeness(keys, self._parts, fuzz.partial_ratio) * self._part_weights
        likely = [self._things[int(index)] for index in np.argsort(-alike, kind="stable")[:_PAIRED]]
        join = self.key("et")
        both = [
            ItemSentence(
                f"{one.said} et {other.said}",
                one.things | other.things,
                one.sounds + join + other.sounds,
                one.synonyms + other.synonyms,
            )
            for one, other in product(likely, likely)
            if not _kinds(one) & _kinds(other)
        ]
        return tuple(self._led(both))


class ItemReader:
    """Reads things out of an encoded answer; one for the whole service, called by several threads."""

    def __init__(self, engine: Engine, items: Callable[[], ItemSet], named: Named) -> None:
        """``items``: those of the catalogue in force; ``named``: the kinds that words name, as they are understood, or
        None where they are about something else.
        """
        self._engine = engine
        self._items = items
        self._named = named
        self._silence = engine.silence()
        self._usual: dict[str, float] = {}

    def read(self, encoding: Encoding, words: Transcription) -> tuple[str, ...]:
        """A sentence of the things that were said and, after it, what was read; nothing where ``words`` stay the first.

        ``words`` were read with examples; a second reading without any (a quarter of a second) keeps examples from
        being heard. Blocking.
        """
        first = words.hypotheses[0]
        if first.log_prob >= _CLEAR_FROM or LEFT_OUT.search(first.text):
            return ()  # clear, or more than a sentence of the set can say
        named = self._named(first.text)
        if named is None:
            return ()
        plain = self._engine.transcribe(encoding, Hints(Expectation.ITEMS))
        read = [reading.text for each in (words, plain) for reading in each.hypotheses]
        found = self._items().choose(read, lambda said: self._engine.score(encoding, said), self._on_silence)
        if found is None or not found.better_than(named):
            return ()
        return (found.sentence.written, *(reading.text for reading in words.hypotheses))

    def _on_silence(self, said: Sequence[str]) -> list[float]:
        """Scores on silence, computed once for each sentence that comes again and again."""
        known = {text: self._usual[text] for text in said if text in self._usual}
        unknown = [text for text in said if text not in known]
        if unknown:
            known.update(zip(unknown, self._engine.score(self._silence, unknown), strict=True))
        if len(self._usual) + len(unknown) > _REMEMBERED:
            self._usual = {}
        self._usual.update(known)
        return [known[text] for text in said]


def _ways(kind: ItemKind) -> Iterator[tuple[str, tuple[str, int], bool]]:
    """Sentences, what they name, and whether by a synonym."""
    names = [kind.label, *(each for each in kind.synonyms if len(each.split()) <= _LONGEST_NAME)]
    for place, name in enumerate(names[:_NAMES]):
        many, synonym = (name, True) if place else (kind.plural, False)
        yield f"{'une' if kind.feminine else 'un'} {name}", (kind.id, 1), synonym
        yield f"des {many}", (kind.id, 2), synonym
        for count in range(2, _MOST + 1):
            yield f"{number_words(count)} {many}", (kind.id, count), synonym


def _kinds(sentence: ItemSentence) -> set[str]:
    return {kind for kind, _ in sentence.things}


def _likeness(keys: Sequence[str], sounds: Sequence[str], scorer: Callable[..., float]) -> NDArray[np.float64]:
    table = process.cdist(keys, sounds, scorer=scorer)
    return np.asarray(_BEST_READING * table.max(axis=0) + (1 - _BEST_READING) * table.mean(axis=0), dtype=np.float64)


def _nearest(
    sentences: Sequence[ItemSentence], sounds: Sequence[str], keys: Sequence[str]
) -> list[tuple[ItemSentence, float]]:
    """The sentences most alike, with how much (0..100): two for the same things at most."""
    if not sentences:
        return []
    likeness = _likeness(keys, sounds, fuzz.ratio)
    unlike = np.asarray([sentence.synonyms * _SYNONYM_UNLIKE for sentence in sentences]) - likeness
    near: list[tuple[ItemSentence, float]] = []
    times = Counter[Things]()
    for index in np.argsort(unlike, kind="stable"):
        sentence = sentences[int(index)]
        if times[sentence.things] >= _OF_ONE_MEANING and sentence.things:
            continue
        times[sentence.things] += 1
        near.append((sentence, float(likeness[index])))
        if len(near) == _JUDGED:
            break
    return near


def _likeliest(judged: Sequence[tuple[ItemSentence, float]], fits: NDArray[np.float64]) -> ChosenItems | None:
    """Things by the likeness and fit of their best sentence."""
    best: dict[Things, tuple[float, ChosenItems]] = {}
    for (sentence, likeness), fit in zip(judged, fits, strict=True):
        evidence = _SOUND_WEIGHT * likeness + _SCORE_WEIGHT * float(fit) - _SYNONYM_COSTS * sentence.synonyms
        if sentence.things not in best or evidence > best[sentence.things][0]:
            best[sentence.things] = (evidence, ChosenItems(sentence, 0.0, likeness, float(fit)))
    most, chosen = max(best.values(), key=lambda found: found[0])
    if not chosen.sentence.things:
        return None
    return replace(chosen, probability=1 / sum(math.exp(evidence - most) for evidence, _ in best.values()))
