"""The only place that wires the rooms together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from fastapi import FastAPI

from callbot.booking import BookingDesk
from callbot.booking.announcements import Announcements
from callbot.booking.completing import Completing
from callbot.booking.crew import CrewDesk
from callbot.booking.looking import Looking
from callbot.booking.people import PeopleDesk
from callbot.booking.reminders import Reminders
from callbot.booking.replanning import Replanning
from callbot.calls.address_hearing import AddressHearing
from callbot.calls.conversation import Conversations, Services
from callbot.calls.leftovers import close_the_dead, close_the_lapsed
from callbot.calls.ports import FindsAddresses
from callbot.calls.summaries import Summaries
from callbot.dialogue.acts import Say
from callbot.dialogue.completeness import Completeness, completeness_of, of_read_back
from callbot.dialogue.prompts import FIXED
from callbot.dialogue.state import World
from callbot.documents import pickup_ics
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import Booking, BookingStatus
from callbot.domain.clock import Clock
from callbot.domain.geography import Point
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.domain.notices import MessageChannel
from callbot.gazetteer import Gazetteer, ensure_gazetteer, open_gazetteer
from callbot.gazetteer.geocoders import finder_for
from callbot.gazetteer.phonetics import sounds_of
from callbot.gazetteer.readings import read_address
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.messages.console import ConsoleSender, Show
from callbot.messages.email import SmtpSender
from callbot.messages.ports import Sender
from callbot.messages.stop import RespectsStop
from callbot.messages.texts import BookingSms, CallBackSms
from callbot.messages.webhooks import webhook_sender
from callbot.messages.worker import OutboxWorker
from callbot.open311 import Open311Deps, open311_router
from callbot.privacy import load_key_ring
from callbot.settings import LOCAL_ZONE, GeocoderName, Settings
from callbot.speech.closed_sets import PlaceReader, PlaceSet
from callbot.speech.engine import Engine
from callbot.speech.engines import load_engine
from callbot.speech.hints import hints_for
from callbot.speech.listening import Heard, Listener
from callbot.speech.phrases import PhraseBook, choose_voice
from callbot.speech.turns import CallerEar
from callbot.speech.voice import Voice
from callbot.speech.voice_activity import VoiceActivity
from callbot.storage import Storage
from callbot.telephony.health import Readiness
from callbot.telephony.router import Telephony, TelephonyDeps, TurnDeps
from callbot.telephony.sms import TwilioSender
from callbot.telephony.timing import ListTimings
from callbot.telephony.voice_messages import TwilioCaller
from callbot.understanding import Understander
from callbot.understanding.questions import QuestionPhrases
from callbot.web.crew.links import CrewLinks
from callbot.web.crew.router import CrewDeps, crew_router
from callbot.web.resident.router import ResidentDeps, resident_router
from callbot.web.resident.words import written_items
from callbot.web.router import WebDeps, web_router

CHORES_EVERY_S = 60.0

log = structlog.get_logger(__name__)


class SystemClock:
    """The wall clock in the métropole's zone."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(LOCAL_ZONE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read from files at start and does not change while the service runs."""

    knowledge: KnowledgeBase
    gazetteer: Gazetteer
    understander: Understander


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its web application, its storage and what observes it."""

    app: FastAPI
    storage: Storage
    timings: ListTimings
    voice_name: str
    telephony: Telephony


class _Reader:
    """Sound -> words for a question: the hints of what was asked go with it."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Heard:
        """Words in ``audio``, read as an answer to ``question``."""
        if question is None:
            return await self._listener.listen(audio, voiced_ms, hints_for(Expectation.ANY))
        expect, corrects = question.expect or Expectation.ANY, question.corrects
        hints = hints_for(expect, question.hints, corrects=corrects, voiced_ms=voiced_ms)
        return await self._listener.listen(audio, voiced_ms, hints)


def load_facts(settings: Settings) -> Facts:
    """Reads and checks knowledge base and address base, loads the language model. Blocking, a few seconds.

    Raises ``KnowledgeError`` with file, line and what is expected: the service does not start on a broken base.
    """
    knowledge = load_knowledge(settings.knowledge_dir)
    ensure_gazetteer(settings.gazetteer_file)

    def sector_of(insee: str, _point: Point | None) -> str | None:
        return knowledge.sector_of(insee)

    gazetteer = open_gazetteer(settings.gazetteer_file, sector_of=sector_of)
    questions = tuple(QuestionPhrases(entry.id, entry.variants) for entry in knowledge.questions)
    understander = Understander(knowledge.catalogue, tuple(gazetteer.communes), questions)
    understander.warm()
    return Facts(knowledge, gazetteer, understander)


