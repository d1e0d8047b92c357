"""The webhooks of a conversation in turns, with a scripted conversation whose events outlive their worker."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from callbot.dialogue.acts import ChannelAct
from callbot.domain.events import (
    CallAnswered,
    CallBackKept,
    Channel,
    Ended,
    EndReason,
    Event,
    HandOverReason,
    PeopleChecked,
    Prompted,
)
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.messages.ringing import KeepsCalls
from callbot.settings import Server, Settings, Twilio
from callbot.telephony.router import Telephony, TelephonyDeps, TurnDeps
from callbot.telephony.signatures import SIGNATURE_HEADER, sign
from callbot.telephony.texting import StopAnswers
from callbot.telephony.turn_ports import FollowsAgents, KeepsDeliveries, MovesCalls, RemembersStops, TakesOpinions
from tests.telephony.fakes import CALL, Conversations, ScriptedListener, ScriptedVoice, never_complete, new_ear

PUBLIC = "https://bot.example.fr"
KEY = "secret-of-the-account"
AGENTS = "+33491000000"
CALLER = "+33612345678"
SENDER = "+33491111111"
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
WINDOW = Window(NOW + timedelta(hours=15), NOW + timedelta(hours=17))

Answer = Callable[[Event], Sequence[ChannelAct]]


@dataclass(frozen=True)
class Known:
    """What the log tells of a conversation."""

    call_id: str
    channel: Channel | None
    started_at: datetime
    last_event_at: datetime


@dataclass
class Log:
    """Events of all conversations, with the time of the last one; ``broken``: the database is away."""

    now: Callable[[], datetime]
    stored: dict[str, list[Event]] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)
    touched: dict[str, datetime] = field(default_factory=dict)
    broken: bool = False

    async def append(self, call_id: str, event: Event) -> None:
        self._answers()
        self.stored.setdefault(call_id, []).append(event)
        self.touched[call_id] = self.now()
        self.began.setdefault(call_id, self.now())

    async def events(self, call_id: str) -> list[Event]:
        self._answers()
        return list(self.stored.get(call_id, []))

    async def summary(self, call_id: str) -> Known | None:
        self._answers()
        if call_id not in self.stored:
            return None
        return Known(call_id, None, self.began[call_id], self.touched[call_id])

    async def calls_of(self, caller: PhoneNumber, since: datetime) -> Sequence[Known]:
        self._answers()
        found = []
        for call_id, events in self.stored.items():
            answered = [event for event in events if isinstance(event, CallAnswered)]
            if answered and answered[-1].caller == caller and self.touched[call_id] >= since:
                found.append(Known(call_id, answered[-1].channel, self.began[call_id], self.touched[call_id]))
        return found[::-1]

    def _answers(self) -> None:
        if self.broken:
            raise OSError(f"no database, {CALLER}")


@dataclass
class Talk:
    """A conversation that says what the test's function says, its events in the log."""

    call_id: str
    answer: Answer
    log: Log
    thinks_s: float = 0.0

    @property
    def prompt_count(self) -> int:
        return sum(isinstance(event, Prompted) for event in self.log.stored.get(self.call_id, []))

    async def begin(
        self, caller: PhoneNumber | None, channel: Channel = Channel.PHONE, *, resumed: bool = False
    ) -> list[ChannelAct]:
        return await self.handle(CallAnswered(caller, channel, resumed))

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        await self.log.append(self.call_id, event)
        await asyncio.sleep(self.thinks_s)
        return list(self.answer(event))

    async def close(self, reason: EndReason) -> None:
        await asyncio.sleep(self.thinks_s)
        if not any(isinstance(event, Ended) for event in await self.log.events(self.call_id)):
            await self.log.append(self.call_id, Ended(reason))


@dataclass
class Talks:
    """Opens conversations that take ``thinks_s`` over each event."""

    answer: Answer
    log: Log
    thinks_s: float = 0.0

    async def open(self, call_id: str) -> Talk:
        return Talk(call_id, self.answer, self.log, self.thinks_s)


@dataclass
class Desk:
    """People: what is told to them and what they promise."""

    window: Window | None = WINDOW
    broken: bool = False
    text: str = "Demande de rendez-vous : un canapé. Marseille, adresse confirmée."
    kept: list[tuple[str, PhoneNumber, HandOverReason]] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    lasted: list[timedelta | None] = field(default_factory=list)

    async def summary(self, call_id: str) -> str:
        self._works()
        return self.text

    async def check(self) -> PeopleChecked:
        self._works()
        return PeopleChecked(False, self.window)

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        self.kept.append((call_id, phone, reason))
        return CallBackKept(window, sms=True)

    async def taken(self, call_id: str) -> bool:
        self._works()
        self.noted.append(("taken", call_id))
        return True

    async def talked(self, call_id: str, lasted: timedelta | None) -> bool:
        self._works()
        self.noted.append(("talked", call_id))
        self.lasted.append(lasted)
        return True

    async def left(self, call_id: str) -> bool:
        self._works()
        self.noted.append(("left", call_id))
        return True

    async def unanswered(self, call_id: str) -> bool:
        self._works()
        self.noted.append(("unanswered", call_id))
        return True

    def _works(self) -> None:
        if self.broken:
            raise OSError(f"no database, {CALLER}")


