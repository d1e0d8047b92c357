"""A running service: everything opened, wired, and closed again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from functools import partial

import structlog
from fastapi import FastAPI

from callbot.bootstrap.bookings import (
    crew_desk,
    open311_deps,
    resident_deps,
    senders,
)
from callbot.bootstrap.charter import CHARTER_EVERY_S, DailyCharter
from callbot.bootstrap.chores import chore, elected, sending
from callbot.bootstrap.conversing import (
    Reader,
    address_hearing,
    completeness_in,
    conversation_services,
    item_reader,
    phrase_book,
    place_reader,
)
from callbot.bootstrap.desk import desk_deps, reads_phones, rings_people
from callbot.bootstrap.editing import Editing, editing_chores, editing_deps, editing_of
from callbot.bootstrap.facts import Facts, SystemClock, opened_storage
from callbot.bootstrap.figures import figures_deps
from callbot.bootstrap.living import NEWS_EVERY_S, InForce, Living, Rebuilt, Shared, facts_in_force
from callbot.bootstrap.metrics import VERIFIED_EVERY_S, ServiceMetrics
from callbot.bootstrap.planning import planning_deps
from callbot.bootstrap.register import register_deps
from callbot.bootstrap.review import CASES_EVERY_S, INDEXING_EVERY_S, indexing, regression_cases, review_deps
from callbot.bootstrap.rights import rights_deps
from callbot.bootstrap.staff import staff_deps, staff_pages
from callbot.calls.conversation import Conversations, Services
from callbot.calls.diverted import divert
from callbot.calls.leftovers import close_the_dead, close_the_lapsed
from callbot.calls.ports import FindsAddresses
from callbot.domain.clock import Clock
from callbot.messages.console import Show
from callbot.open311 import open311_router
from callbot.privacy import KeyRing, load_key_ring
from callbot.settings import GeocoderName, Settings
from callbot.speech.engine import Engine
from callbot.speech.engines import load_engine
from callbot.speech.listening import Listener
from callbot.speech.phrases import PhraseBook
from callbot.speech.readers import ReadingThreads
from callbot.speech.turns import CallerEar
from callbot.speech.voice_activity import VoiceActivity, silero
from callbot.storage import Storage
from callbot.telephony.arrivals import Arrivals
from callbot.telephony.health import Readiness
from callbot.telephony.metrics import metrics_router
from callbot.telephony.router import Telephony, TelephonyDeps, TurnDeps
from callbot.telephony.tickets import SealedTickets
from callbot.telephony.timing import ListTimings
from callbot.web.crew.links import CrewLinks
from callbot.web.crew.router import CrewDeps, crew_router
from callbot.web.desk.router import DeskDeps, desk_router
from callbot.web.editing.router import editing_router
from callbot.web.figures.router import figures_router
from callbot.web.hardening import Hardened
from callbot.web.icon import icon_router
from callbot.web.instead import Instead
from callbot.web.planning.router import planning_router
from callbot.web.register.router import register_router
from callbot.web.resident.router import resident_router
from callbot.web.review.router import ReviewDeps, review_router
from callbot.web.rights.router import rights_router
from callbot.web.router import WebDeps, web_router
from callbot.web.staff.router import StaffDeps

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its web application, its storage and what observes it."""

    app: FastAPI
    storage: Storage
    timings: ListTimings
    voice_name: str
    telephony: Telephony


