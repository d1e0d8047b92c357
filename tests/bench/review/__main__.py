"""``python -m tests.bench.review``: pages of the review and of the desk over a million events, 50 calls going on.

Prints for each page the median and the 95th percentile of the time from the request to the whole answer, sign-in
checked, in milliseconds beside the target, and the slowest append of the calls meanwhile. SQLite; PostgreSQL with
``--url``.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import typer
from sqlalchemy import insert, select

from callbot.access import Role
from callbot.domain.events import CallerSpoke, Event, NoWords, Prompted
from callbot.review.digest import digest_of
from callbot.storage import Storage
from callbot.storage.regression_cases import SealedCases
from callbot.storage.review_tables import review_calls, review_lines, review_words
from callbot.storage.tables import call_events, calls
from callbot.storage.transcripts import rows_of
from tests.bench.review import desk
from tests.bench.review.times import HEADING, Asked, Times, timed
from tests.booking.sample import MOBILE, PinnedClock
from tests.review.sample import QUICK, WRONG_ADDRESS
from tests.web.review_world import ReviewService, review_of
from tests.web.staff_world import KEYS, Staff

Row = dict[str, Any]

EVENTS, RUNNING = 1_000_000, 50
_THINGS = ("canapé", "matelas", "armoire", "frigo", "buffet", "piano", "table", "lit", "commode", "vélo", "lave-linge")
_MORE = ("vite", "hier", "cave", "ascenseur", "jardin", "voisine", "samedi", "cassé", "lourd", "neuf", "escalier")
PAGES = {
    "list": "/admin",
    "second page": "/admin?after={last}",
    "a week": "/admin?since=2026-11-10&until=2026-11-17",
    "motive, outcome": "/admin?motive=book&outcome=handed_over",
    "unsure, asked": "/admin?unsure=1&asked=1",
    "abandoned at": "/admin?abandoned_at=ask_commune",
    "nothing fits": "/admin?outcome=amended&unsure=1",
    "common word": "/admin?text=canap%C3%A9",
    "rare word": "/admin?text=perroquet",
    "three words": "/admin?text=canap%C3%A9+ascenseur+lourd",
    "word, filters": "/admin?text=canap%C3%A9&motive=book&since=2026-06-01",
    "no such word": "/admin?text=introuvable+canap%C3%A9",
    "one call": "/admin/calls/{last}",
    "annotations": "/admin/annotations",
}


@dataclass(slots=True)
class Line:
    """Calls going on: each says something twice a second."""

    storage: Storage
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    slowest_ms: float = 0.0
    appended: int = 0

    async def talk(self, call_id: str) -> None:
        while not self.stop.is_set():
            for event in WRONG_ADDRESS[:-1]:
                began = time.perf_counter()
                await self.storage.events.append(call_id, event)
                self.slowest_ms = max(self.slowest_ms, (time.perf_counter() - began) * 1000)
                self.appended += 1
                try:
                    await asyncio.wait_for(self.stop.wait(), 0.5)
                    return
                except TimeoutError:
                    pass


def script(draw: Random) -> tuple[Event, ...]:
    """A call in other words, padded to some forty events."""
    things, more = draw.sample(_THINGS, 2), draw.sample(_MORE, 3)
    extra = f"J'ai un {things[0]} et un {things[1]}, {' '.join(more)}."
    begun = WRONG_ADDRESS if draw.random() < 0.7 else QUICK
    spoke = CallerSpoke(extra, (extra,), draw.random())
    asides = (Prompted("ask_more", 1, "Autre chose ?"), spoke, NoWords()) * 8
    return (*begun[:-1], *asides[: 40 - len(begun)], begun[-1])


@dataclass(frozen=True, slots=True)
class Pattern:
    """A call that was stored as calls are, to be copied: its rows in each table."""

    call: Row
    events: list[Row]
    review: Row
    lines: list[Row]
    words: list[Row]
    at: datetime

    def copied(self, rows: dict[str, list[Row]], call_id: str, at: datetime) -> int:
        """Adds a call like this one; how many events it has."""
        later = at - self.at
        caller = {"caller_index": f"caller{int(call_id[2:]) % 12_000}"}
        rows["calls"].append({**self.call, **caller, "id": call_id, "started_at": at, "last_event_at": at})
        rows["events"] += [{**row, "call_id": call_id, "at": row["at"] + later} for row in self.events]
        rows["review"].append({**self.review, "call_id": call_id, "started_at": at})
        rows["lines"] += [{**row, "call_id": call_id, "at": row["at"] + later} for row in self.lines]
        rows["words"] += [{**row, "call_id": call_id, "started_at": at} for row in self.words]
        return len(self.events)


async def patterns(storage: Storage, clock: PinnedClock, draw: Random, count: int) -> list[Pattern]:
    """Calls in other words, stored by the log; copies of them cannot be opened, but weigh the same."""
    made = []
    for number in range(count):
        call_id = f"CAPATTERN{number:03d}"
        for event in script(draw):
            await storage.events.append(call_id, event)
            clock.advance(milliseconds=700)
        events = (await storage.events.numbered({call_id: 0}))[call_id]
        digest = digest_of(call_id, events, frozenset({"marseille"}), {"13206": "marseille"}.get)
        await storage.transcripts.keep(digest)
        async with storage._database.reading() as connection:
            call = (await connection.execute(select(calls).where(calls.c.id == call_id))).mappings().one()
            mine = select(call_events).where(call_events.c.call_id == call_id)
            rows = [dict(row) for row in (await connection.execute(mine)).mappings()]
        one, lines, words = rows_of(digest)
        made.append(Pattern(dict(call), rows, one, lines, words, events[0].at))
    return made


async def fill(storage: Storage, clock: PinnedClock, events: int) -> None:
    """Calls of a year, copied in bulk."""
    draw = Random(7)
    models = await patterns(storage, clock, draw, 80)
    written, number, start = 0, 0, clock.at - timedelta(days=365)
    tables = {
        "calls": calls, "events": call_events, "review": review_calls, "lines": review_lines, "words": review_words,
    }  # fmt: skip
    while written < events:
        rows: dict[str, list[Row]] = {name: [] for name in tables}
        for _ in range(250):
            number += 1
            at = start + timedelta(days=365) * (written / events)
            written += draw.choice(models).copied(rows, f"CA{number:08d}", at)
            if draw.random() < 0.001:
                rows["words"].append({"word": "perroquet", "started_at": at, "call_id": f"CA{number:08d}"})
        async with storage._database.writing() as connection:
            for name, table in tables.items():
                await connection.execute(insert(table), rows[name])


async def measure(service: ReviewService, last: str) -> list[Times]:
    """Each page, by somebody signed in."""
    await service.account("admin", Role.ADMINISTRATOR)
    someone = Staff(service)
    async with someone.client:
        await someone.sign_in("admin")
        return [await timed(someone, name, Asked(path.replace("{last}", last))) for name, path in PAGES.items()]


def settle(path: Path) -> None:
    """Brings what was written in bulk into the file, as hours of a service do; a year in a minute leaves it beside."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def bench(url: str, folder: Path, events: int, *, desk_only: bool = False) -> None:
    """Fills, talks, asks, prints."""
    clock = PinnedClock()
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(
            await Storage.open(url or f"sqlite+aiosqlite:///{folder / 'bench.db'}", KEYS, clock.now)
        )
        began = time.perf_counter()
        await fill(storage, clock, events)
        at_desk = await desk.prepared(storage, clock)
        await desk.busy_number(storage, KEYS.index(MOBILE.reveal()), every=100)
        if not url:
            await asyncio.to_thread(settle, folder / "bench.db")
        typer.echo(f"{events:,} events written in {time.perf_counter() - began:.0f} s")
        line = Line(storage)
        talking = [asyncio.create_task(line.talk(f"CARUN{number:03d}")) for number in range(RUNNING)]
        service = review_of(storage, clock, SealedCases(folder / "regressions", KEYS))
        found = [] if desk_only else await measure(service, "CAPATTERN000")
        found += await desk.measured(at_desk)
        line.stop.set()
        await asyncio.gather(*talking)
    typer.echo(f"{HEADING}, {RUNNING} calls going on")
    for times in found:
        typer.echo(times.line)
    typer.echo(f"{line.appended} events appended meanwhile, the slowest in {line.slowest_ms:.0f} ms")


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of a SQLite file")
    parser.add_argument("--desk", action="store_true", help="the desk's pages alone")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(bench(given.url, Path(folder), given.events, desk_only=given.desk))


if __name__ == "__main__":
    main()
