"""Scenarios: who rings, what for, how they answer each question, and what must be in the database afterwards."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from callbot.domain.bookings import BookingStatus, NotConform
from callbot.rehearsal.answers import Answers, Judge, Strict, single, texts
from callbot.rehearsal.bases import answers_of_base
from callbot.rehearsal.expectations import E164, Expect
from callbot.rehearsal.goal import Goal

SCENARIOS_DIR: Final = Path(__file__).parent / "scenarios"

_FICTION: Final = "+3363998"
"""French mobile numbers kept free for films and books (ARCEP): 06 39 98 00 00 and the 9,999 after it"""


class ScenarioError(ValueError):
    """A scenario that cannot be used; the text names the file, the place in it and what is expected there."""


class Speaker(StrEnum):
    """Who speaks: each is another voice."""

    WOMAN = "woman"
    MAN = "man"
    ENGLISH = "english"
    SPANISH = "spanish"


class Means(StrEnum):
    """How a scenario is rehearsed."""

    TEXT = "text"
    """in process and in virtual time"""
    SOUND = "sound"
    """over the media socket in real time"""


class Style(StrEnum):
    """How somebody talks; on text only, sound has its own pauses and noises."""

    HESITANT = "hesitant"
    HASTY = "hasty"
    POLITE = "polite"
    RAMBLING = "rambling"


def _listed(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


class Manners(Strict):
    """How the caller behaves on the line."""

    delay_ms: int = Field(600, ge=0, le=20_000)
    """between the end of a question and the answer"""
    gain_db: float = Field(0, ge=-20, le=10)
    noise_db: float | None = Field(None, ge=-70, le=-20)
    """loudness of the surroundings all along the call, dB below full scale; None: a quiet room"""
    styles: Annotated[tuple[Style, ...], BeforeValidator(_listed)] = ()
    mishearing: float = Field(0, ge=0, le=0.5)
    """on text: how likely each word is to arrive as speech recognition mishears"""


class Interruption(Strict):
    """Speak over the prompt that follows the prompt ``after``, ``ms`` after it began. Once a call.

    On text the words take the place of an answer.
    """

    after: str
    ms: int = Field(600, ge=0)
    say: str


class Call(Strict):
    """One call: the answers for the 1st, 2nd, 3rd... time an act is asked; the last one is given again after that."""

    answers: Mapping[str, Answers] = {}
    interrupts: tuple[Interruption, ...] = ()
    wait_minutes: int = Field(1, ge=0, le=10_000)
    """between the end of the call before and this one; virtual time only"""
    expect: Expect


class Given(Strict):
    """A booking made before the call, at the goal's address unless another is named."""

    items: Mapping[str, int] = Field(min_length=1)
    day: int
    """days from today: the first day with room from there on, the last one before it where negative"""
    phone: str | Literal["none"] | None = None
    """None: the goal's"""
    street: str | None = None
    number: int | None = None
    insee: str | None = None
    outcome: BookingStatus | None = None
    """what the crew found on its day"""
    not_conform: NotConform | None = None


