"""Regression cases replayed: a caller's words once more, on text, against today's understanding and dialogue.

A case comes from an annotation (``review.cases``): what a caller answered to each question up to the line that was
misunderstood, and what should have been understood of it. Words are given again when their question is asked; where
today's dialogue asks something else on the way, a willing caller answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml
from pydantic import Field, ValidationError, model_validator

from callbot.bootstrap import conversation_services
from callbot.calls.conversation import Conversation, Conversations
from callbot.calls.ports import FindsAddresses
from callbot.calls.turn_by_turn import Answer, TurnByTurn
from callbot.dialogue.address_policy import folded
from callbot.domain.addresses import StreetAddress
from callbot.domain.events import CallerSpoke, Channel, Event, KeysPressed, NothingHeard, NoWords, Prompted, Understood
from callbot.domain.meaning import Intent
from callbot.domain.personal import PhoneNumber
from callbot.rehearsal.answers import Strict
from callbot.rehearsal.by_text import MOST_TURNS, Stage, thrown_away_storage
from callbot.rehearsal.carrier import new_sid
from callbot.rehearsal.report import Run
from callbot.rehearsal.scenario import DONT_KNOW, Means, fictional_number
from callbot.rehearsal.virtual_time import VirtualClock

GROUP = "regressions"
_WILLING = (("confirm_", "Oui."), ("choose_", "La première."), ("recall_", "Non."), ("offer_", "Non."))


class CaseError(ValueError):
    """A case that cannot be used; the text names it and the place in it, never what a caller said."""


class Heard(Strict):
    """One answer: ``to`` the question (an act), words with their readings best first, or keys, silence, noise."""

    to: str
    said: tuple[str, ...] = ()
    confidence: float = 1.0
    language: str = ""
    keys: str = ""
    silence: bool = False
    noise: bool = False

    @property
    def event(self) -> Event:
        """As the call took it."""
        if self.said:
            return CallerSpoke(self.said[0], self.said, self.confidence, language=self.language)
        if self.keys:
            return KeysPressed(self.keys)
        return NoWords() if self.noise else NothingHeard()


class Understanding(Strict):
    """What should be understood; what is left out is not looked at."""

    street: str = ""
    number: int | None = None
    insee: str = ""
    items: dict[str, int] = Field(default_factory=dict)
    intent: Intent | None = None
    entry: str = ""


class Case(Strict):
    """A regression case. Personal: it holds a caller's words. The last answer is the one that is judged."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    call: str = ""
    at: datetime
    channel: Channel = Channel.PHONE
    answers: tuple[Heard, ...] = Field(min_length=1)
    expect: Understanding

    @model_validator(mode="after")
    def _can_fail(self) -> Case:
        if self.expect == Understanding():
            raise ValueError("expect: expected something to look at")
        return self


def read_case(name: str, text: str) -> Case:
    """The case in ``text``; raises ``CaseError``."""
    try:
        raw: Any = yaml.safe_load(text)
        return Case.model_validate(raw)
    except yaml.YAMLError:
        raise CaseError(f"{name}: not YAML") from None
    except ValidationError as error:
        # The message of the library would show what it read.
        places = [".".join(str(part) for part in each["loc"]) or "case" for each in error.errors()[:3]]
        raise CaseError(f"{name}: cannot be used: {', '.join(places)}") from None


async def replay(case: Case, stage: Stage, addresses: FindsAddresses | None = None) -> Run:
    """The run of a case on a database of its own; ``addresses``: another finder than that of the settings."""
    clock = VirtualClock(case.at)
    began = clock.now()
    async with thrown_away_storage(stage, clock) as storage:
        services = conversation_services(stage.settings, stage.facts, storage, clock, addresses)
        conversation = await Conversations(services).open(new_sid("CA"))
        caller = _Caller(case, TurnByTurn(conversation), clock)
        await caller.talk_on()
        events = await storage.events.events(conversation.call_id)
    faults = _faults(case, conversation, events, caller)
    seconds = (clock.now() - began).total_seconds()
    outcome = "misunderstood" if faults else "understood"
    return Run(case.name, tuple(faults), outcome, (), seconds, Means.TEXT.value, group=GROUP)


@dataclass(slots=True)
class _Caller:
    """Gives the answers of a case again, each when its question comes."""

    case: Case
    talk: TurnByTurn
    clock: VirtualClock
    given: int = 0
    """answers of the case that were given or passed over"""
    judged: bool = False
    turns: list[str] = field(default_factory=list)

    async def talk_on(self) -> None:
        """Until the judged answer was given, the call is over, or nobody would still be on the phone."""
        answer = await self.talk.begin(PhoneNumber(fictional_number(self.case.name)), self.case.channel)
        while answer.ended is None and not self.judged and len(self.turns) < MOST_TURNS:
            answer = await self._turn(answer)

    async def _turn(self, answer: Answer) -> Answer:
        act = answer.question.act.value if answer.question else ""
        self.turns.append(act)
        self.clock.advance(5)
        place = self._place(act)
        if place is None:
            return await self.talk.say(_willing(act))
        self.given = place + 1
        self.judged = self.given == len(self.case.answers)
        return await self.talk.take(self.case.answers[place].event)

    def _place(self, act: str) -> int | None:
        """The next answer to this question; a question may be asked no more, so answers in between are passed over."""
        later = range(self.given, len(self.case.answers))
        return next((place for place in later if self.case.answers[place].to == act), None)


def _willing(act: str) -> str:
    return next((words for beginning, words in _WILLING if act.startswith(beginning)), DONT_KNOW)


def _faults(case: Case, conversation: Conversation, events: Sequence[Event], caller: _Caller) -> list[str]:
    """What was not understood, by its field: never a value, they are a caller's."""
    found = [*_place_faults(case.expect, conversation), *_meaning_faults(case.expect, events)]
    expected = case.expect.items
    noted = {line.item: line.quantity for line in conversation.state.items}
    found += [f"items: {item} not noted as expected" for item, count in expected.items() if noted.get(item) != count]
    if found and not caller.judged:
        found.append(f"the question {case.answers[-1].to or 'at the beginning'} was not asked")
    return found


def _place_faults(expect: Understanding, conversation: Conversation) -> list[str]:
    where = conversation.state.where
    place = where.read
    if expect.street:
        return _address_faults(expect, place)
    found = []
    number = where.number if place is None else place.number
    if expect.number is not None and number != expect.number:
        found.append("number: not the one expected")
    if expect.insee and (place.insee if place else where.insee) != expect.insee:
        found.append("insee: not the commune expected")
    return found


def _address_faults(expect: Understanding, place: StreetAddress | None) -> list[str]:
    if place is None:
        return ["street: no single address was found"]
    wrong = {
        "street": folded(place.street) != folded(expect.street),
        "number": expect.number is not None and place.number != expect.number,
        "insee": bool(expect.insee) and place.insee != expect.insee,
    }
    return [f"{name}: not the one expected" for name, differs in wrong.items() if differs]


def _meaning_faults(expect: Understanding, events: Sequence[Event]) -> list[str]:
    meanings = [event.meaning for event in events if isinstance(event, Understood)]
    last = meanings[-1] if meanings else None
    found = []
    if expect.intent and (last is None or last.intent is not expect.intent):
        found.append(f"intent: not {expect.intent.value}")
    entries = {event.entry for event in events if isinstance(event, Prompted)}
    if expect.entry and expect.entry not in entries and (last is None or last.question != expect.entry):
        found.append(f"entry: not {expect.entry}")
    return found
