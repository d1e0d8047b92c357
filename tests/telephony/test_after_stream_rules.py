"""What comes after the stream, from the events alone."""

from __future__ import annotations

import pytest

from callbot.domain.events import (
    CallAnswered,
    Channel,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    NothingHeard,
    PartFailed,
)
from callbot.telephony.after_stream import Next, what_next

FIRST = CallAnswered(None)
AGAIN = CallAnswered(None, resumed=True)
IN_TURNS = CallAnswered(None, Channel.TURNS, resumed=True)
BROKEN = Ended(EndReason.BROKEN_STREAM)
DEAF = PartFailed("speech")


@pytest.mark.parametrize(
    ("events", "decision"),
    [
        ([FIRST, Ended(EndReason.DONE)], Next.HANG_UP),
        ([FIRST, Ended(EndReason.SILENCE)], Next.HANG_UP),
        ([FIRST, Ended(EndReason.CALLER_HUNG_UP)], Next.HANG_UP),
        ([FIRST, HandedOver(HandOverReason.ASKED), Ended(EndReason.HANDED_OVER)], Next.DIAL),
        ([FIRST, HandedOver(HandOverReason.ASKED)], Next.DIAL),
        ([FIRST, Ended(EndReason.TOO_LONG)], Next.APOLOGISE_AND_DIAL),
        ([FIRST, Ended(EndReason.FAILURE)], Next.APOLOGISE_AND_DIAL),
        ([FIRST, NothingHeard()], Next.RESUME),
        ([FIRST, BROKEN], Next.RESUME),
        ([FIRST, BROKEN, AGAIN, BROKEN], Next.TURNS),
        ([FIRST, AGAIN, NothingHeard()], Next.TURNS),
        ([FIRST, DEAF], Next.TURNS),
        ([FIRST, DEAF, BROKEN], Next.TURNS),
        ([FIRST, DEAF, HandedOver(HandOverReason.TECHNICAL)], Next.DIAL),
        ([FIRST, PartFailed("voice")], Next.RESUME),
        ([FIRST, DEAF, AGAIN], Next.TURNS),
        ([FIRST, AGAIN, IN_TURNS, NothingHeard()], Next.APOLOGISE_AND_DIAL),
        ([FIRST, DEAF, IN_TURNS, DEAF], Next.APOLOGISE_AND_DIAL),
        ([IN_TURNS], Next.APOLOGISE_AND_DIAL),
        ([FIRST, AGAIN, IN_TURNS, Ended(EndReason.CALL_BACK)], Next.HANG_UP),
        ([FIRST, AGAIN, Ended(EndReason.DONE)], Next.HANG_UP),
        ([], Next.RESUME),
    ],
)
def test_the_end_of_the_stream_decides(events: list[Event], decision: Next) -> None:
    assert what_next(events) is decision


@pytest.mark.parametrize("events", [[], [FIRST], [FIRST, BROKEN]])
def test_a_second_stream_that_never_reached_us_is_not_tried_a_third_time(events: list[Event]) -> None:
    assert what_next(events, already_resumed=True) is Next.TURNS


def test_a_caller_who_is_still_on_the_line_has_not_hung_up() -> None:
    assert what_next([FIRST, Ended(EndReason.CALLER_HUNG_UP)], on_the_line=True) is Next.APOLOGISE_AND_DIAL
    assert what_next([FIRST, Ended(EndReason.DONE)], on_the_line=True) is Next.HANG_UP


def test_every_reason_to_end_has_a_decision() -> None:
    assert {what_next([FIRST, Ended(reason)]) for reason in EndReason} == set(Next) - {Next.TURNS}


def test_the_whole_way_down_ends_with_a_person() -> None:
    """A break, a break of the second stream, a break turn by turn: each time a step further, never back."""
    way, events = [], [FIRST]
    for again in (AGAIN, IN_TURNS):
        way.append(what_next(events))
        events.append(again)
    assert [*way, what_next(events)] == [Next.RESUME, Next.TURNS, Next.APOLOGISE_AND_DIAL]
