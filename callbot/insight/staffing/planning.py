"""The plan: a year before and after the bot, whether waiting falls, how many agents each hour takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, nan

from callbot.insight.staffing.demand import Demand
from callbot.insight.staffing.estimates import Estimate, estimate, over_years
from callbot.insight.staffing.measuring import PlanFigures, Worked, YearFigures, figures_after, figures_before, work
from callbot.insight.staffing.outcomes import Outcomes
from callbot.insight.staffing.sizing import Staffed, agents_needed, week_hours
from callbot.insight.staffing.week import Opening, Roster
from callbot.insight.staffing.year import ForPeople, Times, YearOfCalls, after, before, draw_year

FALL_WANTED = 0.30
"""by which waiting shall fall"""
YEARS = 10
"""simulated by default"""
_SEARCHED = 3
_HALVINGS = 7
"""of the search for the share handed over: to within a point"""


class Wait(StrEnum):
    """Which waiting time is meant; all three are answered, for one alone could hide the others."""

    QUEUE = "queue"
    """in the agents' queue, of those whom a person answers"""
    END_TO_END = "end_to_end"
    """of everybody who rings in opening hours, until bot or person, whoever settles the call, answers"""
    TO_A_PERSON = "to_a_person"
    """of those whom a person answers, the bot's part of the call included"""


class Verdict(StrEnum):
    """Whether waiting falls by what is wanted; the interval decides, not its middle."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    """the interval holds the target"""
    UNKNOWN = "unknown"
    """there is no such wait: nobody waits before, or nobody is answered by a person"""


@dataclass(frozen=True, slots=True)
class Fall:
    """By which share the mean of a wait falls (below zero: it grows); None where there is no such wait."""

    wait: Wait
    fall: Estimate | None

    @property
    def verdict(self) -> Verdict:
        """The answer to "does waiting fall by 30 %?"."""
        if self.fall is None:
            return Verdict.UNKNOWN
        if self.fall.low >= FALL_WANTED:
            return Verdict.YES
        return Verdict.NO if self.fall.high < FALL_WANTED else Verdict.UNSURE


@dataclass(frozen=True, slots=True)
class Need:
    """Agents for 80/20 in an hour of the week, without a bot and with it."""

    weekday: int
    """Monday = 0"""
    hour: int
    before: Staffed
    after: Staffed


@dataclass(frozen=True, slots=True)
class Centre:
    """The call centre as it is, and the bot before it."""

    opening: Opening
    roster: Roster
    times: Times
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Plan:
    """All that ``plan`` answers; a page or a command words it."""

    centre: Centre
    demand: str
    """where the calls come from"""
    years: int
    before: PlanFigures
    after: PlanFigures
    falls: tuple[Fall, ...]
    holds_until: float | None
    """largest share handed over with which the wait in the queue still falls by 30 %; None: there is no such share"""
    needs: tuple[Need, ...]
    """by weekday and hour; empty when they were not asked for"""

    @property
    def agent_hours(self) -> tuple[float, float]:
        """Agent hours a week that ``needs`` take, before and after."""
        hours = [(need.weekday * 24 + need.hour, need) for need in self.needs]
        return (
            week_hours({hour: need.before.agents for hour, need in hours}, self.centre.opening),
            week_hours({hour: need.after.agents for hour, need in hours}, self.centre.opening),
        )


@dataclass(frozen=True, slots=True)
class _Year:
    """One year, before and after."""

    calls: YearOfCalls
    before: ForPeople
    after: ForPeople


def plan(demand: Demand, centre: Centre, *, years: int = YEARS, seed: int = 1, sized: bool = True) -> Plan:
    """Simulate ``years`` years (two at least, for an interval), the same for the same ``seed``.

    ``sized``: also find the agents for 80/20, which takes most of the time.
    """
    drawn = [_year(demand, centre, seed, number) for number in range(years)]
    firsts = [_before(year, centre) for year in drawn]
    thens = [_after(year, centre) for year in drawn]
    return Plan(
        centre, demand.origin, years,
        over_years(firsts), over_years(thens),
        tuple(_fall(wait, firsts, thens) for wait in Wait),
        _holds_until(drawn[:_SEARCHED], firsts[:_SEARCHED], centre),
        _needs(drawn, centre.opening) if sized else (),
    )  # fmt: skip


def _year(demand: Demand, centre: Centre, seed: int, number: int) -> _Year:
    calls = draw_year(demand, centre.times, seed, number)
    return _Year(calls, before(calls, centre.opening), after(calls, centre.opening, centre.times, centre.outcomes))


def _before(year: _Year, centre: Centre) -> YearFigures:
    return figures_before(year.calls, centre.opening, work(year.before, centre.roster))


def _after(year: _Year, centre: Centre) -> YearFigures:
    worked: Worked = work(year.after, centre.roster)
    return figures_after(year.calls, centre.opening, worked, centre.times, centre.outcomes)


def _mean_wait(wait: Wait, figures: YearFigures) -> float:
    match wait:
        case Wait.QUEUE:
            return figures.wait.mean
        case Wait.END_TO_END:
            return figures.end_to_end.mean
        case Wait.TO_A_PERSON:
            return figures.to_a_person.mean


def _fall(wait: Wait, firsts: Sequence[YearFigures], thens: Sequence[YearFigures]) -> Fall:
    """Year by year on the same callers, so that what years have in common does not widen the interval."""
    pairs = [(_mean_wait(wait, first), _mean_wait(wait, then)) for first, then in zip(firsts, thens, strict=True)]
    return Fall(wait, estimate([1 - then / first if first else nan for first, then in pairs]))


def _holds_until(drawn: Sequence[_Year], firsts: Sequence[YearFigures], centre: Centre) -> float | None:
    """By halving, with the same share of callers who leave the bot; more handed over means more waiting."""
    low, high = 0.0, 1 - centre.outcomes.left
    if _falls_with(high, drawn, firsts, centre):
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _falls_with(middle, drawn, firsts, centre) else (low, middle)
    return low or None


def _falls_with(handed_over: float, drawn: Sequence[_Year], firsts: Sequence[YearFigures], centre: Centre) -> bool:
    settled = max(0.0, 1 - centre.outcomes.left - handed_over)
    outcomes = replace(centre.outcomes, settled=settled, handed_over=handed_over)
    other = replace(centre, outcomes=outcomes)
    falls = []
    for year, first in zip(drawn, firsts, strict=True):
        people = after(year.calls, centre.opening, centre.times, outcomes)
        then = _after(replace(year, after=people), other)
        falls.append(1 - then.wait.mean / first.wait.mean if first.wait.mean else nan)
    return all(isfinite(fall) for fall in falls) and sum(falls) / len(falls) >= FALL_WANTED


def _needs(drawn: Sequence[_Year], opening: Opening) -> tuple[Need, ...]:
    firsts = agents_needed([year.before for year in drawn], opening)
    thens = agents_needed([year.after for year in drawn], opening)
    return tuple(Need(hour // 24, hour % 24, firsts[hour], thens[hour]) for hour in opening.hours())
