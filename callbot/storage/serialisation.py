"""Events of a call <-> JSON, driven by their types: a new event needs nothing here."""

from __future__ import annotations

from functools import cache
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from callbot.domain.events import PERSONAL, Event

KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}
"""every event type by the name it is stored under"""


class UnknownEventError(Exception):
    """A stored event of a kind this version does not know."""


def kind_of(event: Event) -> str:
    """The name an event is stored under."""
    return type(event).__name__


def is_personal(kind: str) -> bool:
    """True for the kinds whose payload is sealed."""
    return KINDS[kind] in PERSONAL


def to_json(event: Event) -> str:
    """The fields of an event. Personal values are in it in clear: it is sealed or shown to nobody."""
    return _adapters()[kind_of(event)].dump_json(event).decode()


def from_json(kind: str, text: str) -> Event:
    """The event again; raises ``UnknownEventError`` when this version has no such kind or other fields in it."""
    if kind not in KINDS:
        raise UnknownEventError(f"unknown kind of event: {kind}")
    try:
        return _adapters()[kind].validate_json(text)
    except ValidationError:
        # "from None": pydantic's message shows what it read, and that may be a caller's words.
        raise UnknownEventError(f"stored fields do not fit the event: {kind}") from None


@cache
def _adapters() -> dict[str, TypeAdapter[Event]]:
    return {name: TypeAdapter(kind) for name, kind in KINDS.items()}
