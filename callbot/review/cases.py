"""Regression cases: what a caller said up to the line that was misunderstood, and what should have been understood.

A case is YAML, as scenarios are. It holds a caller's words, so it lives in the data folder, sealed, never in the
repository; what they said after the line is left out, and so is the number that called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from callbot.domain.events import CallAnswered, CallerSpoke, Channel, KeysPressed, NothingHeard, NoWords
from callbot.review.annotations import KIND_WORDS, Annotation, Expected
from callbot.review.lines import AskedEvent, Numbered, with_questions

_PREFIX = "annotation_"


def case_name(number: int) -> str:
    """What the case of an annotation is called."""
    return f"{_PREFIX}{number}"


def number_of(name: str) -> int | None:
    """The annotation that a case came from, None for a name of another form."""
    number = name.removeprefix(_PREFIX)
    return int(number) if name.startswith(_PREFIX) and number.isdecimal() and len(number) <= 9 else None


def case_text(annotation: Annotation, events: Sequence[Numbered]) -> str | None:
    """The case; None where the annotated line is neither the caller's nor an answer to them.

    A line of ours is judged by the caller's words before it: they were misunderstood there.
    """
    answers: list[dict[str, Any]] = []
    judged = -1
    for each in with_questions(events):
        if each.number > annotation.seq:
            break
        if (answer := _answer(each)) is not None:
            answers.append(answer)
            judged = len(answers) - 1 if "said" in answer or "keys" in answer else judged
    if judged < 0:
        return None
    opened = next((each.event for each in events if isinstance(each.event, CallAnswered)), None)
    case = {
        "name": case_name(annotation.number),
        "title": f"{KIND_WORDS[annotation.kind]}, annotation {annotation.number}",
        "call": annotation.call_id,
        "at": events[0].at.isoformat(),
        "channel": (opened.channel if opened else Channel.PHONE).value,
        "answers": answers[: judged + 1],
        "expect": _expected(annotation.expected),
    }
    return yaml.safe_dump(case, allow_unicode=True, sort_keys=False, width=120)


def _answer(each: AskedEvent) -> dict[str, Any] | None:
    match each.event:
        case CallerSpoke(text=text, hypotheses=hypotheses, confidence=confidence, language=language):
            spoken: dict[str, Any] = {"to": each.question, "said": [text, *(one for one in hypotheses if one != text)]}
            spoken["confidence"] = round(confidence, 3)
            return {**spoken, "language": language} if language else spoken
        case KeysPressed(keys):
            return {"to": each.question, "keys": keys}
        case NothingHeard():
            return {"to": each.question, "silence": True}
        case NoWords():
            return {"to": each.question, "noise": True}
    return None


def _expected(expected: Expected) -> dict[str, Any]:
    named: dict[str, Any] = {
        "street": expected.street,
        "number": expected.number,
        "insee": expected.insee,
        "items": dict(expected.items),
        "intent": expected.intent.value if expected.intent else "",
        "entry": expected.entry,
    }
    return {name: value for name, value in named.items() if value not in ("", None, {})}
