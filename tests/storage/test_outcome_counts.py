"""The service's own calls feed the plan once there are enough of them."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callbot.bootstrap import planning
from callbot.commands import plan as command
from callbot.domain.events import Channel, HandOverReason
from callbot.insight.figures import Beside, CallFacts, Outcome
from callbot.insight.staffing.history import CallsOfAKind, counted_shares
from callbot.insight.staffing.outcomes import ENOUGH_CALLS, Assumed
from callbot.settings import LOCAL_ZONE, Settings
from callbot.settings import Storage as Place
from callbot.storage import CallFactsProjection, Storage
from callbot.storage.call_facts import _Source
from callbot.storage.dialects import put
from callbot.storage.figure_tables import call_facts
from callbot.storage.outcome_counts import outcome_counts
from tests.insight.figures.stories import NINE, call

MONDAY = date(2026, 11, 2)


async def stored(storage: Storage, calls: list[CallFacts]) -> None:
    projection: CallFactsProjection = storage.call_facts(LOCAL_ZONE, lambda _insee: None)
    async with storage._database.writing() as connection:
        for each in calls:
            row = projection._row(each, _Source(Beside(each.call_id), 1, ""))
            await put(connection, call_facts, row, "call_id")


async def test_calls_are_counted_by_what_became_of_them(storage: Storage, database_url: str) -> None:
    handed = {"handed_over": NINE, "hand_over_reason": HandOverReason.ASKED}
    await stored(
        storage,
        [
            call(1),
            call(2),
            call(3, **handed),
            call(4, outcome=Outcome.ABANDONED),
            call(5, channel=Channel.SMS),
            call(6, received=NINE - timedelta(days=1)),
        ],
    )
    assert sorted(await asyncio.to_thread(outcome_counts, database_url, MONDAY)) == [
        ("abandoned", "", 1),
        ("booked", "", 2),
        ("booked", "asked", 1),
    ]


def test_what_is_work_for_people_is_not_settled() -> None:
    rows = [
        CallsOfAKind("booked", "", 300),
        CallsOfAKind("booked", "asked", 60),
        CallsOfAKind("handed_over", "not_understood", 20),
        CallsOfAKind("handed_over", "diverted", 999),
        CallsOfAKind("call_back", "", 20),
        CallsOfAKind("failed", "", 50),
        CallsOfAKind("silence", "", 50),
        CallsOfAKind("unanswered", "", 999),
        CallsOfAKind("going_on", "", 999),
        CallsOfAKind("a word of tomorrow", "", 999),
    ]
    outcomes = counted_shares(rows, Assumed()).outcomes()
    assert (outcomes.calls, outcomes.settled, outcomes.handed_over) == (500, 0.6, 0.2)
    assert outcomes.reasons == {HandOverReason.ASKED: 0.75, HandOverReason.NOT_UNDERSTOOD: 0.25}
    between = outcomes.settled_between
    assert between is not None
    assert (round(between.low, 3), round(between.high, 3)) == (0.556, 0.642)
    assert Assumed().outcomes().settled_between is None


@pytest.mark.parametrize("few", [False, True])
def test_the_plan_says_on_how_many_calls_it_rests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, few: bool
) -> None:
    number = ENOUGH_CALLS - 1 if few else ENOUGH_CALLS
    app = typer.Typer()
    command.register(app)
    monkeypatch.setattr(command, "load_settings", lambda: Settings(data_dir=tmp_path))
    monkeypatch.setattr(planning, "outcome_counts", lambda _url, _since: [CallsOfAKind("booked", "", number)])
    words = ["--quick", "--years", "2", "--volume", "2000"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    row = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["outcomes"]
    if few:
        assert "plan: 399 calls counted, 400 needed: shares are assumed" in told.stderr
        assert (row["origin"], row["calls"], row["settled_between"]) == ("assumed", 0, None)
    else:
        assert "bot (counted on 400 calls): answers in" in told.stdout
        assert "settles 100% [99.0%, 100.0%]" in told.stdout
        assert (row["calls"], row["settled_between"]) == (400, [0.9905, 1.0])


def test_a_share_given_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "outcome_counts", pytest.fail)
    assert command.shares_of(Settings(data_dir=tmp_path), 0.4, None).outcomes().origin == "given"


def test_a_database_that_is_away_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = "postgresql+psycopg://nobody:secret@127.0.0.1:9/none"
    settings = Settings(data_dir=tmp_path, storage=Place(url=url))
    assert command.shares_of(settings, None, None).outcomes().origin == "assumed"
    assert capsys.readouterr().err == "plan: the database does not answer (OperationalError): shares are assumed\n"
