"""A conversation as its page shows it, read from the stored events alone: a restart loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from callbot.calls.written import unbroken, written
from callbot.dialogue.acts import Say
from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.events import CallerSpoke, Event, KeysPressed, Prompted
from callbot.domain.meaning import Language
from callbot.web.quick import label_of, without_breaks


class Speaker(StrEnum):
    """Who wrote, in words: the page tells it by more than a colour."""

    MACHINE = "Assistant automatique"
    CALLER = "Vous"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``language`` as in HTML, empty for French, the language of the page."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What one of the two wrote before the other answered."""

    speaker: Speaker
    paragraphs: tuple[Paragraph, ...]


def history(call_id: str, events: Sequence[Event], world: World) -> tuple[Line, ...]:
    """Everything written so far, in order. Keys are shown as the choice they were at that moment."""
    state = State(call_id, world)
    languages: dict[str, Language] = {}
    lines: list[Line] = []
    for event in events:
        match event:
            case CallerSpoke(text=text):
                _add(lines, Speaker.CALLER, Paragraph(text))
            case KeysPressed(keys):
                _add(lines, Speaker.CALLER, Paragraph(label_of(state, keys)))
            case Prompted(text=text):
                _add(lines, Speaker.MACHINE, _paragraph(text, languages.get(text, Language.FRENCH)))
        state, acts = step(state, event)
        languages |= {act.text: act.language for act in acts if isinstance(act, Say)}
    return tuple(lines)


def _paragraph(text: str, language: Language) -> Paragraph:
    if language in (Language.FRENCH, Language.OTHER):
        return Paragraph(unbroken(written(text)))
    return Paragraph(text, language.value)


def _add(lines: list[Line], speaker: Speaker, paragraph: Paragraph) -> None:
    if not paragraph.text:
        return
    if lines and lines[-1].speaker is speaker:
        lines[-1] = replace(lines[-1], paragraphs=(*lines[-1].paragraphs, paragraph))
    else:
        lines.append(Line(speaker, (paragraph,)))


def last_input(events: Sequence[Event]) -> CallerSpoke | KeysPressed | None:
    """The caller's latest message."""
    return next((event for event in reversed(events) if isinstance(event, CallerSpoke | KeysPressed)), None)


def content(message: CallerSpoke | KeysPressed | None) -> str | None:
    """What was sent, the same however it was read: as words or as keys."""
    match message:
        case CallerSpoke(text=text):
            return without_breaks(text)
        case KeysPressed(keys):
            return keys
    return None


def messages(events: Sequence[Event]) -> int:
    """How many messages the caller sent."""
    return sum(isinstance(event, CallerSpoke | KeysPressed) for event in events)
