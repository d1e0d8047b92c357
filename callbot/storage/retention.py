"""What is past its limit: counted, removed, and the oldest that is left. Conforms to ``privacy.purging.RemovesOld``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.messages.ports import MessageStatus
from callbot.privacy.retention import Kind
from callbot.privacy.rights_desk.ports import ONCE
from callbot.settings import LOCAL_ZONE
from callbot.storage.database import Database
from callbot.storage.figure_tables import call_facts, satisfaction
from callbot.storage.journals import retention_run
from callbot.storage.period_keys import PeriodKeys, Purpose
from callbot.storage.privacy_tables import pending_erasures, period_keys, provider_copies, retention_reports
from callbot.storage.provider_copies import note_copies, unnoted
from callbot.storage.rights_tables import data_codes, data_requests
from callbot.storage.tables import (
    accounts,
    booking_photos,
    bookings,
    call_backs,
    call_events,
    calls,
    hand_overs,
    outbox,
    reports,
    reveal_journal,
    sign_in_attempts,
    sms_shown,
    staff_sessions,
)

BATCH = 500
"""calls removed in one transaction: others write between two"""
_STRADDLES = timedelta(hours=1)
"""a call may begin on one day and end on the next: the key of a day outlives it by so much"""

Bound = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of one table: those from before a moment, and what becomes of them."""

    table: Table
    old: Bound
    dated: ColumnElement[Any]
    emptied: tuple[str, ...] = ()
    """columns that are emptied; none: the rows go"""

    def there(self) -> ColumnElement[bool]:
        """Those that count at all."""
        if not self.emptied:
            return self.dated.is_not(None)
        return or_(*(self.table.c[name].is_not(None) for name in self.emptied))

    def removal(self, before: datetime) -> Delete | Update:
        """The statement that removes them."""
        due = and_(self.old(before), self.there())
        if self.emptied:
            return update(self.table).where(due).values(dict.fromkeys(self.emptied))
        return delete(self.table).where(due)


def _before(column: Any) -> Bound:
    return lambda moment: column < moment


def _day_before(column: Any) -> Bound:
    """A day of the métropole counts from its end."""
    return lambda moment: column < moment.astimezone(LOCAL_ZONE).date()


_PICKUP = select(bookings.c.day).where(bookings.c.reference == booking_photos.c.reference).scalar_subquery()
_OF_ONE_USE = and_(outbox.c.key.startswith(ONCE), outbox.c.status.in_([MessageStatus.SENT, MessageStatus.DEAD]))
"""codes that were sent, and the last word to somebody who was erased"""
_TO_ERASE = select(pending_erasures.c.reference)
"""bookings kept for the pickup alone"""

_PLAIN: dict[Kind, tuple[_Rows, ...]] = {
    Kind.BOOKINGS: (_Rows(bookings, _day_before(bookings.c.day), bookings.c.day),),
    Kind.PHOTOS: (_Rows(booking_photos, _day_before(_PICKUP), _PICKUP),),
    Kind.MESSAGES: (
        _Rows(outbox, _before(outbox.c.queued_at), outbox.c.queued_at),
        _Rows(sms_shown, _before(sms_shown.c.shown_at), sms_shown.c.shown_at),
    ),
    Kind.CALL_BACKS: (_Rows(call_backs, _before(call_backs.c.last_at), call_backs.c.last_at),),
    Kind.NOTES: (_Rows(hand_overs, _before(hand_overs.c.created_at), hand_overs.c.created_at, ("note_sealed",)),),
    Kind.REPORTS: (_Rows(reports, _before(reports.c.created_at), reports.c.created_at),),
    Kind.SIGN_INS: (
        _Rows(sign_in_attempts, _before(sign_in_attempts.c.at), sign_in_attempts.c.at),
        _Rows(staff_sessions, _before(staff_sessions.c.opened_at), staff_sessions.c.opened_at),
    ),
    Kind.ACCOUNTS: (_Rows(accounts, _before(accounts.c.disabled_at), accounts.c.disabled_at),),
    Kind.JOURNAL: (_Rows(reveal_journal, _before(reveal_journal.c.at), reveal_journal.c.at),),
    Kind.DATA_REQUESTS: (_Rows(data_requests, _before(data_requests.c.ended_at), data_requests.c.ended_at),),
    Kind.DATA_CODES: (
        _Rows(data_codes, _before(data_codes.c.sent_at), data_codes.c.sent_at),
        _Rows(
            outbox,
            lambda moment: and_(outbox.c.queued_at < moment, _OF_ONE_USE),
            case((_OF_ONE_USE, outbox.c.queued_at)),
        ),
    ),
    Kind.ERASED_AFTER_PICKUP: (
        _Rows(
            bookings,
            lambda moment: and_(_day_before(bookings.c.day)(moment), bookings.c.reference.in_(_TO_ERASE)),
            bookings.c.day,
        ),
    ),
    Kind.PROVIDER_COPIES: (
        _Rows(
            provider_copies,
            lambda moment: and_(provider_copies.c.asked_for_at < moment - timedelta(days=365), provider_copies.c.gone),
            provider_copies.c.asked_for_at,
        ),
    ),
}  # fmt: skip
"""kinds that are rows of their own"""


