"""How figures are written, and what meets a target."""

from __future__ import annotations

import math
from io import StringIO

from rich.console import Console

from tests.bench.addresses.intervals import Bin, Share
from tests.bench.addresses.report import Figure, Plain, Target, as_json, figures_table, matrix, reliability_table


def printed(*tables: object) -> str:
    text = StringIO()
    console = Console(file=text, width=160)
    for table in tables:
        console.print(table)
    return text.getvalue()


def test_a_target_is_met_at_its_limit() -> None:
    assert Target(0.98).met(0.98)
    assert not Target(0.98).met(0.979)
    assert Target(0.03, at_most=True).met(0.03)
    assert not Target(0.03, at_most=True).met(0.031)
    assert not Target(0.98).met(math.nan)
    assert not Target(0.98, at_most=True).met(math.nan)


def test_a_figure_says_its_interval_its_target_and_the_line_to_beat() -> None:
    figure = Figure("streets", "street first", Share(95, 100), Target(0.94), "raw + addok 0.26")
    assert figure.text == "0.950 [0.888-0.978]"
    assert figure.verdict == "yes"
    text = printed(figures_table("Addresses", [figure]))
    for part in ("street first", "100", "0.950 [0.888-0.978]", ">= 0.94", "yes", "raw + addok 0.26"):
        assert part in text


def test_what_was_not_measured_meets_nothing_and_fails_nothing() -> None:
    figure = Figure("streets", "street first", Share(0, 0), Target(0.94))
    assert (figure.text, figure.verdict) == ("-", "")
    assert as_json(figure)["value"] is None


def test_a_plain_value_has_no_interval() -> None:
    figure = Figure("time", "p95", Plain(1.234, 40), Target(1.0, at_most=True), digits=2)
    assert (figure.text, figure.verdict) == ("1.23", "no")
    assert as_json(figure) == {
        "section": "time", "what": "p95", "cases": 40, "value": 1.234, "low": None, "high": None,
        "target": "<= 1", "met": "no", "beat": "",
    }  # fmt: skip


def test_tables_by_method_and_of_certainty() -> None:
    text = printed(
        matrix("Right street", {"clean": {"raw": "0.3", "ours": "0.9"}, "20 dB": {"raw": "0.2"}}),
        reliability_table("Stated", [Bin(0.1, 0.3, 0.2, Share(1, 5))]),
    )
    assert matrix("No case", {}).row_count == 0
    for part in ("raw", "ours", "0.9", "20 dB", "0.100", "0.300", "0.200"):
        assert part in text
