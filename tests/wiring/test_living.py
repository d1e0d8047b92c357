"""A published version is taken over by running services: another answer, the same conversation, nobody cut off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from callbot.bootstrap import Facts, conversation_services, living, load_facts
from callbot.bootstrap.living import InForce, Living, Rebuilt, Shared, facts_in_force
from callbot.bootstrap.rehearsing import SCENARIOS, trial_of, wordings_astray
from callbot.calls.conversation import Conversations
from callbot.calls.turn_by_turn import TurnByTurn
from callbot.domain.events import Channel, GapNoted, Prompted
from callbot.editing.content import Draft, Kind, Trial, Version
from callbot.editing.publishing import Publishing
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.privacy import KeyRing
from callbot.rehearsal.scenario import load_scenarios
from callbot.settings import Settings
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.test_content import ENTRY, FOLDER, NEW, Rehearser

pytestmark = pytest.mark.process

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
ASKED = "est-ce que le camion est électrique ?"


class Process:
    """A service as ``serve`` opens it, without ears and doors; its one page says the version."""

    def __init__(self, facts: Facts, storage: Storage, clock: PinnedClock) -> None:
        # A process of its own has an address base of its own: what follows the version must not be shared.
        facts = replace(facts, sectors=replace(facts.sectors))
        self.settings = Settings(knowledge_dir=FOLDER)
        self.storage = storage
        services = conversation_services(self.settings, facts, storage, clock)
        self.conversations = Conversations(services)
        self.in_force = InForce(self.settings, facts, services, storage)
        self.app = self._app(facts)

        def around(facts: Facts) -> Rebuilt:
            return conversation_services(self.settings, facts, storage, clock), self._app(facts)

        shared = Shared(self.settings, storage, clock, self.conversations)
        self.living = Living(shared, self.in_force, 0, self.app, around)

    def _app(self, facts: Facts) -> FastAPI:
        app = FastAPI()
        app.get("/version")(lambda: facts.knowledge.version)
        return app

    async def page(self) -> str:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return str((await client.get("/version")).json())

    async def asks(self, call: str, words: str = ASKED) -> None:
        talk = TurnByTurn(await self.conversations.open(call))
        await talk.begin(None, Channel.TEXT)
        await talk.say(words)

    async def answers(self, call: str) -> list[Prompted]:
        events = await self.storage.events.events(call)
        return [event for event in events if isinstance(event, Prompted) and event.entry]


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    clock = PinnedClock()
    async with await Storage.open(f"sqlite+aiosqlite:///{tmp_path / 'living.db'}", KEYS, clock.now) as opened:
        yield opened
    await asyncio.sleep(0)


@pytest.fixture
async def processes(facts: Facts, storage: Storage) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        running = [Process(facts, storage, PinnedClock()) for _ in range(2)]
        for process in running:
            stack.push_async_callback(process.living.aclose)
            await process.living.start()
        yield running


async def test_every_process_takes_a_published_version_over_and_back(
    processes: list[Process], storage: Storage
) -> None:
    publishing = Publishing(storage.content, FOLDER, PinnedClock(), Rehearser())
    one, other = processes
    await one.asks("text-1")
    assert await one.answers("text-1") == []
    assert any(isinstance(event, GapNoted) for event in await storage.events.events("text-1"))
    delivered = await one.page()

    number = await publishing.propose(NEW, "a.essai")
    assert isinstance(number, int)
    await publishing.settled()
    version = await publishing.approve(number, "b.essai")
    assert isinstance(version, Version)
    for process in processes:
        assert await process.living.look()
        assert not await process.living.look()
        assert await process.page() == version.hash
        assert process.in_force.facts.sectors.knowledge.version == version.hash
    await other.asks("text-2")
    [answer, *_] = await other.answers("text-2")
    assert (answer.entry, answer.knowledge) == (ENTRY.id, version.hash)
    assert "roule au gaz" in answer.text

    assert isinstance(await publishing.restore(0, "a.essai", "réponse fausse"), Version)
    assert await one.living.look()
    assert await one.page() == delivered
    await one.asks("text-3")
    assert await one.answers("text-3") == []


async def test_a_conversation_going_on_goes_on(processes: list[Process], storage: Storage) -> None:
    one, _ = processes
    conversation = await one.conversations.open("text-1")
    talk = TurnByTurn(conversation)
    await talk.begin(None, Channel.TEXT)
    publishing = Publishing(storage.content, FOLDER, PinnedClock(), Rehearser())
    number = await publishing.propose(NEW, "a.essai")
    assert isinstance(number, int)
    await publishing.settled()
    assert isinstance(await publishing.approve(number, "b.essai"), Version)
    assert await one.living.look()
    assert await one.conversations.open("text-1") is conversation
    answer = await talk.say("je voudrais faire enlever un canapé")
    assert answer.question is not None


async def test_opening_hours_and_messages_are_followed_by_the_phone_line(
    processes: list[Process], storage: Storage
) -> None:
    one, _ = processes
    stopped = one.in_force.to_stop("SM1", "arret")
    assert (await one.in_force.check()).open
    assert stopped is not None
    publishing = Publishing(storage.content, FOLDER, PinnedClock(), Rehearser())
    texts = await publishing.texts()
    for file, old, new in (
        ("opening_hours.yaml", 'lundi: ["08:00-18:30"]', "lundi: []"),
        ("messages.yaml", "vous ne recevrez plus de SMS", "plus aucun SMS"),
    ):
        assert old in texts[file]
        number = await publishing.propose(
            Draft(Kind.FILE, file, texts[file].replace(old, new), "Accueil", "essai"), "a.essai"
        )
        assert isinstance(number, int), number
        await publishing.settled()
        assert isinstance(await publishing.approve(number, "b.essai"), Version)
    assert await one.living.look()
    assert not (await one.in_force.check()).open
    changed = one.in_force.to_stop("SM1", "arret")
    assert changed is not None
    assert "plus aucun SMS" in changed.text


def test_a_version_that_no_longer_fits_a_new_delivery_gives_way_to_its_files(tmp_path: Path) -> None:
    clock = PinnedClock()
    broken = Version(3, clock.now(), "b", "essai", {NEW.file: "---\nid: x\n---\nNon.\n"}, "0" * 64)
    settings = Settings(data_dir=tmp_path, knowledge_dir=FOLDER)
    assert facts_in_force(settings, broken).knowledge.version == load_facts(settings).knowledge.version


async def test_a_worker_goes_by_the_version_in_force_from_the_moment_it_is_published(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    begun_again = asyncio.Event()

    @asynccontextmanager
    async def chores(_settings: Settings, knowledge: KnowledgeBase, *_: object) -> AsyncIterator[None]:
        begun.append(knowledge.version)
        if len(begun) > 1:
            begun_again.set()
        yield
        begun.append("ended")

    monkeypatch.setattr(living, "booking_chores", chores)
    monkeypatch.setattr(living, "NEWS_EVERY_S", 0.0)
    publishing = Publishing(storage.content, FOLDER, PinnedClock(), Rehearser())
    number = await publishing.propose(NEW, "a.essai")
    assert isinstance(number, int)
    await publishing.settled()
    async with living.chores_in_force(Settings(knowledge_dir=FOLDER), storage, PinnedClock()):
        version = await publishing.approve(number, "b.essai")
        assert isinstance(version, Version)
        async with asyncio.timeout(60):
            await begun_again.wait()
    delivered = (await asyncio.to_thread(load_knowledge, FOLDER)).version
    assert begun == [delivered, "ended", version.hash, "ended"]


def test_wordings_that_lead_astray_are_named() -> None:
    before = load_knowledge(FOLDER)
    after = load_knowledge(FOLDER, {NEW.file: NEW.text})
    assert wordings_astray(before, after, NEW.file) == []
    taken = before.questions[0]
    stolen = NEW.text.replace(ENTRY.variants[0], f"dites-moi {taken.variants[0]}")
    lines = wordings_astray(before, load_knowledge(FOLDER, {NEW.file: stolen}), NEW.file)
    assert lines
    assert any(taken.id in line or ENTRY.id in line for line in lines)


def test_the_fixed_set_exists_and_its_verdict_is_read() -> None:
    assert [scenario.name for scenario in load_scenarios(SCENARIOS)] == list(SCENARIOS)
    said = (
        '{"scenarios": [{"name": "a", "runs": 1, "passed": 1, "faults": []},'
        ' {"name": "b", "runs": 2, "passed": 1, "faults": ["no booking"]}]}'
    )
    assert trial_of(said, passed=False) == Trial(False, ["a : réussi", "b : échoué (no booking)"])
