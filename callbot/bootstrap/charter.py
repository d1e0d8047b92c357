"""The charter, wired: facts about the program, its settings, its knowledge, its database, put before the checks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.metadata import distributions
from pathlib import Path

from callbot.bootstrap.register import CLAUSES, PEOPLE_PHONE, evidence_of, source_of
from callbot.dialogue.acts import DialogueAct, Say
from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.clock import Clock
from callbot.domain.events import CallAnswered, Channel, NoWords, PeopleChecked, Prompted
from callbot.domain.items import Verdict
from callbot.insight.figures import COLUMNS, By, CallFacts
from callbot.knowledge import KnowledgeBase
from callbot.privacy import KeyRing
from callbot.privacy.charter import CHECKS, Kind, Result, run
from callbot.privacy.charter.grounds import (
    CodeFacts,
    ConfigurationFacts,
    DatabaseFacts,
    Grounds,
    KnowledgeFacts,
    RegisterFacts,
    Said,
)
from callbot.privacy.dictionary import DICTIONARY, undocumented
from callbot.privacy.key_sources import unfit_for_the_public
from callbot.privacy.register import checksum, empty_sections, register_of
from callbot.privacy.retention import Rule, rules
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.web.register.router import RegisterDeps, register_page

_SOUNDS = frozenset({".wav", ".mp3", ".ogg", ".opus", ".flac", ".m4a", ".ulaw", ".raw"})
_OURS = frozenset({"phrases", "callers", "models", "rehearsals", "bench"})
"""folders of the data folder with sound that no caller made: our voice, models, simulated callers"""
_ROUNDS = 3
_A_DAY = timedelta(days=1)
CHARTER_EVERY_S = 1800.0
"""how often it is looked whether the day's run is due"""


async def judged(settings: Settings, knowledge: KnowledgeBase, storage: Storage, now: datetime) -> Result:
    """Run every check of the charter on what is here."""
    grounds = await grounds_of(settings, knowledge, storage, now)
    return run(CLAUSES, CHECKS, grounds)


async def keep(settings: Settings, result: Result) -> None:
    """Keep the run for the public page."""
    await asyncio.to_thread(evidence_of(settings).keep, Kind.CHARTER, result.document(), result.made_at)


async def grounds_of(settings: Settings, knowledge: KnowledgeBase, storage: Storage, now: datetime) -> Grounds:
    """Gather the facts."""
    database = await storage.charter.read(now)
    configuration = await asyncio.to_thread(configuration_facts, settings, storage.key_ring)
    return Grounds(
        now=now,
        code=await asyncio.to_thread(code_facts, knowledge),
        knowledge=knowledge_facts(knowledge),
        configuration=configuration,
        register=register_facts(settings, knowledge, database),
        database=await _with_journal(storage, database),
        evidence=await asyncio.to_thread(evidence_of(settings).all),
    )


async def _with_journal(storage: Storage, database: DatabaseFacts) -> DatabaseFacts:
    verdict = await storage.journal.verify()
    return replace(database, journal_holds=verdict.holds, journal_entries=verdict.entries)


def code_facts(knowledge: KnowledgeBase) -> CodeFacts:
    """Try the dialogue: how each channel opens, and what follows on three misunderstandings."""
    world = World(knowledge.catalogue, {}, answers={entry.id: entry.answer for entry in knowledge.questions})
    return CodeFacts(
        openings={channel.value: _opening(world, channel) for channel in Channel},
        ladder=_ladder(world),
        components=tuple(sorted({(one.metadata["Name"] or "").lower() for one in distributions()})),
        figure_parts=(*(by.value for by in By), *COLUMNS, *CallFacts.__dataclass_fields__),
    )


def _opening(world: World, channel: Channel) -> tuple[Said, ...]:
    return _said(step(State("probe", world), CallAnswered(None, channel))[1])


def _ladder(world: World) -> tuple[Said, ...]:
    """The question that waits after the greeting and after each misunderstanding."""
    state, acts = step(State("probe", world), CallAnswered(None))
    asked: list[Said] = []
    for round_ in range(_ROUNDS + 1):
        if round_:
            state, acts = step(state, NoWords())
        if not any(isinstance(act, Say) for act in acts):
            state, acts = step(state, PeopleChecked(open=True))
        for act in acts:
            if isinstance(act, Say):
                state, _ = step(state, Prompted(act.act, state.prompts + 1, act.text))
        asked.extend([one for one in _said(acts) if one.question][-1:])
    return tuple(asked)