class RetentionStore:
    """Personal data by its age."""

    def __init__(self, database: Database, periods: PeriodKeys, now: Callable[[], datetime]) -> None:
        self._database = database
        self._periods = periods
        self._now = now

    async def due(self, kind: Kind, before: datetime) -> int:
        """How many of this kind are from before a moment: conversations, rows, or periods that can be read."""
        async with self._database.reading() as connection:
            counted = [await _count(connection, query) for query in _due(kind, before)]
        return sum(counted)

    async def remove(self, kind: Kind, before: datetime) -> int:
        """Remove them; how many."""
        match kind:
            case Kind.TRANSCRIPTS:
                return await self._transcripts(before)
            case Kind.MASKED:
                return await self._masked(before)
            case Kind.JOURNAL:
                keys = await self._periods.destroy_before(Purpose.JOURNAL, before.astimezone(UTC).date(), self._now())
                return keys + await self._plain(kind, before)
            case Kind.DATA_CODES:
                async with self._database.writing() as connection:
                    sent = select(outbox.c.key).where(outbox.c.queued_at < before, _OF_ONE_USE)
                    named = list((await connection.execute(sent)).scalars())
                    await note_copies(connection, self._now(), self._now(), call_ids=(), keys=named)
                return await self._plain(kind, before)
            case Kind.PROVIDER_COPIES:
                async with self._database.writing() as connection:
                    await note_copies(connection, before, self._now())
                return await self._plain(kind, before)
            case _:
                return await self._plain(kind, before)

    async def oldest(self, kind: Kind) -> datetime | None:
        """When the oldest one is from; of a day, its begin."""
        async with self._database.reading() as connection:
            found = [(await connection.execute(query)).scalar_one_or_none() for query in _oldest(kind)]
        moments = [_moment(value) for value in found if value is not None]
        if kind is Kind.JOURNAL and (first := await self._periods.oldest(Purpose.JOURNAL)):
            moments.append(datetime.combine(first, time(), UTC))
        return min(moments, default=None)

    async def keep_report(self, at: datetime, text: str, signature: str) -> None:
        """Keep a signed report."""
        async with self._database.writing() as connection:
            await connection.execute(insert(retention_reports).values(at=at, report=text, signature=signature))

    async def last_report(self) -> datetime | None:
        """When the last one was signed."""
        async with self._database.reading() as connection:
            newest = select(retention_reports.c.at).order_by(retention_reports.c.at.desc()).limit(1)
            return (await connection.execute(newest)).scalar_one_or_none()

    async def signed_reports(self, limit: int = 31) -> list[tuple[str, str]]:
        """Reports with their signatures, newest first."""
        newest = select(retention_reports).order_by(retention_reports.c.at.desc()).limit(limit)
        async with self._database.reading() as connection:
            return [(row.report, row.signature) for row in await connection.execute(newest)]

    async def _plain(self, kind: Kind, before: datetime) -> int:
        async with self._database.writing() as connection:
            gone = [(await connection.execute(rows.removal(before))).rowcount for rows in _PLAIN[kind]]
            if kind in {Kind.BOOKINGS, Kind.ERASED_AFTER_PICKUP}:
                left = select(bookings.c.reference)
                await connection.execute(delete(pending_erasures).where(pending_erasures.c.reference.not_in(left)))
        return sum(gone)

    async def _transcripts(self, before: datetime) -> int:
        """The words of conversations, then the index of who rang, then the keys of days that are over."""
        removed = 0
        while True:
            async with retention_run(self._database, self._now, "the retention of transcripts is over") as connection:
                due = _transcripts_due(before).limit(BATCH)
                batch = list((await connection.execute(due)).scalars())
                await forget_words(connection, batch)
            removed += len(batch)
            if len(batch) < BATCH:
                break
        async with self._database.writing() as connection:
            asked = satisfaction.c.asked_at < before
            await connection.execute(update(satisfaction).where(asked).values(phone_index=None))
        day = (before - _STRADDLES).astimezone(UTC).date()
        await self._periods.destroy_before(Purpose.TRANSCRIPTS, day, self._now())
        return removed

    async def _masked(self, before: datetime) -> int:
        """What is left of conversations; figures of calls stay, nobody is in them."""
        removed = 0
        while True:
            async with retention_run(self._database, self._now, "the retention of masked calls is over") as connection:
                due = select(calls.c.id).where(calls.c.last_event_at < before).limit(BATCH)
                batch = list((await connection.execute(due)).scalars())
                await forget_calls(connection, batch)
            removed += len(batch)
            if len(batch) < BATCH:
                break
        async with self._database.writing() as connection:
            await connection.execute(delete(hand_overs).where(hand_overs.c.created_at < before))
        return removed