@asynccontextmanager
async def open_service(
    settings: Settings, *, show_sms: Show = lambda _number, _text: None, clock: Clock | None = None
) -> AsyncIterator[Service]:
    """Opens everything, yields the service ready to answer, closes everything."""
    clock = clock or SystemClock()
    timings = ListTimings()
    async with AsyncExitStack() as stack:
        keys = await asyncio.to_thread(load_key_ring, settings)
        storage = await stack.enter_async_context(await opened_storage(settings, keys, clock))
        version = await storage.content.current()
        facts = await asyncio.to_thread(facts_in_force, settings, version)
        engine, voice = await asyncio.to_thread(_speech, settings)
        readers = stack.enter_context(ReadingThreads(settings.speech.threads))
        local = settings.gazetteer.geocoder is GeocoderName.LOCAL
        by_ear = address_hearing(facts, engine, readers, lambda: readers.busy) if local else None
        services = conversation_services(settings, facts, storage, clock, by_ear)
        conversations = Conversations(services)
        await close_the_dead(conversations, storage.events, clock.now() - timedelta(seconds=settings.calls.longest_s))
        staff = await asyncio.to_thread(staff_deps, settings, storage, clock, keys)
        desk = await asyncio.to_thread(desk_deps, settings, facts, storage, services.world, staff)
        review = review_deps(facts, storage, services.world, staff, regression_cases(settings, keys))
        editing = editing_of(settings, storage, clock)
        in_force = InForce(settings, facts, services, storage)
        opened = _Opened(
            settings, facts, storage, clock, services, conversations, keys, staff, desk, review, editing, in_force
        )
        things = await asyncio.to_thread(item_reader, lambda: in_force.facts, engine)
        listener = Listener(engine, readers, place_reader(facts, engine), lambda: readers.busy, things)
        reader = Reader(listener, readers)
        arrivals = Arrivals(storage.figures.note_arrival, partial(divert, conversations))
        stack.push_async_callback(arrivals.aclose)
        telephony = _telephony(opened, reader, voice, timings, arrivals)
        stack.push_async_callback(telephony.aclose)
        await stack.enter_async_context(_watched(opened, telephony, arrivals, timings))
        await stack.enter_async_context(sending(storage, senders(settings, storage, clock, show_sms), clock))
        await stack.enter_async_context(_chores(opened, telephony))
        app = _app(opened, telephony)

        def around(facts: Facts) -> Rebuilt:
            renewed = _around(opened, facts, by_ear)
            return renewed.services, _app(renewed, telephony)

        shared = Shared(settings, storage, clock, conversations)
        living = Living(shared, in_force, version.number if version else 0, app, around)
        stack.push_async_callback(living.aclose)
        await living.start()
        await stack.enter_async_context(chore("knowledge", living.look, NEWS_EVERY_S))
        promises = DailyCharter(settings, lambda: in_force.facts.knowledge, storage, clock)
        await stack.enter_async_context(chore("charter", promises.sweep, CHARTER_EVERY_S))
        yield Service(app, storage, timings, voice.voice.name, telephony)


def _speech(settings: Settings) -> tuple[Engine, PhraseBook]:
    """Ears and voice, loaded before the first call so that none waits for them. Blocking."""
    engine = load_engine(settings.speech, settings.models_dir)
    silero()
    return engine, phrase_book(settings)


@asynccontextmanager
async def _watched(
    opened: _Opened, telephony: Telephony, arrivals: Arrivals, timings: ListTimings
) -> AsyncIterator[None]:
    """``/metrics``, and what looks on so that it has something to tell."""
    numbers = ServiceMetrics(
        opened.settings, opened.storage, opened.clock, opened.desk.desk, opened.in_force, telephony, arrivals
    )
    telephony.router.include_router(metrics_router(numbers.gather, timings.waits))
    async with telephony.lag.watched(), chore("journal_verified", numbers.verify_journal, VERIFIED_EVERY_S):
        yield


@asynccontextmanager
async def _chores(opened: _Opened, telephony: Telephony) -> AsyncIterator[None]:
    """What goes on behind the calls that rests on what was opened."""
    storage, clock, conversations = opened.storage, opened.clock, opened.conversations
    async with AsyncExitStack() as stack:
        once = partial(elected, storage.leases)
        longest = timedelta(seconds=opened.settings.calls.longest_s)

        async def close_leftovers() -> None:
            await close_the_lapsed(conversations, storage.events, clock.now())
            await close_the_dead(conversations, storage.events, clock.now() - longest)

        await stack.enter_async_context(once("leftovers", close_leftovers))
        transcripts = indexing(opened.facts, storage, clock, lambda: bool(telephony.unfinished))
        await stack.enter_async_context(once("transcripts", transcripts.sweep, INDEXING_EVERY_S))
        cases_of_gone_calls = opened.review.annotating.drop_orphans
        await stack.enter_async_context(chore("regression_cases", cases_of_gone_calls, CASES_EVERY_S))
        await stack.enter_async_context(editing_chores(opened.editing))
        yield


@dataclass(frozen=True, slots=True)
class _Opened:
    """What all doors of a running service share."""

    settings: Settings
    facts: Facts
    storage: Storage
    clock: Clock
    services: Services
    conversations: Conversations
    keys: KeyRing
    staff: StaffDeps
    desk: DeskDeps
    review: ReviewDeps
    editing: Editing
    in_force: InForce


def _around(opened: _Opened, facts: Facts, by_ear: FindsAddresses | None) -> _Opened:
    """The same service around other facts: what rests on them is made anew. Blocking."""
    services = conversation_services(opened.settings, facts, opened.storage, opened.clock, by_ear)
    desk = desk_deps(opened.settings, facts, opened.storage, services.world, opened.staff)
    cases = regression_cases(opened.settings, opened.keys)
    review = review_deps(facts, opened.storage, services.world, opened.staff, cases)
    return replace(opened, facts=facts, services=services, desk=desk, review=review)


