"""What people say of the service by SMS: only who agreed is asked, once, and only what they said counts."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import timedelta
from typing import Protocol

import pytest
from sqlalchemy import update

from callbot.booking import BookingDesk
from callbot.bootstrap.figures import ask_opinions
from callbot.domain.events import Booked, Ended, EndReason, Event, Prompted, Rated
from callbot.domain.notices import FOR_DAYTIME, MessageChannel
from callbot.messages import BookingTexts
from callbot.messages.opinions import rating_of
from callbot.messages.texts import sms_segments
from callbot.storage import CallFactsProjection, Storage
from callbot.storage.tables import bookings
from tests.booking.sample import (
    CATALOGUE,
    LANDLINE,
    MOBILE,
    TEMPLATES,
    TUESDAY,
    PinnedClock,
    draft,
    rules_with,
)
from tests.insight.figures.stories import booking_call
from tests.storage.test_call_facts import Line, figures, line, projection

__all__ = ["line", "projection"]


class Books(Protocol):
    """Books for a call; gives the reference."""

    def __call__(self, call_id: str, *, collected: bool = False) -> Awaitable[str]: ...


async def collected(storage: Storage, reference: str) -> None:
    """The crew took it."""
    async with storage._database.writing() as connection:
        changed = update(bookings).where(bookings.c.reference == reference)
        await connection.execute(changed.values(status="collected"))


@pytest.fixture
def book(storage: Storage, clock: PinnedClock) -> Books:
    desk = BookingDesk(storage.unit_of_work, rules_with(), clock, BookingTexts(TEMPLATES, CATALOGUE))

    async def booked(call_id: str, *, collected: bool = False) -> str:
        done = await desk.book(draft(call_id, TUESDAY))
        assert isinstance(done, Booked)
        if collected:
            await _collected(storage, done.reference)
        return done.reference

    return booked


_collected = collected


async def test_who_agreed_is_asked_by_sms_once_the_pickup_took_place(
    storage: Storage, line: Line, clock: PinnedClock, book: Books, projection: CallFactsProjection
) -> None:
    await line.rings("CA1", booking_call(), MOBILE)
    reference = await book("CA1")
    opinions = storage.satisfaction
    assert not await opinions.agreed(reference)
    await opinions.agree(reference, MOBILE)
    await opinions.agree(reference, MOBILE)
    assert await opinions.agreed(reference)
    await projection.sweep()
    assert await ask_opinions(storage) == 0, "not before the pickup"
    await collected(storage, reference)
    assert await ask_opinions(storage) == 1
    assert await ask_opinions(storage) == 0
    sent = await storage.outbox.lease("worker", clock.now(), timedelta(minutes=1), 10, {MessageChannel.SMS})
    (question,) = [each for each in sent if each.key.startswith("satisfaction:")]
    assert sms_segments(question.body.reveal()) == 1
    assert question.key.startswith(FOR_DAYTIME), "nobody is asked at night"
    clock.advance(hours=3)
    await projection.sweep()
    assert (await figures(storage))["response"].numerator == 0
    assert not await opinions.rate(LANDLINE, 1)
    assert await opinions.rate(MOBILE, 2)
    assert await opinions.rate(MOBILE, 2), "brought twice by the phone company"
    assert not await opinions.rate(MOBILE, 3), "the first answer counts"
    clock.advance(minutes=1)
    await projection.sweep()
    counted = await figures(storage)
    assert (counted["partly"].value, counted["response"].value) == (1, 1)
    assert await projection.sweep() == 0


async def test_who_takes_it_back_is_not_asked(storage: Storage, book: Books) -> None:
    reference = await book("CA1", collected=True)
    await storage.satisfaction.agree(reference, MOBILE)
    await storage.satisfaction.decline(reference)
    assert not await storage.satisfaction.agreed(reference)
    assert await ask_opinions(storage) == 0
    await storage.satisfaction.agree("ZZZZZ", MOBILE)
    assert not await storage.satisfaction.agreed("ZZZZZ")


async def test_late_questions_and_late_answers_are_left_out(storage: Storage, clock: PinnedClock, book: Books) -> None:
    asked, late = await book("CA1", collected=True), await book("CA2", collected=True)
    await storage.satisfaction.agree(asked, MOBILE)
    assert await ask_opinions(storage) == 1
    clock.advance(days=9)
    assert not await storage.satisfaction.rate(MOBILE, 1)
    await storage.satisfaction.agree(late, MOBILE)
    assert await ask_opinions(storage) == 0


async def test_who_answered_in_the_call_is_not_asked_again(
    storage: Storage, line: Line, clock: PinnedClock, book: Books, projection: CallFactsProjection
) -> None:
    said: list[Event] = [Prompted("ask_satisfaction", 1, ""), Rated(1)]
    references: list[str] = []
    for call_id, ending in (("CA1", said), ("CA2", said[:1])):
        await line.rings(call_id, [*booking_call()[:-1], *ending, Ended(EndReason.DONE)], MOBILE)
        references.append(await book(call_id, collected=True))
        await projection.sweep()
        await storage.satisfaction.agree(references[-1], MOBILE)
    assert [each.reference for each in await storage.satisfaction.due()] == references[1:]
    await ask_opinions(storage)
    await projection.sweep()
    assert await storage.satisfaction.rate(MOBILE, 3)
    clock.advance(minutes=1)
    await projection.sweep()
    counted = await figures(storage)
    assert (counted["satisfied"].numerator, counted["unsatisfied"].numerator) == (1, 1)
    assert (counted["response"].numerator, counted["response"].denominator) == (2, 2)


@pytest.mark.parametrize(
    ("text", "rating"),
    [("1", 1), (" 2. ", 2), ("Oui !", 1), ("NON", 3), ("en partie", 2), ("4", None), ("12", None), ("oui merci", None),
     ("un matelas", None), ("", None)],
)  # fmt: skip
def test_only_a_whole_answer_is_one(text: str, rating: int | None) -> None:
    assert rating_of(text) == rating
