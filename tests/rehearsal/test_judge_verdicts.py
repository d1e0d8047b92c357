"""The judge on both sides of each of its rules, and the verdict of several runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.items import ItemLine
from callbot.domain.people import ReportKind
from callbot.domain.personal import PhoneNumber
from callbot.rehearsal.expectations import Expect
from callbot.rehearsal.judge import Outcome, faults, in_words, ring_faults
from callbot.rehearsal.report import CallReport, End, Run, Turn
from callbot.rehearsal.verdict import booking_seconds, pass_hat, verdict

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
    assert ring_faults(expect(), CallReport("CA1", utterances=1, deeds=1), has_words=True) == []


def test_what_the_run_is_for_must_have_been_heard() -> None:
    spoke = CallReport("CA1", utterances=1, deeds=1, marks=["notice:1", "tell_ruling:2"])
    assert ring_faults(expect(heard=["tell_ruling"]), spoke, has_words=True) == []
    assert ring_faults(expect(heard=["recap"]), spoke, has_words=True) == ["recap was never heard"]


def test_what_the_phone_company_was_told() -> None:
    spoke = CallReport("CA1", utterances=1, deeds=1, end=End.DIAL)
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


def run(name: str, passed: bool = True, seed: int = 0, **more: Any) -> Run:
    call = CallReport("CA1", turns=[Turn("ask_need", 700.0)])
    told = {"outcome": "booked", "calls": (call,), "seconds": 10.04, **more}
    return Run(name, () if passed else ("0 bookings, expected one",), seed=seed, **told)


def test_verdict_counts_runs_by_scenario() -> None:
    asked = CallReport("CA1", turns=[Turn("ask_need", 700.0)], unplanned=["ask_age"])
    runs = [
        run("a", calls=(asked,), group="bookings"),
        run("b", False, calls=(), outcome="ended: silence", seconds=5.0),
        run("a", calls=(asked, asked), seconds=12.0, seed=1, group="bookings"),
    ]
    assert verdict(runs) == {
        "passed": 2,
        "failed": 1,
        "channel": "sound",
        "k": 1,
        "pass_1": 0.5,
        "pass_k": 0.5,
        "booking_call_s": 10.0,
        "scenarios": [
            {"name": "a", "group": "bookings", "channel": "sound", "runs": 2, "passed": 2, "pass_1": 1.0,
             "pass_k": 1.0, "outcome": "booked", "turns": 2, "seconds": 22.0, "faults": [], "failed_seeds": [],
             "unplanned": ["ask_age"]},
            {"name": "b", "group": "", "channel": "sound", "runs": 1, "passed": 0, "pass_1": 0.0, "pass_k": 0.0,
             "outcome": "ended: silence", "turns": 0, "seconds": 5.0, "faults": ["0 bookings, expected one"],
             "failed_seeds": [0], "unplanned": []},
        ],
    }  # fmt: skip


def test_a_scenario_counts_when_all_its_runs_pass() -> None:
    always, mostly = [run("a", seed=k) for k in range(4)], [run("b", k != 2, seed=k) for k in range(4)]
    told = verdict([*always, *mostly])
    assert (told["k"], told["pass_1"], told["pass_k"]) == (4, 0.875, 0.5)


@pytest.mark.parametrize(
    ("passed", "runs", "k", "share"),
    [(4, 4, 4, 1.0), (3, 4, 4, 0.0), (3, 4, 1, 0.75), (5, 6, 4, 5 / 15), (8, 8, 4, 1.0), (0, 4, 1, 0.0)],
)
def test_pass_hat_is_the_share_of_choices_of_k_runs_that_all_passed(
    passed: int, runs: int, k: int, share: float
) -> None:
    assert pass_hat(passed, runs, k) == pytest.approx(share)


def test_nobody_judges_more_runs_than_were_made() -> None:
    with pytest.raises(ValueError, match="as many runs"):
        pass_hat(3, 3, 4)


def test_the_length_of_a_booking_call_is_the_median_of_single_calls_that_booked() -> None:
    once = CallReport("CA1")
    runs = [run("a", seconds=100.0), run("b", seconds=140.0), run("c", seconds=120.0)]
    others = [run("d", seconds=900.0, calls=(once, once)), run("e", seconds=20.0, outcome="ended: silence")]
    assert booking_seconds([*runs, *others]) == 120.0
    assert booking_seconds(others) is None


# --- what was there before the call -----------------------------------------------------------------------------


def after(*given: Booking | None, **more: Any) -> Outcome:
    return Outcome((), held=False, sms_to=(), hand_over=None, ended="done", given=given, **more)


def test_a_booking_made_before_must_stay_as_it_was_without_a_word_about_it() -> None:
    nothing = Expect.model_validate({"ended": "done"})
    assert faults(nothing, after(BOOKING), TODAY, [BOOKING]) == []
    cancelled = replace(BOOKING, status=BookingStatus.CANCELLED)
    assert faults(nothing, after(cancelled), TODAY, [BOOKING]) == [
        "the status of booking 1 that was given is not as wanted"
    ]
    assert faults(nothing, after(None), TODAY, [BOOKING]) == ["booking 1 that was given is gone"]


@pytest.mark.parametrize(
    ("change", "right", "wrong"),
    [
        ({"status": "cancelled"}, {"status": BookingStatus.CANCELLED}, {}),
        ({"items": {"lit": 1}}, {"items": (ItemLine("lit", 1),)}, {}),
        ({"moved": True}, {"day": TODAY + timedelta(days=9)}, {}),
        ({"moved": True, "days": {"first": 9, "last": 9}}, {"day": TODAY + timedelta(days=9)},
         {"day": TODAY + timedelta(days=10)}),
        ({"phone": "+33699999999"}, {"phone": PhoneNumber("+33699999999")}, {"phone": None}),
    ],
)  # fmt: skip
def test_a_booking_made_before_is_judged_as_it_should_have_changed(
    change: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]
) -> None:
    wanted = Expect.model_validate({"given": [change]})
    assert faults(wanted, after(replace(BOOKING, **right)), TODAY, [BOOKING]) == []
    assert len(faults(wanted, after(replace(BOOKING, **wrong)), TODAY, [BOOKING])) == 1


# --- what people are left with ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "right", "wrong"),
    [
        ({"call_back": True}, {"call_backs": 1}, {"call_backs": 0}),
        ({"call_back": False}, {"call_backs": 0}, {"call_backs": 1}),
        ({"report": "missed"}, {"reports": (ReportKind.MISSED,)}, {"reports": (ReportKind.MISSED,) * 2}),
        ({"report": "missed"}, {"reports": (ReportKind.MISSED,)}, {"reports": (ReportKind.COMPLAINT,)}),
        ({"report": "none"}, {}, {"reports": (ReportKind.FLY_TIP,)}),
        ({"answered": ["prix"]}, {"entries": ("delai", "prix")}, {"entries": ("delai",)}),
        ({"gap": True}, {"gaps": 2}, {"gaps": 0}),
        ({"gap": False}, {"gaps": 0}, {"gaps": 1}),
    ],
)
def test_what_people_are_left_with(wanted: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]) -> None:
    expected = Expect.model_validate(wanted)
    assert faults(expected, after(**right), TODAY) == []
    assert len(faults(expected, after(**wrong), TODAY)) == 1


def test_what_must_not_be_heard_and_how_long_it_may_take() -> None:
    spoke = CallReport("CA1", utterances=2, deeds=3, marks=["notice:1", "offer_human:2"])
    assert ring_faults(expect(not_heard="recap", most_turns=3), spoke, has_words=True) == []
    assert ring_faults(expect(not_heard=["offer_human"]), spoke, has_words=True) == ["offer_human was heard"]
    assert ring_faults(expect(most_turns=2), spoke, has_words=True) == ["3 turns of the caller, expected 2 at most"]
