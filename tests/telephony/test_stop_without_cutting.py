"""A service that is told to stop lets the calls going on go on, and sends new ones to a person."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import httpx
import pytest
from websockets.asyncio.client import connect

from callbot import bootstrap
from callbot.commands import service as commands
from callbot.commands.service import DRAIN_S, QUIET_S, Stop, drain, running, stop_signals
from callbot.domain.events import EndReason
from callbot.storage import Storage
from callbot.telephony.router import Telephony
from callbot.telephony.timing import ListTimings
from tests.telephony.fakes import CALL, in_virtual_time
from tests.telephony.server import Service
from tests.telephony.test_stream_socket import Phone, ends_on_a_key


@dataclass
class Calls:
    """As much of the telephony as the stop looks at: how many calls there are ``at`` a time."""

    at: Callable[[float], int]
    draining: bool = False

    def __post_init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    @property
    def unfinished(self) -> int:
        return self.at(asyncio.get_running_loop().time() - self._began)


def stopped_after(calls: Callable[[float], int], second_signal: float | None = None) -> float:
    """Seconds from the first signal to the stop."""

    async def stop() -> float:
        loop, asked, telephony = asyncio.get_running_loop(), Stop(), Calls(calls)
        began = loop.time()
        asked.ask()
        if second_signal is not None:
            loop.call_later(second_signal, asked.ask)
        await drain(cast(Telephony, telephony), asked.at_once)
        assert telephony.draining
        return loop.time() - began

    return in_virtual_time(stop())


@pytest.mark.parametrize(
    ("calls", "second_signal", "after"),
    [
        (lambda _now: 0, None, QUIET_S),
        (lambda now: now < 90, None, 90 + QUIET_S),
        (lambda now: 1 < now < 90, None, 90 + QUIET_S),
        (lambda _now: 1, None, DRAIN_S),
        (lambda _now: 1, 20.0, 20.0),
    ],
    ids=["no call", "a call", "its socket was about to open", "a call without end", "a second signal"],
)
def test_the_stop_waits_for_calls(calls: Callable[[float], int], second_signal: float | None, after: float) -> None:
    assert stopped_after(calls, second_signal) == pytest.approx(after, abs=0.3)


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Puts back what the signals did before."""
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.mark.usefixtures("own_signals")
async def test_sigterm_cuts_no_call_and_sends_the_next_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "QUIET_S", 0.2)
    fake = Service(ends_on_a_key)
    served = bootstrap.Service(fake.app, cast(Storage, None), ListTimings(), "scripted", fake.telephony)
    async with running(served, "127.0.0.1", 0) as up:
        fake.port = httpx.URL(up.url).port or 0
        stop = stop_signals()
        token = await fake.ring()
        async with connect(fake.stream_url) as socket, httpx.AsyncClient(base_url=up.url) as client:
            phone = Phone(socket)
            await phone.start(token)
            await phone.until_mark()
            assert (await client.get("/health/ready")).status_code == 200
            os.kill(os.getpid(), signal.SIGTERM)
            await stop.asked.wait()
            draining = asyncio.create_task(drain(fake.telephony, stop.at_once))
            await asyncio.wait([draining], timeout=0)
            ready = await client.get("/health/ready")
            assert (ready.status_code, ready.json()["parts"]) == (503, {"new_calls": False})
            assert "<Dial" in (await fake.post("/voice/incoming", CallSid="CA2")).text
            assert not draining.done()
            await phone.press("1")
            await phone.until_mark()
            assert await phone.close_code() == 1000
        await draining
        assert "<Hangup" in (await fake.post("/voice/after-stream", CallSid=CALL)).text
    assert not stop.at_once.is_set()
    assert fake.conversations.known[CALL].closed == [EndReason.DONE]
    await fake.telephony.aclose()
