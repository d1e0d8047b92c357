"""The way to a person on real databases: hours, call-backs in windows with room, reports, the end of hand-overs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from callbot.booking import PeopleDesk
from callbot.domain.events import CallBackKept, HandOverReason, PeopleChecked, Reported
from callbot.domain.items import Certainty, ItemLine
from callbot.domain.opening import Span
from callbot.domain.people import Report, ReportKind, Window
from callbot.knowledge import OpeningHours, Provenance
from callbot.messages import CallBackSms
from callbot.settings import LOCAL_ZONE
from callbot.storage import Storage
from callbot.storage.hand_overs import HandOverStatus
from tests.booking.sample import CALL_BACK_TEMPLATE, LANDLINE, MOBILE, PinnedClock, address

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
HOURS = OpeningHours(
    {day: (Span(time(8), time(18, 30)),) for day in range(5)},
    open_on_holidays=False,
    provenance=Provenance("test", Certainty.SOURCED, "nobody", MONDAY, None, sample=True),
)
ASKED = HandOverReason.ASKED


def window(first: int, day: date = MONDAY) -> Window:
    """A window of two hours."""
    begins = datetime.combine(day, time(first), LOCAL_ZONE)
    return Window(begins, begins + timedelta(hours=2))


def make_desk(storage: Storage, clock: PinnedClock, capacity: int = 2, holidays: tuple[date, ...] = ()) -> PeopleDesk:
    writer = CallBackSms(CALL_BACK_TEMPLATE)
    return PeopleDesk(
        storage.unit_of_work, storage.hand_overs, HOURS, clock, writer, holidays=holidays, capacity=capacity
    )


@pytest.fixture
def people(storage: Storage, clock: PinnedClock) -> PeopleDesk:
    """At 10 o'clock on a Monday; each window takes two call-backs."""
    return make_desk(storage, clock)


async def keep(people: PeopleDesk, call_id: str, wanted: Window) -> Window:
    return (await people.call_back(call_id, MOBILE, ASKED, wanted)).window


@pytest.mark.parametrize(
    ("now", "is_open", "first"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), True, window(12)),
        (datetime(2026, 11, 23, 17, 29, tzinfo=UTC), True, window(8, TUESDAY)),
        (datetime(2026, 11, 23, 17, 30, tzinfo=UTC), False, window(8, TUESDAY)),
        (datetime(2026, 11, 23, 6, 30, tzinfo=UTC), False, window(8)),
    ],
)
async def test_hours_and_the_next_window(
    people: PeopleDesk, clock: PinnedClock, now: datetime, is_open: bool, first: Window
) -> None:
    clock.at = now
    assert await people.check() == PeopleChecked(is_open, first)


async def test_on_a_holiday_nobody_answers_and_nobody_calls_back(storage: Storage, clock: PinnedClock) -> None:
    off = make_desk(storage, clock, holidays=(MONDAY,))
    assert await off.check() == PeopleChecked(open=False, window=window(8, TUESDAY))


async def test_without_a_free_window_in_a_week_none_is_named(storage: Storage, clock: PinnedClock) -> None:
    week = tuple(MONDAY + timedelta(days=offset) for offset in range(8))
    off = make_desk(storage, clock, holidays=week)
    assert await off.check() == PeopleChecked(open=False, window=None)


async def test_a_call_back_is_kept_once_a_call(people: PeopleDesk, storage: Storage, clock: PinnedClock) -> None:
    kept = [await people.call_back("CA1", MOBILE, ASKED, window(12)) for _ in range(2)]
    kept.append(await people.call_back("CA1", MOBILE, HandOverReason.MISSED, window(14)))
    assert kept == [CallBackKept(window(12), sms=True)] * 3
    [stored] = await storage.call_backs()
    assert (stored.call_id, stored.phone, stored.reason, stored.window) == ("CA1", MOBILE, ASKED, window(12))
    [message] = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10)
    assert message.body.reveal() == "Rappel le lundi 23 novembre entre 12 h et 14 h."
    assert message.to == MOBILE
    assert "CA1" not in message.key


async def test_a_landline_is_called_back_without_an_sms(
    people: PeopleDesk, storage: Storage, clock: PinnedClock
) -> None:
    assert await people.call_back("CA1", LANDLINE, ASKED, window(12)) == CallBackKept(window(12), sms=False)
    assert await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 10) == []


async def test_a_full_window_is_no_longer_offered(people: PeopleDesk) -> None:
    await keep(people, "CA1", window(12))
    assert (await people.check()).window == window(12)
    await keep(people, "CA2", window(12))
    assert (await people.check()).window == window(14)


async def test_the_next_window_is_kept_where_this_one_filled_up(people: PeopleDesk) -> None:
    kept = [await keep(people, f"CA{number}", window(16)) for number in range(5)]
    assert kept == [window(16)] * 2 + [window(8, TUESDAY)] * 2 + [window(10, TUESDAY)]
    assert await keep(people, "CA9", window(12)) == window(12)


async def test_a_window_that_is_over_gives_way_to_the_next(people: PeopleDesk, clock: PinnedClock) -> None:
    clock.at = datetime(2026, 11, 23, 12, 59, tzinfo=UTC)
    assert await keep(people, "CA1", window(12)) == window(12)
    clock.at = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    assert await keep(people, "CA2", window(12)) == window(16)


async def test_where_every_window_is_full_the_promise_is_kept_as_it_was_made(
    storage: Storage, clock: PinnedClock
) -> None:
    people = make_desk(storage, clock, capacity=0)
    assert (await people.check()).window is None
    assert await keep(people, "CA1", window(12)) == window(12)


