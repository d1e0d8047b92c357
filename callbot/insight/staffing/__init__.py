"""Staffing: calls, agents and a bot simulated over years, before and after; judged by Erlang's formulas and by ciw."""

from callbot.insight.staffing.counts import UnreadableCountsError, read_counts, week_shift
from callbot.insight.staffing.demand import Demand, History, InventedProfile
from callbot.insight.staffing.estimates import Estimate
from callbot.insight.staffing.measuring import WITHIN_S, Figures, PlanFigures, Waits
from callbot.insight.staffing.outcomes import Assumed, Counted, Outcomes, Shares, UnfitSharesError
from callbot.insight.staffing.planning import FALL_WANTED, YEARS, Centre, Fall, Need, Plan, Verdict, Wait, plan
from callbot.insight.staffing.sizing import TARGET, Staffed
from callbot.insight.staffing.spreads import Always, Exponential, LogNormal
from callbot.insight.staffing.week import Opening, Roster, UnreadableDutyError, read_roster
from callbot.insight.staffing.year import Times

__all__ = [
    "FALL_WANTED",
    "TARGET",
    "WITHIN_S",
    "YEARS",
    "Always",
    "Assumed",
    "Centre",
    "Counted",
    "Demand",
    "Estimate",
    "Exponential",
    "Fall",
    "Figures",
    "History",
    "InventedProfile",
    "LogNormal",
    "Need",
    "Opening",
    "Outcomes",
    "Plan",
    "PlanFigures",
    "Roster",
    "Shares",
    "Staffed",
    "Times",
    "UnfitSharesError",
    "UnreadableCountsError",
    "UnreadableDutyError",
    "Verdict",
    "Wait",
    "Waits",
    "plan",
    "read_counts",
    "read_roster",
    "week_shift",
]
