"""The table of turn-taking: for each kind of question, and for statements, how long we wait, what may interrupt, what
the keypad takes and which examples the speech engine gets. Times in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from callbot.domain.meaning import Expectation
from callbot.domain.references import LENGTH as REFERENCE_LENGTH
from callbot.speech.hints import PROMPTS

BARGE_IN_MS: Final = 240
"""voice that interrupts a question: accumulated voice, not energy. With the detector's delay it stays below 300 ms"""
OVER_STATEMENT_MS: Final = 700
"""voice that interrupts a statement: "d'accord" and "très bien" are shorter"""
PHONE_LENGTH: Final = 10
POSTCODE_LENGTH: Final = 5
HOUSE_NUMBER_LENGTH: Final = 4
INITIALS: Final = 4
"""first letters of a name, typed"""

SLOW: Final = 1.5
"""so much longer is waited for callers who asked for it or had things repeated"""
MOST_PATIENT: Final = 2.0
"""slowness and the caller's own pauses together prolong a wait by no more"""
WAITING_END_MS: Final = 8_000
WAITING_NO_INPUT_MS: Final = 30_000
"""after "un instant, je cherche" """


@dataclass(frozen=True, slots=True)
class Patience:
    """``end_ms`` of silence end a turn; ``complete_ms`` when the words already answer the question, ``hanging_ms``
    when the sentence breaks off ("au douze de la"); after ``no_input_ms`` without a voice the caller is helped.
    """

    end_ms: int
    complete_ms: int
    hanging_ms: int
    no_input_ms: int

    def stretched(self, pace: float = 1.0, *, slow: bool = False, waiting: bool = False) -> Patience:
        """For a caller whose pauses are ``pace`` times the usual ones, who is ``slow`` or asked for time."""
        factor = min(MOST_PATIENT, pace * (SLOW if slow else 1.0))
        longer = Patience(
            round(self.end_ms * factor),
            round(self.complete_ms * factor),
            round(self.hanging_ms * factor),
            round(self.no_input_ms * SLOW) if slow else self.no_input_ms,
        )
        if not waiting:
            return longer
        return replace(longer, end_ms=WAITING_END_MS, hanging_ms=WAITING_END_MS, no_input_ms=WAITING_NO_INPUT_MS)


@dataclass(frozen=True, slots=True)
class KeyRule:
    """``longest``: keys of one answer; 1: each key is an answer. ``zero_opens``: an answer may begin with 0, which
    alone asks for a person.
    """

    longest: int = 1
    zero_opens: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of prompt. ``hints``: examples of answers for the speech engine.

    ``interruptible``: by voice. ``back_channel``: a short "oui" or "d'accord" over it is no answer and stops nothing;
    over a question it is the answer.
    """

    patience: Patience
    keys: KeyRule = KeyRule()
    hints: str = ""
    interruptible: bool = True
    back_channel: bool = False

    @property
    def barge_in_ms(self) -> int:
        """Accumulated voice that interrupts it."""
        return OVER_STATEMENT_MS if self.back_channel else BARGE_IN_MS


TURN_TAKING: Final[Mapping[Expectation | None, Row]] = {
    None: Row(Patience(800, 500, 1_400, 8_000), hints=PROMPTS[Expectation.ANY], back_channel=True),
    Expectation.ANY: Row(Patience(800, 500, 1_400, 7_000), hints=PROMPTS[Expectation.ANY]),
    Expectation.ITEMS: Row(Patience(800, 500, 1_400, 8_000), hints=PROMPTS[Expectation.ITEMS]),
    Expectation.COMMUNE: Row(Patience(700, 450, 1_200, 7_000), KeyRule(POSTCODE_LENGTH), PROMPTS[Expectation.COMMUNE]),
    Expectation.ADDRESS: Row(
        Patience(1_300, 600, 2_200, 8_000), KeyRule(HOUSE_NUMBER_LENGTH), PROMPTS[Expectation.ADDRESS]
    ),
    Expectation.NUMBER: Row(
        Patience(1_000, 500, 1_500, 8_000), KeyRule(HOUSE_NUMBER_LENGTH), PROMPTS[Expectation.NUMBER]
    ),
    Expectation.PART: Row(Patience(900, 500, 1_400, 7_000), hints=PROMPTS[Expectation.PART]),
    Expectation.YES_NO: Row(Patience(500, 400, 1_200, 6_000), hints=PROMPTS[Expectation.YES_NO]),
    Expectation.DATE: Row(Patience(700, 450, 1_200, 7_000), hints=PROMPTS[Expectation.DATE]),
    Expectation.PHONE: Row(
        Patience(1_800, 800, 2_600, 8_000), KeyRule(PHONE_LENGTH, zero_opens=True), PROMPTS[Expectation.PHONE]
    ),
    Expectation.NAME: Row(Patience(1_800, 700, 2_400, 7_000), KeyRule(INITIALS), PROMPTS[Expectation.NAME]),
    Expectation.REFERENCE: Row(
        Patience(2_000, 700, 2_600, 8_000), KeyRule(REFERENCE_LENGTH), PROMPTS[Expectation.REFERENCE]
    ),
}
"""People think longer before a number than before a yes; digits and letters come in groups with pauses between."""

_BACK_CHANNEL: Final = re.compile(
    r"\W*(?:(?:ah|oh|oui|ouais|[hm]{2,}|hum|euh|ok|okay|d'accord|bien|très bien|parfait|entendu|merci|bon)\W*){1,3}",
    re.IGNORECASE,
)


def is_back_channel(text: str) -> bool:
    """True when ``text`` only says "I am listening"."""
    return bool(_BACK_CHANNEL.fullmatch(text.replace("’", "'")))


PACE_LIMIT: Final = 1.6
_MARGIN: Final = 1.2
"""a caller who paused for so long may pause a little longer the next time"""
_BACK_PER_TURN: Final = 0.8
"""of what is above 1 stays with each turn in which the caller was not cut off"""


class CallerPace:
    """How much longer than others this caller pauses in a sentence: from 1 up to ``PACE_LIMIT``, slowly back."""

    def __init__(self) -> None:
        self._factor = 1.0

    @property
    def factor(self) -> float:
        """What patience is multiplied by."""
        return self._factor

    def went_on(self, pause_ms: int, end_ms: int) -> None:
        """The caller went on after ``pause_ms``, where ``end_ms`` of silence usually ends such a turn."""
        self._factor = min(PACE_LIMIT, max(self._factor, pause_ms * _MARGIN / end_ms))

    def turn_ended(self) -> None:
        """A turn is over."""
        self._factor = 1 + (self._factor - 1) * _BACK_PER_TURN
