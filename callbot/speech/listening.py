"""From the sound of a turn to words that may be believed, off the event loop."""

from __future__ import annotations

import asyncio
import math
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import partial
from typing import Final

from callbot.domain.meaning import Expectation, YesNo
from callbot.speech.closed_items import LONGEST_ITEMS_MS, ItemReader
from callbot.speech.closed_sets import LONGEST_PLACE_MS, PlaceReader
from callbot.speech.codec import mulaw_to_samples
from callbot.speech.engine import Encoding, Engine, Hints, Transcription
from callbot.speech.guard import Refusal, Verdict, judge
from callbot.speech.hints import LONGEST_CLOSED_MS, MAY_CHOOSE, ClosedAnswer, closed_answers, without_example
from callbot.speech.turns import LEAST_VOICED_MS

_CLEAR_FROM: Final = -0.3
"""log-probability from which a short text that says yes or no is believed without asking the decoder: of 372 answers
of the tuning callers (``tests.bench.hearing``) 131 texts reach it and all are right; wrong ones begin below -0.35"""
_SURE_FROM: Final = 2.0
"""evidence (natural logarithm) from which a yes or a no is believed. Decoder and text weighed together: of the same
answers 74 % are right and 0.3 % wrong; from 1.5 it would be 77 and 1.6 %"""
_TEXT_WEIGHT: Final = 0.5
"""of the readings against the decoder's scores, which tell yes from no better than they do"""
_MOST_OF_TEXT: Final = 1.5
_UNREAD: Final = -2.5
"""log-probability given to a side that no reading takes"""
_SURE_BY: Final = 1.5
"""natural logarithm by which the best date must beat the best answer of another meaning"""
_LIKELY_FROM: Final = -8.0
"""a closed answer that scores less is not put in the place of a text that says neither yes nor no"""
_YES: Final = re.compile(
    r"\b(?:oui|ouais|d'accord|tout à fait|parfait\w*|exact\w*|"
    r"c'est (?:bien )?(?:ça|cela|bon|correct|juste|la bonne|le bon))\b",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"\b(?:non|nan|aucune?|pas (?:ça|cela|bon|bien|du tout|correct|juste|exact|la bonne|le bon))\b", re.IGNORECASE
)
_CHANGED_MIND: Final = re.compile(r"\b(?:oui|ouais)\b.*\bnon\b|\bnon\b.*\b(?:oui|ouais)\b", re.IGNORECASE)
"""both words in one answer: its sound tells only how it begins. "Oui, c'est pas ça" is mostly a "oui" misread"""
_THANKS: Final = re.compile(r"\W*merci(?: beaucoup| bien)?\W*", re.IGNORECASE)
"""thanks alone: what is left of a "non merci" as often as a yes"""
_WORD: Final = re.compile(r"\w+")
_SMALL_WORDS: Final = frozenset({"le", "la", "les", "l", "de", "pas"})
_DIGIT: Final = re.compile(r"\d")
_LONG_MS: Final = 2_000
"""voice of an open answer that may hold an address: "au vingt-quatre boulevard Baille, à Marseille" takes longer"""


class _Side(Enum):
    NEITHER = auto()
    BOTH = auto()
    """both yes and no, or a choice named in words: whoever understands words decides"""


