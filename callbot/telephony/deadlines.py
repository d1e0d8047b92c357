"""When something has to happen in a call although nothing came. Monotonic seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from callbot.speech.codec import FRAME_MS
from callbot.telephony.call_parts import Limits

MISSING_S = 0.12
"""frames that did not come for so long count as silence, or a line that stops in the middle of a word never ends it"""
MISSING_FRAMES = round(MISSING_S * 1000) // FRAME_MS
ANSWER_LIMIT_S = 15.0
"""a conversation that thinks longer than this has failed: a person takes over"""

Result = TypeVar("Result")


class Deadlines:
    """One call's. Pure: every call is told the time."""

    def __init__(self, limits: Limits, now: float) -> None:
        self.hangs_at = now + limits.longest_s
        """the longest a call may last"""
        self._no_progress_s = limits.no_progress_s
        self._progress_at = now
        self._frame_at: float | None = None

    @property
    def missing_at(self) -> float | None:
        """When frames that did not come count as silence; None before the first one."""
        return None if self._frame_at is None else self._frame_at + MISSING_S

    @property
    def stuck_at(self) -> float:
        """When the caller has got nowhere for too long."""
        return self._progress_at + self._no_progress_s

    def frame_came(self, now: float) -> None:
        """Sound of the caller came, or what was missing has been counted."""
        self._frame_at = now

    def progressed(self, now: float) -> None:
        """Words or keys came, or it was said that none do."""
        self._progress_at = now


def reached(due: float | None, now: float) -> bool:
    """True when it is time; timers of the event loop may come a little early."""
    return due is not None and now + 0.001 >= due


async def in_time(answer: Awaitable[Result], limit_s: float = ANSWER_LIMIT_S) -> Result:
    """What is awaited; raises ``TimeoutError`` when it takes longer than ``limit_s`` seconds."""
    async with asyncio.timeout(limit_s):
        return await answer
