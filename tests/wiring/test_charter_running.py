"""The charter over the real program: a promise broken in code, settings or knowledge turns its clause red."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbot.bootstrap import charter as wired
from callbot.bootstrap.charter import DailyCharter, judged, keep
from callbot.bootstrap.register import evidence_of, register_deps
from callbot.dialogue import repair
from callbot.dialogue.prompts import NOTICES
from callbot.domain.events import Channel
from callbot.insight.figures import COLUMNS
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.privacy import KeyRing
from callbot.privacy.charter import Kind, Result, Verdict
from callbot.settings import Server, Settings, Speech
from callbot.storage import Storage
from tests.booking.sample import PinnedClock

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
DRAWN = bytes((number * 97 + number * number * 13 + 5) % 256 for number in range(32))
OTHER = bytes((number * 61 + number * number * 29 + 7) % 256 for number in range(32))
Breaks = Callable[["World"], None]


class World:
    """A set-up of its own, to be broken."""

    def __init__(self, folder: Path, knowledge: KnowledgeBase, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.settings = Settings.model_construct(data_dir=folder)
        self.keys = KeyRing({"drawn": DRAWN}, "drawn", OTHER)
        self.knowledge = knowledge
        self.patch = patch

    async def result(self) -> Result:
        url = f"sqlite+aiosqlite:///{self.folder / 'callbot.db'}"
        async with await Storage.open(url, self.keys, lambda: NOW) as storage:
            return await judged(self.settings, self.knowledge, storage, NOW)


def no_notice(world: World) -> None:
    spoken, way = NOTICES[Channel.PHONE]
    shortened = (("Bonjour, ici la Métropole.", *spoken[1:]), way)
    world.patch.setattr("callbot.dialogue.step.NOTICES", {**NOTICES, Channel.PHONE: shortened})


def never_a_person(world: World) -> None:
    world.patch.setattr(repair, "STRIKES", 99)


def no_other_way(world: World) -> None:
    kind = next(one for one in world.knowledge.catalogue.kinds if one.ruling.alternative)
    kinds = {one.id: one for one in world.knowledge.catalogue.kinds}
    kinds[kind.id] = replace(kind, ruling=replace(kind.ruling, alternative=""))
    world.knowledge = replace(world.knowledge, catalogue=type(world.knowledge.catalogue)(kinds))


def sound_on_the_disk(world: World) -> None:
    (world.folder / "calls").mkdir()
    (world.folder / "calls" / "one.wav").write_bytes(b"RIFF")


def no_source(world: World) -> None:
    name, entry = next(iter(world.knowledge.provenance.items()))
    known = {**world.knowledge.provenance, name: replace(entry, source="")}
    world.knowledge = replace(world.knowledge, provenance=known)


def mute_page(world: World) -> None:
    world.patch.setattr(wired, "register_page", lambda _deps: "<p>Bientôt.</p>")


def large_model(world: World) -> None:
    world.settings = world.settings.model_copy(update={"speech": Speech(model="/models/large-v3")})


def figures_of_agents(world: World) -> None:
    world.patch.setattr("callbot.bootstrap.charter.COLUMNS", (*COLUMNS, "agent"))


def counted_up_key(world: World) -> None:
    world.keys = KeyRing({"drawn": bytes(range(32))}, "drawn", OTHER)


BROKEN: list[tuple[int, Breaks]] = [
    (1, no_notice),
    (3, never_a_person),
    (4, no_other_way),
    (7, sound_on_the_disk),
    (9, no_source),
    (13, mute_page),
    (15, large_model),
    (17, figures_of_agents),
    (19, counted_up_key),
]


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    return load_knowledge(Path("knowledge_base"))


@pytest.fixture
def world(tmp_path: Path, knowledge: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, knowledge, monkeypatch)


async def test_a_new_set_up_breaks_nothing_and_claims_only_what_was_measured(world: World) -> None:
    result = await world.result()
    found = {one.number: one.verdict for one in result.findings}
    assert result.broken == ()
    assert found[1] is found[3] is found[6] is found[13] is found[14] is Verdict.KEPT
    assert found[2] is found[10] is found[15] is found[18] is Verdict.NOT_MEASURED


@pytest.mark.parametrize(("number", "breaks"), BROKEN, ids=[f"{n}-{b.__name__}" for n, b in BROKEN])
async def test_a_promise_broken_for_real_turns_exactly_its_clause_red(
    world: World, number: int, breaks: Breaks
) -> None:
    await asyncio.to_thread(breaks, world)
    assert (await world.result()).broken == (number,)


async def test_the_last_run_is_what_the_public_page_shows(world: World) -> None:
    deps = register_deps(world.settings, lambda: world.knowledge)
    assert await deps.last_run() is None
    result = await world.result()
    await keep(world.settings, result)
    assert await deps.last_run() == result
    other = {"clauses": "another version's"}
    await asyncio.to_thread(evidence_of(world.settings).keep, Kind.CHARTER, other, NOW)
    assert await deps.last_run() is None


async def test_a_public_service_runs_it_once_a_day_and_others_keep_nothing(world: World) -> None:
    url = f"sqlite+aiosqlite:///{world.folder / 'callbot.db'}"
    clock = PinnedClock(NOW)
    async with await Storage.open(url, world.keys, lambda: NOW) as storage:
        private = DailyCharter(world.settings, lambda: world.knowledge, storage, clock)
        assert not await private.sweep()
        assert not (world.folder / "evidence").exists()
        public = world.settings.model_copy(update={"server": Server(public_url="https://bot.example.fr")})
        daily = DailyCharter(public, lambda: world.knowledge, storage, clock)
        assert await daily.sweep()
        assert not await daily.sweep()
        clock.advance(days=1)
        assert await daily.sweep()
