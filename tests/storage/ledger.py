"""What has to be true of a database of bookings at any moment, whatever was asked of it and whoever was killed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Table, select

from callbot.booking.ports import ChangeKind
from callbot.domain.booking_life import OUTCOMES, Move, after
from callbot.domain.bookings import Booking, BookingStatus, Load, load_of
from callbot.messages import MessageStatus
from callbot.storage import Storage
from callbot.storage.tables import booking_changes, holds, outbox, pickup_days
from tests.booking.sample import CATALOGUE

ANNOUNCED = {
    ChangeKind.AMENDED: "booking.amended",
    ChangeKind.CANCELLED: "booking.cancelled",
    ChangeKind.OUTCOME: "booking.outcome",
    ChangeKind.REPLANNED: "booking.replanned",
}
"""the type of the webhook of each change"""
NOTICED = {
    ChangeKind.AMENDED: "amendment",
    ChangeKind.CANCELLED: "cancellation",
    ChangeKind.OUTCOME: "outcome",
    ChangeKind.REPLANNED: "replanned",
}
"""how the key of the message to the resident begins"""
DayTaken = Counter[tuple[str, date, str]]
"""by sector, day and what is counted: "places", "items", "litres"; nothing of it: left out"""


@dataclass(frozen=True, slots=True)
class Journalled:
    """One change of a booking as its journal has it."""

    number: int
    kind: ChangeKind
    day_before: date
    day_after: date
    status_after: BookingStatus


async def rows_of(storage: Storage, table: Table) -> list[Row[tuple[object, ...]]]:
    async with storage._database.reading() as connection:
        return list(await connection.execute(select(table)))


async def counted(storage: Storage) -> DayTaken:
    """What the counters of the days say."""
    taken: DayTaken = Counter()
    for row in await rows_of(storage, pickup_days):
        _count(taken, (row.sector, row.day), row.used, Load(row.used_items, row.used_litres))
    return taken


async def owned(storage: Storage) -> DayTaken:
    """What the bookings that were not cancelled and the holds weigh together."""
    taken: DayTaken = Counter()
    for booking in await storage.bookings():
        if booking.status is not BookingStatus.CANCELLED:
            _count(taken, (booking.sector, booking.day), 1, booking.load)
    for row in await rows_of(storage, holds):
        _count(taken, (row.sector, row.day), 1, Load(row.items, row.litres))
    return taken


async def journals(storage: Storage) -> dict[str, list[Journalled]]:
    """The changes of each booking in order; bookings without any are left out."""
    found: dict[str, list[Journalled]] = {}
    for row in sorted(await rows_of(storage, booking_changes), key=lambda row: (row.reference, row.number)):
        change = Journalled(
            row.number, ChangeKind(row.kind), row.day_before, row.day_after, BookingStatus(row.status_after)
        )
        found.setdefault(row.reference, []).append(change)
    return found


async def messages(storage: Storage) -> dict[str, MessageStatus]:
    """The status of every message by key."""
    return {row.key: MessageStatus(row.status) for row in await rows_of(storage, outbox)}


def lived_through(first_day: date, changes: list[Journalled]) -> tuple[BookingStatus, date]:
    """Where a life that began as booked for ``first_day`` led; raises ``NotAllowedError`` when no life leads so."""
    status, day = BookingStatus.BOOKED, first_day
    for number, change in enumerate(changes, 1):
        assert change.number == number
        assert change.day_before == day
        status, day = after(status, _move(change)) or status, change.day_after
        assert status is change.status_after
    return status, day


def _move(change: Journalled) -> Move:
    moves = {
        ChangeKind.AMENDED: Move.AMEND, ChangeKind.CANCELLED: Move.CANCEL, ChangeKind.REPLANNED: Move.REPLAN,
    }  # fmt: skip
    return OUTCOMES[change.status_after] if change.kind is ChangeKind.OUTCOME else moves[change.kind]


def told(booking: Booking, changes: list[Journalled]) -> dict[str, MessageStatus]:
    """Every message of a booking whose owner left a mobile number, none of them sent yet: one to the request system
    and one a channel to the resident, of its making and of each change."""
    reference = booking.reference
    expected = {f"webhook:booking.booked:{reference}:0": MessageStatus.QUEUED}
    expected |= _to_resident(booking, f"confirmation:{reference}", MessageStatus.QUEUED)
    overtaken = [change.number for change in changes if change.kind in {ChangeKind.OUTCOME, ChangeKind.REPLANNED}][-1:]
    for change in changes:
        key = f"{NOTICED[change.kind]}:{reference}"
        if change.kind is not ChangeKind.CANCELLED:
            key += f":{change.number}"
        withdrawn = change.kind is ChangeKind.OUTCOME and change.number not in overtaken
        expected |= _to_resident(booking, key, MessageStatus.WITHDRAWN if withdrawn else MessageStatus.QUEUED)
        expected[f"webhook:{ANNOUNCED[change.kind]}:{reference}:{change.number}"] = MessageStatus.QUEUED
    return expected


def _to_resident(booking: Booking, key: str, status: MessageStatus) -> dict[str, MessageStatus]:
    keys = [key, f"{key}:email"] if booking.email is not None else [key]
    return dict.fromkeys(keys, status)


async def assert_sound(storage: Storage, *, announced: bool = True) -> None:
    """Counters, states, loads, journals and messages agree with each other; ``announced``: to a webhook too."""
    taken, theirs = await counted(storage), await owned(storage)
    assert taken == theirs, f"counted too much: {taken - theirs}, too little: {theirs - taken}"
    journal, expected = await journals(storage), dict[str, MessageStatus]()
    stored = await storage.bookings()
    assert set(journal) <= {booking.reference for booking in stored}
    for booking in stored:
        changes = journal.get(booking.reference, [])
        first_day = changes[0].day_before if changes else booking.day
        assert lived_through(first_day, changes) == (booking.status, booking.day)
        assert booking.load == load_of(CATALOGUE, booking.items)
        assert (booking.not_conform is not None) == (booking.status is BookingStatus.NOT_CONFORM)
        expected |= told(booking, changes)
    if not announced:
        expected = {key: status for key, status in expected.items() if not key.startswith("webhook:")}
    found = await messages(storage)
    assert found == expected, f"{sorted(found.items() ^ expected.items())}"


def _count(taken: DayTaken, where: tuple[str, date], places: int, load: Load) -> None:
    for what, number in (("places", places), ("items", load.items), ("litres", load.litres)):
        if number:
            taken[*where, what] += number
