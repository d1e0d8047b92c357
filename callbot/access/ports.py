"""What this room needs from the storage."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from callbot.access.accounts import Account, Known, Login
from callbot.access.changes import Change, ChangeNote
from callbot.access.roles import Role
from callbot.domain.personal import Personal, PersonName

if TYPE_CHECKING:
    from callbot.access.sessions import StoredSession


@dataclass(frozen=True, slots=True)
class Failures:
    """Attempts that did not open anything, of one login and of one address."""

    of_login: int
    of_login_today: int
    of_address: int


class ReadsStaff(Protocol):
    """What may be read; names, logins and keys are opened on the way."""

    async def of_login(self, login: Login) -> Known | None:
        """The account of this login, disabled or not."""
        ...

    async def of_subject(self, subject: str) -> Known | None:
        """The account of somebody at the authority's own provider (issuer and subject in one text)."""
        ...

    async def of_id(self, account_id: str) -> Known | None:
        """The account of this id."""
        ...

    async def accounts(self) -> Sequence[Account]:
        """All of them, in the order they were made."""
        ...

    async def recovery_codes_left(self, account_id: str) -> int:
        """How many recovery codes of an account still open it."""
        ...

    async def session(self, stored: str) -> StoredSession | None:
        """The session of a token's digest, whatever its age."""
        ...


class StaffWork(ReadsStaff, Protocol):
    """One transaction: all or nothing."""

    async def lock(self, name: str) -> None:
        """Those who lock the same name go one after the other until the end of their transactions."""
        ...

    async def add(self, account: Account, password_hash: str | None, subject: str | None) -> None:
        """A new account."""
        ...

    async def set_password(self, account_id: str, password_hash: str, *, must_change: bool) -> None:
        """Another password."""
        ...

    async def set_key(self, account_id: str, key: Personal | None) -> None:
        """The key of the one-time codes, None to take it away; none is pending any more."""
        ...

    async def set_pending_key(self, account_id: str, key: Personal) -> None:
        """A key that a code has still to confirm."""
        ...

    async def use_step(self, account_id: str, step: int) -> bool:
        """Takes a time step of the codes; False where it or a later one was taken before (a code said twice)."""
        ...

    async def set_recovery_codes(self, account_id: str, codes: Sequence[Personal]) -> None:
        """These codes and no others; hashed with a key."""
        ...

    async def use_recovery_code(self, account_id: str, code: Personal) -> bool:
        """Takes a code away; False where it is none of this account's, or was taken before."""
        ...

    async def set_disabled(self, account_id: str, *, disabled: bool, at: datetime) -> None:
        """Closed, or open again."""
        ...

    async def set_identity(self, account_id: str, name: PersonName, role: Role) -> None:
        """Another name, another role."""
        ...

    async def add_session(self, stored: str, account_id: str, at: datetime) -> None:
        """A new session."""
        ...

    async def saw_session(self, stored: str, at: datetime) -> None:
        """A page was asked for."""
        ...

    async def end_session(self, stored: str) -> None:
        """One session less."""
        ...

    async def end_sessions(self, account_id: str, but: str | None = None) -> None:
        """All sessions of an account, ``but`` one."""
        ...

    async def drop_sessions(self, opened_before: datetime) -> None:
        """Old sessions, which open nothing any more."""
        ...

    async def failures(self, login: str, address: str, since: datetime, today: datetime) -> Failures:
        """Attempts since ``since``, and since ``today`` for the longer count; both texts become blind indexes."""
        ...

    async def add_attempt(self, login: str, address: str, at: datetime) -> int:
        """Counts an attempt before it is looked at; gives its number."""
        ...

    async def forgive(self, login: str, attempt: int) -> None:
        """It opened: neither it nor earlier ones of this login count any more."""
        ...

    async def drop_attempts(self, before: datetime) -> None:
        """Those that count no more."""
        ...


class JournaledStaffWork(StaffWork, Protocol):
    """One transaction whose notes are in the journal exactly when its changes are kept."""

    async def note(self, change: Change, by: str, account_id: str, detail: str = "") -> None:
        """Adds a note at the end of the journal."""
        ...


class OpensStaffWork(Protocol):
    """The storage, as this room sees it."""

    def writing(self) -> AbstractAsyncContextManager[StaffWork]:
        """Kept when the block ends well, undone when it raises."""
        ...

    def journaled(self) -> AbstractAsyncContextManager[JournaledStaffWork]:
        """The same, for what is journaled. Note last: who notes holds the journal until the end."""
        ...

    async def changes(self, limit: int) -> Sequence[ChangeNote]:
        """The last notes that can still be read, newest first."""
        ...

    def reading(self) -> AbstractAsyncContextManager[ReadsStaff]:
        """Waits for nobody."""
        ...
