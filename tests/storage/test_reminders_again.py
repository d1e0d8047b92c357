"""A reminder taken back because its booking moved does not stand in the way of the next one for the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from callbot.booking import BookingDesk
from callbot.booking.reminders import Reminders, reminder_key
from callbot.domain.bookings import Amendment
from callbot.domain.events import Amended, Booked
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import PhoneNumber
from callbot.messages import BookingTexts, MessageStatus, OutboxWorker
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    LANDLINE,
    MOBILE,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    draft,
    rules_with,
)
from tests.messages.provider import FileProvider

WRITER = BookingTexts(TEMPLATES, CATALOGUE)
LATE = rules_with(capacity=9, cut_off=replace(rules_with().territories[0].cut_off, days_before=0))  # type: ignore[type-var]
EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


class Town:
    """One booking, and the evening before it."""

    def __init__(self, storage: Storage, clock: PinnedClock, provider: FileProvider) -> None:
        self.storage, self.clock = storage, clock
        self.desk = BookingDesk(storage.unit_of_work, LATE, clock, WRITER)
        self.reminders = Reminders(storage.unit_of_work, storage, LATE, clock, WRITER)
        every = dict.fromkeys((MessageChannel.SMS, MessageChannel.VOICE), provider)
        self.worker = OutboxWorker(storage.outbox, every, clock)
        self.provider = provider
        self.reference = ""
        self.changes = 0

    async def book(self, phone: PhoneNumber) -> None:
        made = await self.desk.book(replace(draft(phone=phone), calls_wanted=True))
        assert isinstance(made, Booked)
        self.reference = made.reference
        self.clock.at = EVENING
        await self.worker.run_once()

    async def move(self, day: date) -> None:
        self.changes += 1
        amendment = Amendment(f"CA9{self.changes}", self.reference, day=day, readback_accepted=True)
        assert isinstance(await self.desk.amend(amendment), Amended)

    def reminded(self) -> list[str]:
        return [key for key, _, _ in self.provider.delivered() if key.startswith("reminder:")]


@pytest.fixture
def town(storage: Storage, clock: PinnedClock, tmp_path: Path) -> Town:
    return Town(storage, clock, FileProvider(tmp_path / "delivered.jsonl"))


@pytest.mark.parametrize(("phone", "end"), [(MOBILE, ""), (LANDLINE, ":voice")], ids=["sms", "call"])
async def test_moved_away_and_back_the_same_evening_it_is_reminded_once(
    town: Town, phone: PhoneNumber, end: str
) -> None:
    await town.book(phone)
    key = reminder_key(town.reference, TUESDAY) + end
    await town.reminders.sweep()
    await town.move(THURSDAY)
    assert await town.storage.outbox.status_of(key) is MessageStatus.WITHDRAWN
    assert await town.reminders.sweep() == 0
    await town.move(TUESDAY)
    await town.reminders.sweep()
    assert await town.storage.outbox.status_of(key) is MessageStatus.QUEUED
    await town.worker.run_once()
    await town.reminders.sweep()
    await town.worker.run_once()
    assert town.reminded() == [key]


async def test_a_reminder_that_left_before_the_move_does_not_leave_again(town: Town) -> None:
    await town.book(MOBILE)
    await town.reminders.sweep()
    await town.worker.run_once()
    await town.move(THURSDAY)
    await town.move(TUESDAY)
    assert await town.reminders.sweep() == 0
    await town.worker.run_once()
    assert len(town.reminded()) == 1


async def test_what_is_queued_again_says_what_holds_now(town: Town) -> None:
    async with town.storage.unit_of_work() as work:
        await work.outgoing.queue_sms("reminder:AC4KR:day", MOBILE, "un matelas")
    async with town.storage.unit_of_work() as work:
        assert await work.outgoing.withdraw("reminder:AC4KR")
        await work.outgoing.queue_sms("reminder:AC4KR:day", LANDLINE, "deux matelas")
    await town.worker.run_once()
    assert town.provider.delivered() == [("reminder:AC4KR:day", LANDLINE.reveal(), "deux matelas")]
