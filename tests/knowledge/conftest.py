"""A small correct knowledge base, written anew for each test, that a test then breaks in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from callbot.knowledge import KnowledgeBase, load_knowledge

REAL = Path(__file__).parents[2] / "knowledge_base"

_ORIGIN = """source: "a document"
certainty: S
owner: "somebody"
valid_from: 2026-01-01
"""

FILES = {
    "items/items.yaml": """defaults:
  source: "a document"
  certainty: S
  volume_certainty: S
  owner: "somebody"
  valid_from: 2026-01-01
items:
  canape:
    label: canapé
    plural: canapés
    gender: m
    volume_m3: 1.5
    synonyms: [sofa, divan]
    verdict: accepted
  pneu:
    label: pneu
    plural: pneus
    gender: m
    volume_m3: 0.1
    synonyms: [roue]
    verdict: refused
    alternative: "Un garage le reprend."
""",
    "territories/nord.yaml": _ORIGIN
    + """id: nord
name: Nord
mode: appointment
communes:
  13201: Marseille 1er
  13002: Allauch
cut_off: {days_before: 1, at: "12:00"}
put_out:
  evening_before: true
  start: "19:00"
  latest: "05:00"
  place: trottoir
  spoken: "Sortez-les la veille au soir."
limits: {max_items: 6, max_volume_m3: 3}
horizon_days: 28
sectors:
  centre:
    name: Centre
    communes: [13201]
    weekdays: [lundi, jeudi]
    capacity: 20
verdicts:
  pneu:
    verdict: ask_human
    alternative: "Un conseiller vous répond."
""",
    "territories/sud.yaml": _ORIGIN
    + """id: sud
name: Sud
mode: unknown
communes:
  13056: Martigues
""",
    "questions/questions.yaml": """defaults:
  source: "a document"
  certainty: S
  owner: "somebody"
  valid_from: 2026-01-01
questions:
  prix:
    variants: ["combien ça coûte", "est-ce payant", "quel est le prix"]
    answer: "C'est gratuit."
""",
    "questions/robot.md": """---
id: robot
variants: ["êtes-vous un robot", "une machine", "un répondeur"]
source: "charter"
certainty: I
owner: "somebody"
valid_from: 2026-01-01
sample: true
---
Oui, je suis
une machine.
""",
    "opening_hours.yaml": _ORIGIN
    + """open_on_holidays: false
hours:
  lundi: ["08:00-18:30"]
  mardi: ["08:00-12:00", "14:00-18:00"]
  mercredi: []
  jeudi: []
  vendredi: []
  samedi: ["07:30-17:30"]
  dimanche: []
""",
    "messages.yaml": """defaults:
  source: "a document"
  certainty: S
  owner: "somebody"
  valid_from: 2026-01-01
messages:
  confirmation:
    text: "Rendez-vous {reference} le {date}."
  amendment:
    text: "Nouveau : {reference}, {date}."
  cancellation:
    text: "Plus de {reference}, {date}."
  reminder:
    text: "Demain {reference}, {date}."
  replanned:
    text: "Reporté {reference}, {date}."
  collected:
    text: "Pris {reference}, {date}."
  not_presented:
    text: "Rien vu {reference}, {date}."
  not_conform:
    text: "Laissé {reference}, {date} : {reason}."
  inaccessible:
    text: "Fermé {reference}, {date}."
  missed:
    text: "Pas venus {reference}, {date}."
  call_back:
    text: "Rappel : {date}, {first}-{last}."
  stopped:
    text: "Plus rien."
  started:
    text: "De nouveau."
reasons:
  other_items:
    text: "autres objets"
  too_much:
    text: "trop d'objets"
  not_taken:
    text: "pas pris"
  blocks_the_way:
    text: "mal mis"
  no_reference:
    text: "sans référence"
""",
}

Breaks = Callable[[str, str, str], int]
"""(file, old text, new text) -> line of the old text"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def breaks(folder: Path) -> Breaks:
    def replace(file: str, old: str, new: str) -> int:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must be there once in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture(scope="session")
def real() -> KnowledgeBase:
    return load_knowledge(REAL)
