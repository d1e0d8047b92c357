"""Loads and checks ``knowledge_base/``: items, territories, questions and answers, opening hours, messages.

Belongs here: the schema, its errors with file and line, the coverage report. Does not belong here: any fact or rule.
"""

from callbot.knowledge.base import (
    KnowledgeBase,
    MessageTemplate,
    OpeningHours,
    Provenance,
    QuestionEntry,
    Rule,
    plain,
)
from callbot.knowledge.coverage import (
    CommuneCoverage,
    Filled,
    TerritoryCoverage,
    coverage,
    coverage_of_territories,
)
from callbot.knowledge.load import is_knowledge_file, knowledge_texts, load_knowledge
from callbot.knowledge.problems import KnowledgeError, Problem

__all__ = [
    "CommuneCoverage",
    "Filled",
    "KnowledgeBase",
    "KnowledgeError",
    "MessageTemplate",
    "OpeningHours",
    "Problem",
    "Provenance",
    "QuestionEntry",
    "Rule",
    "TerritoryCoverage",
    "coverage",
    "coverage_of_territories",
    "is_knowledge_file",
    "knowledge_texts",
    "load_knowledge",
    "plain",
]
