"""Requests about data, codes and limits; conforms to ``privacy.rights_desk.ports``. Numbers, words and reasons are
sealed; numbers are found by blind index."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.domain.data_rights import Came, DataRight, Identity, RequestState
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy import KeyRing
from callbot.privacy.index_keys import Indexed
from callbot.privacy.journal import Noted
from callbot.privacy.rights_desk.ports import DataRequest, SentCode
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks, put
from callbot.storage.figure_tables import call_facts
from callbot.storage.journals import ChainedJournal, Page
from callbot.storage.queued_messages import QueuedMessages
from callbot.storage.rights_tables import data_codes, data_limits, data_requests

_OPEN = [state.value for state in RequestState if state.open]

Sealable = TypeVar("Sealable", bound=Personal)


class RightsStore:
    """Opens units of work of the rights desk; conforms to ``OpensRightsWork``."""

    def __init__(
        self, database: Database, key_ring: KeyRing, journal: ChainedJournal, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._keys = key_ring
        self._journal = journal
        self._now = now

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[StoredRights]:
        """All or nothing, entries of the journal too; may raise ``ConflictError``."""
        page = await self._journal.page()
        async with self._database.writing() as connection:
            yield StoredRights(connection, self._keys, self._now, self._journal, page)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[StoredRights]:
        """Reads only."""
        async with self._database.reading() as connection:
            yield StoredRights(connection, self._keys, self._now)


class StoredRights:
    """The rights desk inside one transaction."""

    def __init__(
        self,
        connection: AsyncConnection,
        key_ring: KeyRing,
        now: Callable[[], datetime],
        journal: ChainedJournal | None = None,
        page: Page | None = None,
    ) -> None:
        """``journal`` None: nothing is noted, as nothing is written."""
        self._connection = connection
        self._keys = key_ring
        self._now = now
        self._journal = journal
        self._page = page
        self._locks = NamedLocks(connection)

    async def lock(self, name: str) -> None:
        """Those who lock the same name go one after the other; the name itself leaves as a blind index."""
        await self._locks.take(f"rights|{self._keys.inner(name)}")

    async def note(self, who: str, request_id: str, what: str) -> None:
        """An entry of the journal, kept with the rest or not at all."""
        if self._journal and self._page:
            kind = Noted.DATA_REQUEST
            await self._journal.note_within(self._connection, self._page, kind, who, reason=request_id, what=what)

    async def get(self, request_id: str) -> DataRequest | None:
        """The request of this number."""
        return await self._one(data_requests.c.id == request_id)

    async def of_source(self, source: str) -> DataRequest | None:
        """The request that came from there."""
        return await self._one(data_requests.c.source == source)

    async def of_call(self, call_id: str) -> Sequence[DataRequest]:
        """What was asked in a conversation, oldest first."""
        query = select(data_requests).where(data_requests.c.call_id == call_id)
        rows = await self._connection.execute(query.order_by(data_requests.c.received_at, data_requests.c.id))
        return [self._request(row) for row in rows]

    async def open_ones(self) -> Sequence[DataRequest]:
        """Those an answer is owed to, the nearest deadline first."""
        query = select(data_requests).where(data_requests.c.state.in_(_OPEN))
        rows = await self._connection.execute(query.order_by(data_requests.c.due_on, data_requests.c.received_at))
        return [self._request(row) for row in rows]

    async def closed_ones(self, limit: int) -> Sequence[DataRequest]:
        """Those that ended, the last first."""
        query = select(data_requests).where(data_requests.c.ended_at.is_not(None))
        rows = await self._connection.execute(query.order_by(data_requests.c.ended_at.desc()).limit(limit))
        return [self._request(row) for row in rows]

    async def open_of(self, phone: PhoneNumber) -> Sequence[DataRequest]:
        """Open requests of a number."""
        theirs = data_requests.c.phone_index == self._index(phone)
        query = select(data_requests).where(theirs, data_requests.c.state.in_(_OPEN))
        return [self._request(row) for row in await self._connection.execute(query)]

    async def add(self, request: DataRequest) -> None:
        """A new row; raises ``ConflictError`` for a source that is there."""
        row = self._row(request) | {"id": request.id, "source": request.source}
        await self._connection.execute(insert(data_requests).values(row))

    async def save(self, request: DataRequest) -> bool:
        """Write it as it is now; False, and nothing written, where somebody changed it since it was read."""
        same = (data_requests.c.id == request.id) & (data_requests.c.version == request.version)
        row = self._row(request) | {"version": request.version + 1}
        return (await self._connection.execute(update(data_requests).where(same).values(row))).rowcount == 1

    async def codes_since(self, moment: datetime, phone: PhoneNumber | None = None) -> int:
        """How many codes were sent since then, to a number or in all."""
        sent = data_codes.c.sent_at > moment
        if phone:
            sent &= data_codes.c.phone_index == self._index(phone)
        query = select(func.count()).select_from(data_codes).where(sent)
        return int((await self._connection.execute(query)).scalar_one())

    async def add_code(self, code: SentCode) -> None:
        """A code that is sent."""
        row = {
            "id": code.id, "code_hash": code.code_hash, "phone_index": self._index(code.phone),
            "phone_sealed": self._sealed(code.phone, f"data_codes.phone|{code.id}"), "data_right": code.right,
            "details_sealed": self._sealed(code.details, f"data_codes.details|{code.id}"),
            "request_id": code.request_id, "sent_at": code.sent_at, "expires_at": code.expires_at, "tries": 0,
        }  # fmt: skip
        await self._connection.execute(insert(data_codes).values(row))

    async def try_code(self, code_id: str, now: datetime, most: int) -> SentCode | None:
        """Count one more try before it is looked at; None where none is left, it was used or it is too old."""
        alive = (
            (data_codes.c.id == code_id)
            & (data_codes.c.tries < most)
            & data_codes.c.used_at.is_(None)
            & (data_codes.c.expires_at > now)
        )
        counted = await self._connection.execute(update(data_codes).where(alive).values(tries=data_codes.c.tries + 1))
        return await self._code(data_codes.c.id == code_id) if counted.rowcount == 1 else None

    async def use_code(self, code_id: str, now: datetime, access_hash: str, until: datetime) -> bool:
        """It was right: it opens nothing again, and ``access_hash`` opens the copy until then; False where somebody
        used it meanwhile."""
        unused = (data_codes.c.id == code_id) & data_codes.c.used_at.is_(None)
        used = update(data_codes).where(unused).values(used_at=now, access_hash=access_hash, access_until=until)
        return (await self._connection.execute(used)).rowcount == 1

    async def accessed(self, access_hash: str, now: datetime, most: int) -> SentCode | None:
        """The code behind what opens a copy now, counted as one more try; None where that is over or too many."""
        opens = (
            (data_codes.c.access_hash == access_hash) & (data_codes.c.access_until > now) & (data_codes.c.tries < most)
        )
        counted = await self._connection.execute(update(data_codes).where(opens).values(tries=data_codes.c.tries + 1))
        return await self._code(data_codes.c.access_hash == access_hash) if counted.rowcount == 1 else None

    async def latest_code(self, request_id: str) -> SentCode | None:
        """The last code that an officer sent for a request."""
        return await self._code(data_codes.c.request_id == request_id)

    async def limited(self, phone: PhoneNumber) -> DataRight | None:
        """Whether data of this number is not used, and by which right."""
        query = select(data_limits.c.data_right).where(data_limits.c.phone_index == self._index(phone))
        # Two rows of one number while the key of indexes is replaced.
        found = (await self._connection.execute(query)).scalars().first()
        return DataRight(found) if found else None

    async def limit(self, phone: PhoneNumber, right: DataRight, request_id: str, at: datetime) -> None:
        """Data of this number is not used from now on."""
        index = self._index(phone)
        for each in dict.fromkeys((str(index), index.before)):
            row = {"phone_index": each, "data_right": right, "request_id": request_id, "since": at}
            await put(self._connection, data_limits, row, "phone_index")
        counted = update(call_facts).where(call_facts.c.caller_index == index)
        await self._connection.execute(counted.values(caller_index=None))

    async def lift(self, phone: PhoneNumber) -> bool:
        """It may be used again; False where nothing was limited."""
        theirs = delete(data_limits).where(data_limits.c.phone_index == self._index(phone))
        return (await self._connection.execute(theirs)).rowcount > 0

    async def forget(self, phone: PhoneNumber, at: datetime) -> Sequence[str]:
        """Take the number and the words out of its requests and close those that are open; ids of these."""
        open_ones = await self.open_of(phone)
        await forget_requests(self._connection, self._index(phone))
        ids = [request.id for request in open_ones]
        closed = update(data_requests).where(data_requests.c.id.in_(ids))
        values = {"state": RequestState.WITHDRAWN, "ended_at": at, "version": data_requests.c.version + 1}
        await self._connection.execute(closed.values(**values, **_NOBODY))
        return ids

    async def sms(self, key: str, phone: PhoneNumber, text: str, not_after: datetime | None = None) -> bool:
        """Queue an SMS; False where the number answered STOP."""
        queued = QueuedMessages(self._connection, self._keys, self._now)
        return await queued.queue_sms(key, phone, text, not_after=not_after)

    async def _one(self, which: ColumnElement[bool]) -> DataRequest | None:
        row = (await self._connection.execute(select(data_requests).where(which))).first()
        return self._request(row) if row else None

    async def _code(self, which: ColumnElement[bool]) -> SentCode | None:
        query = select(data_codes).where(which).order_by(data_codes.c.sent_at.desc()).limit(1)
        row = (await self._connection.execute(query)).first()
        if row is None:
            return None
        phone = PhoneNumber(self._keys.open(row.phone_sealed, f"data_codes.phone|{row.id}"))
        return SentCode(
            id=row.id, code_hash=row.code_hash, phone=phone, sent_at=row.sent_at, expires_at=row.expires_at,
            right=DataRight(row.data_right) if row.data_right else None,
            details=self._opened(Personal, row.details_sealed, f"data_codes.details|{row.id}"),
            request_id=row.request_id, used_at=row.used_at,
        )  # fmt: skip

    def _row(self, request: DataRequest) -> dict[str, Any]:
        sealed = {
            f"{name}_sealed": self._sealed(value, _place(name, request.id))
            for name, value in (
                ("phone", request.phone), ("details", request.details), ("extension", request.extension),
                ("answer", request.answer),
            )
        }  # fmt: skip
        return {
            "data_right": request.right, "channel": request.channel, "state": request.state,
            "received_at": request.received_at, "due_on": request.due_on, "extended_at": request.extended_at,
            "phone_index": self._index(request.phone) if request.phone else None, "call_id": request.call_id,
            "known_by": request.identity, "identified_at": request.identified_at, "taken_by": request.taken_by,
            "ended_at": request.ended_at, "certificate": request.certificate, "version": request.version,
            **sealed,
        }  # fmt: skip

    def _request(self, row: Row[Any]) -> DataRequest:
        return DataRequest(
            id=row.id, source=row.source, right=DataRight(row.data_right), channel=Came(row.channel),
            state=RequestState(row.state), received_at=row.received_at, due_on=row.due_on,
            phone=self._opened(PhoneNumber, row.phone_sealed, _place("phone", row.id)), call_id=row.call_id,
            details=self._opened(Personal, row.details_sealed, _place("details", row.id)),
            identity=Identity(row.known_by) if row.known_by else None, identified_at=row.identified_at,
            extended_at=row.extended_at,
            extension=self._opened(Personal, row.extension_sealed, _place("extension", row.id)),
            taken_by=row.taken_by, ended_at=row.ended_at,
            answer=self._opened(Personal, row.answer_sealed, _place("answer", row.id)),
            certificate=row.certificate, version=row.version,
        )  # fmt: skip

    def _index(self, phone: PhoneNumber) -> Indexed:
        return self._keys.index(phone.reveal())

    def _sealed(self, value: Personal | None, place: str) -> bytes | None:
        return None if value is None else self._keys.seal(value.reveal(), place)

    def _opened(self, kind: type[Sealable], sealed: bytes | None, place: str) -> Sealable | None:
        return None if sealed is None else kind(self._keys.open(sealed, place))


_NOBODY = {
    "phone_sealed": None, "phone_index": None, "details_sealed": None, "extension_sealed": None,
    "answer_sealed": None, "call_id": None,
}  # fmt: skip
"""a request in which nobody can be found; what was asked, when, and what became of it stay"""


async def forget_requests(connection: AsyncConnection, index: str) -> None:
    """Take who it was out of requests that ended, with codes and limits: the person is erased. An open request keeps
    its number: an answer is owed to it."""
    ended = (data_requests.c.phone_index == index) & data_requests.c.ended_at.is_not(None)
    await connection.execute(update(data_requests).where(ended).values(**_NOBODY))
    await connection.execute(delete(data_codes).where(data_codes.c.phone_index == index))
    await connection.execute(delete(data_limits).where(data_limits.c.phone_index == index))


def _place(column: str, request_id: str) -> str:
    return f"data_requests.{column}|{request_id}"
