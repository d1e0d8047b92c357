"""Reads ``questions/*.yaml`` and ``questions/*.md``: questions in callers' words with their spoken answers.

A Markdown file holds one question: its front matter carries the keys, its body is the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from callbot.knowledge import provenance
from callbot.knowledge.base import QuestionEntry, plain
from callbot.knowledge.items import check_id
from callbot.knowledge.problems import Said
from callbot.knowledge.sheet import Entry, Sheet
from callbot.knowledge.spoken import check_length

_LEAST_VARIANTS = 3
_FRONT_MATTER = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


@dataclass(slots=True)
class Questions:
    """What was read so far, over all files."""

    entries: dict[str, QuestionEntry] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)

    def read(self, root: Entry) -> None:
        """Add the questions of one YAML file."""
        root.only("defaults", "questions")
        defaults = root.entry("defaults", optional=True)
        if defaults is not None:
            defaults.only(*provenance.KEYS)
        for entry in root.children("questions", defaults):
            entry.only("variants", "answer", *provenance.KEYS)
            self._add(entry, entry.name, entry.text("answer"))

    def read_markdown(self, sheet: Sheet, text: str) -> None:
        """Add the question of one Markdown file."""
        parts = _FRONT_MATTER.fullmatch(text)
        if parts is None:
            sheet.note(
                1,
                'expected front matter: a line "---", the keys, a line "---", then the answer',
                "il faut une ligne « --- », les clés, une ligne « --- », puis la réponse",
            )
            return
        sheet.offset = 1
        root = sheet.parse(parts[1])
        if root is None:
            return
        root.only("id", "variants", *provenance.KEYS)
        answer = " ".join(parts[2].split())
        if not answer:
            english = "the answer is missing; expected text after the front matter"
            sheet.note(
                parts[1].count("\n") + 2, english, "la réponse manque ; écrivez-la après la seconde ligne « --- »"
            )
        self._add(root, root.text("id"), answer)

    def _add(self, entry: Entry, question: str, answer: str) -> None:
        check_id(entry, question, "id")
        if question in self.entries:
            entry.note(
                f'question "{question}" appears twice; expected one entry for each',
                f"la question « {question} » est écrite deux fois ; il faut une seule fiche par question",
            )
        variants = entry.texts("variants", at_least=_LEAST_VARIANTS)
        for variant in variants:
            owner = self.variants.setdefault(plain(variant.text), question)
            if owner != question:
                variant.note(
                    f'"{variant.text}" is already a variant of the question "{owner}"; expected in one only',
                    f"« {variant.text} » est déjà une façon de poser la question « {owner} » ; une seule fiche l'a",
                )
        check_length(entry, Said(f"answer of {question}", f"réponse de {question}"), answer, "answer")
        origin = provenance.read_provenance(entry)
        self.entries[question] = QuestionEntry(question, tuple(value.text for value in variants), answer, origin)
