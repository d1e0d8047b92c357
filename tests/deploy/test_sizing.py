"""The sums of the sizing page are right, and are those of the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deploy.sizing import ALL, BULKY, MEASURED, PAGE, REFUSED, blocked, lines_for, processes_for, with_block


@pytest.mark.parametrize(
    ("erlangs", "lines", "part"),
    [(1.0, 1, 0.5), (1.0, 2, 0.2), (10.0, 10, 0.2146), (5.0, 10, 0.0184)],
    ids=str,
)
def test_erlang_b_gives_what_tables_give(erlangs: float, lines: int, part: float) -> None:
    assert blocked(erlangs, lines) == pytest.approx(part, rel=0.005)


@given(st.floats(0.1, 400))
def test_one_line_fewer_would_refuse_too_many(erlangs: float) -> None:
    lines = lines_for(erlangs)
    assert blocked(erlangs, lines) <= REFUSED
    assert lines == 1 or lines - 1 < erlangs or blocked(erlangs, lines - 1) > REFUSED


def test_the_published_figures_come_out() -> None:
    assert (lines_for(BULKY.erlangs), lines_for(ALL.erlangs)) == (21, 49)


def test_one_process_may_be_away() -> None:
    assert processes_for(MEASURED.calls, MEASURED) == 2
    assert processes_for(MEASURED.calls + 1, MEASURED) == 3


def test_the_page_shows_these_sums() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "| --- |" in page.partition("<!-- sommes -->")[2].partition("<!-- fin")[0]
    assert with_block(page) == page, "run: python -m tests.deploy.sizing"
