"""A service that starts ends the calls whose process died, so that people find them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callbot.bootstrap import Facts, SystemClock, conversation_services
from callbot.calls.conversation import Conversations
from callbot.calls.leftovers import LAPSE, close_the_dead, close_the_lapsed
from callbot.dialogue.acts import Act
from callbot.domain.events import CallAnswered, Channel, EndReason, HandOverReason, Prompted
from callbot.privacy import load_key_ring
from callbot.settings import Settings
from callbot.storage import Storage


async def test_a_call_whose_process_died_is_queued_for_people_and_a_living_one_is_not(
    facts: Facts, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    now = datetime.now(UTC)
    moments = [now - timedelta(hours=1)]
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys, lambda: moments[0]) as storage:
        await storage.events.append("CAdead", CallAnswered(None))
        await storage.events.append("CAdead", Prompted(Act.ASK_NEED, 1, "?"))
        moments[0] = now
        await storage.events.append("CAlive", CallAnswered(None))
        conversations = Conversations(conversation_services(settings, facts, storage, SystemClock()))
        await close_the_dead(conversations, storage.events, now - timedelta(minutes=15))
        dead, living = await storage.call_summary("CAdead"), await storage.call_summary("CAlive")
    assert dead is not None
    assert (dead.end_reason, dead.hand_over_reason) == (EndReason.BROKEN_STREAM, HandOverReason.TECHNICAL)
    assert living is not None
    assert living.end_reason is None


async def test_who_writes_may_take_half_an_hour_and_is_not_left_to_people(facts: Facts, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    now = datetime.now(UTC)
    moments = [now - LAPSE]
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys, lambda: moments[0]) as storage:
        for call_id, channel in (("text-a", Channel.TEXT), ("SMb", Channel.SMS), ("CAc", Channel.PHONE)):
            await storage.events.append(call_id, CallAnswered(None, channel))
        conversations = Conversations(conversation_services(settings, facts, storage, SystemClock()))
        await close_the_dead(conversations, storage.events, now - timedelta(minutes=15))
        await close_the_lapsed(conversations, storage.events, now - timedelta(seconds=1))
        waiting = [await storage.call_summary(call_id) for call_id in ("text-a", "SMb")]
        await close_the_lapsed(conversations, storage.events, now + timedelta(seconds=1))
        closed = [await storage.call_summary(call_id) for call_id in ("text-a", "SMb")]
    assert [each.end_reason for each in waiting if each] == [None, None]
    assert [(each.end_reason, each.hand_over_reason) for each in closed if each] == [
        (EndReason.CALLER_HUNG_UP, None)
    ] * 2


def test_the_facts_know_the_sector_of_an_address(facts: Facts) -> None:
    assert facts.gazetteer.sector_of("13206", None) == facts.knowledge.sector_of("13206")