def _telephony(
    opened: _Opened, reader: Reader, voice: PhraseBook, timings: ListTimings, arrivals: Arrivals
) -> Telephony:
    """The phone line."""
    storage, clock = opened.storage, opened.clock
    return Telephony(
        TelephonyDeps(
            settings=opened.settings,
            conversations=opened.conversations,
            calls=storage.events,
            new_ear=lambda: CallerEar(VoiceActivity()),
            listener=reader,
            answers=lambda text, question: completeness_in(opened.in_force.facts.understander, clock, text, question),
            voice=voice,
            ready=_readiness(storage),
            timings=timings,
            tickets=SealedTickets(opened.keys, storage.used_tickets, lambda: clock.now().astimezone(UTC)),
            turns=_turns(opened),
            arrived=arrivals.arrived,
            diverted=arrivals.diverted,
            switched_to_people=opened.editing.cached.to_people,
            ears_wait_s=lambda: reader.wait_s,
        )
    )


def _turns(opened: _Opened) -> TurnDeps:
    """The phone line turn by turn: webhooks and SMS."""
    storage, twilio = opened.storage, opened.settings.twilio
    return TurnDeps(
        conversations=opened.conversations,
        log=storage.events,
        summaries=opened.in_force,
        call_backs=opened.in_force,
        hand_overs=storage.hand_overs,
        opt_outs=storage.opt_outs,
        deliveries=storage.outbox,
        rings=storage.rings,
        opinions=storage.satisfaction,
        stop_answers=opened.in_force,
        people_hours=opened.in_force.people_hours,
        agents_queue=twilio.agents_queue,
        agent_lines=storage.agent_lines,
        moves=rings_people(opened.settings),
        speech=twilio.speech,
        voice=twilio.voice,
        now=opened.clock.now,
    )


def _app(opened: _Opened, telephony: Telephony) -> FastAPI:
    """Every door: the phone line, the text page, residents, crews, staff, request systems."""
    settings, facts, storage, clock = opened.settings, opened.facts, opened.storage, opened.clock
    public_url = settings.server.public_url
    rounds = crew_desk(settings, facts.knowledge, storage, clock)
    app = FastAPI(title="Callbot encombrants", openapi_url=None)
    app.add_middleware(Hardened, https=public_url.startswith("https:"))
    app.include_router(telephony.router)
    written = WebDeps(opened.conversations, storage.events, clock, public_url, instead=_instead(opened))
    app.include_router(web_router(written))
    app.include_router(resident_router(resident_deps(settings, facts, storage, clock)))
    app.include_router(crew_router(CrewDeps(rounds, CrewLinks(opened.keys.index), clock, public_url)))
    app.include_router(staff_pages(opened.staff))
    app.include_router(icon_router(settings.theme.colour))
    app.include_router(figures_router(figures_deps(settings, facts.knowledge, storage, opened.staff)))
    app.include_router(register_router(register_deps(settings, lambda: facts.knowledge)))
    app.include_router(opened.desk.scripts.router())
    app.include_router(desk_router(opened.desk))
    app.include_router(planning_router(planning_deps(settings, facts.knowledge, opened.staff)))
    app.include_router(review_router(opened.review))
    app.include_router(rights_router(rights_deps(settings, storage, clock, opened.staff)))
    app.include_router(editing_router(editing_deps(opened.editing, storage, opened.staff)))
    app.include_router(open311_router(open311_deps(settings, facts, opened.services, storage)))
    return app


def _instead(opened: _Opened) -> Instead:
    """Who answers the text page while the bot does not."""
    phones = reads_phones(opened.facts, opened.clock)
    return Instead(opened.editing.cached.to_people, opened.in_force.people_hours, opened.in_force, phones)


def _readiness(storage: Storage) -> Readiness:
    """Everything else is loaded before the first request: the database can be away later, or the clock go wrong."""

    async def ready() -> Mapping[str, bool]:
        try:
            await storage.call_summary("readiness")
            agrees = await storage.clock_agrees()
        except Exception as failure:  # noqa: BLE001 - the edge of the database: whatever it raises, we are not ready
            log.warning("database_away", kind=type(failure).__name__)
            return {"database": False}
        if not agrees:
            log.error("clock_not_the_databases")
        return {"database": True, "clock": agrees}

    return ready
