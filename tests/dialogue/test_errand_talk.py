"""Calls about a booking made before: where it is, that it was missed, changing it, cancelling it; and fly-tips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from callbot.dialogue.acts import Act, AmendBooking, CancelBooking, FindBookings, HandOver, HangUp, HoldDate, MakeReport
from callbot.dialogue.prompts import STATEMENTS
from callbot.domain.bookings import Amendment, BookingStatus, NotChanged
from callbot.domain.events import CallAnswered, EndReason, HandOverReason, KeysPressed
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Meaning, Topic, YesNo
from callbot.domain.people import ReportKind
from callbot.domain.personal import PhoneNumber
from tests.dialogue.world import FIRST, MATTRESS, MOBILE, SECOND, SOFA, THIRD, TODAY, TWO_ITEMS, Talk, booking

SOMEBODY_ELSE = PhoneNumber("+33698765432")
THEIRS = booking(phone=SOMEBODY_ELSE)
ELSEWHERE = HeardAddress(insee="13005")
THERE = HeardAddress(insee="13206")


def asked_for(talk: Talk, kind: type) -> list[object]:
    return [act for act in talk.asked_for if isinstance(act, kind)]


def told(talk: Talk, act: Act) -> str:
    return next(say.text for say in talk.said if say.act is act)


# ---- which booking ----


def test_the_booking_of_the_number_that_calls_is_found_without_a_question() -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS)
    assert asked_for(talk, FindBookings) == [FindBookings(caller=MOBILE)]
    assert "mardi premier décembre, pour un canapé et deux matelas" in told(talk, Act.TELL_STATUS).replace(" ,", ",")
    assert talk.asks() is Act.ASK_MORE


def test_between_several_bookings_the_caller_chooses_by_day_place_or_key() -> None:
    both = (booking(), booking(THIRD, "HHH2A"))
    for answer in (Meaning(choice=2), Meaning(date=HeardDate(THIRD, THIRD))):
        talk = Talk(of_caller=both).start().hear(intent=Intent.CANCEL)
        assert talk.asks() is Act.CHOOSE_BOOKING
        assert "lundi 7 décembre" in talk.hear(answer).last.text
    assert "lundi 7 décembre" in Talk(of_caller=both).start().hear(intent=Intent.CANCEL).keys("2").last.text
    assert Talk(of_caller=both).start().hear(intent=Intent.CANCEL).keys("9").asks() is Act.ASK_REFERENCE


def test_days_that_can_be_chosen_are_those_of_the_bookings() -> None:
    talk = Talk(of_caller=(booking(), booking(THIRD, "HHH2A"))).start().hear(intent=Intent.CANCEL)
    assert talk.state.offered_days == (FIRST, THIRD)


def test_another_number_needs_the_reference_and_the_commune() -> None:
    talk = Talk(caller=None, of_reference=(THEIRS,)).start().hear(intent=Intent.STATUS)
    assert talk.asks() is Act.ASK_REFERENCE
    assert talk.hear(references=("AC47K",)).asks() is Act.CHECK_COMMUNE
    assert talk.hear(address=ELSEWHERE).asks() is Act.CHECK_COMMUNE
    assert Act.TELL_STATUS not in talk.acts
    assert talk.last.text.startswith("Ce n'est pas la commune")
    assert Act.TELL_STATUS in talk.hear(address=THERE).acts


def test_two_wrong_communes_lead_to_a_person_and_tell_nothing() -> None:
    talk = Talk(caller=None, of_reference=(THEIRS,)).start().hear(intent=Intent.CANCEL, references=("AC47K",))
    talk.hear(address=ELSEWHERE).hear(address=ELSEWHERE)
    assert talk.ended == HandOver(HandOverReason.CANCEL)
    assert not asked_for(talk, CancelBooking)


def test_a_reference_typed_on_the_keys_may_mean_several_and_the_commune_tells_which() -> None:
    other = replace(THEIRS, reference="HHH2A", address=replace(THEIRS.address, insee="13005"))
    talk = Talk(caller=None, of_reference=(THEIRS, other)).start().hear(intent=Intent.CANCEL)
    talk.hear(references=("AC47K", "HHH2A"))
    assert talk.asks() is Act.CHECK_COMMUNE
    assert talk.hear(address=ELSEWHERE).yes().asked_for[-1] == CancelBooking("HHH2A")


def test_a_reference_nobody_knows_is_asked_again_and_then_left_to_a_person() -> None:
    talk = Talk(caller=None).start().hear(intent=Intent.STATUS, references=("AC47K",))
    assert "Je ne trouve pas cette référence" in talk.last.text
    assert talk.hear(references=("HHH2A",)).ended == HandOver(HandOverReason.STATUS)


@pytest.mark.parametrize("answer", [Meaning(yes_no=None, references=()), Meaning()])
def test_a_reference_that_is_not_understood_is_asked_in_other_words(answer: Meaning) -> None:
    talk = Talk(caller=None).start().hear(intent=Intent.STATUS)
    assert talk.hear(answer).asks() is Act.ASK_REFERENCE
    assert "Par exemple" in talk.last.text


def test_without_a_reference_a_person_looks_for_the_booking() -> None:
    assert Talk(caller=None).start().hear(intent=Intent.MISSED).no().ended == HandOver(HandOverReason.MISSED)
    assert Talk(caller=None).start().hear(intent=Intent.MISSED).keys("#").ended == HandOver(HandOverReason.MISSED)


# ---- status ----


@pytest.mark.parametrize(
    ("day", "status", "words"),
    [
        (TODAY + timedelta(days=1), BookingStatus.BOOKED, "est prévu le"),
        (TODAY, BookingStatus.BOOKED, "aujourd'hui"),
        (TODAY - timedelta(days=1), BookingStatus.BOOKED, "était prévu le"),
        (FIRST, BookingStatus.CANCELLED, "a été annulé"),
        (TODAY, BookingStatus.COLLECTED, "ont été enlevés"),
    ],
)
def test_status_tells_what_became_of_the_booking(day: date, status: BookingStatus, words: str) -> None:
    made = booking(status=status, day=day)
    assert words in told(Talk(of_caller=(made,)).start().hear(intent=Intent.STATUS), Act.TELL_STATUS)


def test_after_the_status_the_same_booking_can_be_cancelled_and_the_call_ends_on_no() -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS).hear(intent=Intent.CANCEL).yes()
    assert talk.asked_for[-1] == CancelBooking("AC47K")
    assert talk.no().ended == HangUp(EndReason.DONE)


def test_after_the_status_a_new_booking_begins_afresh() -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS).hear(items=(ItemLine(SOFA, 1),))
    assert talk.asks() is Act.ASK_COMMUNE
    assert "Quelle est votre demande" in Talk(of_caller=(booking(),)).start().hear(intent=Intent.STATUS).yes().last.text


# ---- missed ----


@pytest.mark.parametrize(("days", "reported"), [(1, False), (0, False), (-1, True), (-9, True)])
def test_a_pickup_is_missed_once_its_day_is_over(days: int, reported: bool) -> None:
    talk = Talk(of_caller=(booking(day=TODAY + timedelta(days)),)).start().hear(intent=Intent.MISSED)
    reports = [act.report for act in talk.asked_for if isinstance(act, MakeReport)]
    assert [(report.kind, report.reference) for report in reports] == [(ReportKind.MISSED, "AC47K")] * reported
    assert talk.asks() is Act.ASK_MORE


# ---- cancelling ----


def test_only_a_yes_cancels() -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.CANCEL)
    assert talk.asks() is Act.CONFIRM_CANCEL
    talk.hear().no()
    assert not asked_for(talk, CancelBooking)
    assert talk.last.text.startswith("Très bien, le rendez-vous est gardé.")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (NotChanged.TOO_LATE, "L'heure limite"),
        (NotChanged.OVER, "déjà passé"),
        (NotChanged.UNKNOWN, "Je ne retrouve pas"),
        (NotChanged.NOT_SERVED, "règles de collecte"),
        (NotChanged.NOT_ACCEPTED, "tous ces objets"),
        (NotChanged.CONFLICT, "Je n'arrive pas"),
    ],
)
def test_what_cannot_be_cancelled_goes_to_a_person_with_the_reason(reason: NotChanged, words: str) -> None:
    talk = Talk(of_caller=(booking(),), refuses=reason).start().hear(intent=Intent.CANCEL).yes()
    assert talk.ended == HandOver(HandOverReason.CANCEL)
    assert words in talk.last.text


# ---- changing ----


def to_change(wish: Meaning = Meaning()) -> Talk:  # noqa: B008 - frozen
    return Talk(of_caller=(booking(),)).start().hear(replace(wish, intent=Intent.AMEND))


def amendment(talk: Talk) -> Amendment:
    return next(act.amendment for act in reversed(talk.asked_for) if isinstance(act, AmendBooking))


def test_a_date_is_changed_to_one_that_has_room_after_a_read_back() -> None:
    talk = to_change().hear(topic=Topic.DATE).hear(choice=2)
    assert asked_for(talk, HoldDate)
    assert talk.asks() is Act.CONFIRM_CHANGE
    talk.yes()
    assert amendment(talk) == Amendment("CA1", "AC47K", day=SECOND, readback_accepted=True)
    assert "jeudi 3 décembre" in told(talk, Act.TELL_CHANGE)


def test_a_wish_said_at_once_is_looked_for_at_once() -> None:
    talk = to_change(Meaning(date=HeardDate(SECOND, SECOND)))
    assert talk.asks() is Act.OFFER_DATES


def test_an_object_named_at_once_comes_on_top_of_what_was_booked() -> None:
    talk = to_change(Meaning(items=(ItemLine(SOFA, 2),))).yes()
    changed = amendment(talk).items
    assert changed is not None
    assert {line.item: line.quantity for line in changed} == {MATTRESS: 2, SOFA: 2}


def test_objects_asked_anew_replace_the_old_ones() -> None:
    talk = to_change().hear(topic=Topic.ITEMS)
    assert "anciens et les nouveaux" in talk.last.text
    talk.hear(items=(ItemLine(SOFA, 1),)).yes()
    assert amendment(talk).items == (ItemLine(SOFA, 1),)
    assert amendment(talk).day is None


def test_a_telephone_is_changed_by_voice_or_keys() -> None:
    talk = to_change().keys("4").keys("0698765432").yes().yes()
    assert amendment(talk).phone == SOMEBODY_ELSE
    assert amendment(talk).items is None


def test_an_address_is_changed_by_a_person() -> None:
    assert to_change(Meaning(topic=Topic.ADDRESS)).ended == HandOver(HandOverReason.AMEND)


def test_a_no_to_the_change_asks_what_it_should_be() -> None:
    talk = to_change().hear(topic=Topic.DATE).hear(choice=2).no()
    assert talk.asks() is Act.ASK_CHANGE
    assert not asked_for(talk, AmendBooking)


def test_a_day_that_filled_up_is_chosen_anew() -> None:
    talk = to_change().hear(topic=Topic.DATE).hear(choice=2)
    talk.refuses = NotChanged.NO_ROOM
    assert talk.yes().asks() is Act.OFFER_DATES
    assert talk.last.text.startswith("Cette date vient d'être prise")


def test_a_household_that_had_all_its_pickups_is_told_as_at_booking() -> None:
    talk = Talk(of_caller=(booking(),), refuses=NotChanged.HOUSEHOLD_LIMIT)
    talk.start().hear(intent=Intent.AMEND, topic=Topic.DATE).hear(choice=2).yes()
    assert talk.ended == HandOver(HandOverReason.HOUSEHOLD_LIMIT)
    assert talk.last.parts == STATEMENTS["household_limit_reached"]


# ---- fly-tips ----


def test_a_fly_tip_is_reported_with_its_place_and_is_no_booking() -> None:
    talk = Talk().start().hear(intent=Intent.FLY_TIP)
    assert talk.asks() is Act.ASK_KIND
    talk.hear(items=(ItemLine(MATTRESS, 1),)).hear(address=THERE).hear(
        address=HeardAddress(12, None, "rue de rome")
    ).yes()
    reports = [act.report for act in talk.asked_for if isinstance(act, MakeReport)]
    assert [(report.kind, report.items) for report in reports] == [(ReportKind.FLY_TIP, (ItemLine(MATTRESS, 1),))]
    assert reports[0].address is not None
    assert talk.asks() is Act.ASK_MORE


def test_any_words_say_what_was_left() -> None:
    assert Talk().start().hear(intent=Intent.FLY_TIP).hear(intent=Intent.BOOK).asks() is Act.ASK_COMMUNE


# ---- in the middle of a booking, and after a break ----


@pytest.mark.parametrize("intent", [Intent.STATUS, Intent.MISSED, Intent.FLY_TIP])
def test_another_errand_in_the_middle_of_a_booking_is_confirmed_first(intent: Intent) -> None:
    talk = Talk(of_caller=(booking(),)).to_address().hear(intent=intent)
    assert talk.asks() is Act.CONFIRM_GOAL
    assert talk.no().asks() is Act.ASK_ADDRESS
    assert talk.state.items == TWO_ITEMS
    assert talk.hear(intent=intent).yes().state.errand.goal.value == intent.value


@pytest.mark.parametrize("intent", [Intent.STATUS, Intent.CANCEL, Intent.AMEND])
def test_a_call_that_breaks_in_an_errand_goes_on_at_the_same_question(intent: Intent) -> None:
    talk = Talk(of_caller=(booking(), booking(THIRD, "HHH2A"))).start().hear(intent=intent)
    question = talk.asks()
    before = len(talk.said)
    talk.feed(CallAnswered(MOBILE, resumed=True))
    assert [say.act for say in talk.said[before:]] == [Act.RESUME, question]


def test_a_key_that_says_nothing_is_a_miss_like_any_other() -> None:
    talk = Talk(caller=None).start().hear(intent=Intent.CANCEL)
    assert talk.feed(KeysPressed("11111")).state.misses == 1


def test_annulez_in_the_middle_of_a_booking_drops_it_once_confirmed() -> None:
    talk = Talk(of_caller=(booking(),)).to_address().hear(intent=Intent.CANCEL)
    assert "abandonner cette demande" in talk.last.text
    assert talk.no().state.items == TWO_ITEMS
    talk.hear(intent=Intent.CANCEL).yes()
    assert talk.asks() is Act.ASK_MORE
    assert talk.state.items == ()
    assert not asked_for(talk, CancelBooking)
    assert talk.hear(intent=Intent.CANCEL).asks() is Act.CONFIRM_CANCEL


@pytest.mark.parametrize(
    ("topic", "asked"), [(Topic.DATE, Act.OFFER_DATES), (Topic.ITEMS, Act.ASK_ITEMS), (None, Act.ASK_CORRECTION)]
)
def test_changing_in_the_middle_of_a_booking_means_that_booking(topic: Topic | None, asked: Act) -> None:
    talk = Talk(caller=None).to_dates().hear(choice=1)
    assert talk.asks() is Act.ASK_PHONE
    assert talk.hear(intent=Intent.AMEND, topic=topic).asks() is asked
    assert talk.state.where.confirmed is not None


@pytest.mark.parametrize("words", [Meaning(intent=Intent.CANCEL), Meaning(intent=Intent.CANCEL, question="annuler")])
def test_speaking_of_cancelling_is_no_yes_to_it(words: Meaning) -> None:
    talk = Talk(of_caller=(booking(),)).start().hear(intent=Intent.CANCEL).hear(words)
    assert not asked_for(talk, CancelBooking)


@pytest.mark.parametrize(
    ("value", "topic"),
    [(Meaning(date=HeardDate(SECOND, SECOND)), Topic.DATE), (Meaning(items=(ItemLine(SOFA, 3),)), Topic.ITEMS),
     (Meaning(phone=SOMEBODY_ELSE.reveal()), Topic.PHONE)],
)  # fmt: skip
def test_a_value_says_what_to_change_as_its_name_does(value: Meaning, topic: Topic) -> None:
    talk = to_change().hear(value)
    assert talk.state.errand.topic is topic
    assert talk.asks() is not Act.ASK_CHANGE


def test_objects_named_to_be_changed_come_on_top() -> None:
    talk = to_change().hear(items=(ItemLine(SOFA, 3),)).yes()
    changed = amendment(talk).items
    assert changed is not None
    assert {line.item: line.quantity for line in changed} == {MATTRESS: 2, SOFA: 3}


def test_a_yes_to_a_change_that_adds_an_object_is_read_back_again() -> None:
    talk = (
        to_change().hear(topic=Topic.DATE).hear(choice=2).hear(Meaning(yes_no=YesNo.YES, items=(ItemLine("piano", 1),)))
    )
    assert not asked_for(talk, AmendBooking)
