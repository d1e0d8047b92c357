"""What the database says about the promises of the charter: counts, names of columns, moments. Nothing of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, Table, and_, case, exists, func, inspect, not_, or_, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.dialogue.acts import Act
from callbot.domain.bookings import BookingStatus
from callbot.domain.events import PERSONAL, Channel, EndReason
from callbot.insight.figures import Outcome
from callbot.privacy.charter.grounds import DatabaseFacts, LeadTime
from callbot.review.lines import Speaker
from callbot.storage import review_tables
from callbot.storage.call_facts import read_facts
from callbot.storage.database import Database
from callbot.storage.editing_tables import knowledge_versions, service_switches
from callbot.storage.figure_tables import arrivals, call_days, call_facts, satisfaction, signed_months
from callbot.storage.privacy_tables import journal, retention_reports
from callbot.storage.tables import (
    bookings,
    call_backs,
    call_events,
    calls,
    hand_overs,
    metadata,
    outbox,
    reports,
    sign_in_attempts,
    sms_shown,
    staff_sessions,
)

WITHIN = timedelta(days=90)
"""delays are compared over bookings of so many days"""
_MOST_READ = 5_000
_SAMPLED = 200
"""values of a sealed column that are looked at"""
_NO_CHANGE: tuple[Table, ...] = (call_events, service_switches, knowledge_versions, journal)
_DATED: tuple[tuple[Table, Column[Any]], ...] = (
    (call_events, call_events.c.at),
    (calls, calls.c.last_event_at),
    (bookings, bookings.c.day),
    (outbox, outbox.c.queued_at),
    (sms_shown, sms_shown.c.shown_at),
    (hand_overs, hand_overs.c.created_at),
    (call_backs, call_backs.c.last_at),
    (reports, reports.c.created_at),
    (review_tables.review_lines, review_tables.review_lines.c.at),
    (review_tables.review_calls, review_tables.review_calls.c.started_at),
    (satisfaction, satisfaction.c.asked_at),
    (arrivals, arrivals.c.at),
    (staff_sessions, staff_sessions.c.opened_at),
    (sign_in_attempts, sign_in_attempts.c.at),
)
_CONSTRAINTS = ("read_back", "status")
_BROKEN = (EndReason.FAILURE, EndReason.BROKEN_STREAM, EndReason.TOO_LONG)
_BY_PHONE = (Channel.PHONE, Channel.TURNS)
_IN_VAIN = (Outcome.NOTHING, Outcome.FAILED, Outcome.SILENCE)
_OFFERS = {Act.OFFER_CALL_BACK.value, Act.ASK_CALL_BACK_NUMBER.value, Act.OFFER_HUMAN.value}
_BEFORE_A_QUESTION = (Act.NOTICE.value, Act.TELL_HUMAN.value)
_GUARDS = {
    "sqlite": "SELECT tbl_name AS name, upper(sql) AS deed FROM sqlite_master WHERE type = 'trigger'",
    # tgtype: 16 update, 8 delete; a disabled trigger guards nothing
    "postgresql": (
        "SELECT c.relname AS name, CASE WHEN t.tgtype & 16 > 0 THEN 'BEFORE UPDATE ' ELSE '' END ||"
        " CASE WHEN t.tgtype & 8 > 0 THEN 'BEFORE DELETE' ELSE '' END AS deed FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
    ),
}


class CharterFacts:
    """Reads them, changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, now: datetime) -> DatabaseFacts:
        """All of them but the journal's chain, which ``storage.journal`` follows."""
        async with self._database.reading() as connection:
            columns = await connection.run_sync(_columns)
            announced = await _announced(connection)
            lines = await _lines(connection)
            return DatabaseFacts(
                columns=columns,
                unguarded=await self._unguarded(connection),
                missing_constraints=await connection.run_sync(_missing_constraints),
                foreign_statuses=await _foreign_statuses(connection),
                unread_bookings=await _count(connection, bookings, not_(bookings.c.readback_accepted)),
                bookings=await _count(connection, bookings),
                calls_read=announced[0],
                unannounced=announced[1],
                calls=lines[0],
                turn_by_turn=lines[1],
                dead_lines=lines[2],
                asked=await _count(connection, call_facts, call_facts.c.asked),
                asked_in_vain=await _asked_in_vain(connection),
                oldest=await _oldest(connection),
                last_purge=(await connection.execute(select(func.max(retention_reports.c.at)))).scalar_one(),
                journal_entries=await _count(connection, journal),
                readable=await _readable(connection, columns),
                lead_times=await _lead_times(connection, now),
                first_day=(await connection.execute(select(func.min(call_days.c.day)))).scalar_one(),
                signed_month=(await connection.execute(select(func.max(signed_months.c.month)))).scalar_one() or "",
                last_exercise=await _last_exercise(connection),
            )

    async def _unguarded(self, connection: AsyncConnection) -> tuple[str, ...]:
        rows = (await connection.execute(text(_GUARDS[self._database.dialect]))).all()
        deeds = {table.name: " ".join(row.deed for row in rows if row.name == table.name) for table in _NO_CHANGE}
        return tuple(
            name for name, deed in deeds.items() if not all(f"BEFORE {one}" in deed for one in ("UPDATE", "DELETE"))
        )


