"""The caller's mind: what to do about a question, whatever the means by which it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from callbot.domain.keypad import on_keys
from callbot.domain.references import spoken_reference
from callbot.rehearsal.answers import Answers, AnyOf, HangUp, Judge, Noise, Press, Say, Silence, SingleAnswer, single
from callbot.rehearsal.scenario import CHOICES, DONT_KNOW, Call, Interruption, Scenario
from callbot.rehearsal.truth import HeardPrompt, agrees, wanted_choice

STATEMENTS: Final = frozenset(
    {"notice", "tell_human", "tell_ruling", "searching", "give_reference", "put_out", "hand_over", "emergency",
     "goodbye", "resume", "answer", "not_known", "tell_status", "tell_change", "tell_report", "calm",
     "other_language", "call_back", "hold_on"}
)  # fmt: skip
"""acts after which nobody waits for an answer; every other one is a question"""
_NONE_OF_THESE: Final = 9


@dataclass(frozen=True, slots=True)
class Words:
    """Speak: texts, and pauses in ms between them."""

    parts: tuple[str | int, ...]

    @property
    def text(self) -> str:
        """The texts as one line."""
        return " ".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class PressKeys:
    """Press ``keys``."""

    keys: str


@dataclass(frozen=True, slots=True)
class MakeNoise:
    """Let so many seconds of surroundings be heard."""

    seconds: float


@dataclass(frozen=True, slots=True)
class StayQuiet:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Hang up."""


Intention = Words | PressKeys | MakeNoise | StayQuiet | Leave


@dataclass(slots=True)
class Mind:
    """One caller in one call of a scenario; ``draw`` chooses between ways to answer."""

    scenario: Scenario
    call: Call
    draw: Random
    references: tuple[str, ...] = ()
    """of the bookings given"""
    unplanned: list[str] = field(default_factory=list)
    """acts that were asked and have no answer in the scenario"""
    _answers: Mapping[str, Answers] = field(init=False)
    _asked: Counter[str] = field(default_factory=Counter)
    _interrupted: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._answers = self.scenario.answers(self.scenario.calls.index(self.call))

    def answer(self, act: str, prompt: HeardPrompt | None) -> Intention:
        """What to do now that question ``act`` was heard to its end; ``prompt`` its words where somebody noted them."""
        answers = self._answers.get(act)
        if answers is None:
            self.unplanned.append(act)
            return Words((DONT_KNOW,))
        chosen = answers[min(self._asked[act], len(answers) - 1)]
        self._asked[act] += 1
        return self._intention(self.draw.choice(chosen.any) if isinstance(chosen, AnyOf) else chosen, prompt)

    def interruption(self, after: str) -> Interruption | None:
        """The one that follows prompt ``after``, once."""
        for place, each in enumerate(self.call.interrupts):
            if each.after == after and place not in self._interrupted:
                self._interrupted.add(place)
                return each
        return None

    @property
    def has_words(self) -> bool:
        """True when the scenario foresees that this caller speaks."""
        foreseen = (each for answers in self._answers.values() for each in single(answers))
        return bool(self.call.interrupts) or any(isinstance(each, Say | Judge) for each in foreseen)

    def _intention(self, answer: SingleAnswer, prompt: HeardPrompt | None) -> Intention:
        match answer:
            case Say(say=parts):
                return Words(tuple(self._filled(part) if isinstance(part, str) else part for part in parts))
            case Press(keys=keys):
                return PressKeys(self._reference_keys(keys) if keys.startswith("reference_") else keys)
            case Silence():
                return StayQuiet()
            case Noise(noise=seconds):
                return MakeNoise(seconds)
            case HangUp():
                return Leave()
            case Judge():
                return self._judged(answer, prompt)

    def _filled(self, text: str) -> str:
        for place, reference in enumerate(self.references, 1):
            text = text.replace(f"{{reference_{place}}}", spoken_reference(reference))
        return text

    def _reference_keys(self, keys: str) -> str:
        return on_keys(self.references[int(keys.removeprefix("reference_")) - 1].lower())

    def _judged(self, judge: Judge, prompt: HeardPrompt | None) -> Intention:
        """The truthful answer, with keys where the bot asks for keys; without anybody who noted the words, the caller
        trusts the bot."""
        if prompt is None:
            return Words((judge.right,))
        goal, by_keys = self.scenario.goal, "tapez 1" in prompt.text.lower()
        if prompt.act == "choose_address":
            choice = wanted_choice(goal, prompt.text)
            return PressKeys(str(choice or _NONE_OF_THESE)) if by_keys else Words((CHOICES[choice],))
        agreed = agrees(goal, prompt)
        if by_keys:
            return PressKeys("1" if agreed else "2")
        return Words((judge.right if agreed else judge.wrong,))
