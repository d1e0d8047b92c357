"""Proposals and versions of the knowledge base, and its gaps. Conforms to ``editing.content.KeepsContent``."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, insert, select, update

from callbot.domain.events import GapNoted
from callbot.editing.content import Draft, Kind, NewVersion, Proposal, Rehearsal, Status, Version
from callbot.editing.gaps import Gap
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks
from callbot.storage.editing_tables import knowledge_proposals, knowledge_versions
from callbot.storage.serialisation import from_json
from callbot.storage.tables import call_events

_V, _P = knowledge_versions.c, knowledge_proposals.c


class Content:
    """Versions are added, none is changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def number(self) -> int:
        """The number in force, 0 for the files alone."""
        async with self._database.reading() as connection:
            return int((await connection.execute(select(func.coalesce(func.max(_V.number), 0)))).scalar_one())

    async def current(self) -> Version | None:
        """The version in force."""
        found = await self.versions(1)
        return found[0] if found else None

    async def version(self, number: int) -> Version | None:
        """One of them."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(knowledge_versions).where(_V.number == number))).first()
        return version_of_row(row) if row else None

    async def versions(self, limit: int) -> list[Version]:
        """The newest first."""
        newest = select(knowledge_versions).order_by(_V.number.desc()).limit(limit)
        async with self._database.reading() as connection:
            return [version_of_row(row) for row in (await connection.execute(newest)).all()]

    async def publish(self, new: NewVersion) -> Version | None:
        """Keep it with the next number; None where another one was first, or its proposal waits no more."""
        number = new.follows + 1
        row = {
            "number": number, "at": new.at, "published_by": new.by, "reason": new.reason,
            "files": json.dumps(dict(new.files), ensure_ascii=False), "hash": new.hash, "proposal": new.proposal,
            "restores": new.restores,
        }  # fmt: skip
        decided = {"decided_by": new.by, "decided_at": new.at, "override": new.override}
        waits = (_P.id == new.proposal) & (_P.status == Status.WAITING)
        async with self._database.writing() as connection:
            await NamedLocks(connection).take("knowledge_versions")
            last = (await connection.execute(select(func.coalesce(func.max(_V.number), 0)))).scalar_one()
            if last != new.follows:
                return None
            if new.proposal is not None:
                closing = update(knowledge_proposals).where(waits).values(status=Status.PUBLISHED, **decided)
                if (await connection.execute(closing)).rowcount != 1:
                    return None
            await connection.execute(insert(knowledge_versions).values(row))
        return await self.version(number)

    async def propose(self, draft: Draft, base: str, by: str, at: datetime) -> int:
        """Keep a proposal; gives its number."""
        row = {
            "kind": draft.kind, "file": draft.file, "text": draft.text, "base": base, "owner": draft.owner,
            "note": draft.note, "made_by": by, "made_at": at, "status": Status.WAITING, "decided_by": "",
            "override": "", "rehearsal": Rehearsal.NONE, "report": "",
        }  # fmt: skip
        async with self._database.writing() as connection:
            added = await connection.execute(insert(knowledge_proposals).values(row).returning(_P.id))
            return int(added.scalar_one())

    async def proposal(self, number: int) -> Proposal | None:
        """One of them."""
        async with self._database.reading() as connection:
            row = (await connection.execute(select(knowledge_proposals).where(_P.id == number))).first()
        return _proposal(row) if row else None

    async def proposals(self, limit: int) -> list[Proposal]:
        """Those that wait, then the others, newest first."""
        waiting_first = case((_P.status == Status.WAITING, 0), else_=1)
        query = select(knowledge_proposals).order_by(waiting_first, _P.id.desc()).limit(limit)
        async with self._database.reading() as connection:
            return [_proposal(row) for row in (await connection.execute(query)).all()]

    async def close(self, number: int, status: Status, by: str, at: datetime) -> bool:
        """Refuse or withdraw one that waits."""
        waits = (_P.id == number) & (_P.status == Status.WAITING)
        closing = update(knowledge_proposals).where(waits).values(status=status, decided_by=by, decided_at=at)
        async with self._database.writing() as connection:
            return (await connection.execute(closing)).rowcount == 1

    async def rehearsed(self, number: int, outcome: Rehearsal, report: str, at: datetime) -> None:
        """What the rehearsals of a proposal say now."""
        noted = update(knowledge_proposals).where(_P.id == number)
        async with self._database.writing() as connection:
            await connection.execute(noted.values(rehearsal=outcome, report=report, rehearsed_at=at))

    async def gaps(self, since: datetime, limit: int) -> list[Gap]:
        """Questions without an answer, the last ``limit`` of them, newest first; no word of a caller is in them."""
        e = call_events.c
        noted = select(e.call_id, e.seq, e.at, e.kind, e.payload).where(e.kind == GapNoted.__name__, e.at >= since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(noted.order_by(e.at.desc(), e.call_id, e.seq).limit(limit))).all()
        found = [(row, from_json(row.kind, json.dumps(row.payload))) for row in rows]
        return [Gap(row.call_id, row.seq, row.at, gap.nearest) for row, gap in found if isinstance(gap, GapNoted)]


def version_of_row(row: Row[Any]) -> Version:
    """A stored version."""
    return Version(
        row.number, row.at, row.published_by, row.reason, json.loads(row.files), row.hash, row.proposal, row.restores
    )


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        number=row.id,
        draft=Draft(Kind(row.kind), row.file, row.text, row.owner, row.note),
        base=row.base,
        made_by=row.made_by,
        made_at=row.made_at,
        status=Status(row.status),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        override=row.override,
        rehearsal=Rehearsal(row.rehearsal),
        rehearsed_at=row.rehearsed_at,
        report=row.report,
    )
