"""The outbox worker: every message goes out once, whatever dies in between."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog

from callbot.domain.clock import Clock
from callbot.domain.hours import at_a_decent_hour
from callbot.domain.notices import MessageChannel
from callbot.messages.ports import LeasedMessage, OutboxStore, Sender, UndeliverableError

LEASE = timedelta(seconds=60)
SEND_TIMEOUT_S = 20.0
"""well under the lease: a worker that still waits for its provider has not lost its message to another one"""
MOST_ATTEMPTS = 24
"""more than half a day with the pauses below: a provider that is away for an evening loses nobody's confirmation"""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
BATCH = 10
AT_NIGHT = "AtNight"
"""kind of failure of a message that came up at night and waits for the morning"""
_MOST_DOUBLINGS = 30

log = structlog.get_logger(__name__)


async def always() -> bool:
    """The clock is right."""
    return True


class Outcome(StrEnum):
    """What became of one leased message."""

    SENT = "sent"
    FOUND = "found"
    """an earlier attempt had sent it: the provider was asked before sending again"""
    LATER = "later"
    DEAD = "dead"
    LOST_LEASE = "lost_lease"


def pause_after(attempts: int) -> timedelta:
    """Exponential back-off: 5 s after the first attempt, doubled each time, an hour at most."""
    doublings = min(attempts - 1, _MOST_DOUBLINGS)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


class OutboxWorker:
    """Sends what is in the outbox. Any number of workers may run, in any number of processes."""

    def __init__(
        self,
        store: OutboxStore,
        senders: Mapping[MessageChannel, Sender],
        clock: Clock,
        *,
        send_timeout_s: float = SEND_TIMEOUT_S,
        clock_agrees: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        """``senders`` by channel; a message of a channel without one waits for a service that has it.

        ``clock_agrees``: while it says no, nothing is leased: by a wrong clock leases of others seem to have run out.
        """
        self._clock_agrees = clock_agrees
        self._store = store
        self._senders = senders
        self._clock = clock
        self._send_timeout_s = send_timeout_s
        self._name = f"worker-{secrets.token_hex(6)}"

    async def run(self, stop: asyncio.Event, *, idle_s: float = 1.0) -> None:
        """Send until ``stop`` is set, looking every ``idle_s`` seconds when nothing is due."""
        while not stop.is_set():
            if await self._turn():
                continue
            try:
                await asyncio.wait_for(stop.wait(), idle_s)
            except TimeoutError:
                continue

    async def run_once(self) -> list[Outcome]:
        """Take one batch of due messages and try each once."""
        batch = await self._store.lease(self._name, self._now(), LEASE, BATCH, self._senders)
        # Side by side, as ten slow answers in a row would outlive the lease; but what one person gets, in its order.
        tried = await asyncio.gather(*map(self._in_order, _by_recipient(batch)), return_exceptions=True)
        for outcomes in tried:
            if isinstance(outcomes, BaseException):
                raise outcomes
        return [outcome for outcomes in tried if not isinstance(outcomes, BaseException) for outcome in outcomes]

    async def _in_order(self, messages: Sequence[LeasedMessage]) -> list[Outcome]:
        """What cannot be over before the lease runs out is left to it: the next turn has it."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + LEASE.total_seconds() - self._send_timeout_s
        outcomes: list[Outcome] = []
        for message in messages:
            if outcomes and loop.time() >= latest:
                break
            outcomes.append(await self._deliver(message))
        return outcomes

    async def _turn(self) -> bool:
        """One batch; False when there was nothing to do or the database could not be reached."""
        try:
            return await self._clock_agrees() and bool(await self.run_once())
        except Exception as error:  # noqa: BLE001 - edge of the worker: it must outlive a database that is away for a while
            log.warning("outbox_turn_failed", error=type(error).__name__)
            return False

    async def _deliver(self, message: LeasedMessage) -> Outcome:
        if message.not_after is not None and self._now() >= message.not_after:
            return await self._give_up(message, "TooLate")
        if self._leaves(message, self._now()) > self._now():
            return await self._put_back(message, self._now(), AT_NIGHT)
        try:
            async with asyncio.timeout(self._send_timeout_s):
                provider_id, outcome = await self._find_or_send(message)
        except UndeliverableError as error:
            return await self._give_up(message, type(error).__name__)
        except Exception as error:  # noqa: BLE001 - edge of the provider: whatever it raises, the message stays in the outbox
            return await self._try_later(message, type(error).__name__)
        kept = await self._store.mark_sent(message, self._name, provider_id, self._now())
        return outcome if kept else Outcome.LOST_LEASE

    async def _find_or_send(self, message: LeasedMessage) -> tuple[str, Outcome]:
        """Send, but ask the provider first when an earlier attempt left no outcome."""
        sender, body = self._senders[message.kind], message.body.reveal()
        if message.attempts > 1:
            found = await sender.find(message.key, message.to, body, message.queued_at)
            # Who changes a booking to and fro is told the same twice; the earlier message must not stand for this one.
            if found is not None and not await self._store.is_of_earlier(message, found):
                return found, Outcome.FOUND
        return await sender.send(message.key, message.to, body), Outcome.SENT

    async def _try_later(self, message: LeasedMessage, error: str) -> Outcome:
        if message.attempts >= MOST_ATTEMPTS:
            return await self._give_up(message, error)
        log.warning("message_not_sent", message=message.id, kind=message.kind, attempts=message.attempts, error=error)
        return await self._put_back(message, self._now() + pause_after(message.attempts), error)

    async def _put_back(self, message: LeasedMessage, earliest: datetime, failure: str) -> Outcome:
        kept = await self._store.put_back(message, self._name, self._leaves(message, earliest), failure)
        return Outcome.LATER if kept else Outcome.LOST_LEASE

    def _leaves(self, message: LeasedMessage, earliest: datetime) -> datetime:
        """``earliest`` itself, or the next decent hour for what nobody waits for."""
        if not message.for_daytime:
            return earliest
        return at_a_decent_hour(earliest.astimezone(self._clock.now().tzinfo)).astimezone(UTC)

    async def _give_up(self, message: LeasedMessage, error: str) -> Outcome:
        log.error("message_given_up", message=message.id, kind=message.kind, attempts=message.attempts, error=error)
        kept = await self._store.give_up(message, self._name, error)
        return Outcome.DEAD if kept else Outcome.LOST_LEASE

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)


def _by_recipient(batch: Iterable[LeasedMessage]) -> Iterable[Sequence[LeasedMessage]]:
    """Messages of a channel to one recipient together, in their order; whom the settings name, each on its own."""
    groups: dict[tuple[MessageChannel, str | int], list[LeasedMessage]] = {}
    for message in batch:
        groups.setdefault((message.kind, message.to.reveal() or message.id), []).append(message)
    return groups.values()
