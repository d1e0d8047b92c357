"""What a conversation stands on: ears, voice, the ports it asks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import lru_cache

from callbot.booking.people import PeopleDesk
from callbot.bootstrap.bookings import (
    booking_desk,
    message_templates,
)
from callbot.bootstrap.facts import Facts, SystemClock
from callbot.bootstrap.rights import wishes_of
from callbot.calls.address_hearing import AddressHearing
from callbot.calls.conversation import Services
from callbot.calls.ports import FindsAddresses
from callbot.calls.readings import about_something_else
from callbot.dialogue.acts import Say
from callbot.dialogue.completeness import Completeness, completeness_of, of_read_back
from callbot.dialogue.prompts import FIXED
from callbot.dialogue.state import World
from callbot.domain.clock import Clock
from callbot.domain.items import Catalogue
from callbot.domain.meaning import Expectation, HeardAddress
from callbot.gazetteer.geocoders import finder_for
from callbot.gazetteer.phonetics import sounds_of
from callbot.messages.texts import CallBackSms
from callbot.settings import Settings
from callbot.speech.closed_items import ItemReader, ItemSet
from callbot.speech.closed_sets import PlaceReader, PlaceSet
from callbot.speech.engine import Engine
from callbot.speech.hints import hints_for
from callbot.speech.listening import Heard, Listener
from callbot.speech.phrases import PhraseBook, choose_voice
from callbot.speech.readers import ReadingThreads
from callbot.speech.voice import Voice
from callbot.storage import Storage
from callbot.understanding import Understander
from callbot.understanding.sound import broad_sound


class Reader:
    """Sound -> words for a question: the hints of what was asked go with it."""

    def __init__(self, listener: Listener, threads: ReadingThreads) -> None:
        self._listener = listener
        self._threads = threads

    @property
    def wait_s(self) -> float:
        """See ``ReadingThreads``."""
        return self._threads.wait_s

    async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Heard:
        """Words in ``audio``, read as an answer to ``question``."""
        if question is None:
            return await self._listener.listen(audio, voiced_ms, hints_for(Expectation.ANY))
        expect, corrects = question.expect or Expectation.ANY, question.corrects
        hints = hints_for(expect, question.hints, corrects=corrects, voiced_ms=voiced_ms)
        return await self._listener.listen(audio, voiced_ms, hints)


def choose_voice_for(settings: Settings) -> Voice:
    """The voice these settings mean on this machine; raises ``VoiceUnavailableError``."""
    speech = settings.speech
    return choose_voice(speech.voice, settings.models_dir, settings.phrases_dir, FIXED, threads=speech.threads)


def phrase_book(settings: Settings) -> PhraseBook:
    """The voice with its fixed phrases, rendered now where they are not cached. Blocking."""
    book = PhraseBook(choose_voice_for(settings), settings.phrases_dir)
    book.render_fixed(FIXED)
    return book


def address_hearing(
    facts: Facts, engine: Engine, readers: Executor, busy: Callable[[], bool] = lambda: False
) -> AddressHearing:
    """Addresses by ear: the local base with the speech engine as its judge; ``busy``: others wait for the ears."""

    def read(text: str, insee: str | None) -> HeardAddress | None:
        today = SystemClock().now().date()
        return facts.understander.understand(text, Expectation.ADDRESS, today=today, insee=insee).address

    return AddressHearing(facts.gazetteer, engine, readers, read, busy=busy)


def place_reader(facts: Facts, engine: Engine) -> PlaceReader:
    """Communes and arrondissements as a closed set, by their sound."""
    return PlaceReader(engine, PlaceSet(tuple(facts.gazetteer.communes), sounds_of))


def item_reader(facts: Callable[[], Facts], engine: Engine) -> ItemReader:
    """The things of the catalogue in force as a closed set, by their sound where sounds are mixed up. Blocking."""

    @lru_cache(maxsize=1)
    def items(catalogue: Catalogue) -> ItemSet:
        return ItemSet(catalogue, broad_sound)

    def named(text: str) -> frozenset[str] | None:
        understood = facts().understander.understand(text, Expectation.ITEMS, today=SystemClock().now().date())
        return None if about_something_else(understood) else frozenset(line.item for line in understood.items)

    items(facts().knowledge.catalogue)
    return ItemReader(engine, lambda: items(facts().knowledge.catalogue), named)


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
        wishes=wishes_of(settings, storage, clock),
    )
    return Services(
        world=World(
            knowledge.catalogue,
            {commune.insee: commune for commune in facts.gazetteer.communes},
            asks_name=settings.calls.ask_name,
            asks_satisfaction=settings.calls.ask_satisfaction,
            rings=settings.twilio.can_ring,
            answers={entry.id: entry.answer for entry in knowledge.questions},
        ),
        understanding=facts.understander,
        addresses=addresses or finder_for(settings.gazetteer, facts.gazetteer),
        earlier=storage,
        bookings=booking_desk(settings, knowledge, storage, clock),
        log=storage.events,
        people=people,
        clock=clock,
        knowledge=knowledge.version,
    )


def completeness_in(understander: Understander, clock: Clock, text: str, question: Say) -> Completeness:
    """Whether ``text`` answers ``question`` whole, or the sentence hangs."""
    expect = question.expect or Expectation.ANY
    meaning = understander.understand(text, expect, today=clock.now().date())
    completeness = completeness_of(text, meaning, expect)
    return of_read_back(completeness, meaning) if question.corrects else completeness
