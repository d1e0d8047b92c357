"""The switch and the versions of the knowledge base, wired."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from callbot.bootstrap.chores import chore
from callbot.bootstrap.rehearsing import ProcessRehearsals
from callbot.domain.clock import Clock
from callbot.editing.publishing import Publishing
from callbot.editing.switch import CachedSwitch, Switch
from callbot.editing.tripping import Thresholds, Watch
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.web.editing.router import EditingDeps
from callbot.web.staff.router import StaffDeps, staff_guard

WATCH_EVERY_S = 15.0
"""how often thresholds are looked at: the switch trips well within a minute"""


@dataclass(frozen=True, slots=True)
class Editing:
    """What the doors share. ``cached``: what a call that comes in asks."""

    limits: Thresholds

    switch: Switch
    cached: CachedSwitch
    watch: Watch
    publishing: Publishing


def editing_of(settings: Settings, storage: Storage, clock: Clock) -> Editing:
    """The switch of these settings, and proposals over the delivered knowledge base."""
    wanted = settings.switch
    limits = Thresholds(
        timedelta(minutes=wanted.window_minutes), wanted.failures, wanted.technical, wanted.latency_s
    )  # fmt: skip
    return Editing(
        limits,
        Switch(storage.switches, clock),
        CachedSwitch(storage.switches, time.monotonic),
        Watch(storage.switches, storage.signs, limits, clock),
        Publishing(storage.content, settings.knowledge_dir, clock, ProcessRehearsals(settings.knowledge_dir)),
    )


def editing_deps(editing: Editing, storage: Storage, staff: StaffDeps) -> EditingDeps:
    """What the pages need."""

    async def name(account: str) -> str:
        async with storage.staff.reading() as reads:
            known = await reads.of_id(account)
        return known.account.name.reveal() if known else ""

    return EditingDeps(
        switch=editing.switch,
        cached=editing.cached,
        limits=editing.limits,
        publishing=editing.publishing,
        gaps=storage.content,
        names=name,
        clock=staff.clock,
        guard=staff_guard(staff),
        theme=staff.theme,
    )


@asynccontextmanager
async def editing_chores(editing: Editing) -> AsyncIterator[None]:
    """Thresholds are watched as long as the block runs; rehearsals that go on at its end are dropped."""
    async with chore("switch", editing.watch.look, WATCH_EVERY_S):
        try:
            yield
        finally:
            await editing.publishing.aclose()
