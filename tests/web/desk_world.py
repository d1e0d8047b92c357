"""The agents' desk over a real database, with calls that wait, the rules of the sample and a small address base."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from callbot.booking import BookingDesk
from callbot.booking.looking import Looking
from callbot.desk import AgentDesk, LiveCalls, Switchboard
from callbot.desk.ports import RingsPeople
from callbot.domain.events import Ended, EndReason, Event, HandOverReason
from callbot.domain.items import Certainty
from callbot.domain.personal import PhoneNumber
from callbot.knowledge.finding import FoundEntry
from callbot.messages import BookingTexts
from callbot.storage import Storage
from callbot.web.desk.lists import AsksSwitch, the_bot_answers
from callbot.web.desk.router import DeskDeps, desk_router
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.scripts import Scripts
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import CATALOGUE, TEMPLATES, PinnedClock, SampleRules
from tests.desk.sample import WORLD, agreed, handed_over, wanted
from tests.web.resident_world import COMMUNES, RULES, SmallBase
from tests.web.staff_world import KEYS, PUBLIC, THEME, StaffService, cheap_passwords

AGENT, OTHER = "c.essai", "d.autre"
TYPED: Final = {"06 12 34 56 78": "+33612345678", "04 91 12 34 56": "+33491123456"}


@dataclass
class DeskService(StaffService):
    """The pages, the rules behind them, and calls told to them."""

    booking: BookingDesk | None = None

    async def tells(self, call_id: str, events: Sequence[Event]) -> None:
        """A call as its channel would have stored it."""
        for event in events:
            await self.storage.events.append(call_id, event)

    async def waits(
        self, call_id: str = "CA1", events: Sequence[Event] = (), reason: HandOverReason = HandOverReason.ASKED
    ) -> None:
        """A call that was handed over: a mattress at a confirmed address, unless told otherwise."""
        await self.tells(call_id, handed_over(events or agreed(wanted()), reason))
        await self.storage.hand_overs.hand_over(call_id, reason)
        await self.tells(call_id, [Ended(EndReason.HANDED_OVER)])


class OneEntry:
    """A knowledge base of one page."""

    def find(self, text: str) -> Sequence[FoundEntry]:
        found = FoundEntry(
            "question/horaires", "Sortez vos objets la veille au soir.", "Règlement, article 4", Certainty.SOURCED
        )
        return (found,) if "sortir" in text else ()


@asynccontextmanager
async def desk_service(
    template: Path,
    folder: Path,
    public_url: str = PUBLIC,
    scripts: Scripts = Scripts({}),  # noqa: B008 - frozen
    *,
    switched: AsksSwitch = the_bot_answers,
    phone: RingsPeople | None = None,
) -> AsyncIterator[DeskService]:
    """A service over a copy of the migrated database ``template``."""
    clock, path = PinnedClock(), folder / "desk.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        yield desk_of(storage, clock, public_url, scripts, switched=switched, phone=phone)


def desk_of(
    storage: Storage,
    clock: PinnedClock,
    public_url: str = PUBLIC,
    scripts: Scripts = Scripts({}),  # noqa: B008 - frozen
    *,
    rules: SampleRules = RULES,
    switched: AsksSwitch = the_bot_answers,
    phone: RingsPeople | None = None,
) -> DeskService:
    """The pages of the desk and of signing in over an open database."""
    passwords = cheap_passwords()
    staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
    guard = staff_guard(staff)
    live = LiveCalls(storage.events, WORLD, clock)
    booking = BookingDesk(storage.unit_of_work, rules, clock, BookingTexts(TEMPLATES, CATALOGUE))
    app = FastAPI()
    agents = AgentDesk(storage.desk_work, live, storage, storage.reveals, clock)
    deps = DeskDeps(
        desk=agents,
        switchboard=Switchboard(agents, storage.desk_work, storage.agent_lines, storage.reveals, phone=phone),
        live=live,
        booking=booking,
        looking=Looking(storage.unit_of_work, rules, clock),
        addresses=SmallBase(),
        phones=lambda text: PhoneNumber(TYPED[text]) if text in TYPED else None,
        knowledge=OneEntry(),
        errors=storage.annotations,
        told=storage.events,
        communes=COMMUNES,
        catalogue=CATALOGUE,
        clock=clock,
        guard=guard,
        theme=THEME,
        scripts=scripts,
        switched=switched,
    )
    app.include_router(desk_router(deps))
    app.include_router(scripts.router())
    app.include_router(staff_router(staff))
    app.get(STYLE)(style_sheet)
    return DeskService(storage, clock, passwords, guard, app, public_url, booking=booking)
