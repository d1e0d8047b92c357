"""One fault after the other under calls, each judged."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from random import Random

import httpx

from callbot.privacy import load_key_ring
from callbot.settings import Privacy, Settings
from callbot.storage import Storage
from tests.bench.chaos.callers import Call, End, Exchange, scenario_of
from tests.bench.chaos.faults import Fault, Ground
from tests.bench.chaos.hosts import STARTS_WITHIN_S, CannotError, Site
from tests.bench.chaos.twilio import Twilio
from tests.bench.chaos.verdict import Verdict, all_sent, judged

UNDER_WAY = 3
"""turns that each line has had, on the average, when something breaks"""
_UNDER_WAY_WITHIN_S = 90.0
_BETWEEN_CALLS_S = 2.0


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report; times in seconds after it was mended."""

    fault: Fault
    calls: int
    verdict: Verdict | None
    ready_s: float = 0.0
    """until all hosts said that they take calls"""
    sms_s: float = 0.0
    """until the last confirmation was out"""
    unanswered: int = 0
    """webhooks that the phone company got no answer to"""
    note: str = ""
    wrong: str = ""

    @property
    def losses(self) -> int:
        """Everything that must not be; a fault that could not be tried counts for none."""
        return (self.verdict.losses if self.verdict else 0) + bool(self.wrong)


@dataclass
class Lines:
    """So many telephones, each rings again when its call is over, until ``last_call`` is set."""

    exchange: Exchange
    numbers: Iterator[int]
    draw: Random
    calls: list[Call] = field(default_factory=list)
    last_call: asyncio.Event = field(default_factory=asyncio.Event)

    async def under_way(self) -> bool:
        """The calls are in their middle."""
        return sum(call.turns for call in self.calls) >= UNDER_WAY * len(self.calls) > 0

    async def ring(self) -> None:
        """One telephone."""
        while not self.last_call.is_set():
            scenario = scenario_of(next(self.numbers))
            call = Call(scenario.caller)
            self.calls.append(call)
            await self.exchange.live(call, scenario, self.draw)
            if call.end is not End.WELL:
                await asyncio.sleep(_BETWEEN_CALLS_S)


@dataclass
class Campaign:
    """``lines``: calls at once."""

    site: Site
    twilio: Twilio
    storage: Storage
    client: httpx.AsyncClient
    lines: int
    numbers: Iterator[int] = field(default_factory=count)

    async def run(self, fault: Fault) -> Result:
        """Start what is not there, let people ring, break it, mend it, judge."""
        await self._whole()
        exchange = Exchange(self.site.url, self.storage, time.monotonic, self.client)
        lines = Lines(exchange, self.numbers, Random(fault.name))
        ringing = [asyncio.create_task(lines.ring()) for _ in range(self.lines)]
        ground = Ground(self.site, self.twilio)
        for host in self.site.serves:
            host.failures.clear()
        try:
            await _until(lines.under_way, _UNDER_WAY_WITHIN_S)
            mended = await self._broken(fault, ground)
            ready_s = await self._ready_after(mended)
        except CannotError as missing:
            ground.note = f"not tried: {missing}"
            mended, ready_s = time.monotonic(), 0.0
        except RuntimeError as failure:  # a host that does not come back must not hide what other faults show
            ground.wrong = str(failure)
            mended, ready_s = time.monotonic(), 0.0
        finally:
            lines.last_call.set()
            await asyncio.gather(*ringing)
        sent = await all_sent(self.storage, lines.calls)
        sms_s = time.monotonic() - mended
        verdict = await judged(self.storage, self.twilio, lines.calls)
        failed = sum((host.failures for host in self.site.serves), Counter[str]())
        inside = (
            "failed inside: " + ", ".join(f"{kind} {times}" for kind, times in failed.most_common()) if failed else ""
        )
        note = "; ".join(each for each in (ground.note, inside) if each)
        wrong = ground.wrong or ("" if sent else "an SMS still waits")
        return Result(fault, len(lines.calls), verdict, ready_s, sms_s, len(exchange.unanswered), note, wrong)

    async def _broken(self, fault: Fault, ground: Ground) -> float:
        """The moment in which mending began."""
        async with fault.breaks(ground):
            await asyncio.sleep(fault.hold_s)
            return time.monotonic()

    async def _ready_after(self, mended: float) -> float:
        if not await _until(self._ready, STARTS_WITHIN_S):
            said = "; ".join("".join(host.last_words) for host in self.site.serves if not host.ready)
            raise RuntimeError(f"the hosts do not come back: {said}")
        return time.monotonic() - mended

    async def _ready(self) -> bool:
        return await asyncio.to_thread(lambda: self.site.all_ready)

    async def _whole(self) -> None:
        for host in (*self.site.serves, self.site.worker):
            if host.process is None or host.process.poll() is not None:
                host.start()
        for host in self.site.serves:
            await asyncio.to_thread(host.wait_ready)
        if not await _until(self._answers, 30):
            raise RuntimeError("the balancer does not find the hosts")

    async def _answers(self) -> bool:
        return (await self.client.get(f"{self.site.url}/health/ready")).is_success


@asynccontextmanager
async def campaign(site: Site, twilio: Twilio, lines: int) -> AsyncIterator[Campaign]:
    """Everything that a campaign on ``site`` needs."""
    settings = Settings(privacy=Privacy(key_file=site.folder / "keys.json"))
    keys = await asyncio.to_thread(load_key_ring, settings)
    limits = httpx.Limits(max_keepalive_connections=0)
    async with (
        await Storage.open(site.postgres.url, keys) as storage,
        httpx.AsyncClient(timeout=20, trust_env=False, limits=limits) as client,
    ):
        yield Campaign(site, twilio, storage, client, lines)


async def _until(true: Callable[[], Awaitable[bool]], within_s: float) -> bool:
    """Looks five times a second; False when it did not come true in time."""
    latest = time.monotonic() + within_s
    while time.monotonic() < latest:
        if await true():
            return True
        await asyncio.sleep(0.2)
    return False