def _columns(connection: Connection) -> dict[str, tuple[str, ...]]:
    """As the database has them, not as this program believes."""
    inspector = inspect(connection)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: tuple(column["name"] for column in inspector.get_columns(name)) for name in sorted(tables)}


def _missing_constraints(connection: Connection) -> tuple[str, ...]:
    names = [str(found["name"]) for found in inspect(connection).get_check_constraints("bookings")]
    return tuple(wanted for wanted in _CONSTRAINTS if f"ck_bookings_{wanted}" not in names)


async def _count(connection: AsyncConnection, table: Table, *where: Any) -> int:
    return int((await connection.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def _foreign_statuses(connection: AsyncConnection) -> tuple[str, ...]:
    found = (await connection.execute(select(bookings.c.status).distinct())).scalars()
    return tuple(sorted(set(found) - {status.value for status in BookingStatus}))


async def _announced(connection: AsyncConnection) -> tuple[int, int]:
    """Calls read by the review, and those in which a word or a question came before the notice."""
    lines = review_tables.review_lines.c
    bot = lines.speaker == Speaker.BOT
    notice = func.min(case((and_(bot, lines.act == Act.NOTICE.value), lines.seq)))
    other = func.min(
        case((or_(lines.speaker == Speaker.CALLER, and_(bot, lines.act.not_in(_BEFORE_A_QUESTION))), lines.seq))
    )
    first = select(notice.label("notice"), other.label("other")).group_by(lines.call_id).subquery()
    late = case((or_(first.c.notice.is_(None), first.c.notice > first.c.other), 1), else_=0)
    row = (await connection.execute(select(func.count(), func.coalesce(func.sum(late), 0)).select_from(first))).one()
    return int(row[0]), int(row[1])


async def _lines(connection: AsyncConnection) -> tuple[int, int, int]:
    """Calls by telephone, those that went on turn by turn, those left on a dead line."""
    taken = or_(exists().where(hand_overs.c.call_id == calls.c.id), exists().where(call_backs.c.call_id == calls.c.id))
    by_phone = calls.c.channel.in_(_BY_PHONE)
    dead = (by_phone, calls.c.end_reason.in_(_BROKEN), not_(taken))
    return (
        await _count(connection, calls, by_phone),
        await _count(connection, calls, calls.c.channel == Channel.TURNS),
        await _count(connection, calls, *dead),
    )


async def _asked_in_vain(connection: AsyncConnection) -> int:
    facts = call_facts.c
    query = select(facts.facts).where(facts.asked, facts.outcome.in_(_IN_VAIN))
    rows = (await connection.execute(query.order_by(facts.received_at.desc()).limit(_MOST_READ))).scalars()
    found = [read_facts(row) for row in rows]
    return sum(not call.had_person and not _OFFERS & set(call.questions) for call in found)


async def _oldest(connection: AsyncConnection) -> dict[str, datetime]:
    found = {table.name: (await connection.execute(select(func.min(at)))).scalar_one() for table, at in _DATED}
    return {name: _moment(at) for name, at in found.items() if at is not None}


def _moment(at: datetime | date) -> datetime:
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=UTC)


async def _readable(connection: AsyncConnection, columns: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Sealed columns with a value that is a text as it stands, and personal events kept in clear."""
    sealed = [
        column for table in metadata.sorted_tables for column in table.columns
        if column.name.endswith("_sealed") and column.name in columns.get(table.name, ())
    ]  # fmt: skip
    found = []
    for column in sealed:
        values = (await connection.execute(select(column).where(column.is_not(None)).limit(_SAMPLED))).scalars()
        if any(_plain(bytes(value)) for value in values):
            found.append(f"{column.table.name}.{column.name}")
    kinds = [kind.__name__ for kind in PERSONAL]
    if await _count(connection, call_events, call_events.c.kind.in_(kinds), call_events.c.payload.is_not(None)):
        found.append("call_events.payload")
    return tuple(found)


def _plain(value: bytes) -> bool:
    """True for a value that reads as text: sealed bytes never do."""
    try:
        return value.decode().isprintable()
    except UnicodeDecodeError:
        return False


async def _lead_times(connection: AsyncConnection, now: datetime) -> dict[str, LeadTime]:
    made = bookings.c.created_at
    query = select(bookings.c.created_by, bookings.c.day, made).where(made >= now - WITHIN)
    rows = (await connection.execute(query.order_by(made.desc()).limit(_MOST_READ))).all()
    ways = {row.created_by for row in rows}
    return {way: _lead_time([row for row in rows if row.created_by == way]) for way in sorted(ways)}


def _lead_time(rows: Sequence[Row[Any]]) -> LeadTime:
    days = [(row.day - row.created_at.date()).days for row in rows]
    return LeadTime(len(days), sum(days) / len(days))


async def _last_exercise(connection: AsyncConnection) -> datetime | None:
    """The last time all calls were sent to people for an exercise, as its reason says ("exercice ...")."""
    switches = service_switches.c
    exercise = func.lower(switches.reason).like("exercice%")
    found: datetime | None = (
        await connection.execute(select(func.max(switches.at)).where(switches.to_people, exercise))
    ).scalar_one()
    return found
