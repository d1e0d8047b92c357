"""The judge on both sides of each of its rules, and the verdict of several runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.items import ItemLine
from callbot.domain.personal import PhoneNumber
from callbot.rehearsal.judge import Outcome, faults, in_words, ring_faults
from callbot.rehearsal.rehearse import Run, verdict
from callbot.rehearsal.report import CallReport, End, Turn
from callbot.rehearsal.scenario import Expect

TODAY = date(2026, 12, 1)
MOBILE = "+33612345678"
ADDRESS = StreetAddress("Rue Saint-Ferréol", "13201", "Marseille 1er", "13001", 20)
BOOKING = Booking(
    "A472K", BookingStatus.BOOKED, TODAY + timedelta(days=8), "centre", ADDRESS, (ItemLine("canape", 2),),
    PhoneNumber(MOBILE), Author.BOT, datetime(2026, 12, 1, 9, tzinfo=UTC),
)  # fmt: skip
DONE = Outcome((BOOKING,), held=False, sms_to=(MOBILE,), hand_over=None, ended="done")
WANTED: dict[str, Any] = {
    "street": "rue saint ferreol", "number": 20, "insee": "13201", "items": {"canape": 2}, "phone": MOBILE,
    "days": {"first": 8, "last": 8},
}  # fmt: skip


def expect(**more: Any) -> Expect:
    return Expect.model_validate({"booking": WANTED, "ended": ["done"], **more})


def without(booking: Booking = BOOKING, **changes: Any) -> Outcome:
    return replace(DONE, bookings=(replace(booking, **changes),))


def test_the_wanted_booking_has_no_fault() -> None:
    assert faults(expect(), DONE, TODAY) == []


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (without(address=replace(ADDRESS, street="Rue Saint")), "the street of"),
        (without(address=replace(ADDRESS, number=21)), "the number of"),
        (without(address=replace(ADDRESS, insee="13206")), "the insee of"),
        (without(day=TODAY + timedelta(days=7)), "the day of"),
        (without(day=TODAY + timedelta(days=9)), "the day of"),
        (without(phone=None), "the phone of"),
        (without(status=BookingStatus.CANCELLED), "the status of"),
        (without(items=(ItemLine("canape", 1),)), "items 1 canape, expected 2 canape"),
        (without(items=(ItemLine("canape", 2), ItemLine("pneu", 1))), "items 2 canape, 1 pneu"),
        (replace(DONE, sms_to=()), "0 SMS"),
        (replace(DONE, sms_to=(MOBILE, MOBILE)), "2 SMS"),
        (replace(DONE, sms_to=("+33600000000",)), "1 SMS, expected one to the wanted number"),
        (replace(DONE, bookings=()), "0 bookings, expected one"),
        (replace(DONE, bookings=(BOOKING, BOOKING)), "2 bookings, expected one"),
        (replace(DONE, ended="silence"), "ended: silence, expected done"),
        (replace(DONE, ended=None), "ended: not at all"),
    ],
)
def test_each_difference_is_a_fault_that_quotes_nobody(outcome: Outcome, fault: str) -> None:
    found = faults(expect(), outcome, TODAY)
    assert any(each.startswith(fault) for each in found)
    assert not any(secret in " ".join(found) for secret in (MOBILE, "Ferréol", "Rue"))


def test_no_booking_was_expected() -> None:
    nothing = Outcome((), held=False, sms_to=(), hand_over="asked", ended="handed_over")
    wanted = Expect.model_validate({"booking": "none", "hand_over": ["asked", "no_answer"]})
    assert faults(wanted, nothing, TODAY) == []
    assert faults(wanted, replace(nothing, held=True), TODAY) == ["a place is still held though nothing was booked"]
    assert faults(wanted, replace(nothing, hand_over=None), TODAY) == [
        "hand-over: none, expected asked or no_answer"
    ]  # fmt: skip
    assert faults(wanted, replace(nothing, bookings=(BOOKING,)), TODAY) == ["1 booking(s), expected none"]


def test_an_sms_nobody_wanted() -> None:
    wanted = expect(booking={**WANTED, "phone": None})
    assert faults(wanted, replace(without(phone=None), sms_to=()), TODAY) == []
    assert faults(wanted, without(phone=None), TODAY) == ["1 SMS though none was wanted"]


def test_a_caller_who_never_spoke_shows_nothing() -> None:
    mute = CallReport("CA1", end=End.HANG_UP)
    assert ring_faults(expect(), mute, has_words=True) == ["the caller never came to speak: this run shows nothing"]
    assert ring_faults(expect(), mute, has_words=False) == []
    assert ring_faults(expect(), CallReport("CA1", utterances=1), has_words=True) == []


def test_what_the_run_is_for_must_have_been_heard() -> None:
    spoke = CallReport("CA1", utterances=1, marks=["notice:1", "tell_ruling:2"])
    assert ring_faults(expect(heard=["tell_ruling"]), spoke, has_words=True) == []
    assert ring_faults(expect(heard=["recap"]), spoke, has_words=True) == ["recap was never heard"]


def test_what_the_phone_company_was_told() -> None:
    spoke = CallReport("CA1", utterances=1, end=End.DIAL)
    assert ring_faults(expect(twiml="dial"), spoke, has_words=True) == []
    assert ring_faults(expect(twiml="hang_up"), spoke, has_words=True) == [
        "the phone company was told dial, not hang_up"
    ]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (DONE, "booked"),
        (Outcome((), False, (), "asked", "handed_over"), "handed over: asked"),
        (Outcome((), False, (), None, None), "ended: not at all"),
    ],
)
def test_outcome_in_words(outcome: Outcome, words: str) -> None:
    assert in_words(outcome) == words


def test_verdict_counts_runs_by_scenario() -> None:
    call = CallReport("CA1", turns=[Turn("ask_need", 700.0)], unplanned=["ask_age"])
    runs = [
        Run("a", (), "booked", (call,), 10.04),
        Run("b", ("0 bookings, expected one",), "ended: silence", (), 5.0),
        Run("a", (), "booked", (call, call), 12.0),
    ]
    assert verdict(runs) == {
        "passed": 2,
        "failed": 1,
        "scenarios": [
            {"name": "a", "runs": 2, "passed": 2, "outcome": "booked", "turns": 2, "seconds": 22.0, "faults": [],
             "unplanned": ["ask_age"]},
            {"name": "b", "runs": 1, "passed": 0, "outcome": "ended: silence", "turns": 0, "seconds": 5.0,
             "faults": ["0 bookings, expected one"], "unplanned": []},
        ],
    }  # fmt: skip
