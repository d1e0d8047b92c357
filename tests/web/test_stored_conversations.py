"""The text page on a real database: its events come back after a restart, and hold no secret and no plain word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI

from callbot.calls.leftovers import close_the_lapsed
from callbot.domain.events import CallAnswered, Channel, EndReason
from callbot.storage import Storage
from callbot.web.router import WebDeps, web_router
from callbot.web.talk import LAPSE
from tests.storage.conftest import KEYS
from tests.web.world import PUBLIC, TO_RECAP, Reader, ScriptedServices


@dataclass
class StoredService:
    """The pages over a database file."""

    app: FastAPI
    storage: Storage


@pytest.fixture
async def services() -> ScriptedServices:
    return ScriptedServices()


@pytest.fixture
async def stored(tmp_path: Path, services: ScriptedServices) -> AsyncIterator[StoredService]:
    async with await Storage.open(f"sqlite+aiosqlite:///{tmp_path / 'base.db'}", KEYS, services.clock.now) as storage:
        yield StoredService(pages(storage, services), storage)


def pages(storage: Storage, services: ScriptedServices) -> FastAPI:
    conversations = services.conversations(storage.events)
    deps = WebDeps(conversations, storage.events, services.clock, PUBLIC)
    app = FastAPI()
    app.include_router(web_router(deps))
    return app


async def test_a_stored_conversation_goes_on_after_a_restart(stored: StoredService, services: ScriptedServices) -> None:
    reader = Reader(stored)
    async with reader.client:
        await reader.begin()
        await reader.write(*TO_RECAP)
        said = reader.page.said
    again = Reader(StoredService(pages(stored.storage, services), stored.storage))
    async with again.client:
        again.client.cookies = reader.client.cookies
        await again.get("/texte/conversation")
        assert again.page.said == said
        await again.press("Oui")
        assert "Quelle date vous convient ?" in again.page.said[-1]


async def test_a_stored_conversation_lapses_by_the_clock(stored: StoredService, services: ScriptedServices) -> None:
    reader = Reader(stored)
    async with reader.client:
        await reader.begin()
        services.clock.pass_time(seconds=LAPSE.total_seconds())
        await reader.get("/texte/conversation")
        assert reader.page.title.startswith("Conversation fermée")
    [summary] = await stored.storage.events.latest()
    assert (summary.channel, summary.end_reason) == (Channel.TEXT, EndReason.CALLER_HUNG_UP)


async def test_conversations_nobody_came_back_to_are_closed_and_telephone_calls_are_left_alone(
    stored: StoredService, services: ScriptedServices
) -> None:
    events, conversations = stored.storage.events, services.conversations(stored.storage.events)
    await events.append("CA1", CallAnswered(None))
    left, fresh = Reader(stored), Reader(stored)
    async with left.client, fresh.client:
        await left.begin()
        services.clock.pass_time(seconds=LAPSE.total_seconds())
        await close_the_lapsed(conversations, events, services.clock.now())
        assert [summary.end_reason for summary in await events.latest()] == [None, None]
        services.clock.pass_time(seconds=1)
        await fresh.begin()
        await close_the_lapsed(conversations, events, services.clock.now())
    latest, *before = [(summary.call_id[:5], summary.end_reason) for summary in await events.latest()]
    assert latest == ("text-", None)
    assert sorted(before) == [("CA1", None), ("text-", EndReason.CALLER_HUNG_UP)]
    assert services.asked_people == []


async def test_the_database_file_holds_neither_the_cookie_nor_the_words(stored: StoredService, tmp_path: Path) -> None:
    reader = Reader(stored)
    async with reader.client:
        await reader.begin()
        await reader.write(*TO_RECAP)
        [secret] = reader.client.cookies.values()
    kept = await asyncio.to_thread(lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir()))
    assert b"call_events" in kept
    for word in (secret, *TO_RECAP, "Rue de Rome"):
        assert word.encode() not in kept
