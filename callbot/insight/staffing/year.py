"""A simulated year: its calls, and which of them come to people before there was a bot and after.

Everything random belongs to the call, not to the way it is served: before and after, few agents and many are compared
on the same callers with the same patience (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from callbot.domain.opening import WINDOW
from callbot.insight.staffing.demand import DAYS, Demand
from callbot.insight.staffing.floor import NO_CALL_BACKS, CallBacks, Callers, Duty, Served, serve
from callbot.insight.staffing.outcomes import Outcomes
from callbot.insight.staffing.spreads import Exponential, Floats, LogNormal, Spread
from callbot.insight.staffing.week import DAY_S, Opening

UNTIL = float(DAYS * DAY_S)
_CALL_BACK_S = 2 * WINDOW.total_seconds()
"""call-backs are promised for the first two windows of the next opening: all at once they would clog it"""
_TALK, _PATIENCE = LogNormal(240.0, 1.0), Exponential(300.0)
_BOT_SETTLES, _BOT_HANDS_OVER = LogNormal(107.0, 0.5), LogNormal(60.0, 0.7)


@dataclass(frozen=True, slots=True)
class Times:
    """How long the parts of a call last. The defaults are assumptions, but for the bot's booking call."""

    talk: Spread = _TALK
    """an agent's whole work on a call; 4 minutes is a guess, as spread as Erlang's formulas have it"""
    talk_after_bot: float = 1.0
    """an agent's work on a call handed over, as a share of ``talk``: nothing measured says that it is shorter"""
    patience: Spread = _PATIENCE
    """how long a caller waits before giving up; a guess"""
    pick_up: float = 3.0
    """seconds until the bot answers: one ring"""
    bot_settles: Spread = _BOT_SETTLES
    """the bot's part of a call it settles: the median booking of the rehearsals"""
    bot_hands_over: Spread = _BOT_HANDS_OVER
    """the bot's part before a person is rung, or before the caller leaves; a guess"""


@dataclass(frozen=True, slots=True)
class YearOfCalls:
    """Calls by the moment they ring in, each with all that chance decides about it."""

    at: Floats
    luck: Floats
    """from 0 to 1: the lower, the sooner the call is handed over when the bot settles fewer"""
    talk: Floats
    patience: Floats
    bot_settles: Floats
    bot_hands_over: Floats
    window: Floats
    """from 0 to 1: how late in the windows a call-back is promised"""


def draw_year(demand: Demand, times: Times, seed: int, number: int) -> YearOfCalls:
    """Year ``number`` of ``seed``: the same every time."""
    dice = np.random.default_rng([seed, number])
    at = demand.draw(dice)
    calls = len(at)
    return YearOfCalls(
        at,
        dice.random(calls),
        times.talk.draw(dice, calls),
        times.patience.draw(dice, calls),
        times.bot_settles.draw(dice, calls),
        times.bot_hands_over.draw(dice, calls),
        dice.random(calls),
    )


@dataclass(frozen=True, slots=True)
class ForPeople:
    """What people have to do: callers in their queue, and calls they owe."""

    callers: Callers
    call: NDArray[np.int64]
    """each caller's place in the year"""
    call_backs: CallBacks = NO_CALL_BACKS

    def served_by(self, duty: Duty) -> Served:
        """A year of work."""
        return serve(self.callers, duty, UNTIL, self.call_backs)


def before(year: YearOfCalls, opening: Opening) -> ForPeople:
    """Without a bot all calls in opening hours come to people; the others are told to ring again."""
    call = np.flatnonzero(opening.at(year.at))
    return ForPeople(Callers(year.at[call], year.talk[call], year.patience[call]), call)


def after(year: YearOfCalls, opening: Opening, times: Times, outcomes: Outcomes) -> ForPeople:
    """With the bot only what it hands over: at once in opening hours, else as a call-back when they open next."""
    handed = np.flatnonzero(year.luck < outcomes.handed_over)
    reach = year.at[handed] + times.pick_up + year.bot_hands_over[handed]
    in_order = np.argsort(reach, kind="stable")
    handed, reach = handed[in_order], reach[in_order]
    live = opening.at(reach)
    callers = _callers(year, times, handed[live], reach[live])
    return ForPeople(callers, handed[live], _call_backs(year, opening, times, handed[~live], reach[~live]))


def _callers(year: YearOfCalls, times: Times, calls: NDArray[np.int64], reach: Floats) -> Callers:
    return Callers(reach, year.talk[calls] * times.talk_after_bot, year.patience[calls])


def _call_backs(
    year: YearOfCalls, opening: Opening, times: Times, calls: NDArray[np.int64], reach: Floats
) -> CallBacks:
    """Spread over the windows by the same chance that a call has in every simulation of its year."""
    since = opening.next_after(reach) + year.window[calls] * _CALL_BACK_S
    in_order = np.argsort(since, kind="stable")
    return CallBacks(since[in_order], (year.talk[calls] * times.talk_after_bot)[in_order])
