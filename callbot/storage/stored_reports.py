"""Reports for people; conforms to ``booking.ports.Reports``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.addresses import StreetAddress
from callbot.domain.items import ItemLine
from callbot.domain.people import Report, ReportKind
from callbot.privacy import KeyRing
from callbot.storage.call_backs import WorkStatus
from callbot.storage.dialects import insert_once
from callbot.storage.streams import streamed
from callbot.storage.tables import reports

_ADDRESS: TypeAdapter[StreetAddress] = TypeAdapter(StreetAddress)


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as stored; the words of the caller for its items are not kept."""

    report: Report
    status: WorkStatus
    created_at: datetime


class StoredReports:
    """The reports, inside one transaction. Addresses are sealed."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing) -> None:
        self._connection = connection
        self._keys = key_ring

    async def add(self, report: Report, created_at: datetime) -> None:
        """Store a report, once a call, kind and what it is about."""
        address, about = report.address, self._about(report)
        row: dict[str, object] = {
            "call_id": report.call_id,
            "kind": report.kind,
            "about_index": about,
            "reference": report.reference,
            "items": [{"item": line.item, "quantity": line.quantity} for line in report.items],
            "status": WorkStatus.WAITING,
            "created_at": created_at,
        }
        if address is not None:
            row |= {"insee": address.insee, "commune": address.commune, "postcode": address.postcode}
            row["address_sealed"] = self._keys.seal(_ADDRESS.dump_json(address).decode(), _place(report, about))
        await self._connection.execute(insert_once(self._connection, reports).values(row))

    async def since(self, moment: datetime | None = None, end: datetime | None = None) -> list[StoredReport]:
        """All reports made at or after ``moment`` and before ``end``, oldest first."""
        return [self._stored(row) for row in await self._connection.execute(_made(moment, end))]

    @asynccontextmanager
    async def each(
        self, moment: datetime | None = None, end: datetime | None = None
    ) -> AsyncIterator[AsyncIterator[StoredReport]]:
        """The same one by one, read by one statement: never more than a batch of them is held."""
        async with streamed(self._connection, _made(moment, end)) as rows:
            yield (self._stored(row) async for row in rows)

    async def of_call(self, call_id: str) -> list[StoredReport]:
        """What a call reported, oldest first; found by the primary key."""
        query = _made(None, None).where(reports.c.call_id == call_id)
        return [self._stored(row) for row in await self._connection.execute(query)]

    def _stored(self, row: Row[Any]) -> StoredReport:
        report = Report(
            call_id=row.call_id,
            kind=ReportKind(row.kind),
            reference=row.reference,
            items=tuple(ItemLine(line["item"], line["quantity"]) for line in row.items),
        )
        if row.address_sealed is not None:
            opened = self._keys.open(row.address_sealed, _place(report, row.about_index))
            report = replace(report, address=_ADDRESS.validate_json(opened))
        return StoredReport(report, WorkStatus(row.status), row.created_at)

    def _about(self, report: Report) -> str:
        """The same for the same booking, address and items, and unreadable: an address is in it."""
        address = report.address
        about = [
            report.reference,
            None if address is None else [address.line, address.postcode, address.insee],
            [(line.item, line.quantity) for line in report.items],
        ]
        return self._keys.inner(json.dumps(about))


def _made(first: datetime | None, end: datetime | None) -> Select[Any]:
    """Reports made from ``first`` on and before ``end``, oldest first; found by the index of ``created_at``."""
    query = select(reports).order_by(reports.c.created_at, reports.c.call_id, reports.c.kind, reports.c.about_index)
    query = query if first is None else query.where(reports.c.created_at >= first)
    return query if end is None else query.where(reports.c.created_at < end)


def _place(report: Report, about: str) -> str:
    return f"reports.address|{report.call_id}|{report.kind}|{about}"
