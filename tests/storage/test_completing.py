"""Notes, e-mail addresses and photos of residents on real databases; what may still be changed, and to which days."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from callbot.booking import BookingDesk
from callbot.booking.completing import MOST_PHOTOS, Completed, Completing
from callbot.booking.looking import Looking
from callbot.domain.bookings import Amendment, Booking, BookingStatus, Changer, NotChanged
from callbot.domain.events import Amended, Booked
from callbot.domain.items import ItemLine
from callbot.domain.personal import EmailAddress, Personal
from callbot.messages import BookingTexts
from callbot.settings import LOCAL_ZONE
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    NEXT_TUESDAY,
    SECTOR,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    SampleRules,
    address,
    draft,
    rules_with,
)

NOTE = Personal("Portail vert, au fond de la cour")
EMAIL = EmailAddress("somebody@example.org")
PHOTOS = [bytes([0xFF, 0xD8, number]) for number in range(MOST_PHOTOS + 1)]


def make_desk(storage: Storage, clock: PinnedClock, rules: SampleRules | None = None) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules or SampleRules(), clock, BookingTexts(TEMPLATES, CATALOGUE))


@pytest.fixture
def completing(storage: Storage, clock: PinnedClock) -> Completing:
    return Completing(storage.unit_of_work, clock)


@pytest.fixture
async def reference(storage: Storage, clock: PinnedClock) -> str:
    """A pickup on Thursday."""
    return await booked(make_desk(storage, clock))


async def booked(desk: BookingDesk, call_id: str = "CA1", day: date = THURSDAY) -> str:
    done = await desk.book(draft(call_id, day))
    assert isinstance(done, Booked)
    return done.reference


async def stored(storage: Storage, reference: str) -> Booking:
    booking = await storage.booking(reference)
    assert booking is not None
    return booking


async def journal(storage: Storage) -> list[tuple[str, str, str]]:
    async with storage._database.reading() as connection:
        rows = await connection.execute(
            text("SELECT kind, changed_by, status_after FROM booking_changes ORDER BY number")
        )
        return [(row.kind, row.changed_by, row.status_after) for row in rows]


async def test_a_note_and_an_address_are_kept_journalled_once_and_taken_away(
    completing: Completing, storage: Storage, reference: str
) -> None:
    for _ in range(2):
        assert await completing.note(reference, NOTE) is Completed.DONE
        assert await completing.email(reference, EMAIL) is Completed.DONE
    booking = await stored(storage, reference)
    assert (booking.note, booking.email, booking.day) == (NOTE, EMAIL, THURSDAY)
    assert await journal(storage) == [("completed", "resident", "booked")] * 2
    assert await completing.note(reference, None) is Completed.DONE
    assert await completing.email(reference, None) is Completed.DONE
    booking = await stored(storage, reference)
    assert (booking.note, booking.email) == (None, None)


async def test_three_photos_are_kept_and_no_fourth(completing: Completing, storage: Storage, reference: str) -> None:
    added = [await completing.add_photo(reference, photo) for photo in PHOTOS]
    assert added == [Completed.DONE] * MOST_PHOTOS + [Completed.TOO_MANY]
    assert await storage.photos(reference) == {number: PHOTOS[number - 1] for number in range(1, MOST_PHOTOS + 1)}
    assert await completing.remove_photo(reference, 2) is Completed.DONE
    assert await completing.add_photo(reference, PHOTOS[3]) is Completed.DONE
    assert set((await storage.photos(reference)).values()) == {PHOTOS[0], PHOTOS[2], PHOTOS[3]}


async def test_a_photo_sent_twice_is_one_and_taken_away_twice_is_gone(
    completing: Completing, storage: Storage, reference: str
) -> None:
    for _ in range(2):
        assert await completing.add_photo(reference, PHOTOS[0]) is Completed.DONE
    assert len(await storage.photos(reference)) == 1
    for _ in range(2):
        assert await completing.remove_photo(reference, 1) is Completed.DONE
    assert await storage.photos(reference) == {}
    assert len(await journal(storage)) == 2


async def test_photos_sent_at_once_are_counted_one_after_the_other(
    completing: Completing, storage: Storage, reference: str
) -> None:
    added = await asyncio.gather(*(completing.add_photo(reference, photo) for photo in PHOTOS))
    assert sorted(added) == sorted([Completed.DONE] * MOST_PHOTOS + [Completed.TOO_MANY])
    assert len(await storage.photos(reference)) == MOST_PHOTOS


async def test_nothing_is_added_once_nobody_comes_and_everything_can_be_taken_away(
    completing: Completing, storage: Storage, clock: PinnedClock, reference: str
) -> None:
    await completing.note(reference, NOTE)
    await completing.add_photo(reference, PHOTOS[0])
    await make_desk(storage, clock).cancel(reference, Changer.RESIDENT)
    assert await completing.note(reference, Personal("autre")) is Completed.OVER
    assert await completing.email(reference, EMAIL) is Completed.OVER
    assert await completing.add_photo(reference, PHOTOS[1]) is Completed.OVER
    assert await completing.note(reference, None) is Completed.DONE
    assert await completing.remove_photo(reference, 1) is Completed.DONE
    booking = await stored(storage, reference)
    assert (booking.note, booking.status) == (None, BookingStatus.CANCELLED)


@pytest.mark.parametrize(("after", "expected"), [(0, Completed.DONE), (1, Completed.OVER)])
async def test_until_the_end_of_the_day_itself_something_can_be_added(
    completing: Completing, clock: PinnedClock, reference: str, after: int, expected: Completed
) -> None:
    midnight = datetime.combine(THURSDAY + timedelta(days=1), time(), LOCAL_ZONE).astimezone(UTC)
    clock.at = midnight - timedelta(seconds=1) + timedelta(seconds=after)
    assert await completing.note(reference, NOTE) is expected


async def test_an_unknown_reference_is_told(completing: Completing) -> None:
    assert await completing.note("AAAAA", NOTE) is Completed.UNKNOWN
    assert await completing.remove_photo("AAAAA", 1) is Completed.UNKNOWN


async def test_standing_says_until_when_it_can_be_changed_as_the_desk_decides(
    storage: Storage, clock: PinnedClock, reference: str
) -> None:
    looking = Looking(storage.unit_of_work, SampleRules(), clock)
    booking = await stored(storage, reference)
    until = datetime(2026, 11, 25, 12, tzinfo=LOCAL_ZONE)
    assert (looking.standing(booking).until, looking.standing(booking).closed) == (until, None)
    clock.at = until.astimezone(UTC) - timedelta(seconds=1)
    assert looking.standing(booking).closed is None
    clock.at = until.astimezone(UTC)
    assert looking.standing(booking).closed is NotChanged.TOO_LATE
    clock.advance(days=2)
    assert looking.standing(booking).closed is NotChanged.OVER


async def test_standing_of_an_address_whose_rules_are_gone(
    storage: Storage, clock: PinnedClock, reference: str
) -> None:
    looking = Looking(storage.unit_of_work, SampleRules(()), clock)
    standing = looking.standing(await stored(storage, reference))
    assert (standing.territory, standing.until, standing.closed) == (None, None, NotChanged.NOT_SERVED)


async def test_the_own_day_is_among_the_days_though_it_is_full_and_full_ones_are_not(
    storage: Storage, clock: PinnedClock
) -> None:
    rules = rules_with(capacity=1)
    desk = make_desk(storage, clock, rules)
    own, _other = await booked(desk, "CA1", THURSDAY), await booked(desk, "CA2", NEXT_TUESDAY)
    looking = Looking(storage.unit_of_work, rules, clock)
    booking = await stored(storage, own)
    days = await looking.days(booking)
    assert THURSDAY in days
    assert NEXT_TUESDAY not in days
    assert TUESDAY in days
    hills = await looking.days(booking, address=address("13211"))
    assert hills[:2] == (TUESDAY, NEXT_TUESDAY)
    assert THURSDAY not in hills


async def test_every_day_that_is_shown_can_be_had(storage: Storage, clock: PinnedClock) -> None:
    rules = rules_with(capacity=1)
    desk = make_desk(storage, clock, rules)
    own = await booked(desk, "CA1", THURSDAY)
    looking = Looking(storage.unit_of_work, rules, clock)
    for day in await looking.days(await stored(storage, own)):
        asked = Amendment(f"page-{day}", own, day=day, readback_accepted=True, by=Changer.RESIDENT)
        assert isinstance(await desk.amend(asked), Amended)
        assert (await stored(storage, own)).day == day


async def test_more_than_fits_on_the_own_day_leaves_it_out(storage: Storage, clock: PinnedClock) -> None:
    rules = rules_with(sectors=(replace(SECTOR, capacity_items=2),))
    desk = make_desk(storage, clock, rules)
    own, _other = await booked(desk, "CA1", THURSDAY), await booked(desk, "CA2", THURSDAY)
    looking = Looking(storage.unit_of_work, rules, clock)
    booking = await stored(storage, own)
    assert THURSDAY in await looking.days(booking)
    days = await looking.days(booking, items=(ItemLine("matelas", 2),))
    assert THURSDAY not in days
    assert TUESDAY in days
