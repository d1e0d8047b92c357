"""Rehearsed calls as the review shows them: nothing is left of where callers live and how they are reached."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Any

import pytest

from callbot.domain.bookings import Booking
from callbot.privacy import known_of
from callbot.privacy.patterns import plain_words
from callbot.privacy.words import words_of
from callbot.rehearsal import by_text
from callbot.rehearsal.scenario import Means, Scenario, load_scenarios
from callbot.rehearsal.troupe import open_stage
from callbot.review.lines import Line, Speaker, lines_of
from callbot.settings import load_settings

pytestmark = pytest.mark.process
EVERY = 5
"""one in so many scenarios, of each group"""


def left_in(scenario: Scenario, lines: Sequence[Line]) -> list[str]:
    """What of the caller's address and numbers can still be read, by kind and act."""
    street = [word.folded for word in words_of(scenario.goal.street)][-1:]
    phones = {phone for phone in (scenario.goal.phone, scenario.caller) if phone not in ("", "anonymous")}
    found = []
    for line in lines:
        text = line.masked.text
        words = {word.folded for word in words_of(text)}
        digits = re.sub(r"\D", "", text)
        if words & set(street):
            found.append(f"street in {line.act}")
        if scenario.goal.number and str(scenario.goal.number) in words and line.speaker is not Speaker.SERVICE:
            found.append(f"number in {line.act}")
        if any(phone[-4:] in digits for phone in phones):
            found.append(f"phone in {line.act}")
    return found


def test_nothing_of_a_rehearsed_caller_is_left_and_calls_stay_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[Scenario, Sequence[Any]]] = []
    outcome = by_text._left_behind

    async def kept(performance: by_text._Performance, call_id: str, given: list[Booking]) -> object:
        events = (await performance.storage.events.numbered({call_id: 0}))[call_id]
        heard.append((performance.scenario, events))
        return await outcome(performance, call_id, given)

    monkeypatch.setattr(by_text, "_left_behind", kept)
    stage = open_stage(load_settings())
    scenarios = [each for each in load_scenarios() if Means.TEXT in each.means]
    for scenario in scenarios[::EVERY]:
        asyncio.run(by_text.run_on_text(scenario, stage))
    plain = plain_words([commune.name for commune in stage.facts.gazetteer.communes])
    words = hidden = 0
    for scenario, events in heard:
        lines = lines_of(events, known_of((each.event for each in events), plain))
        assert left_in(scenario, lines) == [], scenario.name
        words += sum(len(words_of(piece.text)) for line in lines for piece in line.masked.pieces)
        hidden += sum(len(words_of(piece.text)) for line in lines for piece in line.masked.fields)
    assert len(heard) >= len(scenarios) // EVERY
    assert 0 < hidden < 0.2 * words
