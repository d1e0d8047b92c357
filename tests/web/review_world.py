"""The review over a real database with two calls in it, and people of every role."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from callbot.domain.events import Event
from callbot.review.annotating import Annotating
from callbot.review.indexing import Indexing
from callbot.review.reading import Reading
from callbot.storage import Storage
from callbot.storage.regression_cases import SealedCases
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.review.router import ReviewDeps, review_router
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import PinnedClock
from tests.dialogue.world import COMMUNES, WORLD
from tests.review.sample import QUICK, WRONG_ADDRESS
from tests.web.staff_world import KEYS, PUBLIC, THEME, StaffService, cheap_passwords


@dataclass
class ReviewService(StaffService):
    """The pages and the calls behind them."""

    cases: SealedCases | None = None

    async def tells(self, call_id: str, events: Sequence[Event] = WRONG_ADDRESS) -> None:
        """A call, half a second from event to event."""
        for event in events:
            await self.storage.events.append(call_id, event)
            self.clock.advance(milliseconds=500)

    async def indexed(self) -> None:
        """What the chore does every minute."""
        territories = {"13206": "marseille"}
        chore = Indexing(
            self.storage.events,
            self.storage.transcripts,
            self.clock,
            frozenset({"marseille"}),
            territories.get,
            breath_s=0,
        )
        await chore.sweep()

    async def two_calls(self) -> None:
        """A wrong address, then a quick question, both in the list."""
        await self.tells("CA1")
        self.clock.advance(minutes=20)
        await self.tells("CA2", QUICK)
        await self.indexed()

    async def case_names(self) -> tuple[str, ...]:
        assert self.cases is not None
        return await asyncio.to_thread(self.cases.names)


def review_of(storage: Storage, clock: PinnedClock, cases: SealedCases, public_url: str = PUBLIC) -> ReviewService:
    """The pages of the review and of signing in over an open database."""
    passwords = cheap_passwords()
    staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
    guard = staff_guard(staff)

    async def name(account: str) -> str:
        async with storage.staff.reading() as reads:
            known = await reads.of_id(account)
        return known.account.name.reveal() if known else ""

    deps = ReviewDeps(
        reading=Reading(storage.events, storage.transcripts, storage.annotations, storage.reveals, WORLD),
        annotating=Annotating(storage.events, storage.annotations, cases, clock),
        journal=storage.reveals,
        names=name,
        communes=tuple(COMMUNES.values()),
        territories={"marseille": "Marseille"},
        items={kind.id: kind.label for kind in WORLD.catalogue.kinds},
        entries=("prix", "horaires"),
        guard=guard,
        theme=THEME,
    )
    app = FastAPI()
    app.include_router(review_router(deps))
    app.include_router(staff_router(staff))
    app.get(STYLE)(style_sheet)
    return ReviewService(storage, clock, passwords, guard, app, public_url, cases=cases)


@asynccontextmanager
async def review_service(template: Path, folder: Path, public_url: str = PUBLIC) -> AsyncIterator[ReviewService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "review.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        yield review_of(storage, clock, SealedCases(folder / "regressions", KEYS), public_url)
