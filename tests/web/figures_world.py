"""The pages of figures over a real database with two months of invented calls."""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

from callbot.domain.events import Channel, HandOverReason
from callbot.insight.figures import Baseline, Beside, CallFacts, FigureDesk, Motive, Outcome, Reader
from callbot.settings import LOCAL_ZONE
from callbot.storage import Storage
from callbot.storage.call_facts import _Source
from callbot.storage.figure_tables import call_facts
from callbot.web.figures.router import FiguresDeps, figures_router
from callbot.web.rendering import STYLE, style_sheet
from callbot.web.staff.router import StaffDeps, staff_guard, staff_router
from tests.booking.sample import PinnedClock
from tests.web.staff_world import KEYS, PUBLIC, THEME, StaffService, cheap_passwords

TODAY = date(2026, 11, 23)
FIRST = date(2026, 9, 28)
STEPS = {"ask_need": "Demande ce que l'appelant souhaite", "ask_address": "Demande le numéro et la rue",
         "recap": "Relit tout et demande l'accord explicite"}  # fmt: skip
TERRITORIES = {"marseille": "Marseille Provence", "aix": "Pays d'Aix"}
READER = Reader(TODAY, STEPS, TERRITORIES, Baseline(190, "relevé du standard, mai 2026", error_s=6))
_REASONS = (HandOverReason.ASKED, HandOverReason.ASKED, HandOverReason.NOT_UNDERSTOOD, HandOverReason.ADDRESS_DOUBT)


@dataclass
class FiguresService(StaffService):
    """The pages and what stands behind them."""


def invented(calls_a_day: int = 24) -> Iterator[CallFacts]:
    """Calls of two months, the same each time: more on Mondays, a busy morning, every kind of end."""
    dice = random.Random(11)
    for day in range((TODAY - FIRST).days + 1):
        at = datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), UTC)
        share = (1.6, 1.1, 1.0, 1.0, 0.9, 0.3, 0.15)[at.weekday()]
        for number in range(max(1, round(calls_a_day * share))):
            yield _call(
                f"CA{day:03}{number:03}", at + timedelta(hours=dice.choice((8, 8, 9, 9, 10, 11, 13, 14, 15, 18))), dice
            )


def _call(call_id: str, at: datetime, dice: random.Random) -> CallFacts:
    received = at + timedelta(seconds=dice.uniform(0, 3500))
    answered = received + timedelta(seconds=dice.uniform(0.3, 2.5))
    ended = answered + timedelta(seconds=dice.uniform(40, 220))
    kind = dice.choices(("booked", "handed", "left", "lost", "failed"), (58, 26, 11, 2, 3))[0]
    waited = dice.expovariate(1 / 70)
    outcomes = {"booked": Outcome.BOOKED, "handed": Outcome.HANDED_OVER, "left": Outcome.ABANDONED,
                "lost": Outcome.UNANSWERED, "failed": Outcome.FAILED}  # fmt: skip
    lost, handed, served = kind == "lost", kind == "handed", kind == "booked"
    return CallFacts(
        call_id=call_id, channel=Channel.PHONE, received=received, received_known=True,
        answered=None if lost else answered, ended=None if lost else ended, traced=dice.random() < 0.9,
        territory=dice.choice(("marseille", "marseille", "aix", "")), motive=dice.choice(list(Motive)[:8]),
        outcome=outcomes[kind], verified=served, booked=served,
        hand_over_reason=dice.choice(_REASONS) if handed else None,
        asked_person=handed and dice.random() < 0.5, handed_over=ended if handed else None,
        person_answered=ended + timedelta(seconds=waited) if handed and waited < 170 else None,
        left_waiting=handed and waited >= 170, abandoned_at=dice.choice(list(STEPS)) if kind == "left" else "",
        questions=tuple(STEPS), turns=0 if lost else 6, longest_streak=dice.choice((0, 0, 0, 1, 2)),
        read_backs=2, corrections=dice.choice((0, 0, 0, 1)), failed=kind == "failed",
        corrected_later=served and dice.random() < 0.05,
        rating_asked=served and dice.random() < 0.6,
        rating=dice.choice((None, None, 1, 1, 1, 2, 3)) if served else None,
        recalled=ended if dice.random() < 0.08 else None, answer_times=tuple(dice.uniform(0.3, 1.4) for _ in range(4)),
    )  # fmt: skip


async def fill(storage: Storage, calls: Iterator[CallFacts]) -> None:
    """Facts as the chore would have stored them, and the sums of their days."""
    projection = storage.call_facts(LOCAL_ZONE, lambda _insee: None)
    rows = [projection._row(call, _Source(Beside(call.call_id), 1, "")) for call in calls]
    async with storage._database.writing() as connection:
        await connection.execute(call_facts.insert(), rows)
    await projection.sweep()


@asynccontextmanager
async def figures_service(template: Path, folder: Path, public_url: str = PUBLIC) -> AsyncIterator[FiguresService]:
    """A service over a copy of the migrated database ``template``, without calls."""
    clock, path = PinnedClock(), folder / "figures.db"
    shutil.copyfile(template, path)
    async with await Storage.open(f"sqlite+aiosqlite:///{path}", KEYS, clock.now) as storage:
        passwords = cheap_passwords()
        staff = StaffDeps(storage.staff, clock, THEME, passwords, public_url=public_url)
        guard = staff_guard(staff)
        app = FastAPI()
        desk = FigureDesk(storage.figures, lambda: READER)
        app.include_router(figures_router(FiguresDeps(desk, storage.figures, guard, THEME)))
        app.include_router(staff_router(staff))
        app.get(STYLE)(style_sheet)
        yield FiguresService(storage, clock, passwords, guard, app, public_url)
