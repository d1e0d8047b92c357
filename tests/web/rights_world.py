"""The rights desk over a real database: a resident's pages, and officers behind the guard."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import select

from callbot.domain.data_rights import Came, DataRight, DataWish
from callbot.domain.personal import PhoneNumber
from callbot.privacy.rights import Rights
from callbot.privacy.rights_desk import Codes, FromCalls, Intake, OfficersDesk
from callbot.storage import Storage
from callbot.storage.tables import outbox
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.rights.own import OwnDeps
from callbot.web.rights.router import RightsDeps, rights_router
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import PinnedClock
from tests.web.staff_world import KEYS, PUBLIC, THEME, StaffService, cheap_passwords

PHONE, TYPED = PhoneNumber("+33612340001"), "06 12 34 00 01"


@dataclass
class RightsService(StaffService):
    """The pages and what stands behind them."""

    desk: OfficersDesk | None = None
    calls: FromCalls | None = None

    async def by_telephone(self, right: DataRight, call: str = "CA1") -> str:
        """A request made in a call; its number."""
        assert self.calls is not None
        await self.calls.take(call, DataWish(right, Came.PHONE, PHONE))
        async with self.storage.rights.reading() as reads:
            return next(one.id for one in await reads.open_ones() if one.call_id == call)

    async def texts(self) -> list[str]:
        """The SMS that are queued, oldest first."""
        async with self.storage._database.reading() as connection:
            rows = (await connection.execute(select(outbox).order_by(outbox.c.id))).all()
        return [KEYS.open(row.body_sealed, f"outbox.body|{row.key}") for row in rows]

    async def code(self) -> str:
        """The last code that was sent."""
        codes = [found[1] for text in await self.texts() if (found := re.search(r"code est (\d{6})", text))]
        return codes[-1]


def rights_of(storage: Storage, clock: PinnedClock, public_url: str = PUBLIC) -> RightsService:
    """Every page of the rights desk and of signing in."""
    passwords = cheap_passwords()
    staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
    guard = staff_guard(staff)
    intake = Intake(lambda: clock.at, frozenset({date(2026, 12, 25)}), f"{PUBLIC}/mes-donnees")
    codes = Codes(storage.rights, intake, KEYS.index)

    async def forget(_names: Sequence[str]) -> None:
        return None

    async def name(account: str) -> str:
        async with storage.staff.reading() as reads:
            known = await reads.of_id(account)
        return known.account.name.reveal() if known else ""

    rights = Rights(storage.people, storage.journal, KEYS, lambda: clock.at, 30)
    desk = OfficersDesk(storage.rights, codes, rights, forget)
    app = FastAPI()
    app.include_router(rights_router(RightsDeps(OwnDeps(codes, desk, clock, public_url), desk, name, guard, THEME)))
    app.include_router(staff_router(staff))
    app.get(STYLE)(style_sheet)
    calls = FromCalls(storage.rights, intake)
    return RightsService(storage, clock, passwords, guard, app, public_url, desk=desk, calls=calls)


@asynccontextmanager
async def rights_service(template: Path, folder: Path, public_url: str = PUBLIC) -> AsyncIterator[RightsService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "rights.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        yield rights_of(storage, clock, public_url)
