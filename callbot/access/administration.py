"""Making, closing and resetting accounts."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from callbot.access.accounts import LONGEST_NAME, Account, new_id, read_login
from callbot.access.passwords import Passwords, WeakPassword, weakness
from callbot.access.ports import OpensStaffWork
from callbot.access.roles import Role
from callbot.domain.clock import Clock
from callbot.domain.personal import PersonName


class NotDone(Enum):
    """Why nothing was changed; no text holds what was given."""

    BAD_LOGIN = "a login has 3 to 64 letters, digits and . _ - @, and begins and ends with a letter or digit"
    BAD_NAME = f"a display name has 1 to {LONGEST_NAME} visible characters"
    TAKEN = "there is an account with this login already"
    UNKNOWN = "there is no account with this login or id"
    EXTERNAL = "this account enters by the authority's own provider: it has no password here"


class Administration:
    """The use cases; an account is named by its login or, where it has none, by its id."""

    def __init__(self, opens: OpensStaffWork, passwords: Passwords, clock: Clock) -> None:
        self._opens = opens
        self._passwords = passwords
        self._clock = clock

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
        async with self._opens.writing() as work:
            await work.lock("accounts")
            if await work.of_login(read) is not None:
                return NotDone.TAKEN
            await work.add(account, hashed, None)
        return account

    async def all(self) -> Sequence[Account]:
        """Every account, oldest first."""
        async with self._opens.reading() as reads:
            return await reads.accounts()

    async def set_disabled(self, named: str, *, disabled: bool) -> Account | NotDone:
        """Closes an account and ends its sessions, or opens it again."""
        found = await self._find(named)
        if isinstance(found, NotDone):
            return found
        async with self._opens.writing() as work:
            await work.set_disabled(found.id, disabled=disabled, at=self._clock.now())
            await work.end_sessions(found.id)
        return found

    async def reset_password(self, named: str, password: str) -> Account | NotDone | WeakPassword:
        """A password that its owner has to change, for who forgot theirs; sessions end."""
        found = await self._find(named)
        if isinstance(found, NotDone):
            return found
        if found.login is None:
            return NotDone.EXTERNAL
        if (weak := weakness(password, found.login.reveal(), found.name.reveal())) is not None:
            return weak
        hashed = await self._passwords.hashed(password)
        async with self._opens.writing() as work:
            await work.set_password(found.id, hashed, must_change=True)
            await work.end_sessions(found.id)
        return found

    async def reset_second_factor(self, named: str) -> Account | NotDone:
        """Takes the second factor away, for who lost the telephone; sessions end."""
        found = await self._find(named)
        if isinstance(found, NotDone):
            return found
        async with self._opens.writing() as work:
            await work.set_key(found.id, None)
            await work.end_sessions(found.id)
        return found

    async def _find(self, named: str) -> Account | NotDone:
        login = read_login(named)
        async with self._opens.reading() as reads:
            known = (await reads.of_login(login) if login else None) or await reads.of_id(named)
        return known.account if known else NotDone.UNKNOWN
