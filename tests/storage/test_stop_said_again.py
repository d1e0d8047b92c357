"""Asked again after a STOP, nobody is promised an SMS that will not come."""

from __future__ import annotations

import pytest

from callbot.booking import BookingDesk
from callbot.domain.bookings import Amendment
from callbot.domain.events import Amended, Booked, Cancelled
from callbot.messages import BookingTexts
from callbot.storage import Storage
from tests.booking.sample import CATALOGUE, MOBILE, TEMPLATES, THURSDAY, PinnedClock, draft, rules_with


@pytest.fixture
def desk(storage: Storage, clock: PinnedClock) -> BookingDesk:
    return BookingDesk(storage.unit_of_work, rules_with(), clock, BookingTexts(TEMPLATES, CATALOGUE))


async def booked(desk: BookingDesk) -> Booked:
    made = await desk.book(draft())
    assert isinstance(made, Booked)
    return made


async def test_the_same_booking_asked_again(storage: Storage, clock: PinnedClock, desk: BookingDesk) -> None:
    assert (await booked(desk)).sms
    assert (await booked(desk)).sms
    await storage.opt_outs.stop(MOBILE, clock.now())
    assert not (await booked(desk)).sms


async def test_the_same_change_asked_again(storage: Storage, clock: PinnedClock, desk: BookingDesk) -> None:
    change = Amendment("CA2", (await booked(desk)).reference, day=THURSDAY, readback_accepted=True)
    for stopped in (False, True):
        first, again = [await desk.amend(change) for _ in range(2)]
        assert isinstance(first, Amended)
        assert isinstance(again, Amended)
        assert (first.sms, again.sms) == (not stopped, not stopped)
        await storage.opt_outs.stop(MOBILE, clock.now())


async def test_the_same_cancellation_asked_again(storage: Storage, clock: PinnedClock, desk: BookingDesk) -> None:
    reference = (await booked(desk)).reference
    for stopped in (False, True):
        first, again = [await desk.cancel(reference) for _ in range(2)]
        assert (first, again) == (Cancelled(reference, not stopped), Cancelled(reference, not stopped))
        await storage.opt_outs.stop(MOBILE, clock.now())