class Bench:
    """The service under test. ``worker`` makes another one on the same log."""

    def __init__(
        self,
        answer: Answer,
        *,
        queue: str = "",
        speech: bool = True,
        voice: str = "",
        log: Log | None = None,
        rings: KeepsCalls | None = None,
        deliveries: KeepsDeliveries | None = None,
        opt_outs: RemembersStops | None = None,
        stop_answers: StopAnswers | None = None,
        opinions: TakesOpinions | None = None,
        to_people: Callable[[], bool] = lambda: False,
        agent_lines: FollowsAgents | None = None,
        moves: MovesCalls | None = None,
    ) -> None:
        self.at = NOW
        self.to_people = to_people
        self.diverted: list[tuple[str, CallBackKept | None]] = []
        self.log = log or Log(lambda: self.at)
        self.desk = Desk()
        self.answer = answer
        self.talks = Talks(answer, self.log)
        turns = TurnDeps(
            conversations=self.talks,
            log=self.log,
            summaries=self.desk,
            call_backs=self.desk,
            hand_overs=self.desk,
            opt_outs=opt_outs,
            rings=rings,
            deliveries=deliveries,
            stop_answers=stop_answers,
            opinions=opinions,
            agent_lines=agent_lines,
            moves=moves,
            people_hours=lambda: "du lundi au vendredi de 8 h à 18 h 30",
            agents_queue=queue,
            speech=speech,
            voice=voice,
            now=lambda: self.at,
        )
        settings = Settings(
            server=Server(public_url=PUBLIC),
            twilio=Twilio(auth_token=SecretStr(KEY), agents_number=AGENTS, sender=SENDER),
        )
        self.telephony = Telephony(
            TelephonyDeps(
                settings=settings,
                conversations=Conversations(lambda event: []),
                calls=self.log,
                new_ear=new_ear,
                listener=ScriptedListener(()),
                answers=never_complete,
                voice=ScriptedVoice(),
                ready=self._ready,
                turns=turns,
                switched_to_people=self._switched,
                diverted=lambda call_id, kept: self.diverted.append((call_id, kept)),
            )
        )
        app = FastAPI()
        app.include_router(self.telephony.router)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://anything.internal")

    async def _switched(self) -> bool:
        return self.to_people()

    async def _ready(self) -> Mapping[str, bool]:
        return {}

    def worker(self) -> Bench:
        """Another process: the same events, nothing else in common."""
        return Bench(self.answer, log=self.log)

    async def post(self, path: str, signature: str | None = None, **form: str) -> httpx.Response:
        """A form as Twilio posts it."""
        given = sign(KEY, PUBLIC + path, form.items()) if signature is None else signature
        return await self.client.post(path, data=form, headers={SIGNATURE_HEADER: given})

    async def call(self, path: str, **form: str) -> ET.Element:
        """The TwiML for a request of the call."""
        return xml(await self.post(path, **{"CallSid": CALL, "From": CALLER, **form}))

    async def follow(self, answer: ET.Element, **form: str) -> ET.Element:
        """What comes after the question in ``answer``."""
        return await self.call(action(answer), **form)

    async def stored(self, *events: Event) -> None:
        for event in events:
            await self.log.append(CALL, event)


def xml(response: httpx.Response) -> ET.Element:
    """Our own answer, read."""
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/xml"
    return ET.fromstring(response.text)  # noqa: S314 - our own answer


def gather(answer: ET.Element) -> ET.Element:
    """The ``<Gather>`` that takes the answer to the question: the last one."""
    return answer.findall("Gather")[-1]


def action(answer: ET.Element) -> str:
    """Path and query that the answer to the question goes to."""
    url = gather(answer).get("action") or ""
    assert url.startswith(PUBLIC)
    return url.removeprefix(PUBLIC)


def spoken(answer: ET.Element) -> list[str]:
    """All sentences in order."""
    return [sentence.text or "" for sentence in answer.iter("Say")]


def verbs(answer: ET.Element) -> list[str]:
    """Names of the verbs in order."""
    return [verb.tag for verb in answer]
