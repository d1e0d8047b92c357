"""What is read from files at start, and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from callbot.domain.clock import Clock
from callbot.domain.geography import Point
from callbot.gazetteer import Gazetteer, ensure_gazetteer, open_gazetteer
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.privacy import KeyRing
from callbot.settings import LOCAL_ZONE, Settings
from callbot.storage import Connections, Storage
from callbot.understanding import Understander
from callbot.understanding.questions import QuestionPhrases


class SystemClock:
    """The wall clock in the métropole's zone."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(LOCAL_ZONE)


async def opened_storage(settings: Settings, keys: KeyRing, clock: Clock) -> Storage:
    """The database of these settings, for a process that stays; raises ``StorageAwayError``."""
    stored = settings.storage
    connections = Connections(stored.pool, stored.pool_overflow, stored.replica_url)
    return await Storage.open(settings.storage_url, keys, lambda: clock.now().astimezone(UTC), connections=connections)


@dataclass(slots=True)
class Sectors:
    """Which sector a commune belongs to, by the knowledge base in force: the address base outlives its versions."""

    knowledge: KnowledgeBase

    def __call__(self, insee: str, _point: Point | None) -> str | None:
        return self.knowledge.sector_of(insee)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is read from files at start. Another version of the knowledge base makes other facts, see ``living``."""

    knowledge: KnowledgeBase
    gazetteer: Gazetteer
    understander: Understander
    sectors: Sectors


def load_facts(settings: Settings, overlay: Mapping[str, str] | None = None) -> Facts:
    """Reads and checks knowledge base and address base, loads the language model. Blocking, a few seconds.

    ``overlay``: texts of a published version over the files of the knowledge base.
    Raises ``KnowledgeError`` with file, line and what is expected: the service does not start on a broken base.
    """
    knowledge = load_knowledge(settings.knowledge_dir, overlay)
    ensure_gazetteer(settings.gazetteer_file)
    sectors = Sectors(knowledge)
    gazetteer = open_gazetteer(settings.gazetteer_file, sector_of=sectors)
    understander = Understander(knowledge.catalogue, tuple(gazetteer.communes), questions_of(knowledge))
    understander.warm()
    return Facts(knowledge, gazetteer, understander, sectors)


def questions_of(knowledge: KnowledgeBase) -> tuple[QuestionPhrases, ...]:
    """Its questions as the understanding knows them."""
    return tuple(QuestionPhrases(entry.id, entry.variants) for entry in knowledge.questions)
