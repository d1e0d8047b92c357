"""When the switch trips by itself. It never goes back by itself: a person looks first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from callbot.domain.clock import Clock
from callbot.editing.switch import AUTOMATIC, KeepsSwitch, Switched

LEAST_WAITS: Final = 20
"""answers below which the time callers wait says nothing"""
SHARE: Final = 0.9
"""the wait that nine in ten callers do not pass"""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """None: does not trip. ``failures`` and ``technical`` count calls within ``window``; ``latency_s`` is the wait for
    an answer that one in ten callers passes."""

    window: timedelta
    failures: int | None = None
    technical: int | None = None
    latency_s: float | None = None

    @property
    def any(self) -> bool:
        """Whether there is anything to watch."""
        return any(limit is not None for limit in (self.failures, self.technical, self.latency_s))


@dataclass(frozen=True, slots=True)
class Signs:
    """What happened in a time. ``failures``: calls in which a part failed or that ended by a failure; ``technical``:
    calls handed to people for technical reasons; ``waits_s``: from what a caller said to the next prompt, seconds."""

    failures: int = 0
    technical: int = 0
    waits_s: Sequence[float] = ()


class ReadsSigns(Protocol):
    """What the calls tell (``storage.signs``)."""

    async def since(self, first: datetime) -> Signs:
        """Everything at or after ``first``."""
        ...


def tripped(signs: Signs, limits: Thresholds) -> str:
    """Why the switch trips, in French; empty where it does not. A threshold that is reached trips."""
    minutes = round(limits.window.total_seconds() / 60)
    if limits.failures is not None and signs.failures >= limits.failures:
        return f"{signs.failures} appels avec une panne en {minutes} minutes (seuil : {limits.failures})."
    if limits.technical is not None and signs.technical >= limits.technical:
        return (
            f"{signs.technical} appels passés pour raison technique en {minutes} minutes (seuil : {limits.technical})."
        )
    wait = slowest(signs.waits_s)
    if limits.latency_s is not None and wait is not None and wait >= limits.latency_s:
        return f"Un appelant sur dix attend {_seconds(wait)} s ou plus (seuil : {_seconds(limits.latency_s)} s)."
    return ""


def slowest(waits_s: Sequence[float]) -> float | None:
    """The wait that nine in ten do not pass (nearest rank), None where there are too few to tell."""
    if len(waits_s) < LEAST_WAITS:
        return None
    return sorted(waits_s)[math.ceil(SHARE * len(waits_s)) - 1]


class Watch:
    """Looks now and then; conforms to what a chore calls."""

    def __init__(self, store: KeepsSwitch, signs: ReadsSigns, limits: Thresholds, clock: Clock) -> None:
        self._store = store
        self._signs = signs
        self._limits = limits
        self._clock = clock

    async def look(self) -> bool:
        """True when it tripped now. What happened before somebody switched back does not count again."""
        if not self._limits.any:
            return False
        current = await self._store.current()
        if current is not None and current.to_people:
            return False
        now = self._clock.now()
        first = now - self._limits.window
        reason = tripped(await self._signs.since(max(first, current.at) if current else first), self._limits)
        if not reason or not await self._store.add(Switched(to_people=True, by=AUTOMATIC, reason=reason, at=now)):
            return False
        log.error("switch_tripped", reason=reason)
        return True


def _seconds(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
