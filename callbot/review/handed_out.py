"""Events of a call as programs beside the service get them: masked, unless its settings say otherwise."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from callbot.domain.events import PERSONAL, CallerSpoke, KeysPressed, Prompted
from callbot.privacy import known_of
from callbot.review.lines import Numbered, line_of, with_questions

_NAMES_A_BOOKING: Final = "reference"
_LINES: Final = (Prompted, CallerSpoke, KeysPressed)


def handed_out(
    call_id: str,
    events: Sequence[Numbered],
    after: int,
    plain: frozenset[str],
    written: Callable[[Any], str],
    *,
    unmasked: bool = False,
) -> list[tuple[int, dict[str, Any]]]:
    """The events after number ``after`` with what is told of each; ``written``: an event as JSON.

    Masked, a call is named by a digest, words are masked lines, other fields about a person are left out.
    """
    known = known_of((each.event for each in events), plain)
    told = []
    for each in with_questions(events):
        if each.number <= after:
            continue
        fields: Mapping[str, Any] = json.loads(written(each.event))
        if not unmasked:
            line = line_of(each, known) if isinstance(each.event, _LINES) else None
            fields = _masked(each.event, fields, line.masked.text if line else "")
        call = call_id if unmasked else hashlib.sha256(call_id.encode()).hexdigest()[:32]
        kind = type(each.event).__name__
        told.append(
            (each.number, {"call": call, "seq": each.number, "at": each.at.isoformat(), "kind": kind, "data": fields})
        )
    return told


def _masked(event: object, fields: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    if isinstance(event, Prompted):
        return {"act": event.act, "text": text}
    if isinstance(event, CallerSpoke | KeysPressed):
        return {"text": text}
    if type(event) in PERSONAL:
        return {}
    return {name: value for name, value in fields.items() if name != _NAMES_A_BOOKING}
