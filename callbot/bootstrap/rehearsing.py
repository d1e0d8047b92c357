"""Rehearsals of a knowledge base that is not in force yet, in a process of their own: calls going on are not slowed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from callbot.bootstrap.facts import questions_of
from callbot.editing.content import Trial
from callbot.knowledge import KnowledgeBase, is_knowledge_file, load_knowledge
from callbot.understanding.questions import QuestionFinder

SCENARIOS: Final = ("how_much", "opening_hours", "when_to_put_out", "booking_step_by_step", "cancel_own_number")
"""the small fixed set: questions, a booking, a cancellation"""
LIMIT_S: Final = 300.0
_PROGRAM: Final = "import os; os.nice(15); from callbot.cli import main; main()"


class ProcessRehearsals:
    """Conforms to ``editing.content.Rehearses``. ``folder``: of the delivered knowledge base."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def __call__(self, files: Mapping[str, str], changed: str) -> Trial:
        """Wordings first, which take a moment; scenarios only where they lead where they should."""
        before, after = await asyncio.to_thread(_both, self._folder, files)
        astray = await asyncio.to_thread(wordings_astray, before, after, changed)
        if astray:
            return Trial(passed=False, lines=astray)
        return await _scenarios(files)


def wordings_astray(before: KnowledgeBase, after: KnowledgeBase, changed: str) -> list[str]:
    """Wordings that lead elsewhere than to their entry: those that did not do so before, and all of what changed."""
    old, new = QuestionFinder(questions_of(before)), QuestionFinder(questions_of(after))
    known = {entry.id: entry.variants for entry in before.questions}
    lines = []
    for entry in after.questions:
        fresh = entry.variants != known.get(entry.id) or changed == f"questions/{entry.id}.md"
        for wording in entry.variants:
            if _leads_to(new, wording) != entry.id and (fresh or _leads_to(old, wording) == entry.id):
                lines.append(f"« {wording} » ne mène pas à la fiche {entry.id}")
    return lines


def _leads_to(finder: QuestionFinder, wording: str) -> str | None:
    found = finder.find(wording)
    return found.id if found else None


def _both(folder: Path, files: Mapping[str, str]) -> tuple[KnowledgeBase, KnowledgeBase]:
    return load_knowledge(folder), load_knowledge(folder, files)


async def _scenarios(files: Mapping[str, str]) -> Trial:
    with tempfile.TemporaryDirectory() as scratch:
        await asyncio.to_thread(_written, Path(scratch), files)
        command = (sys.executable, "-c", _PROGRAM, "rehearse", *SCENARIOS, "--json", "--parallel", "1")
        # The settings of this process, with another knowledge base: what runs is what would be in force.
        environment = {**os.environ, "CALLBOT_KNOWLEDGE_DIR": scratch}
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(LIMIT_S):
                output, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    return trial_of(output.decode(), passed=process.returncode == 0)


def trial_of(output: str, *, passed: bool) -> Trial:
    """What ``callbot rehearse --json`` said, a line for each scenario."""
    lines = []
    for each in json.loads(output)["scenarios"]:
        well = each["passed"] == each["runs"]
        faults = "; ".join(dict.fromkeys(each["faults"]))
        lines.append(f"{each['name']} : {'réussi' if well else 'échoué'}{f' ({faults})' if faults else ''}")
    return Trial(passed, lines)


def _written(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        if not is_knowledge_file(name):
            raise ValueError("not a file of the knowledge base")
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
