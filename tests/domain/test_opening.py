"""Opening hours in words."""

from __future__ import annotations

from datetime import time

import pytest

from callbot.domain.opening import Span, hours_in_words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, ""),
        ({0: [(8, 0, 18, 30)]}, "le lundi de 8 h à 18 h 30"),
        ({0: [(8, 0, 12, 0)], 1: [(8, 0, 12, 0)]}, "le lundi et le mardi de 8 h à 12 h"),
        (
            {**{day: [(8, 0, 12, 0), (14, 0, 18, 5)] for day in range(5)}, 5: [(7, 30, 17, 30)]},
            "du lundi au vendredi de 8 h à 12 h et de 14 h à 18 h 05, le samedi de 7 h 30 à 17 h 30",
        ),
        ({0: [(9, 0, 10, 0)], 2: [(9, 0, 10, 0)]}, "le lundi de 9 h à 10 h, le mercredi de 9 h à 10 h"),
    ],
)
def test_hours_as_people_write_them(days: dict[int, list[tuple[int, int, int, int]]], words: str) -> None:
    spans = {day: tuple(Span(time(a, b), time(c, d)) for a, b, c, d in those) for day, those in days.items()}
    assert hours_in_words(spans) == words
