"""What the request system is told: each fact once and under its own name, nobody's person, nothing unasked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callbot.booking import BookingDesk
from callbot.booking.announcements import RECEIVER, Announcements, BookingEvent, webhook_body
from callbot.booking.completing import Completing
from callbot.bootstrap.bookings import booking_desk
from callbot.domain.bookings import Amendment, Author, Booking, BookingStatus, Changer, NotConform
from callbot.domain.events import Booked, BookingFailed
from callbot.domain.items import ItemLine
from callbot.domain.notices import MessageChannel
from callbot.domain.personal import EmailAddress, Personal, PersonName
from callbot.knowledge import KnowledgeBase, load_knowledge
from callbot.messages import BookingTexts
from callbot.settings import Outwards, Settings
from callbot.storage import Storage
from tests.booking.sample import (
    CATALOGUE,
    MOBILE,
    ONE_MATTRESS,
    TEMPLATES,
    THURSDAY,
    TUESDAY,
    PinnedClock,
    address,
    draft,
    rules_with,
)

BOOKING = Booking(
    "AC4KR", BookingStatus.NOT_CONFORM, TUESDAY, "centre", address(), (ItemLine("matelas", 2, "les lits de Camille"),),
    MOBILE, Author.BOT, datetime(2026, 11, 20, tzinfo=UTC), name=PersonName("Camille Martin"),
    email=EmailAddress("camille@example.org"), note=Personal("code 4711"), not_conform=NotConform.TOO_MUCH,
)  # fmt: skip
FIELDS = {
    "type", "reference", "status", "not_conform", "day", "sector", "items", "postcode", "commune", "insee"
}  # fmt: skip
"""all that leaves the house"""
TWO = (ItemLine("matelas", 2, "deux matelas"),)


def make_desk(storage: Storage, clock: PinnedClock, *, wanted: bool = True, capacity: int = 9) -> BookingDesk:
    texts = BookingTexts(TEMPLATES, CATALOGUE, now=clock.now)
    announcements = Announcements(wanted=wanted)
    return BookingDesk(storage.unit_of_work, rules_with(capacity), clock, texts, announcements=announcements)


async def announced(storage: Storage, clock: PinnedClock) -> dict[str, Mapping[str, object]]:
    """The bodies of all webhooks by key, as their sender gets them."""
    leased = await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), 100, {MessageChannel.WEBHOOK})
    assert {message.to.reveal() for message in leased} <= {RECEIVER.reveal()}
    return {message.key: json.loads(message.body.reveal()) for message in leased}


async def booked(desk: BookingDesk, call_id: str = "CA1") -> str:
    made = await desk.book(draft(call_id))
    assert isinstance(made, Booked)
    return made.reference


def moved(reference: str, call_id: str) -> Amendment:
    return Amendment(call_id, reference, day=THURSDAY, readback_accepted=True)


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    """The real one, read once."""
    return load_knowledge(Settings().knowledge_dir)


@pytest.fixture(params=["", "https://metropole.example.org/hook"], ids=["no address", "an address"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(outwards=Outwards(webhook_url=request.param))


@pytest.mark.parametrize("event", BookingEvent)
def test_nothing_of_a_person_leaves(event: BookingEvent) -> None:
    body = webhook_body(event, BOOKING)
    home = BOOKING.address
    personal = [
        home.line, home.street, str(home.number) + " ", "5.38", "43.29", "Camille", "Martin", "example.org", "4711",
        MOBILE.reveal(), MOBILE.reveal().removeprefix("+33"), "lits",
    ]  # fmt: skip
    assert [word for word in personal if word in body] == []
    assert set(json.loads(body)) == FIELDS
    assert json.loads(body)["items"] == [{"item": "matelas", "quantity": 2}]


def test_it_says_what_happened_and_where_a_crew_is_to_go() -> None:
    told = json.loads(webhook_body(BookingEvent.OUTCOME, BOOKING))
    assert (told["type"], told["status"], told["not_conform"]) == ("booking.outcome", "not_conform", "too_much")
    assert (told["day"], told["sector"]) == ("2026-11-24", "centre")
    assert (told["postcode"], told["commune"], told["insee"]) == ("13006", "Marseille 6e", "13206")


async def test_a_whole_life_is_told_fact_by_fact(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock)
    reference = await booked(desk)
    await desk.amend(Amendment("CA2", reference, items=TWO, readback_accepted=True))
    await desk.amend(Amendment("CA3", reference, items=ONE_MATTRESS, readback_accepted=True))
    clock.advance(days=1)
    await desk.record_outcome(reference, BookingStatus.COLLECTED, by=Changer.CREW)
    await desk.record_outcome(reference, BookingStatus.MISSED, by=Changer.CREW)
    await desk.replan(reference)
    await desk.cancel(reference)
    told = await announced(storage, clock)
    assert [(key, body["type"], body["status"], body["day"]) for key, body in told.items()] == [
        (f"webhook:booking.booked:{reference}:0", "booking.booked", "booked", "2026-11-24"),
        (f"webhook:booking.amended:{reference}:1", "booking.amended", "booked", "2026-11-24"),
        (f"webhook:booking.amended:{reference}:2", "booking.amended", "booked", "2026-11-24"),
        (f"webhook:booking.outcome:{reference}:3", "booking.outcome", "collected", "2026-11-24"),
        (f"webhook:booking.outcome:{reference}:4", "booking.outcome", "missed", "2026-11-24"),
        (f"webhook:booking.replanned:{reference}:5", "booking.replanned", "replanned", "2026-11-26"),
        (f"webhook:booking.cancelled:{reference}:6", "booking.cancelled", "cancelled", "2026-11-26"),
    ]
    quantities = [body["items"] for body in told.values()][:3]
    assert quantities == [[{"item": "matelas", "quantity": count}] for count in (1, 2, 1)]


async def test_what_is_asked_twice_is_told_once(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock)
    reference = await booked(desk)
    assert await booked(desk) == reference
    for _ in range(2):
        await desk.amend(moved(reference, "CA2"))
    await desk.amend(moved(reference, "CA3"))  # it is so already
    for _ in range(2):
        await desk.cancel(reference)
    assert [body["type"] for body in (await announced(storage, clock)).values()] == [
        "booking.booked", "booking.amended", "booking.cancelled"
    ]  # fmt: skip


async def test_a_call_that_books_again_after_cancelling_tells_of_another_booking(
    storage: Storage, clock: PinnedClock
) -> None:
    desk = make_desk(storage, clock)
    first = await booked(desk)
    await desk.cancel(first)
    second = await booked(desk)
    assert list(await announced(storage, clock)) == [
        f"webhook:booking.booked:{first}:0",
        f"webhook:booking.cancelled:{first}:1",
        f"webhook:booking.booked:{second}:0",
    ]


async def test_what_is_refused_is_not_told(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, capacity=1)
    reference = await booked(desk)
    assert isinstance(await desk.book(draft("CA2")), BookingFailed)
    await desk.amend(replace(moved(reference, "CA3"), readback_accepted=False))
    await desk.record_outcome(reference, BookingStatus.COLLECTED, by=Changer.CREW)
    await desk.replan(reference)
    assert list(await announced(storage, clock)) == [f"webhook:booking.booked:{reference}:0"]


async def test_what_a_resident_adds_for_the_crew_is_nobody_elses(storage: Storage, clock: PinnedClock) -> None:
    reference = await booked(make_desk(storage, clock))
    completing = Completing(storage.unit_of_work, clock)
    await completing.note(reference, Personal("code 4711"))
    await completing.email(reference, EmailAddress("camille@example.org"))
    assert list(await announced(storage, clock)) == [f"webhook:booking.booked:{reference}:0"]


async def test_where_nobody_is_to_be_told_nothing_is_queued(storage: Storage, clock: PinnedClock) -> None:
    desk = make_desk(storage, clock, wanted=False)
    reference = await booked(desk)
    await desk.amend(moved(reference, "CA2"))
    await desk.cancel(reference)
    assert await announced(storage, clock) == {}
    assert await storage.outbox.status_of(f"cancellation:{reference}") is not None


async def test_the_desk_of_the_service_announces_where_an_address_is_set(
    storage: Storage, clock: PinnedClock, knowledge: KnowledgeBase, settings: Settings
) -> None:
    desk = booking_desk(settings, knowledge, storage, clock)
    (first, *_) = (await desk.dates(address(), ONE_MATTRESS, None, None)).dates
    assert isinstance(await desk.book(draft("CA1", first.day)), Booked)
    assert len(await announced(storage, clock)) == (1 if settings.outwards.webhook_url else 0)
