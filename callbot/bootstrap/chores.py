"""What is done without anybody asking, next to the service or in a worker of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

import structlog

from callbot.booking.reminders import Reminders
from callbot.booking.replanning import Replanning
from callbot.bootstrap.bookings import booking_desk, notice_writer
from callbot.bootstrap.figures import FIGURES_EVERY_S, ask_opinions, facts_kept_up
from callbot.bootstrap.hooks import hook_chores
from callbot.bootstrap.privacy import privacy_chores
from callbot.domain.clock import Clock
from callbot.domain.notices import MessageChannel
from callbot.knowledge import KnowledgeBase
from callbot.messages.ports import Sender
from callbot.messages.ringing import CallFollower
from callbot.messages.worker import OutboxWorker
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.telephony.voice_messages import TwilioCaller

CHORES_EVERY_S = 60.0

log = structlog.get_logger(__name__)


@asynccontextmanager
async def chore(
    name: str, work: Callable[[], Awaitable[object]], every_s: float = CHORES_EVERY_S
) -> AsyncIterator[None]:
    """Does ``work`` at the start and then every ``every_s`` seconds as long as the block runs."""
    stop = asyncio.Event()

    async def run() -> None:
        while not stop.is_set():
            try:
                await work()
            except Exception as failure:  # noqa: BLE001 - the edge of the database: it is tried again later
                log.warning("chore_failed", chore=name, kind=type(failure).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_s)

    doing = asyncio.create_task(run(), name=name)
    try:
        yield
    finally:
        stop.set()
        await doing


@asynccontextmanager
async def booking_chores(
    settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock
) -> AsyncIterator[None]:
    """What is done for bookings without anybody asking, in ``serve`` and in ``worker``."""
    desk = booking_desk(settings, knowledge, storage, clock)
    reminders = Reminders(storage.unit_of_work, storage, knowledge, clock, notice_writer(settings, knowledge))
    async with (
        chore("replanning", Replanning(desk, storage, knowledge, clock).missed),
        chore("reminders", reminders.sweep),
        chore("figures", facts_kept_up(knowledge, storage).sweep, FIGURES_EVERY_S),
        chore("opinions", partial(ask_opinions, storage)),
        privacy_chores(settings, knowledge.version, storage, clock, chore),
        hook_chores(settings, storage, clock, chore),
    ):
        yield


@asynccontextmanager
async def sending(storage: Storage, by: Mapping[MessageChannel, Sender], clock: Clock) -> AsyncIterator[None]:
    """The outbox worker, next to the service as long as it runs."""
    stop = asyncio.Event()
    worker = asyncio.create_task(OutboxWorker(storage.outbox, by, clock).run(stop, idle_s=0.3))
    try:
        async with following_calls(storage, by, clock):
            yield
    finally:
        stop.set()
        await worker


@asynccontextmanager
async def following_calls(storage: Storage, by: Mapping[MessageChannel, Sender], clock: Clock) -> AsyncIterator[None]:
    """Where calls are made: how they ended is asked for when nobody told."""
    caller = by.get(MessageChannel.VOICE)
    if not isinstance(caller, TwilioCaller):
        yield
        return
    async with chore("calls_followed", CallFollower(caller, storage.rings, clock).sweep):
        yield
