"""The answer to a STOP leaves once, however often the message is brought, and is the last one."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbot.domain.notices import MessageChannel
from callbot.domain.personal import PhoneNumber
from callbot.messages import OutboxWorker
from callbot.messages.stop import RespectsStop, StopAnswer
from callbot.storage import Storage
from tests.booking.sample import MOBILE, PinnedClock
from tests.messages.provider import Fault, FileProvider

OTHER = PhoneNumber("+33698765432")


def stop(number: int) -> StopAnswer:
    return StopAnswer(f"stopped:SM{number}", "Arrêté.")


def start(number: int) -> StopAnswer:
    return StopAnswer(f"started:SM{number}", "Repris.")


class Line:
    """Texts to and from residents."""

    def __init__(self, storage: Storage, clock: PinnedClock, provider: FileProvider) -> None:
        self.storage, self.clock, self.provider = storage, clock, provider
        sender = RespectsStop(provider, storage.opt_outs, clock)
        self.worker = OutboxWorker(storage.outbox, {MessageChannel.SMS: sender}, clock)

    async def stop(self, number: int) -> bool:
        return await self.storage.opt_outs.stop(MOBILE, self.clock.now(), stop(number))

    async def start(self, number: int) -> bool:
        return await self.storage.opt_outs.start(MOBILE, self.clock.now(), start(number))

    async def sent(self) -> list[tuple[str, str]]:
        """Number and text of all that went out, once all is tried."""
        for _ in range(4):
            await self.worker.run_once()
            self.clock.advance(minutes=2)
        return [(to, text) for _, to, text in self.provider.delivered()]


@pytest.fixture
def line(storage: Storage, clock: PinnedClock, tmp_path: Path) -> Line:
    return Line(storage, clock, FileProvider(tmp_path / "delivered.jsonl"))


async def test_a_stop_is_answered_once_and_nothing_else_leaves(line: Line) -> None:
    async with line.storage.unit_of_work() as work:
        await work.outgoing.queue_sms("reminder:AC4KR:day", MOBILE, "Demain.")
        await work.outgoing.queue_sms("reminder:L6R7S:day", OTHER, "Demain.")
    assert [await line.stop(1), await line.stop(1), await line.stop(2)] == [True, False, False]
    assert sorted(await line.sent()) == [(MOBILE.reveal(), "Arrêté."), (OTHER.reveal(), "Demain.")]


async def test_start_is_answered_once_and_messages_leave_again(line: Line) -> None:
    await line.stop(1)
    assert [await line.start(2), await line.start(2), await line.start(3)] == [True, False, False]
    async with line.storage.unit_of_work() as work:
        await work.outgoing.queue_sms("reminder:AC4KR:day", MOBILE, "Demain.")
    assert [text for _, text in await line.sent()] == ["Arrêté.", "Repris.", "Demain."]


async def test_a_start_of_who_never_stopped_is_not_answered(line: Line) -> None:
    assert not await line.start(1)
    assert await line.sent() == []


async def test_a_stop_brought_again_after_a_start_does_not_stop_again(line: Line) -> None:
    await line.stop(1)
    await line.start(2)
    assert not await line.stop(1)
    assert not await line.storage.opt_outs.stopped(MOBILE)
    assert await line.stop(3)
    assert not await line.start(2)
    assert await line.storage.opt_outs.stopped(MOBILE)
    assert [text for _, text in await line.sent()] == ["Arrêté.", "Arrêté."], "what was promised before does not leave"


@pytest.mark.parametrize("fault", [Fault.RAISES_BEFORE, Fault.RAISES_AFTER])
async def test_a_broken_line_answers_no_stop_twice(
    storage: Storage, clock: PinnedClock, tmp_path: Path, fault: Fault
) -> None:
    line = Line(storage, clock, FileProvider(tmp_path / "delivered.jsonl", [fault]))
    await line.stop(1)
    assert await line.sent() == [(MOBILE.reveal(), "Arrêté.")]
