"""Conversations that nobody ended are ended one by one: one that cannot be opened keeps no other from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from callbot.calls.leftovers import Closes, FindsUnfinished, OpensToClose, close_the_dead, close_the_lapsed
from callbot.domain.events import Channel, EndReason

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Ends = Callable[[OpensToClose, FindsUnfinished, datetime], Awaitable[None]]


@dataclass(frozen=True)
class Last:
    """What the log tells."""

    channel: Channel | None


@dataclass
class Left:
    """Three conversations of one channel; ``breaks`` fails for the second one, in the way of its name."""

    channel: Channel
    breaks: str
    closed: list[tuple[str, EndReason]] = field(default_factory=list)

    async def unfinished(self, before: datetime) -> list[str]:
        self._fail("", "unfinished")
        return ["CA1", "CA2", "CA3"]

    async def summary(self, call_id: str) -> Last:
        self._fail(call_id, "summary")
        return Last(self.channel)

    async def open(self, call_id: str) -> Closes:
        self._fail(call_id, "open")
        return One(self, call_id)

    def _fail(self, call_id: str, where: str) -> None:
        if self.breaks == where and call_id in ("", "CA2"):
            raise ValueError("12 rue de Rome, 0612345678")


@dataclass
class One:
    """One of them."""

    left: Left
    call_id: str

    async def close(self, reason: EndReason) -> None:
        if self.left.breaks == "close" and self.call_id == "CA2":
            raise OSError("12 rue de Rome, 0612345678")
        self.left.closed.append((self.call_id, reason))


@pytest.mark.parametrize("breaks", ["summary", "open", "close"])
@pytest.mark.parametrize(
    ("end", "channel", "reason"),
    [
        (close_the_dead, Channel.PHONE, EndReason.BROKEN_STREAM),
        (close_the_lapsed, Channel.SMS, EndReason.CALLER_HUNG_UP),
    ],
)
async def test_one_that_cannot_be_ended_keeps_no_other_from_it(
    end: Ends, channel: Channel, reason: EndReason, breaks: str
) -> None:
    left = Left(channel, breaks)
    with capture_logs() as logs:
        await end(left, left, NOW)
    assert left.closed == [("CA1", reason), ("CA3", reason)]
    kind = "OSError" if breaks == "close" else "ValueError"
    assert logs == [{"event": "close_failed", "call": "CA2", "kind": kind, "log_level": "error"}]


@pytest.mark.parametrize("end", [close_the_dead, close_the_lapsed])
async def test_a_log_that_cannot_be_read_is_told(end: Ends) -> None:
    left = Left(Channel.PHONE, "unfinished")
    with pytest.raises(ValueError, match="rue"):
        await end(left, left, NOW)