def _said(acts: tuple[DialogueAct, ...]) -> tuple[Said, ...]:
    return tuple(
        Said(act.act.value, act.text, act.expect is not None, act.interruptible) for act in acts if isinstance(act, Say)
    )


def knowledge_facts(knowledge: KnowledgeBase) -> KnowledgeFacts:
    """What the knowledge base lacks of what was promised."""
    known = knowledge.provenance
    kinds = knowledge.catalogue.kinds
    rulings = [ruling for kind in kinds for ruling in (kind.ruling, *kind.by_territory.values())]
    return KnowledgeFacts(
        entries=len(known),
        samples=sum(entry.sample for entry in known.values()),
        unsourced=tuple(name for name, entry in known.items() if not (entry.source and entry.owner)),
        refused_without_way=tuple(
            sorted({one.item for one in rulings if one.verdict is not Verdict.ACCEPTED and not one.alternative})
        ),
        items=len(kinds),
        unexplained=tuple(_unexplained(knowledge)),
    )


def _unexplained(knowledge: KnowledgeBase) -> Iterator[str]:
    """Rules that decide about bookings, without an id, a source or a version to tell."""
    for territory in knowledge.territories:
        for rule in ("calendar", "cut_off", "limits", "household"):
            ground = territory.ground(rule)
            if not (ground.rule and ground.source and ground.version):
                yield f"{territory.id}/{rule}"
    for kind in knowledge.catalogue.kinds:
        found = kind.ruling.ground
        if kind.ruling.verdict is not Verdict.ACCEPTED and not (found and found.rule and found.source):
            yield f"items/{kind.id}"


def configuration_facts(settings: Settings, ring: KeyRing) -> ConfigurationFacts:
    """The settings in force, and the sounds in the data folder. Blocking."""
    speech, twilio = settings.speech, settings.twilio
    return ConfigurationFacts(
        asks_name=settings.calls.ask_name,
        model=speech.model,
        engine=speech.engine.value,
        carrier_hears_when_broken=twilio.configured and twilio.speech,
        sounds_kept=tuple(sounds_in(settings.data_dir)),
        weak_keys=unfit_for_the_public(settings, ring) if settings.server.public_url else ring.weaknesses,
        limits=limits_of(rules(settings.retention)),
    )


def limits_of(kept: tuple[Rule, ...]) -> dict[str, int]:
    """Days by table; the longest where one table holds several kinds of data."""
    tables = {table for rule in kept for table in rule.tables}
    return {table: max(rule.days for rule in kept if table in rule.tables) for table in sorted(tables)}


def sounds_in(folder: Path) -> Iterator[str]:
    """Sound files that neither our voice nor a simulated caller made, by the folder they are in and their ending."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix.lower() in _SOUNDS and inside.parts[0] not in _OURS:
            yield str(inside.parent / f"*{path.suffix.lower()}")


def register_facts(settings: Settings, knowledge: KnowledgeBase, database: DatabaseFacts) -> RegisterFacts:
    """Draw the public page as everybody gets it, and look for the checksum of what runs in it."""
    source = source_of(settings, knowledge)
    register = register_of(source)
    running = checksum(source)
    page = register_page(RegisterDeps(lambda: register, _never, (), PEOPLE_PHONE))
    shown = running if running in page and knowledge.version in page else ""
    return RegisterFacts(empty_sections(register), shown, running, undocumented(DICTIONARY, database.columns))


async def _never() -> Result | None:
    return None


class DailyCharter:
    """Runs the charter once a day of a service that the public can reach, so that its page is never older.

    Elsewhere (rehearsals, a developer's machine) nothing is kept: a database thrown away would speak for the service.
    """

    def __init__(
        self, settings: Settings, knowledge: Callable[[], KnowledgeBase], storage: Storage, clock: Clock
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._storage = storage
        self._clock = clock

    async def sweep(self) -> bool:
        """Run it when the last run is a day old; True when it was run."""
        if not self._settings.server.public_url:
            return False
        now = self._clock.now()
        last = await asyncio.to_thread(evidence_of(self._settings).read, Kind.CHARTER)
        if last is not None and now - last.made_at < _A_DAY:
            return False
        await keep(self._settings, await judged(self._settings, self._knowledge(), self._storage, now))
        return True
