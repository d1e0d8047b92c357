"""What the calls of the last minutes tell of the machine. Conforms to ``editing.tripping.ReadsSigns``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select

from callbot.domain.events import CallerSpoke, Ended, EndReason, HandedOver, HandOverReason, PartFailed, Prompted
from callbot.editing.tripping import Signs
from callbot.storage.database import Database
from callbot.storage.tables import call_events, calls

LONGEST_CALL = timedelta(hours=1)
"""calls that began earlier are not looked at: by the index of when they began the rest is found at once"""
_READ = (PartFailed.__name__, Ended.__name__, HandedOver.__name__, CallerSpoke.__name__, Prompted.__name__)


class CallSigns:
    """No word of a caller is read: kinds and moments of events alone, and the last state of their calls."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, first: datetime) -> Signs:
        """Everything at or after ``first``."""
        e = call_events.c
        happened = (
            select(e.call_id, e.at, e.kind, calls.c.hand_over_reason, calls.c.end_reason)
            .join(calls, calls.c.id == e.call_id)
            .where(calls.c.started_at >= first - LONGEST_CALL, e.at >= first, or_(*(e.kind == kind for kind in _READ)))
            .order_by(e.call_id, e.seq)
        )
        async with self._database.reading() as connection:
            return signs_of((await connection.execute(happened)).all())


def signs_of(rows: Iterable[Row[Any]]) -> Signs:
    """``rows``: call_id, at, kind, hand_over_reason, end_reason, by call and in order."""
    failed: set[str] = set()
    technical: set[str] = set()
    waits: list[float] = []
    spoke: tuple[str, datetime] | None = None
    for row in rows:
        if row.kind == PartFailed.__name__ or (row.kind == Ended.__name__ and row.end_reason == EndReason.FAILURE):
            failed.add(row.call_id)
        if row.kind == HandedOver.__name__ and row.hand_over_reason == HandOverReason.TECHNICAL:
            technical.add(row.call_id)
        if row.kind == Prompted.__name__ and spoke is not None and spoke[0] == row.call_id:
            waits.append((row.at - spoke[1]).total_seconds())
        if row.kind in (CallerSpoke.__name__, Prompted.__name__):
            spoke = (row.call_id, row.at) if row.kind == CallerSpoke.__name__ else None
    return Signs(len(failed), len(technical), tuple(waits))
