"""What a caller can do when something is asked: speak, press keys, stay silent, hang up, judge a read-back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag


class Strict(BaseModel):
    """A part of a scenario: unknown words in it are typos, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(Strict):
    """Speak. A list mixes texts and pauses in ms: ``["C'est au", 1500, "douze rue de Rome"]``.

    ``{reference_1}`` stands for the reference of the first booking ``given``, spelled as people do.
    """

    say: tuple[str | Annotated[int, Field(ge=0, le=10_000)], ...]

    @property
    def words(self) -> str:
        """The texts as one line."""
        return " ".join(part for part in self.say if isinstance(part, str))


class Press(Strict):
    """Press keys of the phone; ``reference_1``: those of the first booking ``given``."""

    keys: str = Field(pattern=r"^([0-9*#]+|reference_[1-9])$")


class Silence(Strict):
    """Say nothing, whatever is asked."""

    silence: Literal[True]


class Noise(Strict):
    """Let so many seconds of loud surroundings be heard instead of an answer; on text: a voice without words."""

    noise: float = Field(gt=0, le=30)


class HangUp(Strict):
    """Hang up."""

    hang_up: Literal[True]


class Judge(Strict):
    """Answer a read-back truthfully: ``right`` when what was read out agrees with the goal."""

    judge: Literal[True]
    right: str = "Oui, c'est ça."
    wrong: str = "Non."


SingleAnswer = Say | Press | Silence | Noise | HangUp | Judge


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
    """The answer's kind is its first key: the error then speaks of one kind, not of seven."""
    if isinstance(raw, dict):
        return next((kind for kind in _KINDS if kind in raw), None)
    return next((kind for kind, model in _KINDS.items() if isinstance(raw, model)), None)


_SINGLE: Final[Mapping[str, type[Strict]]] = {
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
        custom_error_message="expected a text, or one of: " + ", ".join(_SINGLE),
    ),
]


class AnyOf(Strict):
    """One of several ways to answer; which one changes from run to run."""

    any: tuple[Annotated[OneAnswer, BeforeValidator(_answer)], ...] = Field(min_length=2)


_KINDS: Final[Mapping[str, type[Strict]]] = {**_SINGLE, "any": AnyOf}
Answer = SingleAnswer | AnyOf

_EitherAnswer = Annotated[
    Annotated[Say, Tag("say")]
    | Annotated[Press, Tag("keys")]
    | Annotated[Silence, Tag("silence")]
    | Annotated[Noise, Tag("noise")]
    | Annotated[HangUp, Tag("hang_up")]
    | Annotated[Judge, Tag("judge")]
    | Annotated[AnyOf, Tag("any")],
    Discriminator(
        _kind,
        custom_error_type="answer",
        custom_error_message="expected a text, or one of: " + ", ".join(_KINDS),
    ),
]


def _listed(raw: object) -> object:
    return [raw] if isinstance(raw, str | dict | Strict) else raw


Answers = Annotated[
    tuple[Annotated[_EitherAnswer, BeforeValidator(_answer)], ...], BeforeValidator(_listed), Field(min_length=1)
]


def single(answers: Iterable[Answer]) -> Iterator[SingleAnswer]:
    """All of them, each alternative on its own."""
    for answer in answers:
        if isinstance(answer, AnyOf):
            yield from answer.any
        else:
            yield answer


def texts(answers: Iterable[Answer]) -> set[str]:
    """Every text that may be spoken."""
    said: set[str] = set()
    for answer in single(answers):
        match answer:
            case Say():
                said |= {part for part in answer.say if isinstance(part, str)}
            case Judge():
                said |= {answer.right, answer.wrong}
    return said
