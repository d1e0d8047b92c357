"""The life of a booking, walked at random: where it leads and where it never does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.booking_life import OUTCOMES, Move, NotAllowedError, after, allows
from callbot.domain.bookings import BookingStatus

TO_COME = {BookingStatus.BOOKED, BookingStatus.REPLANNED}


@given(st.lists(st.sampled_from(Move), max_size=40))
def test_a_random_life_keeps_its_promises(moves: list[Move]) -> None:
    status: BookingStatus | None = None
    lived: list[BookingStatus | None] = [None]
    for move in moves:
        if not allows(status, move):
            with pytest.raises(NotAllowedError):
                after(status, move)
            continue
        status = after(status, move)
        assert lived[-1] is not BookingStatus.CANCELLED
        if status in OUTCOMES:
            assert TO_COME & set(lived)
        if status is BookingStatus.CANCELLED:
            assert lived[-1] in TO_COME
        if status in (None, BookingStatus.HELD):
            assert lived[-1] in (None, BookingStatus.HELD)
        lived.append(status)


@pytest.mark.parametrize("move", Move)
def test_nothing_leads_out_of_cancelled(move: Move) -> None:
    assert not allows(BookingStatus.CANCELLED, move)


def test_no_state_is_a_refusal_by_the_machine() -> None:
    assert not [status for status in BookingStatus if "refus" in status.value]


def test_every_state_can_be_reached_from_nothing() -> None:
    reached: set[BookingStatus | None] = {None}
    for _ in BookingStatus:
        reached |= {after(status, move) for status in reached for move in Move if allows(status, move)}
    assert reached == {None, *BookingStatus}


@pytest.mark.parametrize("status", BookingStatus)
def test_only_what_is_to_come_can_be_changed_or_cancelled(status: BookingStatus) -> None:
    assert allows(status, Move.AMEND) == allows(status, Move.CANCEL) == status.to_come
    if status.to_come:
        assert after(status, Move.AMEND) is status


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_crew_may_correct_what_it_entered(outcome: BookingStatus) -> None:
    assert {after(outcome, move) for move in OUTCOMES.values()} == set(OUTCOMES)


@pytest.mark.parametrize("status", BookingStatus)
def test_only_what_failed_or_is_to_come_gets_another_day(status: BookingStatus) -> None:
    failed = status in (BookingStatus.MISSED, BookingStatus.INACCESSIBLE)
    assert allows(status, Move.REPLAN) == (failed or status.to_come)
