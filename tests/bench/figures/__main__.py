"""Prints how fast figures answer over 100,000 calls and 1,000,000 events, and what the chore behind the calls costs.

Usage: ``python -m tests.bench.figures [CALLS] [URL]``: a SQLite file of its own unless a database (emptied!) is named.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from callbot.domain.events import Channel, HandOverReason
from callbot.insight.figures import Beside, By, CallFacts, FigureDesk, Motive, Outcome, Question, Reader
from callbot.settings import LOCAL_ZONE
from callbot.storage import CallFactsProjection, Storage
from callbot.storage.call_facts import _Source
from callbot.storage.figure_tables import call_facts
from callbot.storage.tables import call_events, calls
from tests.booking.sample import MOBILE, PinnedClock
from tests.insight.figures.stories import booking_call
from tests.storage.conftest import KEYS
from tests.storage.test_call_facts import Line

TARGET_MS = 100
EVENTS_A_CALL = 10
TERRITORIES = ("marseille_provence", "pays_d_aix", "pays_d_aubagne", "pays_de_martigues", "pays_salonais", "istres", "")
ACTS = ("ask_need", "ask_items", "ask_commune", "ask_address", "confirm_address", "offer_dates", "recap")
TODAY = date(2026, 11, 30)
CALLS_A_DAY = 500
"""180,000 a year"""
console = Console(soft_wrap=True, highlight=False)


def one_call(number: int, dice: random.Random) -> CallFacts:
    """An invented call; about as many of each kind as is plausible."""
    day = TODAY - timedelta(days=number // CALLS_A_DAY)
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=dice.gauss(43_000, 9_000))
    handed, left, ended = dice.random() < 0.35, dice.random() < 0.1, at + timedelta(seconds=dice.uniform(30, 400))
    waited = dice.expovariate(1 / 90)
    outcome = Outcome.HANDED_OVER if handed else Outcome.ABANDONED if left else Outcome.BOOKED
    return CallFacts(
        call_id=f"CA{number:032}", channel=Channel.PHONE, received=at, received_known=True,
        answered=at + timedelta(seconds=dice.uniform(0.2, 3)), ended=ended, traced=True,
        territory=dice.choice(TERRITORIES), motive=dice.choice(list(Motive)), outcome=outcome,
        verified=outcome is Outcome.BOOKED, hand_over_reason=dice.choice(list(HandOverReason)) if handed else None,
        asked_person=handed and dice.random() < 0.4, abandoned_at=dice.choice(ACTS) if left and not handed else "",
        questions=ACTS[: dice.randint(1, len(ACTS))], turns=8, handed_over=ended if handed else None,
        person_answered=ended + timedelta(seconds=waited) if handed and waited < 180 else None,
        answer_times=tuple(dice.uniform(0.4, 1.6) for _ in range(6)), booked=outcome is Outcome.BOOKED,
        recalled=ended if dice.random() < 0.1 else None, rating=dice.choice((None, None, 1, 2, 3)),
    )  # fmt: skip


def batches(number: int, size: int = 2_000) -> Iterator[list[CallFacts]]:
    """``number`` calls, ``size`` at a time."""
    dice = random.Random(7)
    made = (one_call(each, dice) for each in range(number))
    while batch := list(islice(made, size)):
        yield batch


async def fill(storage: Storage, projection: CallFactsProjection, number: int) -> None:
    """Calls, their events and their facts."""
    for batch in batches(number):
        facts = [projection._row(call, _Source(Beside(call.call_id), EVENTS_A_CALL, "")) for call in batch]
        rows = [
            {
                "id": call.call_id, "started_at": call.received, "last_event_at": call.ended, "events": EVENTS_A_CALL,
                "channel": "phone", "end_reason": "done",
            }
            for call in batch
        ]  # fmt: skip
        events = [
            {"call_id": call.call_id, "seq": seq, "at": call.received, "kind": "NothingHeard", "payload": {}}
            for call in batch
            for seq in range(1, EVENTS_A_CALL + 1)
        ]
        async with storage._database.writing() as connection:
            await connection.execute(calls.insert(), rows)
            await connection.execute(call_events.insert(), events)
            await connection.execute(call_facts.insert(), facts)


async def spent(work: Callable[[], Awaitable[Any]], times: int = 20) -> tuple[float, float]:
    """p50 and p95 in milliseconds, of ``times`` runs after a first one."""
    await work()
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - before) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95) - 1]


async def bench(url: str, number: int) -> None:
    """Fill, sum, ask."""
    clock = PinnedClock(datetime(2026, 11, 30, 20, tzinfo=UTC))
    async with await Storage.open(url, KEYS, clock.now) as storage:
        projection = storage.call_facts(LOCAL_ZONE, lambda _insee: "marseille_provence")
        await fill(storage, projection, number)
        before = time.perf_counter()
        await projection.sweep()
        console.print(
            f"{number} calls, {number * EVENTS_A_CALL} events; all days summed in {time.perf_counter() - before:.1f} s"
        )
        first = TODAY - timedelta(days=number // CALLS_A_DAY)
        desk = FigureDesk(storage.figures, lambda: Reader(TODAY))
        table = Table(title=f"Figures, ms (target p95 < {TARGET_MS})")
        for column in ("question", "p50", "p95"):
            table.add_column(column, justify="left" if column == "question" else "right")
        for name, work in questions(storage, desk, first).items():
            p50, p95 = await spent(work)
            table.add_row(name, f"{p50:.0f}", f"{p95:.0f}{'' if p95 < TARGET_MS else ' !'}")
        table.add_section()
        p50, p95 = await spent(projection.sweep)
        table.add_row("the chore when nothing has happened", f"{p50:.0f}", f"{p95:.0f}")
        for call in range(50):
            await Line(storage, clock).rings(f"NEW{call}", booking_call(), MOBILE)
        before = time.perf_counter()
        await projection.sweep()
        table.add_row("the chore after 50 calls, once", f"{(time.perf_counter() - before) * 1000:.0f}", "")
        console.print(table)


def questions(storage: Storage, desk: FigureDesk, first: date) -> dict[str, Callable[[], Awaitable[Any]]]:
    """What pages and commands ask."""
    month = TODAY - timedelta(days=29)

    def asks(question: Question) -> Callable[[], Awaitable[Any]]:
        async def ask() -> list[object]:
            report = await desk.report(question)
            return [part.figure("person_wait_median") for part in report.parts]

        return ask

    return {
        "this moment": storage.figures.live,
        "30 days, by day": asks(Question(month, TODAY)),
        "all days, by day": asks(Question(first, TODAY)),
        "all days, by hour": asks(Question(first, TODAY, by=By.HOUR)),
        "all days, by territory": asks(Question(first, TODAY, by=By.TERRITORY)),
        "all days, one territory by hour": asks(Question(first, TODAY, "pays_d_aix", By.HOUR)),
    }


def main() -> None:
    """A database of its own, thrown away."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[2] if len(sys.argv) > 2 else f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        asyncio.run(bench(url, number))


main()