async def forget_words(connection: AsyncConnection, call_ids: Iterable[str]) -> None:
    """Remove what was said in these calls and who rang; inside a retention run."""
    ids = list(call_ids)
    await connection.execute(delete(call_events).where(call_events.c.call_id.in_(ids)))
    await connection.execute(update(calls).where(calls.c.id.in_(ids)).values(caller_index=None))
    await connection.execute(update(call_facts).where(call_facts.c.call_id.in_(ids)).values(caller_index=None))


async def forget_calls(connection: AsyncConnection, call_ids: Iterable[str]) -> None:
    """Remove these calls with all that hangs on them; inside a retention run."""
    ids = list(call_ids)
    await forget_words(connection, ids)
    await connection.execute(delete(calls).where(calls.c.id.in_(ids)))


def _transcripts_due(before: datetime) -> Select[Any]:
    said = exists().where(call_events.c.call_id == calls.c.id)
    return select(calls.c.id).where(calls.c.last_event_at < before, or_(said, calls.c.caller_index.is_not(None)))


def _due(kind: Kind, before: datetime) -> list[Select[Any]]:
    match kind:
        case Kind.TRANSCRIPTS:
            return [_transcripts_due(before)]
        case Kind.MASKED:
            return [select(calls.c.id).where(calls.c.last_event_at < before)]
        case Kind.PROVIDER_COPIES:
            return [select(provider_copies.c.sid).where(provider_copies.c.gone.is_(False)), *unnoted(before)]
    plain = [
        select(literal(1)).select_from(rows.table).where(rows.old(before), rows.there())
        for rows in _PLAIN.get(kind, ())
    ]
    if kind is Kind.JOURNAL:
        # A month is due once its last day is.
        first = (before.astimezone(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)
        readable = and_(period_keys.c.purpose == Purpose.JOURNAL, period_keys.c.key_sealed.is_not(None))
        plain.append(select(period_keys.c.id).where(readable, period_keys.c.first_day <= first))
    return plain


def _oldest(kind: Kind) -> list[Select[Any]]:
    match kind:
        case Kind.TRANSCRIPTS:
            said = exists().where(call_events.c.call_id == calls.c.id)
            return [select(func.min(calls.c.last_event_at)).where(or_(said, calls.c.caller_index.is_not(None)))]
        case Kind.MASKED:
            return [select(func.min(calls.c.last_event_at))]
        case Kind.ERASED_AFTER_PICKUP:
            return [select(func.min(bookings.c.day)).where(bookings.c.reference.in_(_TO_ERASE))]
        case Kind.PROVIDER_COPIES:
            return [select(func.min(provider_copies.c.asked_for_at)).where(provider_copies.c.gone.is_(False))]
        case Kind.PHOTOS:
            joined = booking_photos.join(bookings, bookings.c.reference == booking_photos.c.reference)
            return [select(func.min(bookings.c.day)).select_from(joined)]
    return [select(func.min(rows.dated)).where(rows.there()) for rows in _PLAIN.get(kind, ())]


async def _count(connection: AsyncConnection, query: Select[Any]) -> int:
    return (await connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one()


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), LOCAL_ZONE)
