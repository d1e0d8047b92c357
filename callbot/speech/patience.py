"""How long we wait for the caller, by what was asked. Times in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Expectation


@dataclass(frozen=True, slots=True)
class Patience:
    """``end_ms`` of silence end a turn; ``complete_ms`` when the words already answer the question;
    after ``no_input_ms`` without a voice the caller is helped.
    """

    end_ms: int
    complete_ms: int
    no_input_ms: int


PATIENCE: Final[dict[Expectation, Patience]] = {
    Expectation.ANY: Patience(800, 500, 7_000),
    Expectation.ITEMS: Patience(800, 500, 8_000),
    Expectation.COMMUNE: Patience(700, 450, 7_000),
    Expectation.ADDRESS: Patience(1_300, 600, 8_000),
    Expectation.NUMBER: Patience(900, 500, 8_000),
    Expectation.PART: Patience(900, 500, 7_000),
    Expectation.YES_NO: Patience(700, 500, 6_000),
    Expectation.DATE: Patience(700, 450, 7_000),
    Expectation.PHONE: Patience(1_800, 800, 8_000),
    Expectation.NAME: Patience(1_300, 600, 7_000),
}
"""People think longer before a number than before a yes; digits come in groups with pauses between."""
