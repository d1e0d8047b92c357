"""One whole booking by ear, in virtual time: every sentence is said, sent down a line and heard by Whisper."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Final
from unittest.mock import patch

import numpy as np

from callbot.bootstrap import address_hearing, item_reader, place_reader
from callbot.calls import conversation as conversation_module
from callbot.calls.turn_by_turn import Answer, TurnByTurn
from callbot.dialogue.acts import Say
from callbot.domain.events import CallerSpoke, NoWords
from callbot.domain.meaning import Expectation
from callbot.rehearsal.by_text import Stage, run_on_text
from callbot.rehearsal.report import Run
from callbot.rehearsal.troupe import open_stage
from callbot.settings import Settings
from callbot.speech.codec import mulaw_to_pcm, pcm_to_samples
from callbot.speech.engines import load_engine
from callbot.speech.hints import hints_for
from callbot.speech.listening import Heard, Listener
from callbot.speech.voice import voiced_windows
from tests.bench.equity.callers import scenario
from tests.bench.equity.groups import GROUPS, Group, arrives
from tests.bench.equity.voices import said

_PATIENT_S: Final = 120.0
_WINDOW_MS: Final = 10
_ITEMS: Final = "items "
_PLACE: Final = ("the street", "the number", "the insee")


class Ending(StrEnum):
    """What became of a call."""

    RIGHT = "booked as wanted"
    WRONG = "booked otherwise"
    PERSON = "with a person"
    LOST = "without a booking or a person"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``address_right``, ``items_right``: of what was booked; ``turns``: what the caller said or typed.

    ``cpu_ms``: processor time of the bot for each turn, from the sound of the sentence to the answer in words.
    """

    ending: Ending
    address_right: bool
    items_right: bool
    turns: int
    cpu_ms: tuple[int, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """The ``place``-th caller of the ``group``-th group."""

    group: int
    place: int
    wish: dict[str, object]

    @property
    def key(self) -> str:
        """Changes with who calls and what for; kept hashed only."""
        group = GROUPS[self.group]
        return f"{group.name}|{[talker.name for talker in group.talkers]}|{group.styles}|{self.place}|{self.wish}"


@dataclass(frozen=True, slots=True)
class Ears:
    """Opened once a process."""

    stage: Stage
    listener: Listener


def open_ears(settings: Settings, stack: ExitStack) -> Ears:
    """Load everything; some seconds."""
    stage = open_stage(settings)
    engine = load_engine(settings.speech.model_copy(update={"threads": 1}), settings.models_dir)
    executor = stack.enter_context(ThreadPoolExecutor(1, "whisper"))
    facts = stage.facts
    finder = address_hearing(facts, engine, executor)
    items = item_reader(lambda: facts, engine)
    return Ears(replace(stage, addresses=finder), Listener(engine, executor, place_reader(facts, engine), items=items))


@dataclass(slots=True)
class _Mouth:
    """Conforms to ``by_text.Speaks``; notes what each answer cost."""

    ears: Ears
    group: Group
    place: int
    data_dir: Path
    cpu_ms: list[int] = field(default_factory=list)

    async def __call__(self, talk: TurnByTurn, question: Say | None, text: str) -> Answer:
        talker = self.group.talkers[self.place % len(self.group.talkers)]
        clip = said(talker, text, self.data_dir)
        voiced_ms = int(np.count_nonzero(voiced_windows(pcm_to_samples(mulaw_to_pcm(clip))))) * _WINDOW_MS
        # every turn of every caller has chances of its own, the same in all groups
        sound = arrives(clip, self.group.line, 1000 * self.place + len(self.cpu_ms))
        began = time.process_time()
        heard = await self._listen(sound, voiced_ms, question)
        answer = await _taken(talk, heard, voiced_ms)
        self.cpu_ms.append(round((time.process_time() - began) * 1000))
        return answer

    async def _listen(self, sound: bytes, voiced_ms: int, question: Say | None) -> Heard:
        if question is None:
            return await self.ears.listener.listen(sound, voiced_ms, hints_for(Expectation.ANY))
        expect = question.expect or Expectation.ANY
        hints = hints_for(expect, question.hints, corrects=question.corrects, voiced_ms=voiced_ms)
        return await self.ears.listener.listen(sound, voiced_ms, hints)


async def _taken(talk: TurnByTurn, heard: Heard, voiced_ms: int) -> Answer:
    """As ``telephony`` gives it to the conversation."""
    if not heard.text.strip():
        return await talk.take(NoWords())
    return await talk.take(CallerSpoke(heard.text, heard.hypotheses, heard.confidence, voiced_ms), heard.sound)


def hold(ears: Ears, job: Job) -> Outcome:
    """One call. However busy the machine is, what is found counts."""
    group = GROUPS[job.group]
    mouth = _Mouth(ears, group, job.place, ears.stage.settings.data_dir)
    with patch.object(conversation_module, "SERVICE_LIMIT_S", _PATIENT_S):
        run = asyncio.run(run_on_text(scenario(group, job.place, job.wish), ears.stage, speak=mouth))
    return outcome_of(run, tuple(mouth.cpu_ms))


def outcome_of(run: Run, cpu_ms: tuple[int, ...]) -> Outcome:
    """What a run left in the database. Raises ``RuntimeError`` where the service broke: that is no outcome to count."""
    if any("the service broke" in fault for fault in run.faults):
        raise RuntimeError(run.faults[0])
    booked = run.outcome == "booked"
    wrong_place = any(part in fault for fault in run.faults for part in _PLACE)
    wrong_items = any(_ITEMS in fault for fault in run.faults)
    marks = tuple(mark.partition(":")[0] for call in run.calls for mark in call.marks)
    turns = sum(call.deeds for call in run.calls)
    return Outcome(_ending(run), booked and not wrong_place, booked and not wrong_items, turns, cpu_ms, marks)


def _ending(run: Run) -> Ending:
    if run.outcome == "booked":
        return Ending.RIGHT if run.passed else Ending.WRONG
    return Ending.PERSON if run.outcome.startswith(("handed over", "call-back")) else Ending.LOST


_opened: Final[dict[str, Ears]] = {}
_stack: Final = ExitStack()


def begin(settings: Settings) -> None:
    """Runs once in each process, which keeps its ears to its end."""
    _opened["ears"] = open_ears(settings, _stack)


def work(job: Job) -> Outcome:
    """One call in such a process."""
    return hold(_opened["ears"], job)
