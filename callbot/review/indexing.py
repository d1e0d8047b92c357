"""Keeping calls ready to be found: in the background, a few at a time, never in the way of a call."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from callbot.domain.clock import Clock
from callbot.insight.figures.folding import TerritoryOf
from callbot.review.digest import Digest, digest_of
from callbot.review.ports import KeepsTranscripts, ReadsCalls

AT_ONCE = 25
"""calls looked up together; each is written in a short transaction of its own, so that calls write between them"""
LONGEST_CALL = timedelta(days=1)
"""a call begun longer ago does not go on: after the first sweep only younger ones are looked at"""
SWEEP_S = 5.0
"""a sweep ends after so long, so that a stopping service does not wait for a backlog; the next one goes on"""
BREATH_S, BUSY_BREATH_S = 0.02, 0.25
"""between two calls: whoever waits for the loop or the database goes first; the longer one while somebody is on the
phone"""

log = structlog.get_logger(__name__)


class Indexing:
    """The chore."""

    def __init__(
        self,
        calls: ReadsCalls,
        transcripts: KeepsTranscripts,
        clock: Clock,
        plain: frozenset[str],
        territory_of: TerritoryOf,
        *,
        busy: Callable[[], bool] = lambda: False,
        breath_s: float = BREATH_S,
    ) -> None:
        """``plain``: folded names of communes, which are not masked; ``busy``: whether somebody is on the phone."""
        self._calls = calls
        self._transcripts = transcripts
        self._clock = clock
        self._plain = plain
        self._territory_of = territory_of
        self._busy = busy
        self._breath_s = breath_s
        self._all_seen = False

    async def sweep(self) -> int:
        """Keeps calls that went on since they were kept, as many as ``SWEEP_S`` allows; gives how many."""
        since = self._clock.now() - LONGEST_CALL if self._all_seen else None
        ends = asyncio.get_running_loop().time() + SWEEP_S
        done = 0
        while pending := await self._transcripts.pending(since, AT_ONCE):
            for call_id in pending:
                if asyncio.get_running_loop().time() > ends:
                    return done
                await self._keep(call_id)
                await asyncio.sleep(BUSY_BREATH_S if self._busy() else self._breath_s)
                done += 1
        self._all_seen = True
        return done

    async def _keep(self, call_id: str) -> None:
        try:
            await self._transcripts.keep(await self._digest(call_id))
        except Exception as failure:  # noqa: BLE001 - one call that cannot be read must not hide the others
            log.warning("transcript_failed", call=call_id, kind=type(failure).__name__)
            await self._transcripts.skip(call_id)

    async def _digest(self, call_id: str) -> Digest:
        events = (await self._calls.numbered({call_id: 0})).get(call_id, ())
        # Reckoned in a thread: masking a long call takes tens of milliseconds, and callers wait on this loop.
        return await asyncio.to_thread(digest_of, call_id, events, self._plain, self._territory_of)
