"""What nobody waits for leaves by day only, however late it comes and however often it is tried."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import Personal
from callbot.messages import LeasedMessage, OutboxWorker, Outcome
from callbot.messages.worker import AT_NIGHT, MOST_ATTEMPTS
from callbot.settings import LOCAL_ZONE
from tests.booking.sample import MOBILE, PinnedClock
from tests.messages.provider import Fault, FileProvider

NEXT_MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=LOCAL_ZONE)


@dataclass
class OneMessage:
    """A store with one message; notes when it comes up again, and why."""

    key: str
    attempts: int = 1
    again: tuple[datetime, str] | None = None

    async def lease(
        self, worker: str, now: datetime, lease_for: timedelta, limit: int, channels: Collection[MessageChannel]
    ) -> list[LeasedMessage]:
        body, queued = Personal("Passés."), datetime(2026, 11, 23, tzinfo=UTC)
        return [LeasedMessage(1, self.key, MessageChannel.SMS, MOBILE, body, self.attempts, queued)]

    async def is_of_earlier(self, message: LeasedMessage, provider_id: str) -> bool:
        return False

    async def mark_sent(self, message: LeasedMessage, worker: str, provider_id: str, now: datetime) -> bool:
        return True

    async def put_back(self, message: LeasedMessage, worker: str, next_attempt_at: datetime, failure: str) -> bool:
        self.again = next_attempt_at, failure
        return True

    async def give_up(self, message: LeasedMessage, worker: str, failure: str) -> bool:
        return True


class Evening:
    """A worker at that local time of Monday 23 November."""

    def __init__(self, folder: Path, hour: int, minute: int, *faults: Fault) -> None:
        self.clock = PinnedClock(datetime(2026, 11, 23, hour, minute, tzinfo=LOCAL_ZONE))
        self.provider = FileProvider(folder / "delivered.jsonl", faults)

    async def work(self, store: OneMessage) -> Outcome:
        (outcome,) = await OutboxWorker(store, {MessageChannel.SMS: self.provider}, self.clock).run_once()
        return outcome


@pytest.mark.parametrize("key", ["outcome:AC4KR:2", "replanned:AC4KR:3", "outcome:AC4KR:2:email"])
@pytest.mark.parametrize(("hour", "minute"), [(21, 0), (23, 59)])
async def test_what_comes_up_at_night_waits_for_the_morning(tmp_path: Path, key: str, hour: int, minute: int) -> None:
    store, evening = OneMessage(key), Evening(tmp_path, hour, minute)
    assert await evening.work(store) is Outcome.LATER
    assert evening.provider.delivered() == []
    assert store.again == (NEXT_MORNING, AT_NIGHT)


@pytest.mark.parametrize("attempts", [10, MOST_ATTEMPTS - 1])
async def test_the_next_try_after_a_failure_is_not_at_night(tmp_path: Path, attempts: int) -> None:
    store = OneMessage("outcome:AC4KR:2", attempts)
    assert await Evening(tmp_path, 20, 55, Fault.RAISES_BEFORE).work(store) is Outcome.LATER
    assert store.again == (NEXT_MORNING, ConnectionError.__name__)


async def test_by_day_the_next_try_waits_as_any_other(tmp_path: Path) -> None:
    store, evening = OneMessage("replanned:AC4KR:3"), Evening(tmp_path, 20, 55, Fault.RAISES_BEFORE)
    await evening.work(store)
    assert store.again == (evening.clock.now() + timedelta(seconds=5), ConnectionError.__name__)


@pytest.mark.parametrize("key", ["confirmation:AC4KR", "amendment:AC4KR:2", "cancellation:AC4KR", "webhook:outcome:1"])
async def test_what_somebody_waits_for_leaves_at_once(tmp_path: Path, key: str) -> None:
    evening = Evening(tmp_path, 23, 30)
    assert await evening.work(OneMessage(key)) is Outcome.SENT
    assert len(evening.provider.delivered()) == 1


async def test_by_day_it_leaves_at_once(tmp_path: Path) -> None:
    assert await Evening(tmp_path, 8, 0).work(OneMessage("outcome:AC4KR:2")) is Outcome.SENT
    assert await Evening(tmp_path, 20, 59).work(OneMessage("replanned:AC4KR:2")) is Outcome.SENT