def choose_voice_for(settings: Settings) -> Voice:
    """The voice these settings mean on this machine; raises ``VoiceUnavailableError``."""
    speech = settings.speech
    return choose_voice(speech.voice, settings.models_dir, settings.phrases_dir, FIXED, threads=speech.threads)


def phrase_book(settings: Settings) -> PhraseBook:
    """The voice with its fixed phrases, rendered now where they are not cached. Blocking."""
    book = PhraseBook(choose_voice_for(settings), settings.phrases_dir)
    book.render_fixed(FIXED)
    return book


def senders(settings: Settings, storage: Storage, clock: Clock, show: Show) -> dict[MessageChannel, Sender]:
    """Who gets out what. SMS by Twilio when an account is configured, by the console and the database otherwise."""
    sms: Sender = ConsoleSender(storage.shown_sms, show, clock)
    if settings.twilio.configured:
        sms = TwilioSender(settings.twilio, settings.server.public_url)
    found: dict[MessageChannel, Sender] = {MessageChannel.SMS: RespectsStop(sms, storage.opt_outs, clock)}
    if settings.twilio.configured:
        found[MessageChannel.VOICE] = TwilioCaller(settings.twilio, clock)
    if settings.email.host:
        found[MessageChannel.EMAIL] = SmtpSender(settings.email, clock)
    outwards = settings.outwards
    if outwards.webhook_url:
        secret = outwards.webhook_secret.get_secret_value()
        found[MessageChannel.WEBHOOK] = webhook_sender(outwards.webhook_url, secret, clock)
    return found


def address_hearing(facts: Facts, engine: Engine, readers: Executor) -> AddressHearing:
    """Addresses by ear: the local base with the speech engine as its judge."""

    def read(text: str, insee: str | None) -> HeardAddress | None:
        today = SystemClock().now().date()
        return facts.understander.understand(text, Expectation.ADDRESS, today=today, insee=insee).address

    return AddressHearing(facts.gazetteer, engine, readers, read)


def place_reader(facts: Facts, engine: Engine) -> PlaceReader:
    """Communes and arrondissements as a closed set, by their sound."""
    return PlaceReader(engine, PlaceSet(tuple(facts.gazetteer.communes), sounds_of))


def message_templates(knowledge: KnowledgeBase) -> dict[str, str]:
    """The texts of the messages to residents, by name."""
    return {name: message.text for name, message in knowledge.messages.items()}


def notice_writer(settings: Settings, knowledge: KnowledgeBase) -> BookingSms:
    """Writes what residents are told of their bookings."""
    return BookingSms(message_templates(knowledge), knowledge.catalogue, settings.server.public_url)


def booking_desk(settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock) -> BookingDesk:
    """The one desk behind calls, pages, commands and the request system."""
    return BookingDesk(
        storage.unit_of_work,
        knowledge,
        clock,
        notice_writer(settings, knowledge),
        hold_for=timedelta(minutes=settings.calls.hold_minutes),
        announcements=Announcements(wanted=bool(settings.outwards.webhook_url)),
    )


def resident_deps(settings: Settings, facts: Facts, storage: Storage, clock: Clock) -> ResidentDeps:
    """What the page of a booking needs."""
    return ResidentDeps(
        bookings=storage,
        desk=booking_desk(settings, facts.knowledge, storage, clock),
        completing=Completing(storage.unit_of_work, clock),
        looking=Looking(storage.unit_of_work, facts.knowledge, clock),
        addresses=finder_for(settings.gazetteer, facts.gazetteer),
        communes=sorted(facts.gazetteer.communes, key=lambda commune: (commune.arrondissement or 0, commune.name)),
        catalogue=facts.knowledge.catalogue,
        clock=clock,
        calendar=partial(_calendar_file, facts.knowledge, clock),
        days_after=settings.links.days_after,
        public_url=settings.server.public_url,
    )


