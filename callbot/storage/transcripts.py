"""Masked transcripts and the words they are found by. Conforms to ``review.ports.KeepsTranscripts``.

Plain tables that both databases search alike: no full-text extension has to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    FromClause,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.events import Channel
from callbot.insight.figures.facts import Motive, Outcome
from callbot.review.digest import Digest
from callbot.review.search import Criteria, FoundCall
from callbot.settings import LOCAL_ZONE
from callbot.storage.database import Database
from callbot.storage.review_tables import review_annotations, review_calls, review_lines, review_words
from callbot.storage.rights_tables import data_limits
from callbot.storage.tables import calls
from callbot.storage.types import UtcDateTime

QUIET = timedelta(minutes=10)
"""a call that never ended is kept once nothing happened in it for so long"""
_LONGEST_WORD = 64


class Transcripts:
    """Kept calls."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def pending(self, since: datetime | None, limit: int) -> list[str]:
        """Calls that are over or quiet and were not kept as they are now, oldest first."""
        over = or_(calls.c.end_reason.is_not(None), calls.c.last_event_at < self._now() - QUIET)
        behind = or_(review_calls.c.call_id.is_(None), review_calls.c.events < calls.c.events)
        query = select(calls.c.id).outerjoin(review_calls, review_calls.c.call_id == calls.c.id).where(over, behind)
        if since is not None:
            query = query.where(calls.c.started_at >= since)
        async with self._database.reading() as connection:
            in_order = query.order_by(calls.c.started_at, calls.c.id).limit(limit)
            return list((await connection.execute(in_order)).scalars())

    async def keep(self, digest: Digest) -> None:
        """Store a call in the place of what was kept of it; lines and words go with it, all or nothing."""
        call, lines, words = rows_of(digest)
        async with self._database.writing() as connection:
            await _forget(connection, digest.call_id)
            await connection.execute(insert(review_calls), [call])
            if lines:
                await connection.execute(insert(review_lines), lines)
            if words:
                await connection.execute(insert(review_words), words)

    async def skip(self, call_id: str) -> None:
        """Note that a call cannot be read as it is now; it is shown in no list."""
        async with self._database.writing() as connection:
            found = (await connection.execute(select(calls).where(calls.c.id == call_id))).first()
            if found is None:
                return
            await _forget(connection, call_id)
            empty = dict.fromkeys(
                ("channel", "insee", "territory", "motive", "outcome", "reason", "abandoned_at", "first_words"), ""
            )
            row = {
                **empty, "call_id": call_id, "started_at": found.started_at, "events": found.events, "readable": False,
                "asked": False, "unsure": False, "lines": 0,
            }  # fmt: skip
            await connection.execute(insert(review_calls), [row])

    async def forget(self, call_ids: Sequence[str]) -> None:
        """Remove what was kept of calls, as a retention run does with their events."""
        async with self._database.writing() as connection:
            await connection.execute(delete(review_calls).where(review_calls.c.call_id.in_(call_ids)))

    async def search(self, criteria: Criteria, limit: int, after: str = "") -> list[FoundCall]:
        """Calls that fit, newest first, none of a number whose data is not to be used; ``after``: those that come
        after this one."""
        tags = [*criteria.words, *_tags_of(criteria)]
        async with self._database.reading_behind() as connection:
            start = await _place_of(connection, after)
            if not tags:
                query = _newest(criteria, start, review_calls)
            else:
                if self._database.dialect == "postgresql":
                    await connection.execute(_ONE_AFTER_THE_OTHER)
                query = _with_all(criteria, start, await _rarest_first(connection, tags))
            hidden = (await connection.execute(_LIMITED)).scalars().all()
            query = query.where(query.selected_columns.call_id.not_in(hidden)) if hidden else query
            places = (await connection.execute(query.limit(limit))).scalars().all()
            rows = (await connection.execute(_shown(places))).all() if places else []
        return [_found(row) for row in rows]

    async def found(self, call_id: str) -> FoundCall | None:
        """One call as the list shows it."""
        query = select(review_calls, _COUNTED).where(review_calls.c.call_id == call_id, review_calls.c.readable)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).first()
        return _found(row) if row else None

    async def limited(self, call_id: str) -> bool:
        """True for a call of a number whose data is not to be used."""
        async with self._database.reading() as connection:
            return (await connection.execute(_LIMITED.where(calls.c.id == call_id))).first() is not None

    async def lines(self, call_id: str) -> list[str]:
        """The masked lines of a call as they are kept."""
        query = select(review_lines.c.masked).where(review_lines.c.call_id == call_id).order_by(review_lines.c.seq)
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).scalars())


# Few, read before each search: as a part of its query they would be looked up for every call it passes.
_LIMITED = select(calls.c.id).where(calls.c.caller_index.in_(select(data_limits.c.phone_index)))
_COUNTED = (
    select(func.count())
    .select_from(review_annotations)
    .where(review_annotations.c.call_id == review_calls.c.call_id)
    .scalar_subquery()
    .label("annotations")
)


async def _forget(connection: AsyncConnection, call_id: str) -> None:
    await connection.execute(delete(review_calls).where(review_calls.c.call_id == call_id))


