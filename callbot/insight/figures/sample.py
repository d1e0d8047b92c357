"""What figures are made of: the tallies of a period, and what the wait was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from callbot.insight.figures.figure import CallFilter
from callbot.insight.figures.tally import Tally


@dataclass(frozen=True, slots=True)
class Baseline:
    """The mean wait for a person before the assistant, as it was measured then: seconds, and where that is from.

    ``error_s``: its standard error, 0 where it is not known: then the interval tells of the wait after alone.
    """

    wait_s: float
    source: str
    error_s: float = 0.0
    end_to_end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What a period came to. ``ripe``: the days whose seven days are over; ``pending``: calls of the other days."""

    all: Tally
    ripe: Tally
    pending: int = 0
    where: CallFilter = field(default_factory=CallFilter)
    step_words: Mapping[str, str] = field(default_factory=dict)
    """what a question is called in French, by its act"""
    baseline: Baseline | None = None
