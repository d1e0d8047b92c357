"""Signing in with a password and, where it is set up, a one-time code."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from callbot.access.accounts import Account, Known, read_login
from callbot.access.passwords import Passwords
from callbot.access.ports import OpensStaffWork, StaffWork
from callbot.access.second_factor import step_of
from callbot.access.sessions import SessionTimes, SessionToken, new_token
from callbot.access.throttling import Attempt, Throttle
from callbot.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed; ``code`` empty without a second factor."""

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
        async with self._opens.writing() as work:
            # Read again, for the password may have been changed or the account disabled while the hash was reckoned;
            # and whatever was wrong, or the time would tell a right password whose code is missing.
            still = await work.of_id(known.account.id if known else "")
            if still is None or not fits or still.secrets.password_hash != checked:
                return Refused.WRONG
            return await self._open(work, still, given.code, attempt, left)

    async def _open(
        self, work: StaffWork, known: Known, code: str, attempt: Attempt, left: SessionToken | None
    ) -> Opened | Refused:
        if known.account.disabled or not await self._code_fits(work, known, code):
            return Refused.WRONG
        await work.forgive(attempt.login, attempt.number)
        token = await open_session(work, known.account, self._clock, self._times, left)
        return Opened(known.account, token)

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
