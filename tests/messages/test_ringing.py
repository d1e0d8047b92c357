"""When a call that nobody heard is tried again, and when no more."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.hours import RINGS_FROM, RINGS_UNTIL, may_ring
from callbot.messages.ringing import (
    MOST_RINGS,
    RINGS_AGAIN_AFTER,
    TOLD_WITHIN,
    CallFollower,
    Rang,
    next_ring,
    ring_number,
)
from callbot.settings import LOCAL_ZONE
from tests.booking.sample import PinnedClock

KEY = "reminder:AC4KR:2026-11-24:voice"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=LOCAL_ZONE)


@pytest.mark.parametrize(
    ("key", "number"), [(KEY, 1), (f"{KEY}:2", 2), (f"{KEY}:3", 3), ("outcome:AC4KR:2", 1), ("voice:x", 1)]
)
def test_each_try_is_named_by_its_number(key: str, number: int) -> None:
    assert ring_number(key) == number


@pytest.mark.parametrize("rang", [Rang.BUSY, Rang.NO_ANSWER, Rang.FAILED])
def test_three_tries_in_all(rang: Rang) -> None:
    keys, key, moment = [KEY], KEY, at(17)
    while (again := next_ring(key, rang, moment, None)) is not None:
        key, moment = again.key, again.at
        keys.append(key)
    assert keys == [KEY, f"{KEY}:2", f"{KEY}:3"]
    assert moment == at(17) + 2 * RINGS_AGAIN_AFTER
    assert len(keys) == MOST_RINGS


@pytest.mark.parametrize("rang", [Rang.HEARD, Rang.CANCELED])
def test_what_was_heard_or_taken_back_is_not_tried_again(rang: Rang) -> None:
    assert next_ring(KEY, rang, at(17), None) is None


@pytest.mark.parametrize(
    ("moment", "not_after", "rings"),
    [
        (at(19, 39), None, True),
        (at(19, 40), None, False),
        (at(8, 39), None, False),
        (at(8, 40), None, True),
        (at(17), at(17, 20), False),
        (at(17), at(17, 21), True),
    ],
)
def test_no_try_is_late(moment: datetime, not_after: datetime | None, *, rings: bool) -> None:
    assert (next_ring(KEY, Rang.BUSY, moment, not_after) is not None) is rings


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.sampled_from(Rang), st.integers(1, MOST_RINGS))  # noqa: DTZ001 - local time is added below
def test_a_next_try_is_always_at_an_hour_at_which_one_may_ring(moment: datetime, rang: Rang, number: int) -> None:
    key = KEY if number == 1 else f"{KEY}:{number}"
    again = next_ring(key, rang, moment.replace(tzinfo=LOCAL_ZONE), None)
    assert again is None or (may_ring(again.at) and ring_number(again.key) == number + 1 <= MOST_RINGS)


@pytest.mark.parametrize(
    ("moment", "rings"),
    [(time(8, 59), False), (RINGS_FROM, True), (time(19, 59), True), (RINGS_UNTIL, False), (time(2), False)],
)
def test_nobody_is_rung_early_or_late(moment: time, *, rings: bool) -> None:
    assert may_ring(datetime.combine(date(2026, 11, 23), moment, LOCAL_ZONE)) is rings


@dataclass
class Company:
    """A phone company that tells how calls ended, of those it knows."""

    ends: dict[str, Rang]
    away: str = ""
    """a call of which it cannot be asked"""

    async def ended(self, provider_id: str) -> Rang | None:
        if provider_id == self.away:
            raise ConnectionError("no answer")
        return self.ends.get(provider_id)


@dataclass
class Calls:
    """Calls by the moment they were made."""

    made: dict[str, datetime]
    told: list[tuple[str, Rang | None, datetime]] = field(default_factory=list)

    async def untold_calls(self, first: datetime, last: datetime) -> list[str]:
        return [call for call, moment in self.made.items() if first <= moment <= last]

    async def rang(self, provider_id: str, rang: Rang | None, at: datetime, mark: str = "") -> bool:
        self.told.append((provider_id, rang, at))
        return True


async def test_ends_nobody_told_of_are_asked_for_once_the_call_must_be_over() -> None:
    clock = PinnedClock()
    now = clock.now().astimezone(UTC)
    calls = Calls({
        "CAold": now - timedelta(days=2),
        "CAover": now - TOLD_WITHIN,
        "CAgoing": now - TOLD_WITHIN,
        "CAnew": now - TOLD_WITHIN + timedelta(seconds=1),
    })  # fmt: skip
    company = Company(dict.fromkeys(("CAold", "CAover", "CAnew"), Rang.BUSY))
    assert await CallFollower(company, calls, clock).sweep() == 1
    assert calls.told == [("CAover", Rang.BUSY, clock.now())]


async def test_a_call_that_cannot_be_asked_for_holds_up_no_other() -> None:
    clock = PinnedClock()
    over = clock.now().astimezone(UTC) - TOLD_WITHIN
    calls = Calls({"CA1": over, "CA2": over})
    company = Company(dict.fromkeys(("CA1", "CA2"), Rang.HEARD), away="CA1")
    assert await CallFollower(company, calls, clock).sweep() == 1
    assert [call for call, _, _ in calls.told] == ["CA2"]
