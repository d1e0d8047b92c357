"""Scenarios: who rings, what for, how they answer each question, and what must be in the database afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)

SCENARIOS_DIR: Final = Path(__file__).parent / "scenarios"

E164: Final = r"^\+[1-9][0-9]{6,14}$"


class ScenarioError(ValueError):
    """A scenario that cannot be used; the text names the file, the place in it and what is expected there."""


class Strict(BaseModel):
    """A part of a scenario: unknown words in it are typos, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(Strict):
    """Speak. A list mixes texts and pauses in ms: ``["C'est au", 1500, "douze rue de Rome"]``."""

    say: tuple[str | Annotated[int, Field(ge=0, le=10_000)], ...]

    @property
    def words(self) -> str:
        """The texts as one line."""
        return " ".join(part for part in self.say if isinstance(part, str))


class Press(Strict):
    """Press keys of the phone."""

    keys: str = Field(pattern=r"^[0-9*#]+$")


class Silence(Strict):
    """Say nothing, whatever is asked."""

    silence: Literal[True]


class Noise(Strict):
    """Let so many seconds of loud surroundings be heard instead of an answer."""

    noise: float = Field(gt=0, le=30)


class HangUp(Strict):
    """Hang up."""

    hang_up: Literal[True]


class Judge(Strict):
    """Answer a read-back truthfully: ``right`` when what was read out agrees with the goal."""

    judge: Literal[True]
    right: str = "Oui, c'est ça."
    wrong: str = "Non."


Answer = Say | Press | Silence | Noise | HangUp | Judge


def _answer(raw: object) -> object:
    """``"Oui."`` is short for ``{say: ["Oui."]}``, ``judge`` for ``{judge: true}``."""
    if raw in ("judge", "silence", "hang_up"):
        return {raw: True}
    if isinstance(raw, str):
        return {"say": (raw,)}
    if isinstance(raw, dict) and isinstance(raw.get("say"), str):
        return {**raw, "say": (raw["say"],)}
    return raw


def _kind(raw: object) -> str | None:
    """The answer's kind is its first key: the error then speaks of one kind, not of six."""
    if isinstance(raw, dict):
        return next((kind for kind in _KINDS if kind in raw), None)
    return next((kind for kind, model in _KINDS.items() if isinstance(raw, model)), None)


_KINDS: Final[Mapping[str, type[Strict]]] = {
    "say": Say, "keys": Press, "silence": Silence, "noise": Noise, "hang_up": HangUp, "judge": Judge,
}  # fmt: skip
OneAnswer = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Press, Tag("keys")]
    | Annotated[Silence, Tag("silence")]
    | Annotated[Noise, Tag("noise")]
    | Annotated[HangUp, Tag("hang_up")]
    | Annotated[Judge, Tag("judge")],
    Discriminator(
        _kind,
        custom_error_type="answer",
        custom_error_message="expected a text, or one of: " + ", ".join(_KINDS),
    ),
]


def _listed(raw: object) -> object:
    return [raw] if isinstance(raw, str | dict) else raw


Answers = Annotated[
    tuple[Annotated[OneAnswer, BeforeValidator(_answer)], ...], BeforeValidator(_listed), Field(min_length=1)
]


class Speaker(StrEnum):
    """Who speaks: each is another voice."""

    WOMAN = "woman"
    MAN = "man"


class Manners(Strict):
    """How the caller behaves on the line."""

    delay_ms: int = Field(600, ge=0, le=20_000)
    """between the end of a question and the answer"""
    gain_db: float = Field(0, ge=-20, le=10)
    noise_db: float | None = Field(None, ge=-70, le=-20)
    """loudness of the surroundings all along the call, dB below full scale; None: a quiet room"""


class Interruption(Strict):
    """Speak over the prompt that follows the prompt ``after``, ``ms`` after it began. Once a call."""

    after: str
    ms: int = Field(600, ge=0)
    say: str


class Call(Strict):
    """One call: the answers for the 1st, 2nd, 3rd... time an act is asked; the last one is given again after that."""

    answers: Mapping[str, Answers]
    interrupts: tuple[Interruption, ...] = ()
    expect: Expect


