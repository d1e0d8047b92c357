"""``callbot plan``: what the bot does to waiting, and how many agents each hour takes, by simulation."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isinf
from pathlib import Path
from typing import Annotated, Any

import typer

from callbot.bootstrap import SystemClock
from callbot.bootstrap.planning import own_shares
from callbot.commands.plan_lines import lines, sentences
from callbot.commands.problems import told
from callbot.commands.published import published_base
from callbot.insight.figures.statistics import Interval
from callbot.insight.staffing import (
    FALL_WANTED,
    YEARS,
    Always,
    Assumed,
    Centre,
    Demand,
    Exponential,
    History,
    InventedProfile,
    LogNormal,
    Need,
    Opening,
    Plan,
    Times,
    UnfitSharesError,
    UnreadableCountsError,
    UnreadableDutyError,
    read_counts,
    read_roster,
    week_shift,
)
from callbot.insight.staffing import plan as simulated
from callbot.insight.staffing.outcomes import ENOUGH_CALLS, Shares
from callbot.settings import Settings, load_settings
from callbot.storage import StorageAwayError

AGENTS_ASSUMED = "5"
"""nothing is published about the call centre's staff: with five the line is busy in the morning and quiet at night"""


def register(root: typer.Typer) -> None:
    """Hang ``plan`` into the ``callbot`` command."""
    root.command()(plan)


