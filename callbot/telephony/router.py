"""Everything the phone company sees, as one router."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import APIRouter

from callbot.settings import Settings
from callbot.telephony.health import Readiness, health_router
from callbot.telephony.media_call import CallParts, Limits
from callbot.telephony.orphans import Orphans
from callbot.telephony.ports import (
    Ear,
    JudgesAnswers,
    Listens,
    OpensCalls,
    ReadsCalls,
    Renders,
    Tickets,
)
from callbot.telephony.rescue import TwilioRescue
from callbot.telephony.signatures import signature_check
from callbot.telephony.stream import Stream, stream_router
from callbot.telephony.tickets import MemoryTickets
from callbot.telephony.timing import CallTimings, ListTimings
from callbot.telephony.webhooks import AFTER_STREAM_PATH, Webhooks, webhook_router


@dataclass(frozen=True, slots=True)
class TelephonyDeps:
    """What ``bootstrap`` hands over."""

    settings: Settings
    conversations: OpensCalls
    calls: ReadsCalls
    new_ear: Callable[[], Ear]
    listener: Listens
    answers: JudgesAnswers
    voice: Renders
    ready: Readiness
    timings: CallTimings = field(default_factory=ListTimings)
    tickets: Tickets = field(default_factory=MemoryTickets)
    clock: Callable[[], float] = time.monotonic


class Telephony:
    """Webhooks, stream and health. Raises ``UnsafeSetupError`` when anybody could pose as the phone company."""

    def __init__(self, deps: TelephonyDeps) -> None:
        settings = deps.settings
        self.draining = False
        """True once the service is about to stop: new calls go to a person, those going on go on"""
        self._ready = deps.ready
        check = signature_check(settings.server, settings.twilio)
        limits = Limits(settings.calls.longest_s, settings.calls.silent_stream_s)
        parts = CallParts(deps.new_ear, deps.listener, deps.answers, deps.voice, deps.timings, limits, deps.clock)
        self.orphans = Orphans(deps.conversations)
        self.stream = Stream(check, deps.tickets, deps.conversations, self.orphans, parts, _rescue(settings))
        webhooks = Webhooks(
            signatures=check,
            tickets=deps.tickets,
            conversations=deps.conversations,
            calls=deps.calls,
            agents_number=settings.twilio.agents_number,
            public_url=settings.server.public_url,
            draining=lambda: self.draining,
        )
        self.router = APIRouter()
        self.router.include_router(webhook_router(webhooks))
        self.router.include_router(stream_router(self.stream))
        self.router.include_router(health_router(self._readiness, lambda: self.stream.active))

    @property
    def unfinished(self) -> int:
        """Calls going on, and those whose stream broke and that may come back within seconds."""
        return self.stream.active + len(self.orphans)

    async def _readiness(self) -> Mapping[str, bool]:
        parts = await self._ready()
        return {**parts, "new_calls": False} if self.draining else parts

    async def aclose(self) -> None:
        """When the service stops."""
        await self.orphans.aclose()


def _rescue(settings: Settings) -> TwilioRescue | None:
    public_url = settings.server.public_url.rstrip("/")
    if not (settings.twilio.configured and public_url):
        return None
    return TwilioRescue(settings.twilio, public_url + AFTER_STREAM_PATH)
