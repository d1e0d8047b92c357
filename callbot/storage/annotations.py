"""What people said the bot did wrong, sealed. Conforms to ``review.ports.KeepsAnnotations``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, select, update

from callbot.domain.personal import Personal
from callbot.privacy import KeyRing
from callbot.review.annotations import Annotation, ErrorKind, Expected, NewAnnotation
from callbot.storage.database import Database
from callbot.storage.review_tables import review_annotations

_EXPECTED = TypeAdapter(Expected)


class Annotations:
    """Kept annotations."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def add(self, new: NewAnnotation, at: datetime) -> int:
        """Store it; gives its number."""
        place = _place(new.call_id, new.seq)
        row = {
            "call_id": new.call_id,
            "seq": new.seq,
            "kind": new.kind.value,
            "note_sealed": self._keys.seal(new.note.reveal(), f"annotations.note|{place}"),
            "expected_sealed": self._keys.seal(
                _EXPECTED.dump_json(new.expected).decode(), f"annotations.expected|{place}"
            ),
            "made_by": new.by,
            "at": at,
            "case_name": "",
        }
        async with self._database.writing() as connection:
            added = await connection.execute(insert(review_annotations).values(row).returning(review_annotations.c.id))
            return int(added.scalar_one())

    async def get(self, number: int) -> Annotation | None:
        """One of them."""
        found = await self._all(select(review_annotations).where(review_annotations.c.id == number))
        return found[0] if found else None

    async def of_call(self, call_id: str) -> list[Annotation]:
        """Those of a call, by line and number."""
        mine = select(review_annotations).where(review_annotations.c.call_id == call_id)
        return await self._all(mine.order_by(review_annotations.c.seq, review_annotations.c.id))

    async def latest(self, limit: int) -> list[Annotation]:
        """The newest of all calls."""
        return await self._all(select(review_annotations).order_by(review_annotations.c.id.desc()).limit(limit))

    async def made_case(self, number: int, case: str) -> None:
        """Its regression case is ``case``; empty: there is none any more."""
        noted = update(review_annotations).where(review_annotations.c.id == number).values(case_name=case)
        async with self._database.writing() as connection:
            await connection.execute(noted)

    async def _all(self, query: Any) -> list[Annotation]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return [self._opened(row) for row in rows]

    def _opened(self, row: Row[Any]) -> Annotation:
        place = _place(row.call_id, row.seq)
        return Annotation(
            number=row.id,
            call_id=row.call_id,
            seq=row.seq,
            kind=ErrorKind(row.kind),
            note=Personal(self._keys.open(row.note_sealed, f"annotations.note|{place}")),
            expected=_EXPECTED.validate_json(self._keys.open(row.expected_sealed, f"annotations.expected|{place}")),
            by=row.made_by,
            at=row.at,
            case=row.case_name,
        )


def _place(call_id: str, seq: int) -> str:
    return f"{call_id}|{seq}"
