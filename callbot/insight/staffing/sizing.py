"""How many agents for 80/20, hour by hour of the week: Erlang's formula to begin with, the simulation to decide.

Erlang C knows neither impatience nor the hour before. So each hour gets agents until it keeps the target in the
simulation, then gives those back that it can spare, and what is left is simulated on every year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

import numpy as np

from callbot.insight.staffing.demand import DAYS
from callbot.insight.staffing.erlang import agents_for
from callbot.insight.staffing.estimates import Estimate, estimate
from callbot.insight.staffing.floor import Fate
from callbot.insight.staffing.measuring import WITHIN_S
from callbot.insight.staffing.spreads import Floats
from callbot.insight.staffing.week import HOURS, Opening, Roster, hour_of
from callbot.insight.staffing.year import ForPeople

TARGET = 0.80
"""share of the calls answered by people within ``WITHIN_S``"""
_SEARCHED = 3
"""years on which agents are moved about; all are simulated at the end"""
_ROUNDS = 12
"""of adding or of giving back: each moves an hour by one agent, and Erlang begins within a few"""


@dataclass(frozen=True, slots=True)
class Staffed:
    """Agents needed in an hour, and the share answered in time with them (None without any call)."""

    agents: int
    service_level: Estimate | None


Agents = dict[int, int]
"""agents by hour of the week (cell)"""


def agents_needed(years: Sequence[ForPeople], opening: Opening) -> dict[int, Staffed]:
    """The fewest agents found for ``TARGET`` in each open hour of the week, at least one."""
    searched = years[:_SEARCHED]
    agents = _raised(searched, opening, _by_erlang(searched, opening))
    agents = _lowered(searched, opening, agents)
    agents = _raised(years, opening, agents)
    by_year = np.array([service_levels([year], opening, agents) for year in years])
    return {hour: Staffed(count, estimate(by_year[:, hour].tolist())) for hour, count in agents.items()}


def week_hours(agents: Mapping[int, int], opening: Opening) -> float:
    """Agent hours a week."""
    return Roster.by_hour(opening, agents).hours_worked(7)


def _by_erlang(years: Sequence[ForPeople], opening: Opening) -> Agents:
    """Erlang C on the mean calls of each hour."""
    talk = np.concatenate([year.callers.talk for year in years])
    if not len(talk):
        return dict.fromkeys(opening.hours(), 1)
    talk_s = float(talk.mean())
    calls = np.bincount(hour_of(np.concatenate([year.callers.at for year in years])), minlength=HOURS)
    open_s = opening.minutes.reshape(HOURS, 60).sum(axis=1) * 60.0 * (DAYS // 7) * len(years)
    return {
        hour: agents_for(calls[hour] / open_s[hour] * talk_s, talk_s, share=TARGET, within_s=WITHIN_S)
        for hour in opening.hours()
    }


def _raised(years: Sequence[ForPeople], opening: Opening, agents: Agents) -> Agents:
    """One more agent where the target is missed, until it is kept everywhere."""
    for _ in range(_ROUNDS):
        missed = _missed(service_levels(years, opening, agents), agents)
        if not missed:
            break
        agents = agents | {hour: agents[hour] + 1 for hour in missed}
    return agents


def _lowered(years: Sequence[ForPeople], opening: Opening, agents: Agents) -> Agents:
    """One agent less in every other hour, given back where that hour or the next then misses the target."""
    spare = {hour for hour, count in agents.items() if count > 1}
    for turn in range(2 * _ROUNDS):
        tried = {hour for hour in spare if hour % 2 == turn % 2 and agents[hour] > 1}
        if tried:
            trial = agents | {hour: agents[hour] - 1 for hour in tried}
            missed = _missed(service_levels(years, opening, trial), trial)
            kept = {hour for hour in tried if hour not in missed and hour + 1 not in missed}
            agents = agents | {hour: trial[hour] for hour in kept}
            spare -= tried - kept
        if not spare:
            break
    return agents


def _missed(levels: Floats, hours: Iterable[int]) -> list[int]:
    """Hours below the target; one without calls misses nothing."""
    return [hour for hour in hours if levels[hour] < TARGET]


def service_levels(years: Sequence[ForPeople], opening: Opening, agents: Agents) -> Floats:
    """Share answered in time by hour of the week, over all years; ``nan`` without a call."""
    duty = Roster.by_hour(opening, agents).duty(DAYS)
    calls, prompt = np.zeros(HOURS), np.zeros(HOURS)
    for year in years:
        served = year.served_by(duty)
        hour = hour_of(year.callers.at)
        in_time = (served.fate == Fate.ANSWERED) & (served.wait <= WITHIN_S)
        calls += np.bincount(hour, minlength=HOURS)
        prompt += np.bincount(hour, weights=in_time, minlength=HOURS)
    levels: Floats = np.divide(prompt, calls, out=np.full(HOURS, nan), where=calls > 0)
    return levels