def rows_of(digest: Digest) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a call, of its lines and of its words."""
    started = digest.facts.answered or digest.facts.received
    lines = [
        {
            "call_id": digest.call_id, "seq": line.seq, "at": line.at, "speaker": line.speaker.value,
            "act": line.act, "masked": line.masked.text, "confidence": line.confidence, "entry": line.entry[:64],
        }
        for line in digest.lines
    ]  # fmt: skip
    cut = sorted({word[:_LONGEST_WORD] for word in (*digest.words, *_tags_of_call(digest))})
    words = [{"word": word, "started_at": started, "call_id": digest.call_id} for word in cut]
    return _row(digest, started), lines, words


def _tags_of_call(digest: Digest) -> list[str]:
    """What a call is filtered by, kept as words: one index answers words and filters together."""
    facts = digest.facts
    return _tags_of(
        Criteria(
            territory=facts.territory,
            motive=facts.motive,
            outcome=facts.outcome,
            reason=facts.hand_over_reason.value if facts.hand_over_reason else "",
            unsure=digest.unsure,
            asked=facts.asked_person,
            abandoned_at=facts.abandoned_at,
        )
    )


def _row(digest: Digest, started: datetime) -> dict[str, Any]:
    facts = digest.facts
    return {
        "call_id": digest.call_id,
        "started_at": started,
        "events": digest.events,
        "readable": True,
        "channel": facts.channel.value,
        "insee": facts.insee,
        "territory": facts.territory,
        "motive": facts.motive.value,
        "outcome": facts.outcome.value,
        "reason": facts.hand_over_reason.value if facts.hand_over_reason else "",
        "asked": facts.asked_person,
        "unsure": digest.unsure,
        "abandoned_at": facts.abandoned_at,
        "lowest_confidence": facts.lowest_confidence,
        "first_words": digest.first_words,
        "lines": len(digest.lines),
    }


_ONE_AFTER_THE_OTHER = text(
    "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),"
    " set_config('enable_bitmapscan', 'off', true), set_config('jit', 'off', true),"
    " set_config('enable_material', 'off', true)"
)
"""For one transaction: entries of the first word are read in the order of their key, each is looked up among those of
the others, and reading ends with the page. Without it PostgreSQL reads every entry of all of them before the first, or
compiles what takes a millisecond."""
_COUNTED_TO = 2_000
"""entries of a word that are counted to tell which one is rarest"""


def _tags_of(criteria: Criteria) -> list[str]:
    """The filters as the words they are kept as."""
    named = {
        "territory": criteria.territory,
        "motive": criteria.motive or "",
        "outcome": criteria.outcome or "",
        "reason": criteria.reason,
        "abandoned_at": criteria.abandoned_at,
        "unsure": "1" if criteria.unsure else "",
        "asked": "1" if criteria.asked else "",
    }
    return [_tag(name, value) for name, value in named.items() if value]


def _tag(name: str, value: str) -> str:
    """No word of a transcript holds a colon."""
    return f"{name}:{value}"


async def _place_of(connection: AsyncConnection, call_id: str) -> tuple[datetime, str] | None:
    """Where a call stands in the list."""
    if not call_id:
        return None
    query = select(review_calls.c.started_at).where(review_calls.c.call_id == call_id)
    moment = (await connection.execute(query)).scalar_one_or_none()
    return (moment, call_id) if moment is not None else None


async def _rarest_first(connection: AsyncConnection, tags: Sequence[str]) -> list[str]:
    """The words, that with the fewest entries first: it leads, the others are looked up for each of its entries."""
    cut = list(dict.fromkeys(tag[:_LONGEST_WORD] for tag in tags))
    if len(cut) == 1:
        return cut
    some = [select(review_words.c.word).where(review_words.c.word == tag).limit(_COUNTED_TO).subquery() for tag in cut]
    counts = select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))
    row = (await connection.execute(counts)).one()
    return [tag for _, tag in sorted(zip(row, cut, strict=True))]


def _with_all(criteria: Criteria, start: tuple[datetime, str] | None, tags: Sequence[str]) -> Select[Any]:
    """Ids of calls that have all of these words."""
    led = review_words.alias("led")
    query = _newest(criteria, start, led).where(led.c.word == tags[0])
    for number, tag in enumerate(tags[1:]):
        one = review_words.alias(f"also{number}")
        there = and_(one.c.word == tag, one.c.started_at == led.c.started_at, one.c.call_id == led.c.call_id)
        query = query.where(exists().where(there))
    return query


def _newest(criteria: Criteria, start: tuple[datetime, str] | None, source: FromClause) -> Select[Any]:
    """Ids of calls of a time, newest first, out of the calls or out of the words they are found by."""
    moment, call_id = source.c.started_at, source.c.call_id
    query = select(call_id).order_by(moment.desc(), call_id.desc())
    if source is review_calls:
        query = query.where(review_calls.c.readable.is_(True))
    if criteria.since:
        query = query.where(moment >= _midnight(criteria.since))
    if criteria.until:
        query = query.where(moment < _midnight(criteria.until + timedelta(days=1)))
    if start is not None:
        query = query.where(tuple_(moment, call_id) < tuple_(literal(start[0], UtcDateTime), literal(start[1])))
    if criteria.annotated:
        query = query.where(exists().where(review_annotations.c.call_id == call_id))
    return query


def _shown(call_ids: Sequence[str]) -> Select[Any]:
    """What the list shows of these calls, newest first."""
    query = select(review_calls, _COUNTED).where(review_calls.c.call_id.in_(call_ids))
    return query.order_by(review_calls.c.started_at.desc(), review_calls.c.call_id.desc())


def _midnight(day: date) -> datetime:
    """The moment a day of the métropole begins."""
    return datetime.combine(day, time(), LOCAL_ZONE)


def _found(row: Row[Any]) -> FoundCall:
    return FoundCall(
        call_id=row.call_id,
        started_at=row.started_at,
        channel=Channel(row.channel),
        territory=row.territory,
        insee=row.insee,
        motive=Motive(row.motive),
        outcome=Outcome(row.outcome),
        reason=row.reason,
        asked=row.asked,
        unsure=row.unsure,
        abandoned_at=row.abandoned_at,
        first_words=row.first_words,
        lines=row.lines,
        annotations=row.annotations,
    )
