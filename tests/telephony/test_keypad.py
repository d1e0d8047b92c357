"""Keys gathered into answers."""

from __future__ import annotations

import pytest

from callbot.domain.meaning import Expectation
from callbot.telephony.keys import LONE_ZERO_S, PAUSE_S, KeyPad


def typed(keys: str, expect: Expectation) -> list[str | None]:
    pad = KeyPad()
    return [pad.press(key, place * 0.5, expect) for place, key in enumerate(keys)]


@pytest.mark.parametrize("expect", [Expectation.YES_NO, Expectation.DATE, Expectation.ANY, Expectation.ITEMS])
def test_a_single_key_answers_at_once(expect: Expectation) -> None:
    assert typed("10#*", expect) == ["1", "0", "#", "*"]


def test_ten_digits_are_a_phone_number() -> None:
    assert typed("0612345678", Expectation.PHONE) == [None] * 9 + ["0612345678"]


def test_hash_ends_an_answer_and_alone_is_a_key() -> None:
    assert typed("061#", Expectation.PHONE) == [None, None, None, "061"]
    assert typed("#", Expectation.PHONE) == ["#"]
    assert typed("12#", Expectation.ADDRESS) == [None, None, "12"]


def test_star_begins_a_number_again_and_alone_is_a_key() -> None:
    assert typed("06*0612345678", Expectation.PHONE)[-1] == "0612345678"
    assert typed("*", Expectation.PHONE) == ["*"]


def test_a_pause_ends_a_number_and_not_a_moment_before() -> None:
    pad = KeyPad()
    assert pad.press("1", 10.0, Expectation.COMMUNE) is None
    assert pad.press("3", 11.0, Expectation.COMMUNE) is None
    assert pad.due == 11.0 + PAUSE_S
    assert pad.tick(11.0 + PAUSE_S - 0.01) is None
    assert pad.typing
    assert pad.tick(11.0 + PAUSE_S) == "13"
    assert not pad.typing


def test_a_lone_zero_while_a_phone_is_expected_waits_a_little_then_asks_for_a_person() -> None:
    pad = KeyPad()
    assert pad.press("0", 5.0, Expectation.PHONE) is None
    assert pad.tick(5.0 + LONE_ZERO_S - 0.01) is None
    assert pad.tick(5.0 + LONE_ZERO_S) == "0"


def test_a_reference_is_five_keys() -> None:
    assert typed("52578", Expectation.REFERENCE) == [None] * 4 + ["52578"]


@pytest.mark.parametrize("expect", [Expectation.ADDRESS, Expectation.COMMUNE, Expectation.REFERENCE])
def test_a_first_zero_asks_for_a_person_where_no_number_begins_with_it(expect: Expectation) -> None:
    assert typed("0", expect) == ["0"]
    assert typed("13", expect) == [None, None]
