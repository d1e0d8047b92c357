"""What is done without anybody asking, next to the service or in a worker of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
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
from callbot.storage import ChoreLeases, Storage
from callbot.telephony.voice_messages import TwilioCaller

CHORES_EVERY_S = 60.0
LOOK_EVERY_S = 15.0
"""how often a process asks for a chore that another one has, and says that it still has its own"""

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
async def elected(
    leases: ChoreLeases, name: str, work: Callable[[], Awaitable[object]], every_s: float = CHORES_EVERY_S
) -> AsyncIterator[None]:
    """``chore``, on one of all processes that share the database; dies it, another one has it within a minute."""
    if not leases.shared:
        async with chore(name, work, every_s):
            yield
        return
    owner = f"{os.getpid()}-{secrets.token_hex(6)}"
    doing = AsyncExitStack()
    ours = False

    async def hold() -> None:
        nonlocal ours
        before, ours = ours, await leases.take(name, owner)
        if ours and not before:
            await doing.enter_async_context(chore(name, work, every_s))
        elif before and not ours:
            await doing.aclose()

    try:
        async with chore(f"lease_{name}", hold, LOOK_EVERY_S):
            yield
    finally:
        await doing.aclose()
        try:
            await leases.release(owner, name)
        except Exception as failure:  # noqa: BLE001 - the edge of the database: the lease runs out by itself
            log.warning("lease_kept", chore=name, kind=type(failure).__name__)


@asynccontextmanager
async def booking_chores(
    settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock
) -> AsyncIterator[None]:
    """What is done for bookings without anybody asking, in ``serve`` and in ``worker``."""
    desk = booking_desk(settings, knowledge, storage, clock)
    reminders = Reminders(storage.unit_of_work, storage, knowledge, clock, notice_writer(settings, knowledge))
    once = partial(elected, storage.leases)
    async with (
        once("replanning", Replanning(desk, storage, knowledge, clock).missed),
        once("reminders", reminders.sweep),
        once("figures", facts_kept_up(knowledge, storage).sweep, FIGURES_EVERY_S),
        once("opinions", partial(ask_opinions, storage)),
        privacy_chores(settings, knowledge.version, storage, clock, chore, once=once),
        hook_chores(settings, storage, clock, chore),
    ):
        yield


@asynccontextmanager
async def sending(storage: Storage, by: Mapping[MessageChannel, Sender], clock: Clock) -> AsyncIterator[None]:
    """The outbox worker, next to the service as long as it runs."""
    stop = asyncio.Event()
    sends = OutboxWorker(storage.outbox, by, clock, clock_agrees=storage.clock_agrees)
    worker = asyncio.create_task(sends.run(stop, idle_s=0.3))
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
    async with elected(storage.leases, "calls_followed", CallFollower(caller, storage.rings, clock).sweep):
        yield
