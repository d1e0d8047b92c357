"""Making, locking and resetting accounts. Every change is journaled, by ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from callbot.access.accounts import LONGEST_NAME, Account, new_id, read_login
from callbot.access.changes import COMMAND, Change, ChangeNote
from callbot.access.passwords import Passwords, WeakPassword, weakness
from callbot.access.ports import JournaledStaffWork, OpensStaffWork, ReadsStaff
from callbot.access.roles import Role
from callbot.domain.clock import Clock
from callbot.domain.personal import PersonName

_CHANGES = "accounts"
"""changes of accounts go one after the other, or two administrators could lock each other out at once"""


class NotDone(Enum):
    """Why nothing was changed; no text holds what was given."""

    BAD_LOGIN = "a login has 3 to 64 letters, digits and . _ - @, and begins and ends with a letter or digit"
    BAD_NAME = f"a display name has 1 to {LONGEST_NAME} visible characters"
    TAKEN = "there is an account with this login already"
    UNKNOWN = "there is no account with this login or id"
    EXTERNAL = "this account enters by the authority's own provider: its password, codes and role are kept there"
    OWN = "nobody changes the role, the lock or the codes of the account they are signed in with"
    LAST = "this is the last administrator who may sign in: make or unlock another one first"


class Administration:
    """The use cases; an account is named by its login or, where it has none, by its id."""

    def __init__(self, opens: OpensStaffWork, passwords: Passwords, clock: Clock, by: str = COMMAND) -> None:
        """``by``: the id of the account that administers, or who called the command; the journal names it."""
        self._opens = opens
        self._passwords = passwords
        self._clock = clock
        self._by = by

    async def add(self, login: str, name: str, role: Role, password: str) -> Account | NotDone | WeakPassword:
        """A new account, whose owner has to choose another password at the first entry."""
        read, shown = read_login(login), " ".join(name.split())
        if read is None:
            return NotDone.BAD_LOGIN
        if not (0 < len(shown) <= LONGEST_NAME and shown.isprintable()):
            return NotDone.BAD_NAME
        if (weak := weakness(password, read.reveal(), shown)) is not None:
            return weak
        hashed = await self._passwords.hashed(password)
        account = Account(new_id(), PersonName(shown), role, self._clock.now(), read, must_change_password=True)
        async with self._opens.journaled() as work:
            await work.lock(_CHANGES)
            if await work.of_login(read) is not None:
                return NotDone.TAKEN
            await work.add(account, hashed, None)
            await work.note(Change.MADE, self._by, account.id, role)
        return account

    async def all(self) -> Sequence[Account]:
        """Every account, oldest first."""
        async with self._opens.reading() as reads:
            return await reads.accounts()

    async def one(self, named: str) -> Account | NotDone:
        """One account."""
        async with self._opens.reading() as reads:
            return await _found(reads, named)

    async def changes(self, limit: int, account_id: str | None = None) -> Sequence[ChangeNote]:
        """The last notes of the journal about accounts, newest first; of one account, those among them."""
        found = await self._opens.changes(limit)
        return [note for note in found if account_id in (None, note.account)]

    async def set_role(self, named: str, role: Role) -> Account | NotDone:
        """Another role, from the next page on that its owner asks for."""
        async with self._opens.journaled() as work:
            found = await self._other(work, named)
            if isinstance(found, NotDone) or found.role is role:
                return found
            if found.login is None:
                return NotDone.EXTERNAL
            if await _is_last(work, found):
                return NotDone.LAST
            await work.set_identity(found.id, found.name, role)
            await work.note(Change.ROLE, self._by, found.id, f"{found.role} -> {role}")
        return replace(found, role=role)

    async def set_disabled(self, named: str, *, disabled: bool) -> Account | NotDone:
        """Locks an account and ends its sessions, or opens it again."""
        async with self._opens.journaled() as work:
            found = await self._other(work, named)
            if isinstance(found, NotDone) or found.disabled is disabled:
                return found
            if disabled and await _is_last(work, found):
                return NotDone.LAST
            await work.set_disabled(found.id, disabled=disabled, at=self._clock.now())
            await work.end_sessions(found.id)
            await work.note(Change.LOCKED if disabled else Change.UNLOCKED, self._by, found.id)
        return replace(found, disabled=disabled)

    async def reset_password(self, named: str, password: str) -> Account | NotDone | WeakPassword:
        """A password that its owner has to change, for who forgot theirs; sessions end."""
        found = await self.one(named)
        if isinstance(found, NotDone):
            return found
        if found.login is None:
            return NotDone.EXTERNAL
        if (weak := weakness(password, found.login.reveal(), found.name.reveal())) is not None:
            return weak
        hashed = await self._passwords.hashed(password)
        async with self._opens.journaled() as work:
            still = await self._other(work, found.id)
            if isinstance(still, NotDone):
                return still
            await work.set_password(still.id, hashed, must_change=True)
            await work.end_sessions(still.id)
            await work.note(Change.PASSWORD_RESET, self._by, still.id)
        return still

    async def reset_second_factor(self, named: str) -> Account | NotDone:
        """Takes the second factor and its recovery codes away, for who lost both; sessions end."""
        async with self._opens.journaled() as work:
            found = await self._other(work, named)
            if isinstance(found, NotDone):
                return found
            if found.login is None:
                return NotDone.EXTERNAL
            await work.set_key(found.id, None)
            await work.set_recovery_codes(found.id, ())
            await work.end_sessions(found.id)
            await work.note(Change.SECOND_FACTOR_RESET, self._by, found.id)
        return replace(found, has_second_factor=False)

    async def end_sessions(self, named: str) -> Account | NotDone:
        """Signs an account out everywhere."""
        async with self._opens.journaled() as work:
            found = await self._other(work, named)
            if isinstance(found, NotDone):
                return found
            await work.end_sessions(found.id)
            await work.note(Change.SESSIONS_ENDED, self._by, found.id)
        return found

    async def _other(self, work: JournaledStaffWork, named: str) -> Account | NotDone:
        """The account to change, which nobody else changes until the end."""
        await work.lock(_CHANGES)
        found = await _found(work, named)
        return NotDone.OWN if isinstance(found, Account) and found.id == self._by else found


async def _found(reads: ReadsStaff, named: str) -> Account | NotDone:
    login = read_login(named)
    known = (await reads.of_login(login) if login else None) or await reads.of_id(named)
    return known.account if known else NotDone.UNKNOWN


async def _is_last(work: ReadsStaff, account: Account) -> bool:
    """Whether nobody could administer any more without this account."""
    able = [one.id for one in await work.accounts() if one.role is Role.ADMINISTRATOR and not one.disabled]
    return able == [account.id]
