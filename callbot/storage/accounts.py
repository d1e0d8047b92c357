"""Accounts of staff, their sessions and attempts; conforms to ``access.ports``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.access.accounts import Account, Known, Login, Secrets
from callbot.access.changes import Change, ChangeNote
from callbot.access.ports import Failures
from callbot.access.roles import Role
from callbot.access.sessions import StoredSession
from callbot.domain.personal import Personal, PersonName
from callbot.privacy import KeyRing
from callbot.privacy.journal import Entry, Noted
from callbot.storage.database import Database
from callbot.storage.dialects import NamedLocks
from callbot.storage.journals import ChainedJournal, Page
from callbot.storage.tables import accounts, recovery_codes, sign_in_attempts, staff_sessions


class StaffStore:
    """Opens transactions over staff; conforms to ``access.ports.OpensStaffWork``."""

    def __init__(self, database: Database, key_ring: KeyRing, journal: ChainedJournal) -> None:
        self._database = database
        self._keys = key_ring
        self._journal = journal

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[StoredStaff]:
        """All or nothing; may raise ``ConflictError``."""
        async with self._database.writing() as connection:
            yield StoredStaff(connection, self._keys)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[StoredStaff]:
        """Reads only."""
        async with self._database.reading() as connection:
            yield StoredStaff(connection, self._keys)

    @asynccontextmanager
    async def journaled(self) -> AsyncIterator[JournaledStaff]:
        """All or nothing, notes of the journal included; may raise ``ConflictError``."""
        page = await self._journal.page()
        async with self._database.writing() as connection:
            yield JournaledStaff(connection, self._keys, self._journal, page)

    async def changes(self, limit: int) -> list[ChangeNote]:
        """The last notes about accounts whose month can still be read, newest first."""
        entries = await self._journal.entries(Noted.ACCOUNTS, limit)
        return [_note_of(entry) for entry in entries if entry.what is not None]


class StoredStaff:
    """Staff, inside one transaction. Names, logins and keys are sealed; logins and subjects found by blind index."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing) -> None:
        self._connection = connection
        self._keys = key_ring
        self._locks = NamedLocks(connection)

    async def lock(self, name: str) -> None:
        """Those who lock the same name go one after the other; the name itself leaves as a blind index."""
        await self._locks.take(f"staff|{self._keys.inner(name)}")

    async def of_login(self, login: Login) -> Known | None:
        """The account of this login, disabled or not."""
        return await self._one(accounts.c.login_index == self._login_index(login.reveal()))

    async def of_subject(self, subject: str) -> Known | None:
        """The account of somebody at the provider."""
        return await self._one(accounts.c.subject_index == self._keys.index(f"staff subject|{subject}"))

    async def of_id(self, account_id: str) -> Known | None:
        """The account of this id."""
        return await self._one(accounts.c.id == account_id)

    async def accounts(self) -> list[Account]:
        """All of them, in the order they were made."""
        query = select(accounts).order_by(accounts.c.created_at, accounts.c.id)
        return [self._account(row) for row in await self._connection.execute(query)]

    async def recovery_codes_left(self, account_id: str) -> int:
        """How many still open the account."""
        theirs = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.account_id == account_id)
        return int((await self._connection.execute(theirs)).scalar_one())

    async def session(self, stored: str) -> StoredSession | None:
        """The session of a token's digest, whatever its age."""
        query = (
            select(accounts, staff_sessions.c.opened_at, staff_sessions.c.seen_at)
            .join_from(staff_sessions, accounts)
            .where(staff_sessions.c.token_digest == stored)
        )
        row = (await self._connection.execute(query)).first()
        return StoredSession(self._account(row), row.opened_at, row.seen_at) if row else None

    async def add(self, account: Account, password_hash: str | None, subject: str | None) -> None:
        """A new account."""
        login = account.login.reveal() if account.login else None
        row = {
            "id": account.id,
            "login_sealed": self._keys.seal(login, _place("login", account.id)) if login else None,
            "login_index": self._login_index(login) if login else None,
            "subject_index": self._keys.index(f"staff subject|{subject}") if subject else None,
            "name_sealed": self._keys.seal(account.name.reveal(), _place("name", account.id)),
            "role": account.role,
            "password_hash": password_hash,
            "must_change_password": account.must_change_password,
            "created_at": account.created_at,
        }
        await self._connection.execute(insert(accounts).values(row))

    async def set_password(self, account_id: str, password_hash: str, *, must_change: bool) -> None:
        """Another password."""
        await self._set(account_id, password_hash=password_hash, must_change_password=must_change)

    async def set_key(self, account_id: str, key: Personal | None) -> None:
        """The key of the one-time codes; none is pending any more."""
        sealed = self._keys.seal(key.reveal(), _place("key", account_id)) if key else None
        await self._set(account_id, key_sealed=sealed, pending_key_sealed=None)

    async def set_pending_key(self, account_id: str, key: Personal) -> None:
        """A key that a code has still to confirm."""
        await self._set(account_id, pending_key_sealed=self._keys.seal(key.reveal(), _place("pending", account_id)))

    async def use_step(self, account_id: str, step: int) -> bool:
        """Takes a time step; False where it or a later one was taken."""
        later = accounts.c.last_step.is_(None) | (accounts.c.last_step < step)
        statement = update(accounts).where(accounts.c.id == account_id, later).values(last_step=step)
        return (await self._connection.execute(statement)).rowcount == 1

    async def set_recovery_codes(self, account_id: str, codes: Sequence[Personal]) -> None:
        """These and no others."""
        await self._connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
        rows = [{"account_id": account_id, "code_digest": self._code_digest(account_id, code)} for code in codes]
        if rows:
            await self._connection.execute(insert(recovery_codes), rows)

    async def use_recovery_code(self, account_id: str, code: Personal) -> bool:
        """Takes a code away; False where there is none like it."""
        this = recovery_codes.c.code_digest == self._code_digest(account_id, code)
        gone = delete(recovery_codes).where(recovery_codes.c.account_id == account_id, this)
        return (await self._connection.execute(gone)).rowcount == 1

    async def set_disabled(self, account_id: str, *, disabled: bool, at: datetime) -> None:
        """Closed, or open again."""
        await self._set(account_id, disabled_at=at if disabled else None)

    async def set_identity(self, account_id: str, name: PersonName, role: Role) -> None:
        """Another name, another role."""
        await self._set(account_id, name_sealed=self._keys.seal(name.reveal(), _place("name", account_id)), role=role)

    async def add_session(self, stored: str, account_id: str, at: datetime) -> None:
        """A new session."""
        row = {"token_digest": stored, "account_id": account_id, "opened_at": at, "seen_at": at}
        await self._connection.execute(insert(staff_sessions).values(row))

    async def saw_session(self, stored: str, at: datetime) -> None:
        """A page was asked for."""
        one = staff_sessions.c.token_digest == stored
        await self._connection.execute(update(staff_sessions).where(one).values(seen_at=at))

    async def end_session(self, stored: str) -> None:
        """One session less."""
        await self._connection.execute(delete(staff_sessions).where(staff_sessions.c.token_digest == stored))

    async def end_sessions(self, account_id: str, but: str | None = None) -> None:
        """All sessions of an account, ``but`` one."""
        theirs = delete(staff_sessions).where(staff_sessions.c.account_id == account_id)
        await self._connection.execute(theirs if but is None else theirs.where(staff_sessions.c.token_digest != but))

    async def drop_sessions(self, opened_before: datetime) -> None:
        """Old sessions."""
        await self._connection.execute(delete(staff_sessions).where(staff_sessions.c.opened_at < opened_before))

    async def failures(self, login: str, address: str, since: datetime, today: datetime) -> Failures:
        """Attempts after ``since`` and ``today``: at that very moment they count no more."""
        theirs = sign_in_attempts.c.login_index == self._login_index(login)
        from_there = sign_in_attempts.c.address_index == self._address_index(address)
        at = sign_in_attempts.c.at
        return Failures(
            of_login=await self._count(theirs, at > since),
            of_login_today=await self._count(theirs, at > today),
            of_address=await self._count(from_there, at > since),
        )

    async def add_attempt(self, login: str, address: str, at: datetime) -> int:
        """Counts an attempt; gives its number."""
        row = {"login_index": self._login_index(login), "address_index": self._address_index(address), "at": at}
        added = await self._connection.execute(insert(sign_in_attempts).values(row).returning(sign_in_attempts.c.id))
        return int(added.scalar_one())

    async def forgive(self, login: str, attempt: int) -> None:
        """Neither this attempt nor earlier ones of this login count any more."""
        theirs = sign_in_attempts.c.login_index == self._login_index(login)
        await self._connection.execute(delete(sign_in_attempts).where(theirs, sign_in_attempts.c.id <= attempt))

    async def drop_attempts(self, before: datetime) -> None:
        """Those that count no more."""
        await self._connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.at <= before))

    async def _one(self, condition: Any) -> Known | None:
        row = (await self._connection.execute(select(accounts).where(condition))).first()
        return self._known(row) if row else None

    async def _set(self, account_id: str, **values: object) -> None:
        await self._connection.execute(update(accounts).where(accounts.c.id == account_id).values(values))

    async def _count(self, *conditions: Any) -> int:
        query = select(func.count()).select_from(sign_in_attempts).where(*conditions)
        return int((await self._connection.execute(query)).scalar_one())

    def _login_index(self, login: str) -> str:
        return self._keys.index(f"staff login|{login}")

    def _address_index(self, address: str) -> str:
        return self._keys.index(f"staff address|{address}")

    def _code_digest(self, account_id: str, code: Personal) -> str:
        return self._keys.inner(f"staff recovery|{account_id}|{code.reveal()}")

    def _known(self, row: Row[Any]) -> Known:
        def opened(sealed: bytes | None, what: str) -> Personal | None:
            return Personal(self._keys.open(sealed, _place(what, row.id))) if sealed is not None else None

        secrets = Secrets(row.password_hash, opened(row.key_sealed, "key"), opened(row.pending_key_sealed, "pending"))
        return Known(self._account(row), secrets)

    def _account(self, row: Row[Any]) -> Account:
        login = self._keys.open(row.login_sealed, _place("login", row.id)) if row.login_sealed is not None else None
        return Account(
            id=row.id,
            name=PersonName(self._keys.open(row.name_sealed, _place("name", row.id))),
            role=Role(row.role),
            created_at=row.created_at,
            login=Login(login) if login is not None else None,
            has_second_factor=row.key_sealed is not None,
            must_change_password=row.must_change_password,
            disabled=row.disabled_at is not None,
        )


class JournaledStaff(StoredStaff):
    """Staff inside one transaction, with the journal of what changes."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing, journal: ChainedJournal, page: Page) -> None:
        super().__init__(connection, key_ring)
        self._journal = journal
        self._page = page

    async def note(self, change: Change, by: str, account_id: str, detail: str = "") -> None:
        """Adds a note at the end of the journal; it holds the journal until this transaction ends."""
        what = f"account {account_id}: {detail}" if detail else f"account {account_id}"
        await self._journal.note_within(self._connection, self._page, Noted.ACCOUNTS, by, reason=change, what=what)


def _note_of(entry: Entry) -> ChangeNote:
    account, _, detail = (entry.what or "").removeprefix("account ").partition(": ")
    return ChangeNote(entry.at, Change(entry.reason or ""), entry.who or "", account, detail)


def _place(what: str, account_id: str) -> str:
    return f"accounts.{what}|{account_id}"
