"""The protection of data wired: purge, rights, keys that are followed, the journal that is anchored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import structlog

from callbot.domain.clock import Clock
from callbot.privacy import KeyProblemError, KeyRing
from callbot.privacy.copies import CopyDeletion
from callbot.privacy.journal import anchor_daily, note_knowledge
from callbot.privacy.key_sources import key_source, load_key_ring, unfit_for_the_public
from callbot.privacy.purging import Purge
from callbot.privacy.retention import rules
from callbot.privacy.rights import Rights
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases
from callbot.telephony.forgetting import TwilioForgets

KEYS_EVERY_S = 60.0
"""how often a running service asks for its keys again"""
KEYS_SETTLE_S = 2 * KEYS_EVERY_S
"""after so long every process has a key that was added"""
DAILY_EVERY_S = 600.0
"""how often it is looked whether something is due that is done once a day"""

log = structlog.get_logger(__name__)

Chore = Callable[[str, Callable[[], Awaitable[object]], float], AbstractAsyncContextManager[None]]
"""runs something in the background, every so many seconds"""


def refuse_unfit_keys(settings: Settings) -> None:
    """Raises ``KeyProblemError`` where a service that anybody can reach would be protected by weak or default keys.
    Blocking."""
    if not settings.server.public_url:
        return
    unfit = unfit_for_the_public(settings, load_key_ring(settings))
    if unfit:
        raise KeyProblemError(f"not served publicly with these keys: {'; '.join(unfit)}")


def utc(clock: Clock) -> Callable[[], datetime]:
    """The moments of ``clock`` in UTC."""
    return lambda: clock.now().astimezone(UTC)


def purge_of(settings: Settings, storage: Storage, clock: Clock) -> Purge:
    """The purge of these settings; the phone company's copies go where there is an account."""
    now = utc(clock)
    copies = None
    if settings.twilio.configured:
        copies = CopyDeletion(storage.provider_copies, TwilioForgets(settings.twilio), now)
    cases = SealedCases(settings.data_dir / FOLDER, storage.key_ring)
    return Purge(storage.retention, storage.journal, storage.key_ring, now, rules(settings.retention), copies, cases)


def rights_of(settings: Settings, storage: Storage, clock: Clock) -> Rights:
    """What a person may ask for."""
    kept = settings.retention.transcripts_days
    return Rights(storage.people, storage.journal, storage.key_ring, utc(clock), kept)


class KeyFollower:
    """Keeps the ring of a running process at what its source says, and seals again what is under another key."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self._source = key_source(settings)
        self._storage = storage
        self._sealed_under = ""

    async def sweep(self) -> int:
        """Follow the source; how many values were sealed again. Begun again after a crash, it goes on."""
        ring: KeyRing = self._storage.key_ring
        material = await asyncio.to_thread(self._source.load)
        ring.follow(material.ring())
        if self._sealed_under == ring.active:
            return 0
        done = await self._storage.resealing.run()
        self._sealed_under = ring.active
        if done:
            log.info("sealed_again", values=done, key=ring.active)
        return done


async def anchor(storage: Storage, clock: Clock) -> None:
    """The code of the day goes to the log: whoever keeps it elsewhere can prove that nothing was changed since."""
    code = await anchor_daily(storage.journal, clock.now())
    if code:
        log.info("journal_anchored", code=code)


async def purge_daily(purge: Purge) -> None:
    """The purge of the day; what is left past its limit is said aloud."""
    report = await purge.daily()
    if report is None:
        return
    removed = sum(kind.removed for kind in report.kinds)
    level = log.info if report.clean else log.warning
    level("retention_purged", removed=removed, left=[kind.kind.value for kind in report.kinds if kind.left])


@asynccontextmanager
async def privacy_chores(
    settings: Settings, knowledge_version: str, storage: Storage, clock: Clock, chore: Chore, *, once: Chore
) -> AsyncIterator[None]:
    """What is done for the protection of data without anybody asking; ``chore`` runs one in the background,
    ``once`` on one of all processes."""
    follower, purge = KeyFollower(settings, storage), purge_of(settings, storage, clock)

    async def note() -> None:
        await note_knowledge(storage.journal, knowledge_version)

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(chore("knowledge_noted", note, DAILY_EVERY_S))
        await stack.enter_async_context(chore("keys", follower.sweep, KEYS_EVERY_S))
        await stack.enter_async_context(once("retention", lambda: purge_daily(purge), DAILY_EVERY_S))
        await stack.enter_async_context(once("anchor", lambda: anchor(storage, clock), DAILY_EVERY_S))
        yield
