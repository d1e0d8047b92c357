"""A call as lines: who, when, what was said, masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callbot.domain.events import (
    Booked,
    CallerSpoke,
    Ended,
    Event,
    HandedBack,
    HandedOver,
    KeysPressed,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
)
from callbot.insight.figures.folding import is_question
from callbot.privacy import Asked, Known, MaskedLine, Piece, mask, mask_keys
from callbot.review.questions import asked_by
from callbot.review.words import END_WORDS, HAND_OVER_WORDS

TEXT = "text"
"""the part of a line that was said"""


class Speaker(StrEnum):
    """Whose line it is."""

    CALLER = "caller"
    BOT = "bot"
    SERVICE = "service"
    """what happened to the call: handed over, ended, a failure"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``seq``: the number of its event; ``act``: of our prompts the act, of the caller's words the question
    they answer; ``confidence`` of the words, None where nothing was recognised."""

    seq: int
    at: datetime
    speaker: Speaker
    act: str
    masked: MaskedLine
    confidence: float | None = None
    entry: str = ""
    """knowledge entry that the words come from"""


class Numbered(Protocol):
    """An event of a call, its number from 1 on, and its moment."""

    @property
    def number(self) -> int:
        """Its place in the call."""
        ...

    @property
    def at(self) -> datetime:
        """When it was stored."""
        ...

    @property
    def event(self) -> Event:
        """What happened."""
        ...


@dataclass(frozen=True, slots=True)
class AskedEvent:
    """An event, and the act of the question that waited when it came ("" before the first one)."""

    number: int
    at: datetime
    event: Event
    question: str

    @property
    def asked(self) -> Asked:
        """What an answer to that question tells about a person."""
        return asked_by(self.question)


def with_questions(events: Iterable[Numbered]) -> Iterator[AskedEvent]:
    """Each event with the question it may answer."""
    question = ""
    for each in events:
        yield AskedEvent(each.number, each.at, each.event, question)
        if isinstance(each.event, Prompted) and is_question(each.event.act):
            question = each.event.act


def lines_of(events: Iterable[Numbered], known: Known) -> tuple[Line, ...]:
    """The lines of a call, in order."""
    return tuple(line for each in with_questions(events) if (line := line_of(each, known)) is not None)


def line_of(each: AskedEvent, known: Known) -> Line | None:
    """The line of one event; None for those that nobody said or did."""
    match each.event:
        case Prompted(act=act, text=text, entry=entry):
            masked = mask(text, known, by_caller=False)
            return Line(each.number, each.at, Speaker.BOT, act, masked, entry=entry or "")
        case CallerSpoke(text=text, confidence=confidence):
            masked = mask(text, known, each.asked)
            return Line(each.number, each.at, Speaker.CALLER, each.question, masked, confidence)
        case KeysPressed(keys):
            menu = keys == "0" or (len(keys) == 1 and not each.question.startswith("ask_"))
            masked = mask_keys(keys, Asked.ANYTHING if menu else each.asked)
            pressed = MaskedLine((Piece("touche " if len(keys) == 1 else "touches "), *masked.pieces))
            return Line(each.number, each.at, Speaker.CALLER, each.question, pressed)
        case NothingHeard():
            return Line(each.number, each.at, Speaker.CALLER, each.question, _plain("(silence)"))
        case NoWords():
            return Line(each.number, each.at, Speaker.CALLER, each.question, _plain("(bruit ou paroles non comprises)"))
    said = _service(each.event)
    return Line(each.number, each.at, Speaker.SERVICE, "", _plain(said)) if said else None


def first_words(lines: Sequence[Line], longest: int = 160) -> str:
    """What the caller said first, masked."""
    said = (line.masked.text for line in lines if line.speaker is Speaker.CALLER and line.confidence is not None)
    text = next(said, "")
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _service(event: Event) -> str:
    match event:
        case Booked(day=day):
            return f"Rendez-vous enregistré pour le {day:%d/%m/%Y}."
        case HandedOver(reason):
            return f"Passé à une personne : {HAND_OVER_WORDS[reason]}."
        case HandedBack():
            return "Rendu à l'assistant par une personne."
        case PartFailed(part):
            return f"Panne d'une partie de la machine ({part})."
        case Ended(reason):
            return f"Fin : {END_WORDS[reason]}."
    return ""


def _plain(text: str) -> MaskedLine:
    return MaskedLine((Piece(text),))