class Scenario(Strict):
    """A whole rehearsal: one caller, one call or several in a row.

    ``goal`` may be left out of ``expect``: a booking expected is at its address, with its things, for its phone.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    group: str = ""
    """the folder it lies in"""
    caller: str = Field(pattern=rf"{E164}|^anonymous$")
    """without it: a number of fiction that no other scenario has"""
    speaker: Speaker = Speaker.WOMAN
    base: Literal["none", "resident"] = "none"
    """``resident``: questions without an answer here are answered as the goal says"""
    means: Annotated[tuple[Means, ...], BeforeValidator(_listed), Field(alias="channels", min_length=1)] = (
        Means.TEXT,
        Means.SOUND,
    )
    at: datetime | None = None
    """local time of the first call; None: a weekday at ten in the morning"""
    given: tuple[Given, ...] = ()
    goal: Goal = Goal()
    manners: Manners = Manners()
    longest_s: float = Field(180, gt=0, le=900)
    calls: tuple[Call, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _what_goes_without_saying(cls, raw: Any) -> Any:
        """Fills in the caller's number, the number to confirm to, and what an expected booking shares with the goal."""
        if not isinstance(raw, dict) or not isinstance(raw.get("goal", {}), dict):
            return raw
        caller = raw.get("caller", fictional_number(str(raw.get("name", ""))))
        goal = dict(raw.get("goal", {}))
        if str(caller).startswith(("+336", "+337")):
            goal.setdefault("phone", caller)
        return {**raw, "caller": caller, "goal": goal, "calls": _with_goal(raw.get("calls"), goal)}

    @model_validator(mode="after")
    def _can_be_judged(self) -> Scenario:
        for place, call in enumerate(self.calls):
            judged = {
                act
                for act, answers in self.answers(place).items()
                if any(isinstance(each, Judge) for each in single(answers))
            }
            if judged & {"confirm_address", "choose_address"} and not self.goal.street:
                raise ValueError("'judge' needs goal.street (and goal.number) to compare with")
            if "confirm_phone" in judged and not self.goal.phone and "confirm_phone" in call.answers:
                raise ValueError("'judge' needs goal.phone to compare with")
            if len(call.expect.given) not in (0, len(self.given)):
                raise ValueError(f"expect.given: expected one entry for each of the {len(self.given)} given bookings")
        if Means.SOUND in self.means and any("{reference" in text for text in self.clips):
            raise ValueError("a reference is said on text only: expected channels: text")
        if self.base == "resident" and not self.goal.street:
            raise ValueError("base 'resident' needs a goal to answer from: expected goal.street")
        return self

    def answers(self, place: int) -> Mapping[str, Answers]:
        """The answers in call ``place``: its own, and the base's where it has none."""
        return {**answers_of_base(self.base, self.goal), **self.calls[place].answers}

    @property
    def clips(self) -> frozenset[str]:
        """Every text this caller may speak."""
        said = {interruption.say for call in self.calls for interruption in call.interrupts}
        for place in range(len(self.calls)):
            said |= {text for answers in self.answers(place).values() for text in texts(answers)}
        return frozenset(said) | {DONT_KNOW, *CHOICES.values()}


DONT_KNOW: Final = "Je ne sais pas."
"""what a caller says to a question the scenario did not foresee"""
CHOICES: Final[Mapping[int | None, str]] = {
    1: "La première.", 2: "La deuxième.", 3: "La troisième.", None: "Aucune.",
}  # fmt: skip
"""truthful answers to an offer of several addresses"""


def fictional_number(name: str) -> str:
    """A French mobile number that belongs to nobody, always the same for one name."""
    return f"{_FICTION}{zlib.crc32(name.encode()) % 10_000:04d}"


def _with_goal(calls: Any, goal: Mapping[str, Any]) -> Any:
    """The calls, with what their expected bookings leave out taken from the goal."""
    if not isinstance(calls, list | tuple):
        return calls
    known = {key: goal[key] for key in ("street", "insee", "number", "phone") if key in goal}
    if "things" in goal:
        known["items"] = goal["things"]
    return [_expecting(call, known) for call in calls]


def _expecting(call: Any, known: Mapping[str, Any]) -> Any:
    expect = call.get("expect") if isinstance(call, dict) else None
    if not isinstance(expect, dict) or not isinstance(expect.get("booking"), dict):
        return call
    return {**call, "expect": {**expect, "booking": {**known, **expect["booking"]}}}


def load_scenario(path: Path) -> Scenario:
    """The scenario in a YAML file; raises ``ScenarioError``."""
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScenarioError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path.name}: not YAML in UTF-8: {_first_line(error)}") from None
    if not isinstance(raw, dict):
        raise ScenarioError(f"{path.name}: expected a mapping with name, title, caller and calls")
    try:
        scenario = Scenario.model_validate({"group": path.parent.name, **raw})
    except ValidationError as error:
        raise ScenarioError("; ".join(f"{path.name}: {_place(each)}" for each in error.errors()[:3])) from None
    if scenario.name != path.stem:
        raise ScenarioError(f"{path.name}: name: expected {path.stem!r}, as the file is called")
    return scenario


def load_scenarios(names: tuple[str, ...] = (), folder: Path = SCENARIOS_DIR) -> list[Scenario]:
    """Those called so (a name, or a path ending in .yaml), all that ship with none given; raises ``ScenarioError``."""
    known: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.yaml")):
        if known.setdefault(path.stem, path) != path:
            raise ScenarioError(f"{path.name}: name: {path.stem!r} is taken by {known[path.stem].parent.name}")
    if not names:
        return [load_scenario(path) for path in known.values()]
    unknown = [name for name in names if name not in known and not Path(name).is_file()]
    if unknown:
        raise ScenarioError(f"no scenario {Path(unknown[0]).stem!r}; there are: {', '.join(sorted(known))}")
    return [load_scenario(known.get(name) or Path(name)) for name in names]


def _place(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "scenario"
    return f"{where}: {error['msg']}"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
