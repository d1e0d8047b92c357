"""The guard against invented words. Given no speech Whisper invents: the prompt, a credit line of a film, a loop.

Several thin layers, each named in its refusal; none of them looks at the log-probability alone, since thresholds
made for English drop true French.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from callbot.speech.engine import Transcription
from callbot.speech.turns import LEAST_VOICED_MS

NO_SPEECH_FROM: Final = 0.6
"""measured: silence and noise 0.7 to 0.98, speech at telephone band up to 0.5"""
_DOUBTFUL_FROM: Final = 0.4
_LEAST_CONFIDENCE: Final = 0.25
"""below it, in a doubtful sound, words are invented; by itself such a confidence would drop true French"""
_ECHO_FROM: Final = 0.3
"""a sentence of the prompt that was really said stays below: the prompt makes Whisper surer that there is speech"""
_MOST_WORDS_A_SECOND: Final = 8.0
"""of voice; hurried French reaches six"""
_ONE_WORD_LOOP: Final = 6
_PHRASE_LOOP: Final = 4
_LONGEST_LOOP: Final = 8
_ECHO_WORDS: Final = 3
_ANSWERS: Final = frozenset({"oui", "non", "ouais", "accord", "d", "merci", "euh"})
"""of one word or two, prompted and said alike: the decoder is asked for them (``listening``)"""

_CREDITS: Final = re.compile(
    r"sous[- ]titr(?:es|age)|amara\.?\s?org|merci d'avoir (?:regardé|visionné|écouté)|abonnez[- ]vous|"
    r"vous abonner|prochaine vidéo|cette vidéo|radio[- ]canada|st' ?501|(?:musique|générique) (?:de fin|du film)",
    re.IGNORECASE,
)
_STAGE_DIRECTION: Final = re.compile(r"[\[(♪*].*|musique|applaudissements|rires", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_SENTENCE_END: Final = re.compile(r"[.?!]+")


class Refusal(StrEnum):
    """Why words are not believed."""

    NO_VOICE = "no_voice"
    NO_WORDS = "no_words"
    NO_SPEECH = "no_speech"
    TOO_MANY_WORDS = "too_many_words"
    CREDIT_LINE = "credit_line"
    LOOP = "loop"
    PROMPT_ECHO = "prompt_echo"
    UNSURE = "unsure"
    """a weak yes, no or choice that the decoder does not confirm (``listening``)"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The words as they may be believed, or why not (then ``text`` is empty)."""

    text: str
    refused: Refusal | None = None


def judge(heard: Transcription, voiced_ms: int, prompt: str = "") -> Verdict:
    """Whether ``heard`` was said by somebody who spoke for ``voiced_ms`` and not invented; ``prompt`` was hinted."""
    reason = _reason_to_refuse(heard, voiced_ms, prompt)
    return Verdict("", reason) if reason else Verdict(heard.text)


def _reason_to_refuse(heard: Transcription, voiced_ms: int, prompt: str) -> Refusal | None:
    words = _words(heard.text)
    layers: tuple[tuple[Refusal, Callable[[], bool]], ...] = (
        (Refusal.NO_VOICE, lambda: voiced_ms < LEAST_VOICED_MS),
        (Refusal.NO_WORDS, lambda: not words or bool(_STAGE_DIRECTION.fullmatch(heard.text.strip(" .!")))),
        (Refusal.NO_SPEECH, lambda: _hardly_speech(heard)),
        (Refusal.CREDIT_LINE, lambda: bool(_CREDITS.search(heard.text.replace("’", "'")))),
        (Refusal.LOOP, lambda: _loops(words)),
        (Refusal.TOO_MANY_WORDS, lambda: len(words) > 3 + _MOST_WORDS_A_SECOND * voiced_ms / 1000),
        (Refusal.PROMPT_ECHO, lambda: _echoes(heard, prompt)),
    )
    return next((reason for reason, applies in layers if applies()), None)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _hardly_speech(heard: Transcription) -> bool:
    doubtful = heard.no_speech >= _DOUBTFUL_FROM and heard.confidence < _LEAST_CONFIDENCE
    return doubtful or heard.no_speech >= NO_SPEECH_FROM


def _loops(words: list[str]) -> bool:
    """One word six times in a row, or a phrase of two to eight words four times; digits may repeat in a number."""
    for length in range(1, _LONGEST_LOOP + 1):
        times = _ONE_WORD_LOOP if length == 1 else _PHRASE_LOOP
        for start in range(len(words) - length * times + 1):
            phrase = words[start : start + length]
            if not all(word.isdigit() for word in phrase) and phrase * times == words[start : start + length * times]:
                return True
    return False


def _echoes(heard: Transcription, prompt: str) -> bool:
    """Nothing but sentences of the prompt, or their ends: several at once, or one in a sound that is hardly speech."""
    hinted = {tuple(_words(sentence)) for sentence in _SENTENCE_END.split(prompt)} - {()}
    said = [tuple(_words(sentence)) for sentence in _SENTENCE_END.split(heard.text) if _words(sentence)]
    if not said or not all(any(hint[-len(sentence) :] == sentence for hint in hinted) for sentence in said):
        return False
    if all(word in _ANSWERS for sentence in said for word in sentence):
        return False
    long_ones = sum(len(sentence) >= _ECHO_WORDS for sentence in said)
    return long_ones >= 2 or heard.no_speech >= (_ECHO_FROM if long_ones else _DOUBTFUL_FROM)