class Goal(Strict):
    """What the caller really wants: read-backs are judged against it."""

    street: str = ""
    number: int | None = None
    commune: str = ""
    """as the bot says it: ``sixième arrondissement``"""
    phone: str = Field("", pattern=rf"^$|{E164}")
    items: tuple[str, ...] = ()
    """words that must be in the recap: ``canapé``"""


class Days(Strict):
    """Days from today within which the pickup must be, both included."""

    first: int = Field(0, ge=0)
    last: int = Field(60, ge=0)


class WantedBooking(Strict):
    """The booking that must be there, once."""

    street: str
    insee: str = Field(pattern=r"^[0-9AB]{5}$")
    number: int | None
    items: Mapping[str, int]
    """ids of the knowledge base with their quantity, all of them and no other"""
    phone: str | None = Field(None, pattern=E164)
    sms: bool = True
    days: Days = Days()


class Expect(Strict):
    """What must be in the database when the call is over. Whatever is left out is not looked at."""

    booking: WantedBooking | Literal["none"]
    ended: tuple[str, ...] = ()
    """any one of these reasons (``EndReason``)"""
    hand_over: tuple[str, ...] = ()
    """any one of these reasons (``HandOverReason``); [] with ``ended`` handed_over allows all"""
    heard: tuple[str, ...] = ()
    """acts that must have been heard, or the run shows nothing of what it is for"""
    twiml: Literal["hang_up", "dial", ""] = ""
    """what the phone company was told at the end"""


class Scenario(Strict):
    """A whole rehearsal: one caller, one call or several in a row."""

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str
    caller: str = Field(pattern=rf"{E164}|^anonymous$")
    speaker: Speaker = Speaker.WOMAN
    goal: Goal = Goal()
    manners: Manners = Manners()
    longest_s: float = Field(180, gt=0, le=900)
    calls: tuple[Call, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _goals_can_be_judged(self) -> Scenario:
        judged = {
            act for call in self.calls for act, answers in call.answers.items() for each in answers
            if isinstance(each, Judge)
        }  # fmt: skip
        if judged & {"confirm_address", "choose_address"} and not self.goal.street:
            raise ValueError("'judge' needs goal.street (and goal.number) to compare with")
        if "confirm_phone" in judged and not self.goal.phone:
            raise ValueError("'judge' needs goal.phone to compare with")
        return self

    @property
    def clips(self) -> frozenset[str]:
        """Every text this caller may speak."""
        return frozenset(text for call in self.calls for text in _texts(call)) | {DONT_KNOW, *CHOICES.values()}


DONT_KNOW: Final = "Je ne sais pas."
"""what a caller says to a question the scenario did not foresee"""
CHOICES: Final[Mapping[int | None, str]] = {
    1: "La première.", 2: "La deuxième.", 3: "La troisième.", None: "Aucune.",
}  # fmt: skip
"""truthful answers to an offer of several addresses"""


def _texts(call: Call) -> set[str]:
    said: set[str] = {interruption.say for interruption in call.interrupts}
    for answer in (each for answers in call.answers.values() for each in answers):
        match answer:
            case Say():
                said |= {part for part in answer.say if isinstance(part, str)}
            case Judge():
                said |= {answer.right, answer.wrong}
    return said


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
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError("; ".join(f"{path.name}: {_place(each)}" for each in error.errors()[:3])) from None
    if scenario.name != path.stem:
        raise ScenarioError(f"{path.name}: name: expected {path.stem!r}, as the file is called")
    return scenario


def load_scenarios(names: tuple[str, ...] = (), folder: Path = SCENARIOS_DIR) -> list[Scenario]:
    """Those called so (a name, or a path ending in .yaml), all that ship with none given; raises ``ScenarioError``."""
    if not names:
        return [load_scenario(path) for path in sorted(folder.glob("*.yaml"))]
    paths = [Path(name) if name.endswith(".yaml") else folder / f"{name}.yaml" for name in names]
    for path in paths:
        if not path.is_file():
            known = ", ".join(sorted(each.stem for each in folder.glob("*.yaml")))
            raise ScenarioError(f"no scenario {path.stem!r}; there are: {known}")
    return [load_scenario(path) for path in paths]


def _place(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "scenario"
    return f"{where}: {error['msg']}"


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


Call.model_rebuild()
Scenario.model_rebuild()
