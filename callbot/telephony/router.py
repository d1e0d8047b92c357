"""Everything the phone company sees, as one router."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import APIRouter

from callbot.domain.events import CallBackKept
from callbot.messages.ringing import KeepsCalls
from callbot.settings import Settings
from callbot.telephony.admission import Admission, LoopLag, no_wait
from callbot.telephony.agents import AgentCalls, agents_router
from callbot.telephony.edge import Edge
from callbot.telephony.health import Readiness, health_router
from callbot.telephony.media_call import CallParts, Limits
from callbot.telephony.orphans import Orphans
from callbot.telephony.people import People, not_noted, people_router
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
from callbot.telephony.texting import AnswersStops, Texting, texting_router
from callbot.telephony.texting_people import InsteadOfTheBot
from callbot.telephony.tickets import MemoryTickets
from callbot.telephony.timing import CallTimings, ListTimings
from callbot.telephony.turn_ports import (
    CallsBack,
    FollowsAgents,
    FollowsHandOvers,
    KeepsDeliveries,
    LogsTexts,
    MovesCalls,
    OpensTurns,
    RemembersStops,
    Summarises,
    TakesOpinions,
)
from callbot.telephony.turns import Turns, turn_router
from callbot.telephony.webhooks import AFTER_STREAM_PATH, Webhooks, local_now, never, webhook_router


@dataclass(frozen=True, slots=True)
class TurnDeps:
    """What turns over webhooks, transfers with their context, and two-way SMS need beside the stream.

    ``speech``, ``voice``: see ``turns.Turns``; ``agents_queue``: see ``people.People``.
    """

    conversations: OpensTurns
    log: LogsTexts
    summaries: Summarises | None = None
    call_backs: CallsBack | None = None
    hand_overs: FollowsHandOvers | None = None
    opt_outs: RemembersStops | None = None
    """None: a STOP is left to the phone company alone"""
    deliveries: KeepsDeliveries | None = None
    rings: KeepsCalls | None = None
    stop_answers: AnswersStops | None = None
    """None: nobody answers a STOP but the phone company"""
    opinions: TakesOpinions | None = None
    agents_queue: str = ""
    agent_lines: FollowsAgents | None = None
    moves: MovesCalls | None = None
    """without either, agents are not rung by the desk (``telephony.agents``)"""
    people_hours: Callable[[], str] = lambda: ""
    """when people answer, as it is written: « du lundi au vendredi de 8 h à 18 h »"""
    speech: bool = True
    voice: str = ""
    now: Callable[[], datetime] = local_now


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
    turns: TurnDeps | None = None
    """None: a call that cannot go on over a stream goes to a person, and SMS are not answered"""
    arrived: Callable[[str], None] = lambda _call_id: None
    """told of every call that comes in"""
    diverted: Callable[[str, CallBackKept | None], None] = not_noted
    """see ``people.People``"""
    switched_to_people: Callable[[], Awaitable[bool]] = never
    """see ``webhooks.Webhooks``"""
    ears_wait_s: Callable[[], float] = no_wait
    """how long a turn that ends now waits to be read"""


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
        self.orphans = Orphans()
        self.lag = LoopLag(deps.clock)
        self.admission = Admission(settings.calls.most_at_once, deps.clock, deps.ears_wait_s, lambda: self.lag.seconds)
        self.stream = Stream(
            check,
            deps.tickets,
            deps.conversations,
            self.orphans,
            parts,
            _rescue(settings),
            self.admission.opened,
        )
        edge = Edge(check, settings.server.public_url)
        people = _people(edge, deps)
        webhooks = Webhooks(
            edge=edge,
            people=people,
            tickets=deps.tickets,
            conversations=deps.conversations,
            calls=deps.calls,
            takes_turns=deps.turns is not None,
            draining=lambda: self.draining,
            deliveries=deps.turns.deliveries if deps.turns else None,
            rings=deps.turns.rings if deps.turns else None,
            now=deps.turns.now if deps.turns else local_now,
            door=lambda call_id: self.admission.door(
                call_id, frozenset(self.stream.calls), takes_turns=deps.turns is not None
            ),
            arrived=deps.arrived,
            switched_to_people=deps.switched_to_people,
        )
        self.router = APIRouter()
        self.router.include_router(webhook_router(webhooks))
        self.router.include_router(people_router(people))
        if deps.turns is not None:
            self._include_turns(edge, people, deps, deps.turns)
        self.router.include_router(stream_router(self.stream))
        self.router.include_router(health_router(self._readiness, lambda: self.stream.active))

    def _include_turns(self, edge: Edge, people: People, line: TelephonyDeps, deps: TurnDeps) -> None:
        turns = Turns(
            edge=edge,
            people=people,
            conversations=deps.conversations,
            calls=deps.log,
            take_back=self.orphans.take_back,
            now=deps.now,
            longest=timedelta(seconds=line.settings.calls.longest_s),
            speech=deps.speech,
            voice=deps.voice,
        )
        self.router.include_router(turn_router(turns))
        if deps.agent_lines is not None and deps.moves is not None:
            shown = line.settings.twilio.sender
            self.router.include_router(agents_router(AgentCalls(people, deps.agent_lines, deps.moves, shown)))
        texting = Texting(
            edge,
            deps.conversations,
            deps.log,
            people.number,
            deps.now,
            deps.opt_outs,
            deps.stop_answers,
            deps.opinions,
            InsteadOfTheBot(line.switched_to_people, deps.people_hours, people.instead_of_writing),
        )
        self.router.include_router(texting_router(texting))

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


def _people(edge: Edge, deps: TelephonyDeps) -> People:
    more, number = deps.turns, deps.settings.twilio.agents_number
    if more is None:
        return People(edge, deps.calls, number, local_now, diverted=deps.diverted)
    return People(
        edge=edge,
        calls=deps.calls,
        number=number,
        now=more.now,
        queue=more.agents_queue,
        summaries=more.summaries,
        call_backs=more.call_backs,
        hand_overs=more.hand_overs,
        diverted=deps.diverted,
    )


def _rescue(settings: Settings) -> TwilioRescue | None:
    public_url = settings.server.public_url.rstrip("/")
    if not (settings.twilio.configured and public_url):
        return None
    return TwilioRescue(settings.twilio, public_url + AFTER_STREAM_PATH)
