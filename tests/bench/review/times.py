"""How long a page takes from the request to the whole answer, sign-in checked."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.web.staff_world import Staff

ASKED, TARGET_MS = 100, 100.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A page; ``form``: what is sent to it, None where it is only looked at."""

    path: str
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """Of one page, in milliseconds."""

    name: str
    p50: float
    p95: float

    @property
    def line(self) -> str:
        """For the table."""
        over = f"   over {TARGET_MS:.0f} ms" if self.p95 >= TARGET_MS else ""
        return f"{self.name:26} {self.p50:8.1f} {self.p95:8.1f} {TARGET_MS:8.0f}{over}"


HEADING = f"{'page':26} {'p50':>8} {'p95':>8} {'target':>8}   ms, {ASKED} requests each"


async def timed(someone: Staff, name: str, asked: Asked) -> Times:
    """``ASKED`` times, one after the other."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        if asked.form is None:
            answer = await someone.client.get(asked.path)
        else:
            answer = await someone.client.post(asked.path, data=dict(asked.form))
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (name, answer.status_code)
        await asyncio.sleep(0)
    return Times(name, statistics.median(times), statistics.quantiles(times, n=20)[-1])