def plan(
    *,
    calls: Annotated[Path | None, typer.Option(help="CSV of counted calls: date,time,calls by intervals")] = None,
    volume: Annotated[float, typer.Option(min=0, max=10_000_000, help="calls a year, at all hours")] = 180_000,
    agents: Annotated[
        str | None,
        typer.Option(help=f"on duty in opening hours: {AGENTS_ASSUMED} (assumed), or 8-12=7,12-14=4,14-18:30=6"),
    ] = None,
    settled: Annotated[float | None, typer.Option(help="share of its calls that the bot settles, 0 to 1")] = None,
    handed_over: Annotated[float | None, typer.Option(help="share that it hands over to people, 0 to 1")] = None,
    talk: Annotated[float, typer.Option(min=0.1, max=600, help="minutes of an agent's work on a call")] = 4.0,
    talk_after_bot: Annotated[
        float | None, typer.Option(min=0.1, max=600, help="the same for a call handed over; by default as long")
    ] = None,
    bot_talk: Annotated[float, typer.Option(min=0.1, max=600, help="minutes with the bot of a call it settles")] = 1.8,
    bot_hand_over: Annotated[
        float, typer.Option(min=0.1, max=600, help="minutes with the bot of a call handed over")
    ] = 1.0,
    patience: Annotated[
        float, typer.Option(min=0.1, help="minutes a caller waits on average before giving up; inf: for ever")
    ] = 5.0,
    shift: Annotated[
        int | None,
        typer.Option(help="days to move the weekdays of --calls; by default its two quietest become the week-end"),
    ] = None,
    years: Annotated[
        int, typer.Option(min=2, max=100, help="simulated years: the more, the narrower the intervals")
    ] = YEARS,
    seed: Annotated[int, typer.Option(min=0, help="the same seed, the same figures")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="leave out how many agents each hour takes")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Waiting, abandonment and service level before and after the bot, and the agents for 80/20, by simulation."""
    times = times_of(talk, talk_after_bot or talk, bot_talk, bot_hand_over, patience)
    with told("plan"):
        settings = load_settings()
        opening = Opening.of(published_base(settings, "plan").opening_hours.by_weekday)
        try:
            roster = read_roster(agents or AGENTS_ASSUMED, opening)
            centre = Centre(opening, roster, times, shares_of(settings, settled, handed_over).outcomes())
            found = simulated(demand_of(calls, volume, shift), centre, years=years, seed=seed, sized=not quick)
        except (UnfitSharesError, UnreadableCountsError, UnreadableDutyError) as error:
            typer.echo(f"plan: {error}", err=True)
            raise typer.Exit(1) from None
    on_duty = agents or f"{AGENTS_ASSUMED} (assumed: give yours with --agents)"
    shown = [json.dumps(plan_row(found, on_duty), ensure_ascii=False)] if as_json else lines(found, on_duty)
    for line in shown:
        typer.echo(line)


def times_of(talk: float, talk_after_bot: float, bot_talk: float, bot_hand_over: float, patience: float) -> Times:
    """How long the parts of a call last, from their means in minutes."""
    return Times(
        talk=LogNormal(talk * 60, 1.0),
        talk_after_bot=talk_after_bot / talk,
        patience=Always(patience) if isinf(patience) else Exponential(patience * 60),
        bot_settles=LogNormal(bot_talk * 60, 0.5),
        bot_hands_over=LogNormal(bot_hand_over * 60, 0.7),
    )


def shares_of(settings: Settings, settled: float | None, handed_over: float | None) -> Shares:
    """Those given; else those of the service's own calls of the last year, where there are enough of them.

    A database that does not answer is told on stderr, and too few calls are.
    """
    assumed = Assumed(settled, handed_over)
    if settled is not None or handed_over is not None:
        return assumed
    try:
        counted = own_shares(settings.storage_url, SystemClock().now().date(), assumed)
    except StorageAwayError as error:
        typer.echo(f"plan: {error}: shares are assumed", err=True)
        return assumed
    if 0 < counted.calls < ENOUGH_CALLS:
        typer.echo(f"plan: {counted.calls} calls counted, {ENOUGH_CALLS} needed: shares are assumed", err=True)
    return counted


def demand_of(calls: Path | None, volume: float, shift: int | None) -> Demand:
    """The history of the file, or the invented profile without one."""
    if calls is None:
        return InventedProfile(volume)
    with calls.open(encoding="utf-8", errors="replace", newline="") as file:
        days = read_counts(file)
    return History(days, volume, week_shift(days) if shift is None else shift)


def plan_row(found: Plan, on_duty: str) -> dict[str, Any]:
    """The plan as JSON; shares from 0 to 1, times in seconds, null where there is no such figure."""
    outcomes = found.centre.outcomes
    before_hours, after_hours = found.agent_hours
    return {
        "calls": found.demand,
        "agents": on_duty,
        "years": found.years,
        "outcomes": {
            "origin": outcomes.origin,
            "calls": outcomes.calls,
            "settled_between": _between(outcomes.settled_between),
            "handed_over_between": _between(outcomes.handed_over_between),
            "settled": outcomes.settled,
            "handed_over": outcomes.handed_over,
            "left": round(outcomes.left, 4),
            "reasons": {why.value: round(share * outcomes.handed_over, 4) for why, share in outcomes.reasons.items()},
        },
        "times": asdict(found.centre.times, dict_factory=_finite),
        "before": _rounded(asdict(found.before)),
        "after": _rounded(asdict(found.after)),
        "falls": [
            {
                "wait": fall.wait.value,
                "fall": _rounded(asdict(fall.fall)) if fall.fall else None,
                "wanted": FALL_WANTED,
                "verdict": fall.verdict.value,
            }
            for fall in found.falls
        ],
        "holds_until_handed_over": found.holds_until,
        "needs": [_need_row(need) for need in found.needs],
        "agent_hours_a_week": {"before": before_hours, "after": after_hours} if found.needs else None,
        "answers": [*sentences(found)],
    }


def _between(interval: Interval | None) -> list[float] | None:
    return [round(interval.low, 4), round(interval.high, 4)] if interval else None


def _need_row(need: Need) -> dict[str, Any]:
    row: dict[str, Any] = _rounded(asdict(need))
    return row


def _finite(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON knows no infinity."""
    return {name: None if isinstance(value, float) and isinf(value) else value for name, value in pairs}


def _rounded(part: Any) -> Any:
    """Floats of a nested dictionary to four decimals: more would pretend."""
    if isinstance(part, dict):
        return {name: _rounded(value) for name, value in part.items()}
    return round(part, 4) if isinstance(part, float) else part
