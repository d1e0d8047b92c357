"""Which of the communes or of Marseille's arrondissements was said: the sound against a closed set of sentences.

Few answers are possible where a commune is asked, and each in few ways ("À Cassis.", "Dans le 6e arrondissement.").
Every sentence is compared with what the engine read, by sound; the decoder then judges the nearest ones on the audio.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from callbot.domain.geography import Commune
from callbot.domain.meaning import Expectation
from callbot.speech.codec import ENGINE_RATE
from callbot.speech.engine import Encoding, Engine, Hints, Transcription
from callbot.speech.spoken import number_words, ordinal, spoken

LONGEST_PLACE_MS: Final = 3_500
"""of voice: who speaks longer says more than where they live"""
SURE_FROM: Final = 0.95
"""probability from which a place is taken, if it sounds like the readings too (``_SURE_LIKENESS``)"""
_SURE_LIKENESS: Final = 65.0
"""of 168 answers of ``dev`` (seven voices, clean and 20 dB) 74 reach both and all are right; by the probability alone 2
of 83 were wrong, both of short names nothing else in the readings sounded like"""
LIKELY_FROM: Final = 0.3
"""probability from which the caller is asked whether it is the place"""
_NEAR_ENOUGH: Final = 50.0
"""likeness (0..100) in sound below which the words are about something else"""
_JUDGED: Final = 8
"""sentences the decoder judges; sixteen judged no better"""
_OF_ONE_PLACE: Final = 2
_UNKNOWN: Final = re.compile(r"\b(?:sais (?:pas|plus)|connais pas|aucune idée)\b", re.IGNORECASE)
"""who does not know names no place, however near the sound of the words is to one"""
_BEST_READING: Final = 0.6
"""weight of the reading most alike, against the mean of all of one pass"""
_SOUND_WEIGHT: Final = 0.3
_SCORE_WEIGHT: Final = 0.2
_USUAL_WEIGHT: Final = 0.8
"""how much of what a sentence scores on silence is taken from its score: without it frequent short words ("deuxième",
"Cassis") win over rare long ones, and the decoder does more harm than good (85 right of 168 by its scores alone)"""

_TOWN_WAYS: Final = ("À {}.", "{}.", "J'habite {}.", "J'habite à {}.", "C'est à {}.", "Sur {}.")
_ARRONDISSEMENT_WAYS: Final = (
    ("Marseille {n}.", "Marseille {o}"), ("À Marseille, dans le {n}.", "à Marseille dans le {o}"),
    ("Le {n}.", "le {o}"), ("Dans le {n}.", "dans le {o}"), ("{n} arrondissement.", "{o} arrondissement"),
    ("Dans le {n} arrondissement.", "dans le {o} arrondissement"),
    ("Marseille {n} arrondissement.", "Marseille {o} arrondissement"),
    ("{pc}.", "treize mille {w}"), ("{pc}.", "treize zéro {z}{w}"), ("Marseille, {pc}.", "Marseille treize mille {w}"),
    ("Marseille, {pc}.", "Marseille treize zéro {z}{w}"),
)  # fmt: skip
"""as Whisper writes it, as it is said"""
_SHORT_NAMES: Final = {
    "13001": "Aix", "13014": "Berre", "13039": "Fos", "13071": "Les Pennes", "13078": "Port-Saint-Louis",
    "13103": "Salon", "13106": "Septèmes",
}  # fmt: skip
_OTHER_ANSWERS: Final = (
    "Je ne sais pas.", "Je ne connais pas.", "Un conseiller.", "Je voudrais parler à quelqu'un.", "Pardon ?", "Quoi ?",
    "Vous pouvez répéter ?", "Attendez.", "Oui.", "Non.", "Merci.", "Allô ?", "À Paris.", "À Nice.", "À Toulon.",
    "À Avignon.", "À Lyon.", "J'habite à Paris.", "C'est gratuit ?", "C'est payant ?", "Combien ça coûte ?",
    "C'est pour quand ?", "Vous passez quand ?", "À quelle heure ?", "Où ça ?", "Je voudrais annuler.",
    "Revenons en arrière.", "Plus lentement.", "Je n'entends pas.", "Répétez, s'il vous plaît.",
    "En fait, c'est deux matelas.", "Non, c'est un canapé.", "Une petite minute.",
)  # fmt: skip
"""what is said to the question and names no place of the territory"""
_ELSEWHERE: Final = ""

Sounds = Callable[[str], str]
Scores = Callable[[Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One way to say one place. ``insee``: its code, "" for an answer that names none; ``sounds``: its key."""

    said: str
    insee: str
    sounds: str


@dataclass(frozen=True, slots=True)
class ChosenPlace:
    """The likeliest place, as a sentence; ``rival``: the next one.

    ``probability``: that it is this one, 0..1; ``likeness`` of its sentence to the readings, 0..100.
    """

    sentence: Sentence
    rival: Sentence | None
    probability: float
    likeness: float

    @property
    def sure(self) -> bool:
        """No need to ask."""
        return self.probability >= SURE_FROM and self.likeness >= _SURE_LIKENESS


