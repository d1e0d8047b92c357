"""A plan in words and tables, for who reads it in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callbot.insight.figures.statistics import Interval
from callbot.insight.staffing import (
    FALL_WANTED,
    TARGET,
    WITHIN_S,
    Estimate,
    Fall,
    Plan,
    PlanFigures,
    Verdict,
    Wait,
    Waits,
)

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WAITS = {
    Wait.QUEUE: "in the agents' queue",
    Wait.END_TO_END: "of everybody in opening hours until bot or person, whoever settles the call, answers",
    Wait.TO_A_PERSON: "until a person answers, the minutes with the bot included",
}
_VERDICTS = {
    Verdict.YES: "yes",
    Verdict.NO: "no",
    Verdict.UNSURE: "not sure, the interval holds both answers",
}

Get = Callable[[PlanFigures], Estimate | None]
Say = Callable[[float], str]


def lines(plan: Plan, on_duty: str) -> Iterator[str]:
    """Assumptions, figures, answers, agents by hour."""
    yield from _assumptions(plan, on_duty)
    yield ""
    yield f"{'a year, mean [95 %]':44}{'before':>28}{'after':>28}"
    for name, get, say in _ROWS:
        yield f"{name:44}{_told(get(plan.before), say):>28}{_told(get(plan.after), say):>28}"
    yield ""
    yield from sentences(plan)
    if plan.needs:
        yield ""
        yield from _needs(plan)


def sentences(plan: Plan) -> Iterator[str]:
    """The answers to "does waiting fall by 30 %?" and "how many agents for 80/20?", a plain sentence each."""
    yield f"Does waiting fall by {FALL_WANTED:.0%}?"
    for fall in plan.falls:
        yield f"- {_fall(fall, plan)}"
    if plan.holds_until is not None:
        yield f"In the agents' queue it does as long as at most {plan.holds_until:.0%} of the calls are handed over."
    if plan.needs:
        first, then = plan.agent_hours
        most, fewer = max(need.before.agents for need in plan.needs), max(need.after.agents for need in plan.needs)
        yield (
            f"{TARGET:.0%} answered within {WITHIN_S:.0f} s take up to {most} agents at a time without the bot "
            f"({first:.0f} agent hours a week) and up to {fewer} with it ({then:.0f})."
        )


def _fall(fall: Fall, plan: Plan) -> str:
    first, then = (_mean(fall.wait, side) for side in (plan.before, plan.after))
    if fall.fall is None or first is None or then is None:
        return f"The wait {_WAITS[fall.wait]}: cannot be told, nobody waits before or no person answers."
    way = "falls" if fall.fall.value >= 0 else "grows"
    ends = sorted(abs(end) for end in (fall.fall.low, fall.fall.high))
    around = f"[{ends[0]:.0%} to {ends[1]:.0%}]" if fall.fall.low * fall.fall.high > 0 else "[around nothing]"
    return (
        f"The wait {_WAITS[fall.wait]} {way} from {first.value:.1f} s to {then.value:.1f} s, "
        f"by {abs(fall.fall.value):.0%} {around}: {_VERDICTS[fall.verdict]}."
    )


def _mean(wait: Wait, side: PlanFigures) -> Estimate | None:
    waits: dict[Wait, Waits[Estimate | None]] = {
        Wait.QUEUE: side.wait,
        Wait.END_TO_END: side.end_to_end,
        Wait.TO_A_PERSON: side.to_a_person,
    }
    return waits[wait].mean


def _assumptions(plan: Plan, on_duty: str) -> Iterator[str]:
    times, outcomes = plan.centre.times, plan.centre.outcomes
    reasons = ", ".join(f"{why.value} {share * outcomes.handed_over:.1%}" for why, share in outcomes.reasons.items())
    yield f"calls: {plan.demand}; {plan.years} years simulated"
    yield f"agents in opening hours: {on_duty}"
    yield f"an agent's work on a call: {times.talk.mean / 60:.1f} minutes, {_after_bot(plan):.1f} after the bot"
    yield f"patience: {times.patience.mean / 60:.1f} minutes on average; nobody rings twice, no holidays"
    yield (
        f"bot ({outcomes.origin}): answers in {times.pick_up:.0f} s, settles {outcomes.settled:.0%}"
        f"{_interval(outcomes.settled_between)} in "
        f"{times.bot_settles.mean / 60:.1f} minutes, hands over {outcomes.handed_over:.0%}"
        f"{_interval(outcomes.handed_over_between)} after "
        f"{times.bot_hands_over.mean / 60:.1f}, {outcomes.left:.0%} leave it"
    )
    yield f"handed over because: {reasons}; outside opening hours they are called back in the next two windows"


def _interval(between: Interval | None) -> str:
    return f" [{between.low:.1%}, {between.high:.1%}]" if between else ""


def _after_bot(plan: Plan) -> float:
    return plan.centre.times.talk.mean * plan.centre.times.talk_after_bot / 60


def _needs(plan: Plan) -> Iterator[str]:
    """A table of hours and weekdays."""
    cells = {(need.weekday, need.hour): f"{need.before.agents} > {need.after.agents}" for need in plan.needs}
    days, hours = sorted({day for day, _ in cells}), sorted({hour for _, hour in cells})
    yield f"agents for {TARGET:.0%} in {WITHIN_S:.0f} s, before > after (with the share of each hour: --json)"
    yield "hour" + "".join(f"{_WEEKDAYS[day]:>10}" for day in days)
    for hour in hours:
        yield f"{hour:4}" + "".join(f"{cells.get((day, hour), '-'):>10}" for day in days)
    yield f"the least share answered in time: {_least(plan, after=False)}; with the bot {_least(plan, after=True)}"


def _least(plan: Plan, *, after: bool) -> str:
    """The hour that comes nearest to missing the target."""
    staffed = [(need.after if after else need.before, need) for need in plan.needs]
    levels = [(one.service_level, need) for one, need in staffed if one.service_level is not None]
    if not levels:
        return "not known without calls"
    level, need = min(levels, key=lambda found: found[0].value)
    return f"{_told(level, _percent)} on {_WEEKDAYS[need.weekday]} at {need.hour}"


def _told(found: Estimate | None, say: Say) -> str:
    if found is None:
        return "-"
    return f"{say(found.value)} [{say(found.low)}-{say(found.high)}]"


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float) -> str:
    return f"{value:.1f} s"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


_ROWS: tuple[tuple[str, Get, Say], ...] = (
    ("calls received", lambda side: side.received, _count),
    ("  outside opening hours", lambda side: side.outside_hours, _count),
    ("  settled by the bot", lambda side: side.settled_by_bot, _count),
    ("  left the bot", lambda side: side.left_the_bot, _count),
    ("  reached the agents' queue", lambda side: side.to_people, _count),
    ("    answered", lambda side: side.answered, _count),
    ("    gave up", lambda side: side.abandoned, _count),
    ("  owed a call-back", lambda side: side.call_backs, _count),
    ("    called back", lambda side: side.call_backs_made, _count),
    ("settled or answered / received", lambda side: side.completed, _percent),
    ("wait in the agents' queue, mean (ASA)", lambda side: side.wait.mean, _seconds),
    ("  median", lambda side: side.wait.median, _seconds),
    ("  p90", lambda side: side.wait.p90, _seconds),
    ("  longest", lambda side: side.wait.max, _seconds),
    ("  mean, those who gave up included", lambda side: side.wait_with_abandoned, _seconds),
    ("until who settles it answers, mean", lambda side: side.end_to_end.mean, _seconds),
    ("  p90", lambda side: side.end_to_end.p90, _seconds),
    ("until a person answers, mean", lambda side: side.to_a_person.mean, _seconds),
    ("  p90", lambda side: side.to_a_person.p90, _seconds),
    ("abandonment: gave up / reached the queue", lambda side: side.abandonment, _percent),
    ("in 20 s by people / reached the queue", lambda side: side.service_level, _percent),
    ("in 20 s by anybody / received (QS2)", lambda side: side.service_level_received, _percent),
    ("agents busy / on duty", lambda side: side.occupancy, _percent),
    ("most calls with the bot at once", lambda side: side.bot_calls_at_once, _count),
)
