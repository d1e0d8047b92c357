"""The staffing plan, wired: simulated in a process of its own, so that no call waits for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context

from callbot.domain.opening import Span
from callbot.insight.staffing import (
    Assumed,
    Centre,
    Counted,
    Exponential,
    InventedProfile,
    LogNormal,
    Opening,
    Outcomes,
    Plan,
    Shares,
    Times,
    UnfitSharesError,
    UnreadableDutyError,
    plan,
    read_roster,
)
from callbot.insight.staffing.history import COUNTED_DAYS, counted_shares
from callbot.knowledge import KnowledgeBase
from callbot.settings import Settings
from callbot.storage.outcome_counts import outcome_counts
from callbot.web.planning.asked import Asked, WrongPlanError
from callbot.web.planning.router import MakesPlans, PlanningDeps
from callbot.web.staff.router import StaffDeps, staff_guard

_YEARS = 4
"""enough for an interval, done in seconds"""
_POLITE = 15
"""niceness: calls are answered on the same cores"""
_TALK_S, _PATIENCE_S, _BOT_S, _HAND_OVER_S = 240, 300, 108, 60


def planning_deps(settings: Settings, knowledge: KnowledgeBase, staff: StaffDeps) -> PlanningDeps:
    """What the page of the plan needs."""

    async def shares() -> Outcomes:
        today = staff.clock.now().date()
        return (await asyncio.to_thread(own_shares, settings.storage_url, today, Assumed())).outcomes()

    return PlanningDeps(plans_of(knowledge.opening_hours.by_weekday), staff_guard(staff), staff.theme, shares)


def own_shares(url: str, today: date, otherwise: Shares) -> Counted:
    """What became of the service's own calls of the last year; blocking. Raises ``StorageAwayError``."""
    return counted_shares(outcome_counts(url, today - timedelta(days=COUNTED_DAYS)), otherwise)


def plans_of(by_weekday: Mapping[int, Sequence[Span]]) -> MakesPlans:
    """Plans for agents who work at these hours."""
    hours = {weekday: tuple(spans) for weekday, spans in by_weekday.items()}

    async def make(asked: Asked) -> Plan:
        centre = centre_of(asked, hours)
        return await asyncio.to_thread(_apart, asked.volume, centre)

    return make


def centre_of(asked: Asked, hours: Mapping[int, Sequence[Span]]) -> Centre:
    """The call centre that was asked about; raises ``WrongPlanError``."""
    opening = Opening.of(hours)
    try:
        roster = read_roster(asked.agents, opening)
        outcomes = Assumed(asked.settled, asked.handed_over).outcomes()
    except UnreadableDutyError:
        raise WrongPlanError("Écrivez un nombre d'agents, par exemple 5, ou des heures : 8-12=7,12-18:30=5.") from None
    except UnfitSharesError:
        raise WrongPlanError("Les deux parts s'écrivent de 0 à 100, et font 100 au plus ensemble.") from None
    times = Times(
        talk=LogNormal(_TALK_S, 1.0),
        talk_after_bot=1.0,
        patience=Exponential(_PATIENCE_S),
        bot_settles=LogNormal(_BOT_S, 0.5),
        bot_hands_over=LogNormal(_HAND_OVER_S, 0.7),
    )
    return Centre(opening, roster, times, outcomes)


def _apart(volume: int, centre: Centre) -> Plan:
    # Spawned, not forked: this process has threads that hold locks.
    with ProcessPoolExecutor(1, get_context("spawn"), os.nice, (_POLITE,)) as pool:
        return pool.submit(_simulated, volume, centre).result()


def _simulated(volume: int, centre: Centre) -> Plan:
    return plan(InventedProfile(volume), centre, years=_YEARS, sized=False)
