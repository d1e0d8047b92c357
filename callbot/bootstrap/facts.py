"""What is read from files at start, and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callbot.domain.geography import Point
from callbot.gazetteer import Gazetteer, ensure_gazetteer, open_gazetteer
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.settings import LOCAL_ZONE, Settings
from callbot.understanding import Understander
from callbot.understanding.questions import QuestionPhrases


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