def _calendar_file(knowledge: KnowledgeBase, clock: Clock, booking: Booking) -> bytes:
    """The calendar file of a booking as it is now; one made later replaces one made before."""
    territory = knowledge.territory_of(booking.address.insee, booking.day)
    now = clock.now()
    return pickup_ics(
        booking,
        written_items(booking.items, knowledge.catalogue),
        territory.put_out if territory else None,
        sequence=int((now - booking.created_at).total_seconds()),
        cancelled=booking.status is BookingStatus.CANCELLED,
        made_at=now,
    )


def crew_desk(settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock) -> CrewDesk:
    """What crews see and enter."""
    sectors = {sector.id: sector.name for rules in knowledge.territories for sector in rules.sectors}
    return CrewDesk(storage, booking_desk(settings, knowledge, storage, clock), knowledge.catalogue, sectors)


def conversation_services(
    settings: Settings, facts: Facts, storage: Storage, clock: Clock, addresses: FindsAddresses | None = None
) -> Services:
    """The ports of a running call; ``addresses``: another finder than the one the settings name."""
    knowledge = facts.knowledge
    templates = message_templates(knowledge)
    people = PeopleDesk(
        storage.unit_of_work,
        storage.hand_overs,
        knowledge.opening_hours,
        clock,
        CallBackSms(templates["call_back"]),
        capacity=settings.calls.call_backs_per_window,
    )
    return Services(
        world=World(
            knowledge.catalogue,
            {commune.insee: commune for commune in facts.gazetteer.communes},
            asks_name=settings.calls.ask_name,
            answers={entry.id: entry.answer for entry in knowledge.questions},
        ),
        understanding=facts.understander,
        addresses=addresses or finder_for(settings.gazetteer, facts.gazetteer),
        earlier=storage,
        bookings=booking_desk(settings, knowledge, storage, clock),
        log=storage.events,
        people=people,
        clock=clock,
    )


