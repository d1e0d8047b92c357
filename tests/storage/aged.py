"""Rows of every kind of personal data, as old as a test wants them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from callbot.booking import BookingDesk
from callbot.domain.events import CallAnswered, CallerSpoke
from callbot.domain.personal import PhoneNumber
from callbot.messages import BookingTexts
from callbot.storage import Storage
from callbot.storage.tables import (
    accounts,
    booking_photos,
    bookings,
    call_backs,
    hand_overs,
    metadata,
    outbox,
    pickup_days,
    reports,
    reveal_journal,
    sign_in_attempts,
)
from tests.booking.sample import CATALOGUE, TEMPLATES, PinnedClock, rules_with

SEALED = b"sealed"
CALLER = PhoneNumber("+33612345678")


async def put(storage: Storage, table: str, **row: Any) -> None:
    """Insert one row."""
    async with storage._database.writing() as connection:
        await connection.execute(insert(metadata.tables[table]).values(row))


async def rows(storage: Storage, table: str) -> int:
    """How many there are."""
    async with storage._database.reading() as connection:
        return len((await connection.execute(select(metadata.tables[table]))).all())


async def call(storage: Storage, clock: PinnedClock, call_id: str, at: datetime) -> None:
    """A conversation that ended at this moment."""
    now, clock.at = clock.at, at
    await storage.events.append(call_id, CallAnswered(CALLER))
    await storage.events.append(call_id, CallerSpoke("douze rue de Rome"))
    clock.at = now


async def masked(storage: Storage, call_id: str, at: datetime) -> None:
    """The masked transcript of a conversation that is there."""
    empty = dict.fromkeys(
        ("channel", "insee", "territory", "motive", "outcome", "reason", "abandoned_at", "first_words"), ""
    )
    await put(
        storage, "review_calls", call_id=call_id, started_at=at, events=2, readable=True, asked=False, unsure=False,
        lines=1, **empty,
    )  # fmt: skip
    said = {"speaker": "caller", "act": "", "masked": "je suis [nom]", "entry": ""}
    await put(storage, "review_lines", call_id=call_id, seq=1, at=at, **said)


async def booking(storage: Storage, reference: str, day: date) -> None:
    """A booking for a day, with a photo."""
    await put(storage, pickup_days.name, sector=f"s{reference}", day=day, capacity=9, used=1)
    await put(
        storage, bookings.name, reference=reference, call_id=f"of {reference}", status="booked", day=day,
        sector=f"s{reference}", insee="13206", commune="Marseille 6e", postcode="13006", address_sealed=SEALED,
        readback_accepted=True, created_by="bot", created_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    )  # fmt: skip
    added = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    await put(storage, booking_photos.name, reference=reference, number=1, jpeg_sealed=SEALED, added_at=added)


async def message(storage: Storage, key: str, at: datetime, provider_id: str = "SM1") -> None:
    """A message sent at a moment."""
    await put(
        storage, outbox.name, key=key, kind="sms", recipient_sealed=SEALED, body_sealed=SEALED, status="sent",
        attempts=1, queued_at=at, next_attempt_at=at, provider_id=provider_id, sent_at=at,
    )  # fmt: skip


async def call_back(storage: Storage, call_id: str, at: datetime, phone: bytes = SEALED, index: str = "p") -> None:
    """A call-back whose window ended at a moment."""
    await put(
        storage, call_backs.name, call_id=call_id, phone_sealed=phone, phone_index=index, reason="asked",
        first_at=at - timedelta(hours=2), last_at=at, status="done", created_at=at - timedelta(days=1),
    )  # fmt: skip


async def hand_over(storage: Storage, call_id: str, at: datetime) -> None:
    """A hand-over with a note."""
    await put(
        storage, hand_overs.name, call_id=call_id, reason="asked", status="closed", created_at=at, note_sealed=SEALED
    )


async def report(storage: Storage, call_id: str, at: datetime) -> None:
    """A report."""
    await put(
        storage, reports.name, call_id=call_id, kind="fly_tip", about_index="a", items=[], status="done", created_at=at
    )


async def look(storage: Storage, at: datetime) -> None:
    """A look at personal data from before there was a chain."""
    await put(storage, reveal_journal.name, at=at, who="agent", reason="why", what="what")


async def sign_in(storage: Storage, at: datetime) -> None:
    """An attempt to sign in."""
    await put(storage, sign_in_attempts.name, login_index="l", address_index="a", at=at)


async def closed_account(storage: Storage, name: str, at: datetime) -> None:
    """An account closed at a moment."""
    await put(
        storage, accounts.name, id=name, login_sealed=SEALED, login_index=name, name_sealed=SEALED, role="agent",
        password_hash="h", must_change_password=False, created_at=at, disabled_at=at,
    )  # fmt: skip


def desk_on(storage: Storage, clock: PinnedClock, capacity: int = 50) -> BookingDesk:
    """The desk of the sample territory."""
    texts = BookingTexts(TEMPLATES, CATALOGUE, now=clock.now)
    return BookingDesk(storage.unit_of_work, rules_with(capacity), clock, texts)
