"""The switch and the knowledge base over a real database and the real files, with rehearsals that are told to us."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI

from callbot.editing.content import Trial
from callbot.editing.publishing import Publishing
from callbot.editing.switch import CachedSwitch, Switch
from callbot.editing.tripping import Thresholds
from callbot.storage import Storage
from callbot.web.editing.router import EditingDeps, editing_router
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import PinnedClock
from tests.web.staff_world import KEYS, PUBLIC, THEME, StaffService, cheap_passwords

FOLDER = Path(__file__).parents[2] / "knowledge_base"


@dataclass
class EditingService(StaffService):
    """The pages and what stands behind them. ``passes``: what the next rehearsals say."""

    publishing: Publishing | None = None
    passes: bool = True

    async def rehearse(self, files: Mapping[str, str], changed: str) -> Trial:
        return Trial(self.passes, (f"how_much : {'réussi' if self.passes else 'échoué'}",))

    async def settled(self) -> None:
        assert self.publishing is not None
        await self.publishing.settled()


@asynccontextmanager
async def editing_service(template: Path, folder: Path, public_url: str = PUBLIC) -> AsyncIterator[EditingService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "editing.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        passwords = cheap_passwords()
        staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
        app = FastAPI()
        service = EditingService(storage, clock, passwords, staff_guard(staff), app, public_url)
        service.publishing = Publishing(storage.content, FOLDER, clock, service.rehearse)
        deps = EditingDeps(
            switch=Switch(storage.switches, clock),
            cached=CachedSwitch(storage.switches, lambda: 0.0),
            limits=Thresholds(timedelta(minutes=10), failures=3),
            publishing=service.publishing,
            gaps=storage.content,
            names=lambda account: _name(storage, account),
            clock=clock,
            guard=service.guard,
            theme=THEME,
        )
        app.include_router(editing_router(deps))
        app.include_router(staff_router(staff))
        app.get(STYLE)(style_sheet)
        yield service
        await service.settled()


async def _name(storage: Storage, account: str) -> str:
    async with storage.staff.reading() as reads:
        known = await reads.of_id(account)
    return known.account.name.reveal() if known else ""