class _WrittenPlaces:
    """The address base for partners, who write."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    async def find(self, text: str) -> tuple[AddressCandidate, ...]:
        """Candidates for an address in one line, best first."""
        return await self._gazetteer.find(read_address(text, self._gazetteer.communes), ())

    async def nearest(self, point: Point) -> StreetAddress | None:
        """The address nearest to a point."""
        return await asyncio.to_thread(self._gazetteer.nearest, point)


def open311_deps(settings: Settings, facts: Facts, services: Services, storage: Storage) -> Open311Deps:
    """The ports of the door for request systems."""
    outwards = settings.outwards
    return Open311Deps(
        desk=booking_desk(settings, facts.knowledge, storage, services.clock),
        people=services.people,
        stored=storage,
        places=_WrittenPlaces(facts.gazetteer),
        rules=facts.knowledge,
        clock=services.clock,
        jurisdiction=outwards.jurisdiction,
        api_keys={name: key.get_secret_value() for name, key in outwards.api_keys.items()},
        public_url=settings.server.public_url,
    )


@asynccontextmanager
async def open_service(
    settings: Settings, *, show_sms: Show = lambda _number, _text: None, clock: Clock | None = None
) -> AsyncIterator[Service]:
    """Opens everything, yields the service ready to answer, closes everything."""
    clock = clock or SystemClock()
    timings = ListTimings()
    async with AsyncExitStack() as stack:
        keys = await asyncio.to_thread(load_key_ring, settings)
        facts = await asyncio.to_thread(load_facts, settings)
        storage = await stack.enter_async_context(
            await Storage.open(settings.storage_url, keys, lambda: clock.now().astimezone(UTC))
        )
        engine = await asyncio.to_thread(load_engine, settings.speech, settings.models_dir)
        voice = await asyncio.to_thread(phrase_book, settings)
        readers = stack.enter_context(ThreadPoolExecutor(settings.speech.threads, "whisper"))
        by_ear = address_hearing(facts, engine, readers) if settings.gazetteer.geocoder is GeocoderName.LOCAL else None
        services = conversation_services(settings, facts, storage, clock, by_ear)
        conversations = Conversations(services)
        await close_the_dead(conversations, storage.events, clock.now() - timedelta(seconds=settings.calls.longest_s))
        telephony = Telephony(
            TelephonyDeps(
                settings=settings,
                conversations=conversations,
                calls=storage.events,
                new_ear=lambda: CallerEar(VoiceActivity()),
                listener=_Reader(Listener(engine, readers, place_reader(facts, engine))),
                answers=partial(_answers, facts.understander, clock),
                voice=voice,
                ready=_readiness(storage),
                timings=timings,
                turns=TurnDeps(
                    conversations=conversations,
                    log=storage.events,
                    summaries=Summaries(storage.events, services.world),
                    call_backs=services.people,
                    hand_overs=storage.hand_overs,
                    opt_outs=storage.opt_outs,
                    deliveries=storage.outbox,
                    agents_queue=settings.twilio.agents_queue,
                    speech=settings.twilio.speech,
                    voice=settings.twilio.voice,
                    now=clock.now,
                ),
            )
        )
        stack.push_async_callback(telephony.aclose)
        await stack.enter_async_context(_sending(storage, senders(settings, storage, clock, show_sms), clock))
        await stack.enter_async_context(
            chore("closing_lapsed", lambda: close_the_lapsed(conversations, storage.events, clock.now()))
        )
        await stack.enter_async_context(booking_chores(settings, facts.knowledge, storage, clock))
        app = FastAPI(title="Callbot encombrants", openapi_url=None)
        app.include_router(telephony.router)
        app.include_router(web_router(WebDeps(conversations, storage.events, clock, settings.server.public_url)))
        app.include_router(resident_router(resident_deps(settings, facts, storage, clock)))
        app.include_router(open311_router(open311_deps(settings, facts, services, storage)))
        crew = crew_desk(settings, facts.knowledge, storage, clock)
        app.include_router(crew_router(CrewDeps(crew, CrewLinks(keys.index), clock, settings.server.public_url)))
        yield Service(app, storage, timings, voice.voice.name, telephony)


def _answers(understander: Understander, clock: Clock, text: str, question: Say) -> Completeness:
    expect = question.expect or Expectation.ANY
    meaning = understander.understand(text, expect, today=clock.now().date())
    completeness = completeness_of(text, meaning, expect)
    return of_read_back(completeness, meaning) if question.corrects else completeness


def _readiness(storage: Storage) -> Readiness:
    """Everything else is loaded before the first request: the database alone can be away later."""

    async def ready() -> Mapping[str, bool]:
        try:
            await storage.call_summary("readiness")
        except Exception as failure:  # noqa: BLE001 - the edge of the database: whatever it raises, we are not ready
            log.warning("database_away", kind=type(failure).__name__)
            return {"database": False}
        return {"database": True}

    return ready


@asynccontextmanager
async def chore(
    name: str, work: Callable[[], Awaitable[object]], every_s: float = CHORES_EVERY_S
) -> AsyncIterator[None]:
    """Does ``work`` at the start and then every ``every_s`` seconds as long as the block runs."""
    stop = asyncio.Event()

    async def run() -> None:
        while not stop.is_set():
            try:
                await work()
            except Exception as failure:  # noqa: BLE001 - the edge of the database: it is tried again later
                log.warning("chore_failed", chore=name, kind=type(failure).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_s)

    doing = asyncio.create_task(run(), name=name)
    try:
        yield
    finally:
        stop.set()
        await doing


@asynccontextmanager
async def booking_chores(
    settings: Settings, knowledge: KnowledgeBase, storage: Storage, clock: Clock
) -> AsyncIterator[None]:
    """What is done for bookings without anybody asking, in ``serve`` and in ``worker``."""
    desk = booking_desk(settings, knowledge, storage, clock)
    reminders = Reminders(storage.unit_of_work, storage, knowledge, clock, notice_writer(settings, knowledge))
    async with (
        chore("replanning", Replanning(desk, storage, knowledge, clock).missed),
        chore("reminders", reminders.sweep),
    ):
        yield


@asynccontextmanager
async def _sending(storage: Storage, by: Mapping[MessageChannel, Sender], clock: Clock) -> AsyncIterator[None]:
    """The outbox worker, next to the service as long as it runs."""
    stop = asyncio.Event()
    worker = asyncio.create_task(OutboxWorker(storage.outbox, by, clock).run(stop, idle_s=0.3))
    try:
        yield
    finally:
        stop.set()
        await worker
