"""A service that starts ends the calls whose process died, so that people find them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callbot.bootstrap import Facts, SystemClock, close_the_dead, conversation_services
from callbot.calls.conversation import Conversations
from callbot.dialogue.acts import Act
from callbot.domain.events import CallAnswered, EndReason, HandOverReason, Prompted
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
        await close_the_dead(conversations, storage, now - timedelta(minutes=15))
        dead, living = await storage.call_summary("CAdead"), await storage.call_summary("CAlive")
    assert dead is not None
    assert (dead.end_reason, dead.hand_over_reason) == (EndReason.BROKEN_STREAM, HandOverReason.TECHNICAL)
    assert living is not None
    assert living.end_reason is None


def test_the_facts_know_the_sector_of_an_address(facts: Facts) -> None:
    assert facts.gazetteer.sector_of("13206", None) == facts.knowledge.sector_of("13206")