async def test_twenty_callers_at_once_never_overfill_a_window(people: PeopleDesk) -> None:
    kept = await asyncio.gather(*(keep(people, f"CA{number}", window(12)) for number in range(20)))
    assert max(kept.count(one) for one in kept) == 2
    assert len({one.first for one in kept}) == 10


async def test_one_call_that_asks_many_times_at_once_has_one_window(people: PeopleDesk, storage: Storage) -> None:
    kept = await asyncio.gather(*(keep(people, "CA1", window(12)) for _ in range(8)))
    assert set(kept) == {window(12)}
    assert len(await storage.call_backs()) == 1


async def test_who_is_called_back_waits_in_the_queue_no_more(people: PeopleDesk, storage: Storage) -> None:
    await people.hand_over("CA1", ASKED)
    await people.hand_over("CA2", HandOverReason.MISSED)
    await keep(people, "CA1", window(12))
    assert [call.call_id for call in await storage.hand_overs.waiting()] == ["CA2"]
    assert await storage.hand_overs.status("CA1") is HandOverStatus.CALLED_BACK


async def test_a_caller_who_leaves_or_is_answered_waits_no_more_and_that_is_final(storage: Storage) -> None:
    queue = storage.hand_overs
    for call_id in ("CA1", "CA2"):
        await queue.hand_over(call_id, ASKED)
    assert await queue.left("CA1")
    assert await queue.taken("CA2")
    assert [await queue.taken("CA1"), await queue.left("CA2"), await queue.left("CA3")] == [False] * 3
    assert [await queue.status(call_id) for call_id in ("CA1", "CA2", "CA3")] == [
        HandOverStatus.LEFT,
        HandOverStatus.TAKEN,
        None,
    ]
    assert await queue.waiting() == []


async def test_a_call_nobody_answered_is_found_by_a_person_after_its_line_is_closed(storage: Storage) -> None:
    queue = storage.hand_overs
    await queue.hand_over("CA1", ASKED)
    assert [await queue.unanswered("CA1"), await queue.unanswered("CA1")] == [True, True]
    assert not await queue.left("CA1")
    assert [(call.call_id, call.status) for call in await queue.waiting()] == [("CA1", HandOverStatus.UNANSWERED)]
    assert await queue.taken("CA1")
    assert await queue.waiting() == []
    assert [await queue.unanswered("CA1"), await queue.unanswered("CA2")] == [False, False]


@pytest.mark.parametrize("reason", [HandOverReason.TECHNICAL, HandOverReason.TOO_LONG])
async def test_a_call_we_cut_off_is_not_taken_off_the_list_by_its_closed_line(
    storage: Storage, reason: HandOverReason
) -> None:
    await storage.hand_overs.hand_over("CA1", reason)
    assert not await storage.hand_overs.left("CA1")
    assert [call.reason for call in await storage.hand_overs.waiting()] == [reason]
    assert await storage.hand_overs.taken("CA1")


async def test_a_call_back_promised_late_takes_an_unanswered_call_off_the_list(
    people: PeopleDesk, storage: Storage
) -> None:
    await people.hand_over("CA1", ASKED)
    await storage.hand_overs.unanswered("CA1")
    await keep(people, "CA1", window(12))
    assert await storage.hand_overs.status("CA1") is HandOverStatus.CALLED_BACK


async def test_a_report_is_kept_once_a_call(people: PeopleDesk, storage: Storage, clock: PinnedClock) -> None:
    missed = Report("CA1", ReportKind.MISSED, "AC4KR", items=(ItemLine("matelas", 2, "mes deux matelas"),))
    tip = Report("CA1", ReportKind.FLY_TIP, address=address())
    for report in (missed, tip, replace(missed, items=(ItemLine("matelas", 2, "deux matelas"),)), tip):
        assert await people.report(report) == Reported(report.kind)
    stored = {one.report.kind: one for one in await storage.reports()}
    assert stored[ReportKind.MISSED].report == replace(missed, items=(ItemLine("matelas", 2),))
    assert stored[ReportKind.FLY_TIP].report == tip
    assert {one.created_at for one in stored.values()} == {clock.now()}
    assert len(await storage.reports()) == 2
    assert await storage.reports(clock.now() + timedelta(seconds=1)) == []


async def test_a_second_report_of_the_same_kind_about_something_else_is_kept_too(
    people: PeopleDesk, storage: Storage
) -> None:
    tip = Report("CA1", ReportKind.FLY_TIP, address=address(), items=(ItemLine("matelas", 1),))
    others = [
        replace(tip, address=replace(address(), number=14)),
        replace(tip, items=(ItemLine("pneus", 1),)),
        replace(tip, items=(ItemLine("matelas", 2),)),
        replace(tip, reference="AC4KR"),
        replace(tip, call_id="CA2"),
    ]
    for report in (tip, *others):
        await people.report(report)
    stored = [one.report for one in await storage.reports()]
    assert len(stored) == 6
    assert all(report in stored for report in (tip, *others))


async def test_numbers_and_addresses_are_not_readable_in_the_database(people: PeopleDesk, storage: Storage) -> None:
    await keep(people, "CA1", window(12))
    await people.report(
        Report("CA1", ReportKind.FLY_TIP, address=address(), items=(ItemLine("matelas", 1, "le mien"),))
    )
    async with storage._database.reading() as connection:
        rows = [*await connection.execute(text("SELECT * FROM call_backs"))]
        rows += [*await connection.execute(text("SELECT * FROM reports"))]
    stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert not any(secret in stored for secret in (b"612345678", b"Rome", b"le mien"))
