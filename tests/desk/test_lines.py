"""Which telephones may be rung at the service's expense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.desk.lines import AgentLine, LineRules, is_ordinary
from callbot.domain.personal import PhoneNumber

RULES = LineRules(sip_domains={"agents.sip.example"}, own={"+33491000000"})


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 4 91 12 34 56", "+33491123456"),
        ("00 33 9.12.34.56.78", "+33912345678"),
        ("+262 692 12 34 56", "+262692123456"),
        ("SIP:Camille.Essai@agents.sip.example", "sip:camille.essai@agents.sip.example"),
    ],
)
def test_ordinary_telephones_are_read(written: str, line: str) -> None:
    read = RULES.read(written)
    assert read == AgentLine(line)
    assert read is not None
    assert read.is_sip == line.startswith("sip:")
    assert line not in repr(read)


@pytest.mark.parametrize(
    "written",
    [
        "0892 12 34 56", "08 00 94 94 08", "3975", "+1 900 555 0100", "+882 16 12 34 56 78", "06 12 34 56 7",
        "06 12 34 56 789", "04 91 00 00 00", "sip:x@elsewhere.example", "sip:x@agents.sip.example.org",
        "sip:x@agents.sip.example;transport=tcp", "client:camille", "", "bonjour", "+33612345678\n+33812345678",
    ],
)  # fmt: skip
def test_what_costs_extra_or_is_ours_or_is_no_telephone_is_not(written: str) -> None:
    assert RULES.read(written) is None


@given(st.text(max_size=40))
def test_whatever_is_written_only_what_may_be_rung_comes_out(written: str) -> None:
    line = RULES.read(written)
    assert line is None or line.is_sip or is_ordinary(PhoneNumber(line.reveal()))


@pytest.mark.parametrize(
    ("number", "ordinary"),
    [("+33612345678", True), ("+33812345678", False), ("+590690123456", True), ("+2126123456", False)],
)
def test_only_ordinary_numbers_are_called_back(number: str, ordinary: bool) -> None:
    assert is_ordinary(PhoneNumber(number)) is ordinary