_Said = YesNo | _Side


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of work: encoder, free reading, choosing among closed answers."""

    encode_ms: float = 0.0
    decode_ms: float = 0.0
    score_ms: float = 0.0

    @property
    def total_ms(self) -> float:
        return self.encode_ms + self.decode_ms + self.score_ms


@dataclass(frozen=True, slots=True)
class HeardSound:
    """An utterance after the encoder, to be read again while it matters. Personal."""

    encoding: Encoding
    audio: bytes = field(repr=False)
    """mu-law"""
    plain: tuple[str, ...] = field(default=(), repr=False)
    """readings without any hint, best first, where the question has them made at once"""


@dataclass(frozen=True, slots=True)
class Heard:
    """Words of one turn. Personal.

    ``text`` is what to understand, empty when ``refused`` says why. ``hypotheses``: other readings, best first,
    ``text`` the first. ``closed``: yes or no, or the index of the choice, where it is clear.
    """

    text: str
    hypotheses: tuple[str, ...] = ()
    confidence: float = 0.0
    no_speech: float = 0.0
    closed: YesNo | int | None = None
    refused: Refusal | None = None
    timings: Timings = Timings()
    sound: HeardSound | None = field(default=None, repr=False, compare=False)
    language: str = ""
    """ISO 639-1, where the caller surely speaks another language than French"""


_CLEAR_FRENCH: Final = 0.6
_LEAST_FRENCH: Final = 0.05
_SURELY_FOREIGN: Final = 0.75
"""of 13 sentences in four languages 10 are told so at telephone band, and none of 36 French ones (three synthetic
voices): the surest of those was English for 0.57"""


class Listener:
    """Reads turns on the threads of ``executor``; one for the whole service, shared by all calls."""

    def __init__(
        self,
        engine: Engine,
        executor: Executor,
        places: PlaceReader | None = None,
        busy: Callable[[], bool] = lambda: False,
        items: ItemReader | None = None,
    ) -> None:
        """``places``, ``items``: choose among the communes or the catalogue's things where these were asked; None: the
        words alone.

        ``busy``: other callers wait so long that second readings are left out.
        """
        self._engine = engine
        self._executor = executor
        self._places = places
        self._busy = busy
        self._items = items

    async def listen(self, audio: bytes, voiced_ms: int, hints: Hints) -> Heard:
        """The words in ``audio`` (mu-law). Cancelling drops what has not started and stops after the running stage."""
        if voiced_ms < LEAST_VOICED_MS:
            return Heard("", refused=Refusal.NO_VOICE)
        abandoned = threading.Event()
        try:
            return await self._listen(audio, voiced_ms, hints, abandoned)
        except asyncio.CancelledError:
            abandoned.set()
            raise

    async def _listen(self, audio: bytes, voiced_ms: int, hints: Hints, abandoned: threading.Event) -> Heard:
        """A reading without a hint goes beside the hinted one where there may be an address: what is compared with what
        exists is read twice, as two readings made differently err differently. With two readers it takes no time of
        its own.
        """
        run = partial(asyncio.get_running_loop().run_in_executor, self._executor)
        encoding = await run(self._encode, audio)
        hinted = run(self._understand, encoding, voiced_ms, hints, abandoned)
        if _may_hold_an_address(hints, voiced_ms) and not self._busy():
            heard, plain = await asyncio.gather(hinted, run(self._plain, encoding))
        else:
            heard, plain = await hinted, ()
        heard = _with_sound(heard, HeardSound(encoding, audio, plain))
        doubtful = hints.expect is Expectation.ANY and heard.confidence < _CLEAR_FRENCH and not self._busy()
        return replace(heard, language=await run(self._foreign, encoding)) if doubtful else heard

    def _encode(self, audio: bytes) -> Encoding:
        return self._engine.encode(mulaw_to_samples(audio))

    def _foreign(self, encoding: Encoding) -> str:
        """Another language than French that is surely spoken, "" otherwise: Whisper told to write French translates, or
        makes French words of what it hears."""
        guess = self._engine.language(encoding)
        return guess.code if guess.french < _LEAST_FRENCH and guess.probability >= _SURELY_FOREIGN else ""

    def _plain(self, encoding: Encoding) -> tuple[str, ...]:
        return tuple(reading.text for reading in self._engine.transcribe(encoding, Hints()).hypotheses)

    def _understand(self, encoding: Encoding, voiced_ms: int, hints: Hints, abandoned: threading.Event) -> Heard:
        words = self._engine.transcribe(encoding, hints)
        verdict = judge(words, voiced_ms, hints.prompt)
        if not verdict.refused:
            words, verdict = self._again(encoding, hints, words, verdict, voiced_ms)
        if verdict.refused:
            return self._refused_unless_chosen(encoding, words, verdict.refused, hints, voiced_ms)
        closed_set = None if abandoned.is_set() else self._closed_set(hints.expect, voiced_ms)
        if closed_set:
            return self._out_of_a_set(closed_set, encoding, words)
        answers = closed_answers(hints) if voiced_ms <= LONGEST_CLOSED_MS else ()
        said = _meaning_of(words.text, hints)
        if not answers or abandoned.is_set():
            return _heard(words)
        clear = words.hypotheses[0].log_prob >= _CLEAR_FROM
        if clear and isinstance(said, YesNo):
            return _heard(words, closed=said)
        if clear and _CHANGED_MIND.search(words.text):
            return _heard(words)
        if hints.expect is Expectation.YES_NO:
            return self._weigh(encoding, words, answers, said)
        kept = said is _Side.BOTH or (hints.expect in MAY_CHOOSE and (clear or _tells_figures(words.text, hints)))
        return _heard(words) if kept else self._choose(encoding, words, answers)

    def _again(
        self, encoding: Encoding, hints: Hints, words: Transcription, verdict: Verdict, voiced_ms: int
    ) -> tuple[Transcription, Verdict]:
        """An example with figures that comes back word for word ("Non, c'est le 22.") may be unsaid: read again without
        that example, it comes back only if it was said. Other words stay as they are.
        """
        prompt = without_example(hints.prompt, words.text) if _DIGIT.search(words.text) else hints.prompt
        if prompt == hints.prompt:
            return words, verdict
        other = self._engine.transcribe(encoding, replace(hints, prompt=prompt))
        return other, judge(other, voiced_ms, prompt)

    def _refused_unless_chosen(
        self, encoding: Encoding, words: Transcription, reason: Refusal, hints: Hints, voiced_ms: int
    ) -> Heard:
        """Beside examples of figures "Je n'ai pas de portable" reads as no speech at all; its sound tells."""
        answers = closed_answers(hints) if hints.expect is Expectation.PHONE and voiced_ms <= LONGEST_CLOSED_MS else ()
        chosen = self._choose(encoding, words, answers) if answers else None
        return chosen if chosen is not None and chosen.closed is not None else _refused(words, reason)

    def _closed_set(self, expect: Expectation, voiced_ms: int) -> PlaceReader | ItemReader | None:
        """What chooses among the answers to such a question: always among places, among things where nobody waits."""
        if expect is Expectation.COMMUNE and voiced_ms <= LONGEST_PLACE_MS:
            return self._places
        if expect is Expectation.ITEMS and voiced_ms <= LONGEST_ITEMS_MS and not self._busy():
            return self._items
        return None

    def _out_of_a_set(self, reader: PlaceReader | ItemReader, encoding: Encoding, words: Transcription) -> Heard:
        started = time.perf_counter()
        said = reader.read(encoding, words)
        heard = _heard(words, score_ms=(time.perf_counter() - started) * 1000)
        return replace(heard, text=said[0], hypotheses=said) if said else heard

    def _weigh(self, encoding: Encoding, words: Transcription, answers: Sequence[ClosedAnswer], said: _Said) -> Heard:
        """Yes, no or a refusal. The prompt draws Whisper towards its examples, so a text must have the sound with it:
        asking again costs the caller seconds, a wrong yes a wrong booking.
        """
        scores, score_ms = self._score(encoding, answers)
        best = {
            side: max((pair for pair in zip(scores, answers, strict=True) if pair[1].meaning is side), key=_first)
            for side in YesNo
        }
        evidence = best[YesNo.YES][0] - best[YesNo.NO][0] + _TEXT_WEIGHT * _leaning(words)
        side = YesNo.YES if evidence > 0 else YesNo.NO
        sure = abs(evidence) >= _SURE_FROM
        if said is _Side.NEITHER:
            if sure and best[side][0] >= _LIKELY_FROM:
                return _choice(words, best[side][1], score_ms)
            unsaid = _THANKS.fullmatch(words.text)
            return _refused(words, Refusal.UNSURE, score_ms) if unsaid else _heard(words, score_ms=score_ms)
        if sure and said is _Side.BOTH and not _CHANGED_MIND.search(words.text):
            return _choice(words, best[side][1], score_ms)
        if sure and said is side:
            return _heard(words, closed=side, score_ms=score_ms)
        return _refused(words, Refusal.UNSURE, score_ms)

    def _choose(self, encoding: Encoding, words: Transcription, answers: Sequence[ClosedAnswer]) -> Heard:
        """Which of the dates or choices offered it was, where the sound tells; the words otherwise."""
        scores, score_ms = self._score(encoding, answers)
        score, answer = max(zip(scores, answers, strict=True), key=_first)
        likely = score >= _LIKELY_FROM and score - _rival(answer, answers, scores) >= _SURE_BY
        if likely and answer.meaning is not None:
            return _choice(words, answer, score_ms)
        return _heard(words, score_ms=score_ms)

    def _score(self, encoding: Encoding, answers: Sequence[ClosedAnswer]) -> tuple[tuple[float, ...], float]:
        """Scores of the answers, and the milliseconds it took."""
        started = time.perf_counter()
        scores = self._engine.score(encoding, [answer.said for answer in answers])
        return scores, (time.perf_counter() - started) * 1000


def _may_hold_an_address(hints: Hints, voiced_ms: int) -> bool:
    return hints.expect is Expectation.ADDRESS or (hints.expect is Expectation.ANY and voiced_ms >= _LONG_MS)


def _tells_figures(text: str, hints: Hints) -> bool:
    """A figure is no choice; where figures were asked, any sound becomes some."""
    return hints.expect is not Expectation.PHONE and bool(_DIGIT.search(text))


def _with_sound(heard: Heard, sound: HeardSound) -> Heard:
    return heard if heard.refused else replace(heard, sound=sound)


def _first(scored: tuple[float, ClosedAnswer]) -> float:
    return scored[0]


def _leaning(words: Transcription) -> float:
    """How far the readings say yes (above 0) rather than no."""
    sides = [(_yes_or_no(reading.text), reading.log_prob) for reading in words.hypotheses]
    best = {each: max((log for side, log in sides if side is each), default=_UNREAD) for each in YesNo}
    return min(_MOST_OF_TEXT, max(-_MOST_OF_TEXT, best[YesNo.YES] - best[YesNo.NO]))


def _rival(best: ClosedAnswer, answers: Sequence[ClosedAnswer], scores: Sequence[float]) -> float:
    """Score of the best answer that means something else."""
    others = (score for score, other in zip(scores, answers, strict=True) if other.meaning != best.meaning)
    return max(others, default=-math.inf)


def _meaning_of(text: str, hints: Hints) -> _Said:
    """What the text says by itself, as far as single words tell."""
    if hints.expect is Expectation.YES_NO:
        return _yes_or_no(text)
    words = set(_WORD.findall(text.lower()))
    named = any(words & set(_WORD.findall(choice.lower())) - _SMALL_WORDS for choice in hints.offered)
    return _Side.BOTH if named else _Side.NEITHER


def _yes_or_no(text: str) -> _Said:
    said = {YesNo.YES: _YES.search(text), YesNo.NO: _NO.search(text)}
    sides = [side for side, found in said.items() if found]
    return _Side.BOTH if len(sides) > 1 else sides[0] if sides else _Side.NEITHER


def _choice(words: Transcription, answer: ClosedAnswer, score_ms: float) -> Heard:
    heard = _heard(words, closed=answer.meaning, score_ms=score_ms)
    return replace(heard, text=answer.said, hypotheses=(answer.said, *heard.hypotheses))


def _heard(words: Transcription, closed: YesNo | int | None = None, score_ms: float = 0.0) -> Heard:
    return Heard(
        text=words.text,
        hypotheses=tuple(reading.text for reading in words.hypotheses),
        confidence=words.confidence,
        no_speech=words.no_speech,
        closed=closed,
        timings=Timings(words.encode_ms, words.decode_ms, score_ms),
    )


def _refused(words: Transcription, reason: Refusal, score_ms: float = 0.0) -> Heard:
    timings = Timings(words.encode_ms, words.decode_ms, score_ms)
    return Heard("", confidence=words.confidence, no_speech=words.no_speech, refused=reason, timings=timings)
