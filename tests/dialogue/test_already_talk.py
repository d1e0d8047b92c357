"""What is booked already: a pickup at the same address, the limit of a household, what the crew found; and the call
the day before for who has no mobile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from callbot.dialogue.acts import Act, AmendBooking, Book, FindDates, HandOver, KeepCallBack, MakeReport
from callbot.dialogue.wording import spoken_limit
from callbot.domain.bookings import Booking, BookingDraft, BookingStatus, NotBooked, NotConform
from callbot.domain.events import Booked, BookedThere, BookingFailed, Channel, DatesFound, HandOverReason, NothingHeard
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Intent
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import HouseholdLimit
from tests.dialogue.world import FIRST, LANDLINE, MATTRESS, MOBILE, SECOND, SOFA, THIRD, TODAY, Talk, booking, dates

LIMIT = HouseholdLimit(3, 365)


def found(*there: BookedThere, over: bool = False, limit: HouseholdLimit | None = LIMIT) -> DatesFound:
    return replace(dates(FIRST, SECOND, THIRD), booked_there=there, over_limit=over, limit=limit)


def drafts(talk: Talk) -> list[BookingDraft]:
    return [act.draft for act in talk.asked_for if isinstance(act, Book)]


def test_whose_bookings_count_is_asked_for_the_number_that_calls() -> None:
    talk = Talk().to_dates()
    assert [act.caller for act in talk.asked_for if isinstance(act, FindDates)] == [MOBILE]


def test_a_pickup_of_a_neighbour_blocks_nothing_and_is_asked_about_once() -> None:
    there = found(BookedThere(FIRST, own=False))
    talk = Talk(calendar=[there, there, there]).to_dates()
    assert talk.asks() is Act.ASK_WHOSE
    assert "premier décembre" in talk.last.text
    assert talk.no().asks() is Act.OFFER_DATES
    assert talk.no().asks() is Act.OFFER_DATES
    assert talk.acts.count(Act.ASK_WHOSE) == 1


def test_their_own_pickup_takes_the_objects_on_top_of_its_own() -> None:
    own, elsewhere = booking(FIRST), booking(SECOND, "HHH2A")
    talk = Talk(calendar=[found(BookedThere(FIRST, own=True))], of_caller=(own, elsewhere)).to_dates()
    assert talk.asks() is Act.OFFER_ADD
    assert talk.yes().asks() is Act.CONFIRM_CHANGE
    talk.yes()
    changed = [act.amendment for act in talk.asked_for if isinstance(act, AmendBooking)]
    assert [each.reference for each in changed] == ["AC47K"]
    assert changed[0].items is not None
    assert {line.item: line.quantity for line in changed[0].items} == {SOFA: 2, MATTRESS: 4}


def test_a_pickup_booked_with_another_number_is_changed_by_its_reference_alone() -> None:
    talk = Talk(calendar=[found(BookedThere(FIRST, own=False))], of_reference=(booking(phone=None),)).to_dates()
    assert talk.yes().asks() is Act.OFFER_ADD
    assert talk.keys("1").asks() is Act.ASK_REFERENCE


def test_several_pickups_in_a_building_are_one_question() -> None:
    there = (BookedThere(SECOND, own=False), BookedThere(FIRST, own=False), BookedThere(FIRST, own=False))
    talk = Talk(calendar=[found(*there)]).to_dates()
    assert talk.asks() is Act.ASK_WHOSE
    assert talk.last.text.count("mardi premier") == 1


def test_silence_about_the_pickup_goes_on_with_the_booking() -> None:
    talk = Talk(calendar=[found(BookedThere(FIRST, own=True))]).to_dates()
    assert talk.feed(NothingHeard()).asks() is Act.OFFER_ADD
    assert talk.feed(NothingHeard()).asks() is Act.OFFER_DATES


@pytest.mark.parametrize(("limit", "words"), [(LIMIT, "trois enlèvements par an"), (None, "Votre foyer")])
def test_who_has_had_all_pickups_hears_the_rule_and_gets_a_person(limit: HouseholdLimit | None, words: str) -> None:
    talk = Talk(calendar=[found(over=True, limit=limit)]).to_dates()
    assert words in talk.last.text
    assert talk.ended == HandOver(HandOverReason.HOUSEHOLD_LIMIT)


def test_out_of_hours_the_rule_is_said_and_a_call_back_kept() -> None:
    talk = Talk(calendar=[found(over=True)], people_open=False).to_dates()
    assert any("trois enlèvements par an" in say.text for say in talk.said)
    talk.yes()
    assert any(isinstance(act, KeepCallBack) for act in talk.asked_for)


def test_the_limit_found_while_booking_names_the_rule_too() -> None:
    failed = BookingFailed(NotBooked.HOUSEHOLD_LIMIT)
    talk = Talk(calendar=[found()], bookings=[failed]).to_recap().yes()
    assert "trois enlèvements par an" in talk.last.text
    assert talk.ended == HandOver(HandOverReason.HOUSEHOLD_LIMIT)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (HouseholdLimit(1, 7), "un enlèvement par semaine"),
        (HouseholdLimit(2, 90), "deux enlèvements en 90 jours"),
        (HouseholdLimit(12, 365), "12 enlèvements par an"),
    ],
)
def test_limits_are_said_in_plain_words(limit: HouseholdLimit, words: str) -> None:
    assert spoken_limit(limit) == words


OUTCOMES = [
    (BookingStatus.COLLECTED, "ont été enlevés"),
    (BookingStatus.NOT_PRESENTED, "n'a pas trouvé"),
    (BookingStatus.NOT_CONFORM, "plus que prévu"),
    (BookingStatus.INACCESSIBLE, "sans pouvoir atteindre"),
]
YESTERDAY = TODAY - timedelta(days=1)


def made(status: BookingStatus, day: date = YESTERDAY) -> Booking:
    why = NotConform.TOO_MUCH if status is BookingStatus.NOT_CONFORM else None
    return booking(day, status=status, not_conform=why)


@pytest.mark.parametrize(("status", "words"), [*OUTCOMES, (BookingStatus.MISSED, "désolé")])
def test_status_tells_what_the_crew_found(status: BookingStatus, words: str) -> None:
    talk = Talk(of_caller=(made(status),)).start().hear(intent=Intent.STATUS)
    assert words in talk.said[-2].text
    assert talk.asks() is Act.ASK_MORE


def test_status_of_a_pickup_that_was_moved_tells_its_new_day() -> None:
    talk = Talk(of_caller=(made(BookingStatus.REPLANNED, FIRST),)).start().hear(intent=Intent.STATUS)
    assert "premier décembre" in talk.said[-2].text
    assert "reporté" in talk.said[-2].text


@pytest.mark.parametrize(("status", "words"), OUTCOMES)
def test_a_missed_pickup_that_a_crew_closed_is_told_instead_of_reported(status: BookingStatus, words: str) -> None:
    talk = Talk(of_caller=(made(status),)).start().hear(intent=Intent.MISSED)
    assert words in talk.said[-2].text
    assert talk.asks() is Act.OFFER_HUMAN
    assert not any(isinstance(act, MakeReport) for act in talk.asked_for)
    assert talk.yes().ended == HandOver(HandOverReason.MISSED)


def test_a_caller_on_a_landline_is_rung_the_day_before_if_they_wish() -> None:
    talk = Talk(caller=LANDLINE).to_dates().hear(choice=1).no()
    assert talk.asks() is Act.OFFER_REMINDER
    assert talk.yes().asks() is Act.RECAP
    talk.bookings = [Booked("AC47K", FIRST, "", sms=False)]
    talk.yes()
    assert [(draft.phone, draft.calls_wanted) for draft in drafts(talk)] == [(LANDLINE, True)]
    assert "la veille" in talk.last.text
    assert "SMS" not in talk.last.text


def test_who_wants_no_call_leaves_no_number() -> None:
    talk = Talk(caller=LANDLINE).to_dates().hear(choice=1).no().keys("2")
    assert talk.asks() is Act.RECAP
    talk.yes()
    assert [(draft.phone, draft.calls_wanted) for draft in drafts(talk)] == [(None, False)]


@pytest.mark.parametrize(("caller", "channel"), [(MOBILE, Channel.PHONE), (None, Channel.PHONE), (None, Channel.TEXT)])
def test_the_call_is_offered_to_landlines_on_the_phone_alone(caller: PhoneNumber | None, channel: Channel) -> None:
    talk = Talk(caller=caller, channel=channel).to_dates().hear(choice=1)
    talk.no() if talk.asks() is Act.ASK_PHONE else talk.no().no()
    assert Act.OFFER_REMINDER not in talk.acts


def test_a_landline_that_was_given_is_read_back_with_the_offer() -> None:
    talk = Talk(caller=None).to_dates().hear(choice=1).hear(phone=LANDLINE.reveal()).no()
    assert talk.asks() is Act.OFFER_REMINDER
    assert "04, 91, 12, 34, 56" in talk.last.text


def test_a_number_named_with_the_wish_to_change_is_the_new_number() -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.AMEND, items=(ItemLine(SOFA, 3),)).yes()
    changed = next(act.amendment for act in talk.asked_for if isinstance(act, AmendBooking))
    assert changed.items is not None
    assert ItemLine(SOFA, 3) in changed.items
