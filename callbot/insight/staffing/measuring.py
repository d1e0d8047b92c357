"""The figures of a simulated year, as call centres define them; every share with its denominator in the comment."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from callbot.insight.staffing.demand import DAYS
from callbot.insight.staffing.estimates import Estimate
from callbot.insight.staffing.floor import Fate, Served
from callbot.insight.staffing.outcomes import Outcomes
from callbot.insight.staffing.spreads import Floats
from callbot.insight.staffing.week import Opening, Roster
from callbot.insight.staffing.year import ForPeople, Times, YearOfCalls

WITHIN_S = 20.0
"""seconds of the service level (QS2)"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waits(Generic[T]):
    """A waiting time in seconds."""

    mean: T
    median: T
    p90: T
    max: T


@dataclass(frozen=True, slots=True)
class Figures(Generic[T]):
    """A year before or after; ``T`` is a number for one year, an estimate (or None) over several."""

    received: T
    """calls that rang in, at any hour (appels reçus)"""
    outside_hours: T
    """of these, outside the agents' hours: lost before, answered by the bot after"""
    settled_by_bot: T
    left_the_bot: T
    to_people: T
    """calls that reached the agents' queue"""
    answered: T
    abandoned: T
    waiting_at_end: T
    call_backs: T
    """calls handed over while no agent works: each is owed a call"""
    call_backs_made: T
    wait: Waits[T]
    """in the agents' queue, calls answered (ASA is its mean)"""
    wait_with_abandoned: T
    """mean in the agents' queue over all its calls, those given up included"""
    end_to_end: Waits[T]
    """from ringing in until who settles the call answers, bot or person; calls in opening hours"""
    to_a_person: Waits[T]
    """from ringing in until a person answers, the bot's part included; calls in opening hours"""
    abandonment: T
    """abandoned / to_people"""
    service_level: T
    """answered by people within 20 s of reaching their queue / to_people"""
    service_level_received: T
    """answered within 20 s by anybody, bot included / received (QS2)"""
    completed: T
    """settled by the bot, answered or called back by people / received"""
    occupancy: T
    """time agents work on calls / time they are on duty"""
    bot_calls_at_once: T
    """most calls the bot has going on at a time"""


YearFigures = Figures[float]
PlanFigures = Figures[Estimate | None]


@dataclass(frozen=True, slots=True)
class Worked:
    """What people did in a year, with what and when."""

    people: ForPeople
    served: Served
    agent_hours: float


def work(people: ForPeople, roster: Roster) -> Worked:
    """A year of ``roster`` on ``people``."""
    return Worked(people, people.served_by(roster.duty(DAYS)), roster.hours_worked(DAYS))


def figures_before(year: YearOfCalls, opening: Opening, worked: Worked) -> YearFigures:
    """All calls to people: who is answered is settled."""
    answered = worked.served.fate == Fate.ANSWERED
    waits = _waits(worked.served.wait[answered])
    prompt = float((worked.served.wait[answered] <= WITHIN_S).sum())
    return _figures(
        year, opening, worked, settled=0.0, left=0.0, end_to_end=waits, to_a_person=waits,
        prompt_received=prompt, at_once=0.0,
    )  # fmt: skip


def figures_after(year: YearOfCalls, opening: Opening, worked: Worked, times: Times, outcomes: Outcomes) -> YearFigures:
    """The bot first: who is settled or leaves has waited for its pick-up, who is handed over for a person too."""
    people, served = worked.people, worked.served
    answered = served.fate == Fate.ANSWERED
    reached = people.callers.at - year.at[people.call] + served.wait
    in_hours = opening.at(year.at)
    to_a_person = reached[answered & in_hours[people.call]]
    handed = year.luck < outcomes.handed_over
    by_bot = np.full(int((in_hours & ~handed).sum()), times.pick_up)
    left = year.luck > 1 - outcomes.left
    return _figures(
        year, opening, worked,
        settled=float((~handed & ~left).sum()),
        left=float((~handed & left).sum()),
        end_to_end=_waits(np.concatenate([by_bot, to_a_person])),
        to_a_person=_waits(to_a_person),
        prompt_received=float(len(year.at)) if times.pick_up <= WITHIN_S else 0.0,
        at_once=_at_once(year.at, _bot_part(year, times, handed | left)),
    )  # fmt: skip


def _figures(
    year: YearOfCalls, opening: Opening, worked: Worked, *, settled: float, left: float,
    end_to_end: Waits[float], to_a_person: Waits[float], prompt_received: float, at_once: float,
) -> YearFigures:  # fmt: skip
    served = worked.served
    received, queued = float(len(year.at)), float(len(served.fate))
    counts = np.bincount(served.fate, minlength=len(Fate))
    answered = float(counts[Fate.ANSWERED])
    prompt = float(((served.fate == Fate.ANSWERED) & (served.wait <= WITHIN_S)).sum())
    made = float(served.call_backs_made)
    return Figures(
        received=received,
        outside_hours=float((~opening.at(year.at)).sum()),
        settled_by_bot=settled,
        left_the_bot=left,
        to_people=queued,
        answered=answered,
        abandoned=float(counts[Fate.ABANDONED]),
        waiting_at_end=float(counts[Fate.WAITING]),
        call_backs=float(len(worked.people.call_backs.since)),
        call_backs_made=made,
        wait=_waits(served.wait[served.fate == Fate.ANSWERED]),
        wait_with_abandoned=_share(float(served.wait.sum()), queued),
        end_to_end=end_to_end,
        to_a_person=to_a_person,
        abandonment=_share(float(counts[Fate.ABANDONED]), queued),
        service_level=_share(prompt, queued),
        service_level_received=_share(prompt_received, received),
        completed=_share(settled + answered + made, received),
        occupancy=_share(served.worked, worked.agent_hours * 3600),
        bot_calls_at_once=at_once,
    )


def _waits(waits: Floats) -> Waits[float]:
    if not len(waits):
        return Waits(nan, nan, nan, nan)
    median, p90 = np.percentile(waits, (50, 90)).tolist()
    return Waits(float(waits.mean()), median, p90, float(waits.max()))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else nan


def _bot_part(year: YearOfCalls, times: Times, short: NDArray[np.bool_]) -> Floats:
    """Seconds from ringing in until the bot is free again."""
    return times.pick_up + np.where(short, year.bot_hands_over, year.bot_settles)


def _at_once(starts: Floats, lasts: Floats) -> float:
    """Most calls going on at a time; ``starts`` ascending."""
    if not len(starts):
        return 0.0
    ended = np.searchsorted(np.sort(starts + lasts), starts, side="right")
    return float((np.arange(1, len(starts) + 1) - ended).max())
