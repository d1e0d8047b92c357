"""Colours that people with low vision can tell apart, in both schemes (WCAG 1.4.3, 1.4.11); no motion."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

CSS = files("callbot.web").joinpath("templates", "style.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
SCHEMES = {
    name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for name, block in zip(("light", "dark"), BLOCKS, strict=True)
}
TEXT = [
    ("ink", "page"), ("ink", "machine"), ("ink", "caller"), ("quiet", "page"), ("action", "page"),
    ("on-action", "action"), ("error", "page"),
]  # fmt: skip
SHAPES = [("edge", "page"), ("edge", "machine"), ("edge", "caller"), ("action", "page"), ("error", "page")]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_stands_out(scheme: str, front: str, back: str) -> None:
    assert contrast(SCHEMES[scheme][front], SCHEMES[scheme][back]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_borders_stand_out(scheme: str, front: str, back: str) -> None:
    assert contrast(SCHEMES[scheme][front], SCHEMES[scheme][back]) >= 3


def test_both_schemes_name_the_same_colours_and_no_colour_is_written_elsewhere() -> None:
    assert SCHEMES["light"].keys() == SCHEMES["dark"].keys()
    rules = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb|hsl", rules)


def test_nothing_moves_and_nothing_is_fetched() -> None:
    assert not re.search(r"transition|animation|smooth|url\(|@import", CSS)
