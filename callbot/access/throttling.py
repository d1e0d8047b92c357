"""How often somebody may try: counted in the database, so that all processes count together and a restart forgets
nothing. An attempt counts before it is looked at: a hundred sent at once are a hundred."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from callbot.access.changes import COMMAND, NOBODY, Change
from callbot.access.ports import Failures, JournaledStaffWork, OpensStaffWork
from callbot.domain.clock import Clock

WINDOW, DAY = timedelta(minutes=15), timedelta(hours=24)
OF_LOGIN, OF_LOGIN_A_DAY, OF_ADDRESS = 5, 25, 40
"""attempts that may fail: of a login in the window and in a day (CNIL, deliberation 2022-100), of an address in the
window. A call centre shares one address: forty is two attempts for each of twenty people who come at nine."""


class Burst(StrEnum):
    """A limit that is reached; what the journal says of it."""

    OF_LOGIN = f"{OF_LOGIN} in {WINDOW // timedelta(minutes=1)} minutes"
    OF_LOGIN_A_DAY = f"{OF_LOGIN_A_DAY} in a day"
    OF_ADDRESS = f"{OF_ADDRESS} from one address in {WINDOW // timedelta(minutes=1)} minutes"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that counts as failed until it is forgiven; ``burst``: the limit it reaches if it fails."""

    login: str = field(repr=False)
    number: int
    burst: Burst | None = None


class Throttle:
    """Lets attempts through, or not."""

    def __init__(self, opens: OpensStaffWork, clock: Clock) -> None:
        self._opens = opens
        self._clock = clock

    async def attempt(self, typed: str, address: str) -> Attempt | None:
        """One more attempt with the login ``typed`` from ``address``, None where there were too many; those that are
        refused are not counted, so that who waits gets in. A login that cannot exist counts like one that can."""
        now, text = self._clock.now(), typed.strip().lower()
        async with self._opens.writing() as work:
            await work.lock(f"sign-in|{text}")
            await work.lock(f"sign-in-from|{address}")
            await work.drop_attempts(now - DAY)
            before = await work.failures(text, address, now - WINDOW, now - DAY)
            if spent(before):
                return None
            return Attempt(text, await work.add_attempt(text, address, now), reached(before))


def spent(failures: Failures) -> bool:
    """Whether no more may be tried."""
    return (
        failures.of_login >= OF_LOGIN or failures.of_login_today >= OF_LOGIN_A_DAY or failures.of_address >= OF_ADDRESS
    )


def reached(before: Failures) -> Burst | None:
    """The limit that one failure more reaches: told once, since nothing is tried any more once it is reached."""
    if before.of_address + 1 == OF_ADDRESS:
        return Burst.OF_ADDRESS
    if before.of_login_today + 1 == OF_LOGIN_A_DAY:
        return Burst.OF_LOGIN_A_DAY
    return Burst.OF_LOGIN if before.of_login + 1 == OF_LOGIN else None


async def note_failure(work: JournaledStaffWork, attempt: Attempt, account_id: str | None) -> None:
    """It failed: noted where that makes a burst. A login that nobody has is noted too, or the time it takes would
    tell which logins there are."""
    if attempt.burst is not None:
        await work.note(Change.FAILURES, COMMAND, account_id or NOBODY, attempt.burst)
