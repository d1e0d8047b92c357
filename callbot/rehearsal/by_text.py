"""Rehearsals on text: the whole service but sound and socket, in process and in virtual time.

``speak`` may put the caller's words through a line and ears of its own: the bench of equity does.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from callbot.bootstrap import Facts, conversation_services
from callbot.calls.conversation import Conversations
from callbot.calls.ports import FindsAddresses
from callbot.calls.turn_by_turn import Answer, TurnByTurn
from callbot.dialogue.acts import Say
from callbot.domain.bookings import Booking
from callbot.domain.events import Channel, NoWords
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import PhoneNumber
from callbot.messages.console import ConsoleSender
from callbot.messages.worker import OutboxWorker
from callbot.privacy import KeyRing
from callbot.rehearsal.carrier import new_sid
from callbot.rehearsal.given import Giver
from callbot.rehearsal.judge import Outcome, faults, in_words, ring_faults
from callbot.rehearsal.mind import Intention, Leave, MakeNoise, Mind, PressKeys, StayQuiet, Words
from callbot.rehearsal.report import CallReport, End, Line, Run, Turn, Who
from callbot.rehearsal.scenario import Means, Scenario
from callbot.rehearsal.truth import HeardPrompt
from callbot.rehearsal.variation import worded
from callbot.rehearsal.virtual_time import WORKDAY, VirtualClock, answer_seconds, prompt_seconds
from callbot.rehearsal.witness import DatabaseWitness
from callbot.settings import Settings
from callbot.storage import Storage

MOST_TURNS: Final = 40
"""after so many nobody would still be on the phone"""
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of random name is made in it


@dataclass(frozen=True, slots=True)
class Stage:
    """What all runs share."""

    settings: Settings
    facts: Facts
    keys: KeyRing = field(repr=False)
    addresses: FindsAddresses | None = None
    """another finder than the one the settings name"""


Speaks = Callable[[TurnByTurn, Say | None, str], Awaitable[Answer]]
"""lets words in answer to a question reach the service"""


async def typed(talk: TurnByTurn, _question: Say | None, text: str) -> Answer:
    """The words arrive as they are."""
    return await talk.say(text)


@dataclass(frozen=True, slots=True)
class _Performance:
    """One run: its own database, its own time."""

    stage: Stage
    scenario: Scenario
    storage: Storage
    clock: VirtualClock
    draw: Random
    on_line: Callable[[Line], None]
    speak: Speaks


async def run_on_text(
    scenario: Scenario,
    stage: Stage,
    seed: int = 0,
    on_line: Callable[[Line], None] = lambda line: None,
    *,
    speak: Speaks = typed,
) -> Run:
    """All calls of one scenario in a row, on a database of its own; the same ``seed``, the same run."""
    clock = VirtualClock(scenario.at or WORKDAY)
    today = clock.now().date()
    reports: list[CallReport] = []
    found: list[str] = []
    outcome = "not judged"
    async with thrown_away_storage(stage, clock) as storage:
        given = await Giver(stage.settings, stage.facts, storage, today).make(scenario)
        draw = Random(f"{scenario.name}:{seed}")  # noqa: S311 - chooses words, guards nothing
        performance = _Performance(stage, scenario, storage, clock, draw, on_line, speak)
        for place, call in enumerate(scenario.calls):
            if place:
                clock.advance(call.wait_minutes * 60)
            label = f"call {place + 1}: " if len(scenario.calls) > 1 else ""
            mind = Mind(scenario, call, draw, tuple(booking.reference for booking in given))
            try:
                report = await _call(performance, mind)
            except Exception as failure:  # noqa: BLE001 - what breaks one call must not hide what the others show
                found.append(f"{label}the service broke: {type(failure).__name__}: {failure}")
                break
            reports.append(report)
            left = await _left_behind(performance, report.call_id, given)
            problems = ring_faults(call.expect, report, has_words=mind.has_words)
            if report.end is End.TOO_LONG:
                problems.append(f"no end after {MOST_TURNS} turns")
            problems += faults(call.expect, left, today, given)
            outcome = in_words(left)
            found += [label + problem for problem in problems]
    seconds = sum(report.seconds for report in reports)
    return Run(scenario.name, tuple(found), outcome, tuple(reports), seconds, Means.TEXT.value, seed, scenario.group)


@asynccontextmanager
async def thrown_away_storage(stage: Stage, clock: VirtualClock) -> AsyncIterator[Storage]:
    """A database that is thrown away; in memory where the machine has such a folder, for nobody needs it to last."""
    folder = await asyncio.to_thread(_new_folder)
    try:
        url = f"sqlite+aiosqlite:///{Path(folder.name) / 'rehearsal.db'}"
        async with await Storage.open(url, stage.keys, lambda: clock.now().astimezone(UTC)) as storage:
            yield storage
    finally:
        await asyncio.to_thread(folder.cleanup)


def _new_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None)


async def _left_behind(performance: _Performance, call_id: str, given: list[Booking]) -> Outcome:
    """The outcome, once the messages went out."""
    storage, clock = performance.storage, performance.clock
    sender = ConsoleSender(storage.shown_sms, lambda number, text: None, clock)
    await OutboxWorker(storage.outbox, {MessageChannel.SMS: sender}, clock).run_once()
    witness = DatabaseWitness(storage, clock.now, sms_within_s=0)
    return await witness.outcome(call_id, [booking.reference for booking in given])


async def _call(performance: _Performance, mind: Mind) -> CallReport:
    """One call from the first word to the last."""
    stage, scenario, clock = performance.stage, performance.scenario, performance.clock
    services = conversation_services(stage.settings, stage.facts, performance.storage, clock, stage.addresses)
    report = CallReport(new_sid("CA"))
    talk = TurnByTurn(await Conversations(services).open(report.call_id))
    began = clock.now()
    caller = None if scenario.caller == "anonymous" else PhoneNumber(scenario.caller)
    exchange = _Exchange(performance, mind, talk, report, began)
    answer = await talk.begin(caller, Channel.PHONE)
    while (next_answer := await exchange.turn(answer)) is not None:
        answer = next_answer
    report.seconds = (clock.now() - began).total_seconds()
    report.unplanned = mind.unplanned
    return report


@dataclass(slots=True)
class _Exchange:
    """The turns of one call."""

    performance: _Performance
    mind: Mind
    talk: TurnByTurn
    report: CallReport
    began: datetime

    async def turn(self, answer: Answer) -> Answer | None:
        """Hears ``answer`` and does something about it; None when the call is over."""
        last = self._hear(answer)
        if answer.ended is not None:
            self.report.end = End.DIAL if answer.hand_over else End.HANG_UP
            return None
        if self.report.deeds + self.report.silences >= MOST_TURNS:
            self.report.end = End.TOO_LONG
            await self.talk.leave()
            return None
        intention = self._intention(answer, last)
        self.performance.clock.advance(answer_seconds(intention, self.mind.scenario.manners.delay_ms))
        if answer.question:
            self.report.turns.append(Turn(answer.question.act.value, 0.0))
        return await self._do(intention, answer.question)

    def _hear(self, answer: Answer) -> HeardPrompt | None:
        """Notes every prompt and lets its time pass; the question, where there is one."""
        asked = None
        for say in answer.said:
            number = len(self.report.marks) + 1
            self.report.marks.append(f"{say.act.value}:{number}")
            self._note(Who.BOT, say.text, say.act.value)
            self.performance.clock.advance(prompt_seconds(say))
            self.report.prompts.append(say)
            if say is answer.question:
                asked = HeardPrompt(say.act.value, number, say.text)
        return asked

    def _intention(self, answer: Answer, asked: HeardPrompt | None) -> Intention:
        interruptions = [found for say in answer.said if (found := self.mind.interruption(say.act.value))]
        if interruptions:
            return Words((interruptions[0].say,))
        if asked is None:
            return StayQuiet()
        intention = self.mind.answer(asked.act, asked)
        return self._in_my_words(intention) if isinstance(intention, Words) else intention

    def _in_my_words(self, words: Words) -> Words:
        manners, draw = self.mind.scenario.manners, self.performance.draw
        return Words(tuple(worded(part, manners, draw) if isinstance(part, str) else part for part in words.parts))

    async def _do(self, intention: Intention, question: Say | None) -> Answer | None:
        match intention:
            case Words():
                self.report.utterances += 1
                self.report.deeds += 1
                self._note(Who.CALLER, intention.text)
                return await self.performance.speak(self.talk, question, intention.text)
            case PressKeys(keys):
                self.report.deeds += 1
                self._note(Who.LINE, f"[touche {' '.join(keys)}]")
                return await self.talk.press(keys)
            case MakeNoise():
                self.report.silences += 1
                self._note(Who.CALLER, "[bruit]")
                return await self.talk.take(NoWords())
            case StayQuiet():
                self.report.silences += 1
                self._note(Who.CALLER, "[silence]")
                return await self.talk.stay_silent()
            case Leave():
                self.report.deeds += 1
                self.report.end = End.CALLER_LEFT
                self._note(Who.LINE, "L'appelant raccroche.")
                await self.talk.leave()
                return None

    def _note(self, who: Who, text: str, act: str = "") -> None:
        at_s = (self.performance.clock.now() - self.began).total_seconds()
        line = Line(who, at_s, text, act)
        self.report.lines.append(line)
        self.performance.on_line(line)
