"""Calls are counted behind the call."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from callbot.settings import Settings
from callbot.telephony.arrivals import MOST_AT_ONCE, Arrivals
from callbot.telephony.router import Telephony, TelephonyDeps
from tests.telephony.fakes import CALL, Conversations, ScriptedListener, ScriptedVoice, never_complete, new_ear


async def test_a_call_is_noted_without_waiting_for_it() -> None:
    noted: list[str] = []
    gate = asyncio.Event()

    async def note(call_id: str) -> None:
        await gate.wait()
        noted.append(call_id)

    arrivals = Arrivals(note)
    arrivals.arrived("CA1")
    assert noted == []
    gate.set()
    await arrivals.aclose()
    assert noted == ["CA1"]


async def test_a_database_that_is_away_neither_breaks_a_call_nor_fills_the_memory() -> None:
    asked: list[str] = []
    gate = asyncio.Event()

    async def away(call_id: str) -> None:
        asked.append(call_id)
        await gate.wait()
        raise OSError

    arrivals = Arrivals(away)
    for number in range(MOST_AT_ONCE + 5):
        arrivals.arrived(f"CA{number}")
    gate.set()
    await arrivals.aclose()
    assert len(asked) == MOST_AT_ONCE


@pytest.mark.parametrize("draining", [False, True])
async def test_every_call_that_comes_in_is_counted_once_it_is_told_of(*, draining: bool) -> None:
    arrived: list[str] = []
    conversations = Conversations(lambda _event: [])

    async def ready() -> dict[str, bool]:
        return {}

    telephony = Telephony(
        TelephonyDeps(
            settings=Settings(),
            conversations=conversations,
            calls=conversations,
            new_ear=new_ear,
            listener=ScriptedListener(()),
            answers=never_complete,
            voice=ScriptedVoice(),
            ready=ready,
            arrived=arrived.append,
        )
    )
    telephony.draining = draining
    app = FastAPI()
    app.include_router(telephony.router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080") as client:
        answer = await client.post("/voice/incoming", data={"CallSid": CALL, "From": "+33612345678"})
    assert answer.status_code == 200
    assert arrived == [CALL]
