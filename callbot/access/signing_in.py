"""Signing in with a password and, where it is set up, a one-time code."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from callbot.access.accounts import Account, Known, read_login
from callbot.access.changes import Change
from callbot.access.passwords import Passwords
from callbot.access.ports import JournaledStaffWork, OpensStaffWork, StaffWork
from callbot.access.recovery import read_code
from callbot.access.second_factor import step_of
from callbot.access.sessions import SessionTimes, SessionToken, new_token
from callbot.access.throttling import Attempt, Throttle, note_failure
from callbot.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed; ``code`` is a one-time code or a recovery code, empty without a second factor."""

    login: str = field(repr=False)
    password: str = field(repr=False)
    code: str = field(default="", repr=False)


class Refused(Enum):
    """Why nobody came in. ``WRONG`` never says which of the three was wrong, nor whether there is such an account."""

    WRONG = auto()
    TOO_MANY = auto()


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session."""

    account: Account
    token: SessionToken
    by_recovery_code: bool = False


class SignIn:
    """The use case."""

    def __init__(self, opens: OpensStaffWork, passwords: Passwords, clock: Clock, times: SessionTimes) -> None:
        self._opens = opens
        self._passwords = passwords
        self._clock = clock
        self._times = times
        self._throttle = Throttle(opens, clock)

    async def enter(self, given: Credentials, address: str, left: SessionToken | None = None) -> Opened | Refused:
        """Opens a session with a token never seen before; ``left``, the session this browser had, ends.

        ``address``: where it comes from, counted as a blind index and never kept. An unknown login takes as long as a
        known one.
        """
        login = read_login(given.login)
        attempt = await self._throttle.attempt(given.login, address)
        if attempt is None:
            return Refused.TOO_MANY
        async with self._opens.reading() as reads:
            known = await reads.of_login(login) if login else None
        checked = known.secrets.password_hash if known and not known.account.disabled else None
        fits = await self._passwords.fits(given.password, checked)
        async with self._opens.journaled() as work:
            # Read again, for the password may have been changed or the account disabled while the hash was reckoned;
            # and whatever was wrong, or the time would tell a right password whose code is missing.
            still = await work.of_id(known.account.id if known else "")
            same = still is not None and fits and still.secrets.password_hash == checked
            opened = await self._open(work, still, given.code, attempt, left) if still and same else None
            if opened is None:
                await note_failure(work, attempt, known.account.id if known else None)
            return opened or Refused.WRONG

    async def _open(
        self, work: JournaledStaffWork, known: Known, code: str, attempt: Attempt, left: SessionToken | None
    ) -> Opened | None:
        account = known.account
        recovers = known.secrets.key is not None and await self._recovers(work, account, code)
        if account.disabled or not (recovers or await self._code_fits(work, known, code)):
            return None
        await work.forgive(attempt.login, attempt.number)
        token = await open_session(work, account, self._clock, self._times, left)
        if recovers:
            rest = await work.recovery_codes_left(account.id)
            await work.note(Change.RECOVERY_CODE_USED, account.id, account.id, f"{rest} left")
        return Opened(account, token, recovers)

    async def _recovers(self, work: StaffWork, account: Account, code: str) -> bool:
        read = read_code(code)
        return read is not None and not account.disabled and await work.use_recovery_code(account.id, read)

    async def _code_fits(self, work: StaffWork, known: Known, code: str) -> bool:
        if known.secrets.key is None:
            return True
        step = step_of(known.secrets.key, code, self._clock.now())
        return step is not None and await work.use_step(known.account.id, step)


async def open_session(
    work: StaffWork, account: Account, clock: Clock, times: SessionTimes, left: SessionToken | None
) -> SessionToken:
    """A new session of ``account``; the one this browser ``left`` ends, long dead ones are swept away."""
    now, token = clock.now(), new_token()
    await work.drop_sessions(now - times.longest)
    if left is not None:
        await work.end_session(left.stored)
    await work.add_session(token.stored, account.id, now)
    return token