class PlaceSet:
    """All sentences for ``communes``; ``sounds`` gives the key of one lower-case word, the same for words alike."""

    def __init__(self, communes: Sequence[Commune], sounds: Sounds) -> None:
        self._sounds = sounds
        said = [way for commune in communes for way in _ways(commune)]
        said += [(answer, _ELSEWHERE, answer) for answer in _OTHER_ANSWERS]
        self.sentences = tuple(Sentence(text, insee, self.key(aloud)) for text, insee, aloud in said)
        self._keys = [sentence.sounds for sentence in self.sentences]

    def key(self, text: str) -> str:
        """How ``text`` sounds, without word boundaries: "13.06" and "13 1000 6" as people say the postcode 13006."""
        apart = re.sub(r"(?<=\d)[.,-](?=\d)", " ", text)
        whole = re.sub(r"\b13 ?(?:0{1,3}|1000)? ?(\d{1,2})\b", r"treize mille \1", apart)
        return "".join(self._sounds(word) for word in re.findall(r"\w+", spoken(whole).lower()))

    def choose(self, passes: Sequence[Sequence[str]], score: Scores, usual: Scores) -> ChosenPlace | None:
        """The place said, from the readings of each pass over the sound; None when the words are about something else.

        ``score`` judges sentences on the sound (sum of log-probabilities), ``usual`` the same ones on silence.
        """
        alike = [self._likeness(readings) for readings in passes if any(self.key(text) for text in readings)]
        if not alike or float(np.mean(alike, axis=0).max()) < _NEAR_ENOUGH:
            return None
        likeness = np.mean(alike, axis=0)
        judged = self._nearest(likeness)
        texts = [self.sentences[index].said for index in judged]
        fits = _SCORE_WEIGHT * (np.asarray(score(texts)) - _USUAL_WEIGHT * np.asarray(usual(texts)))
        return self._likeliest(judged, likeness, fits)

    def _likeness(self, readings: Sequence[str]) -> NDArray[np.float64]:
        keys = [key for key in map(self.key, readings) if key]
        table = process.cdist(keys, self._keys, scorer=fuzz.ratio)
        return np.asarray(
            _BEST_READING * table.max(axis=0) + (1 - _BEST_READING) * table.mean(axis=0), dtype=np.float64
        )

    def _nearest(self, likeness: NDArray[np.float64]) -> list[int]:
        """The sentences to judge, each text once and a place in two ways at most."""
        chosen: dict[str, int] = {}
        times = Counter[str]()
        for index in np.argsort(-likeness, kind="stable"):
            sentence = self.sentences[int(index)]
            if sentence.said in chosen or times[sentence.insee] >= _OF_ONE_PLACE:
                continue
            chosen[sentence.said] = int(index)
            times[sentence.insee] += 1
            if len(chosen) == _JUDGED:
                break
        return list(chosen.values())

    def _likeliest(
        self, judged: Sequence[int], likeness: NDArray[np.float64], fits: NDArray[np.float64]
    ) -> ChosenPlace | None:
        """Places by the likeness of their best sentence and the fit of their best sentence."""
        near, fit, best = dict[str, float](), dict[str, float](), dict[str, Sentence]()
        for index, value in zip(judged, fits, strict=True):
            sentence = self.sentences[index]
            near[sentence.insee] = max(near.get(sentence.insee, -math.inf), float(likeness[index]))
            fit[sentence.insee] = max(fit.get(sentence.insee, -math.inf), float(value))
            best.setdefault(sentence.insee, sentence)
        evidence = {insee: _SOUND_WEIGHT * near[insee] + fit[insee] for insee in best}
        first, *others = sorted(evidence, key=lambda insee: -evidence[insee])
        probability = 1 / sum(math.exp(evidence[insee] - evidence[first]) for insee in evidence)
        if first == _ELSEWHERE or probability < LIKELY_FROM:
            return None
        rivals = [insee for insee in others if insee != _ELSEWHERE]
        return ChosenPlace(best[first], best[rivals[0]] if rivals else None, probability, near[first])


class PlaceReader:
    """Reads the place out of an encoded answer; one for the whole service, called by several threads."""

    def __init__(self, engine: Engine, places: PlaceSet) -> None:
        self._engine = engine
        self._places = places
        self._silence = engine.encode(np.zeros(ENGINE_RATE, dtype=np.float32))
        self._usual: dict[str, float] = {}

    def read(self, encoding: Encoding, words: Transcription) -> tuple[str, ...]:
        """What to understand, best first, never empty: one sentence where the place is sure, two that differ in doubt.

        ``words`` were read with examples. A second reading without any (a quarter of a second) keeps examples from
        being heard; alone it is what is understood where no place is likely ("Je ne sais pas."). Blocking.
        """
        plain = self._engine.transcribe(encoding, Hints(Expectation.COMMUNE))
        passes = [[reading.text for reading in each.hypotheses] for each in (words, plain)]
        if all(_UNKNOWN.search(texts[0]) for texts in passes):
            return tuple(passes[-1])
        place = self._places.choose(passes, lambda said: self._engine.score(encoding, said), self._on_silence)
        if place is None or not (place.sure or place.rival):
            return tuple(passes[-1])
        rival = () if place.sure or place.rival is None else (place.rival.said,)
        return (place.sentence.said, *rival)

    def _on_silence(self, said: Sequence[str]) -> list[float]:
        """Scores on silence, each computed once."""
        unknown = [text for text in said if text not in self._usual]
        if unknown:
            self._usual.update(zip(unknown, self._engine.score(self._silence, unknown), strict=True))
        return [self._usual[text] for text in said]


def _ways(commune: Commune) -> list[tuple[str, str, str]]:
    """(as Whisper writes it, code, as it is said)"""
    number = commune.arrondissement
    if number is None:
        names = (commune.name, *(name for insee, name in _SHORT_NAMES.items() if insee == commune.insee))
        return [(way.format(name), commune.insee, way.format(name)) for name in names for way in _TOWN_WAYS]
    parts = {
        "n": "1er" if number == 1 else f"{number}e",
        "o": ordinal(number),
        "pc": f"130{number:02d}",
        "w": number_words(number),
        "z": "zéro " if number < 10 else "",
    }
    return [(way.format(**parts), commune.insee, aloud.format(**parts)) for way, aloud in _ARRONDISSEMENT_WAYS]
