"""What ``/metrics`` tells, gathered from the parts of a running service."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import structlog

from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.bootstrap.living import InForce
from callbot.desk import AgentDesk
from callbot.domain.clock import Clock
from callbot.privacy.hooks import HookState
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import Storage
from callbot.telephony.arrivals import Arrivals
from callbot.telephony.metrics import Kind, Metric, one
from callbot.telephony.router import Telephony

KEPT_S = 10.0
"""what the database tells is asked at most so often, whoever scrapes"""
VERIFIED_EVERY_S = 3600.0

log = structlog.get_logger(__name__)


@dataclass
class ServiceMetrics:
    """The numbers of this process and of the database that all share."""

    settings: Settings
    storage: Storage
    clock: Clock
    desk: AgentDesk
    in_force: InForce
    telephony: Telephony
    arrivals: Arrivals
    _journal: bool | None = None
    _shared: Sequence[Metric] = ()
    _asked_at: float = float("-inf")
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def gather(self) -> list[Metric]:
        """Everything; of a database that is away only that it is."""
        return [*self._of_the_process(), await asyncio.to_thread(self._disk), *await self._of_the_database()]

    async def verify_journal(self) -> None:
        """Follow the chain of the journal; what was found is told from then on."""
        self._journal = (await self.storage.journal.verify("")).holds

    def _of_the_process(self) -> list[Metric]:
        counted, admission = Kind.COUNTER, self.telephony.admission
        doors = {door.value: float(calls) for door, calls in admission.taken.items()}
        return [
            one("callbot_active_calls", "Calls going on over a stream", self.telephony.stream.active),
            one("callbot_draining", "1 once the process is about to stop", self.telephony.draining),
            one("callbot_calls_total", "Calls that came in", self.arrivals.arrivals, counted),
            one(
                "callbot_refused_calls_total", "Calls people got in the bot's stead", self.arrivals.diversions, counted
            ),
            one("callbot_most_calls", "Calls heard at once before others go turn by turn", admission.most),
            Metric("callbot_doors_total", "New calls by the way they were taken", counted, doors, "door"),
            one("callbot_ears_wait_seconds", "What a turn that ends now waits to be read", admission.ears_wait_s()),
            one("callbot_loop_lag_seconds", "How late the event loop was within a second", self.telephony.lag.seconds),
        ]

    def _disk(self) -> Metric:
        usage = shutil.disk_usage(self.settings.data_dir)
        return one("callbot_disk_free_ratio", "Free part of the disk of the data folder", usage.free / usage.total)

    async def _of_the_database(self) -> Sequence[Metric]:
        async with self._asking:
            if time.monotonic() - self._asked_at >= KEPT_S:
                self._shared, self._asked_at = await self._asked(), time.monotonic()
        return self._shared

    async def _asked(self) -> Sequence[Metric]:
        up = "callbot_database_up", "1 while the database answers"
        try:
            return [one(*up, 1), *await self._stored()]
        except Exception as failure:  # noqa: BLE001 - the edge of the database: whatever it raises, it is away
            log.warning("database_away", kind=type(failure).__name__)
            return [one(*up, 0)]

    async def _stored(self) -> list[Metric]:
        now, storage = self.clock.now(), self.storage
        counts = {status.value: float(count) for status, count in (await storage.outbox.counts()).items()}
        purged = await storage.retention.last_report()
        found = [
            Metric("callbot_messages", "Messages in the outbox by status", Kind.GAUGE, counts, "status"),
            one("callbot_waiting_calls", "Calls that wait for a person", len(await storage.hand_overs.waiting())),
            one("callbot_agents_present", "Agents who say they are there", await self.desk.present()),
            one("callbot_agents_open", "1 in the hours in which agents answer", self._open()),
        ]
        if self.settings.hooks:
            found += hook_metrics(await storage.hooks.states(), self.settings.hooks)
        if purged is not None:
            age = (now - purged.astimezone(LOCAL_ZONE)).total_seconds()
            found.append(one("callbot_purge_age_seconds", "Time since the last purge of personal data", age))
        if self._journal is not None:
            found.append(one("callbot_journal_intact", "1 when the journal was last followed whole", self._journal))
        return found

    def _open(self) -> bool:
        return self.in_force.facts.knowledge.opening_hours.is_open(
            self.clock.now().astimezone(LOCAL_ZONE), PUBLIC_HOLIDAYS
        )


def hook_metrics(states: Sequence[HookState], configured: Collection[str]) -> list[Metric]:
    """What waits for each program beside the service, and what it could not take."""
    known = [state for state in states if state.name in configured]
    waiting = {state.name: float(state.waiting) for state in known}
    aside = {state.name: float(state.set_aside) for state in known}
    return [
        Metric("callbot_hook_waiting_calls", "Calls with events a hook has not taken", Kind.GAUGE, waiting, "hook"),
        Metric("callbot_hook_set_aside", "Events a hook could not take", Kind.GAUGE, aside, "hook"),
    ]
