"""What somebody does with their own account: another password, a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from callbot.access.accounts import Account, Known
from callbot.access.changes import Change
from callbot.access.passwords import Passwords, WeakPassword, weakness
from callbot.access.ports import OpensStaffWork
from callbot.access.recovery import new_codes
from callbot.access.second_factor import new_key, provisioning_uri, step_of
from callbot.access.sessions import SessionToken
from callbot.access.throttling import Throttle, note_failure
from callbot.domain.clock import Clock
from callbot.domain.personal import Personal


class OwnRefused(Enum):
    """Why nothing was changed, in words for the person."""

    WRONG_PASSWORD = "Le mot de passe actuel n'est pas le bon."  # noqa: S105 - a sentence
    TOO_MANY = "Trop d'essais. Attendez quinze minutes, puis recommencez."
    SAME = "Choisissez un mot de passe différent de l'actuel."
    WRONG_CODE = "Ce code n'est pas le bon. Attendez le suivant, puis recommencez."
    NO_SECOND_FACTOR = "Activez d'abord la double authentification : les codes de secours la remplacent une fois."
    NOT_HERE = "Ce compte se connecte par l'annuaire de la métropole : son mot de passe se change là-bas."


@dataclass(frozen=True, slots=True)
class SecondFactorKey:
    """A key to type or to scan, shown once to its owner."""

    key: Personal
    uri: Personal

    @property
    def in_groups(self) -> str:
        """The key as people type it."""
        text = self.key.reveal()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


class OwnAccount:
    """The use cases; the password is asked again before each, and counted like a sign-in."""

    def __init__(self, opens: OpensStaffWork, passwords: Passwords, clock: Clock, issuer: str) -> None:
        """``issuer``: what the authenticator application writes beside the code."""
        self._opens = opens
        self._passwords = passwords
        self._clock = clock
        self._issuer = issuer
        self._throttle = Throttle(opens, clock)

    async def change_password(
        self, account: Account, current: str, new: str, address: str, kept: SessionToken
    ) -> OwnRefused | WeakPassword | None:
        """Another password; every session but ``kept`` ends. None when it is done."""
        known = await self._proved(account, current, address)
        if isinstance(known, OwnRefused):
            return known
        if new == current:
            return OwnRefused.SAME
        login = account.login.reveal() if account.login else ""
        if (weak := weakness(new, login, account.name.reveal())) is not None:
            return weak
        hashed = await self._passwords.hashed(new)
        async with self._opens.journaled() as work:
            await work.set_password(account.id, hashed, must_change=False)
            await work.end_sessions(account.id, but=kept.stored)
            await work.note(Change.PASSWORD_CHANGED, account.id, account.id)
        return None

    async def begin_second_factor(self, account: Account, current: str, address: str) -> OwnRefused | None:
        """Makes a key that waits for its first code; the one in force stays so until then. None when it is done."""
        known = await self._proved(account, current, address)
        if isinstance(known, OwnRefused):
            return known
        async with self._opens.writing() as work:
            await work.set_pending_key(account.id, new_key())
        return None

    async def pending(self, account: Account) -> SecondFactorKey | None:
        """The key that waits for its first code."""
        async with self._opens.reading() as reads:
            known = await reads.of_id(account.id)
        if known is None or known.secrets.pending_key is None:
            return None
        key = known.secrets.pending_key
        label = account.login.reveal() if account.login else account.id
        return SecondFactorKey(key, Personal(provisioning_uri(key, label, self._issuer)))

    async def confirm_second_factor(
        self, account: Account, code: str, kept: SessionToken
    ) -> OwnRefused | tuple[Personal, ...]:
        """The first code puts the key in force; every session but ``kept`` ends. Gives new recovery codes, to be shown
        this once; earlier ones open nothing any more."""
        codes = new_codes()
        async with self._opens.journaled() as work:
            known = await work.of_id(account.id)
            key = known.secrets.pending_key if known else None
            step = step_of(key, code, self._clock.now()) if key else None
            if key is None or step is None:
                return OwnRefused.WRONG_CODE
            await work.set_key(account.id, key)
            await work.use_step(account.id, step)
            await work.set_recovery_codes(account.id, codes)
            await work.end_sessions(account.id, but=kept.stored)
            await work.note(Change.SECOND_FACTOR_SET_UP, account.id, account.id)
        return codes

    async def recovery_codes_left(self, account: Account) -> int:
        """How many still open this account."""
        async with self._opens.reading() as reads:
            return await reads.recovery_codes_left(account.id)

    async def renew_recovery_codes(
        self, account: Account, current: str, address: str
    ) -> OwnRefused | tuple[Personal, ...]:
        """New recovery codes, to be shown this once; earlier ones open nothing any more."""
        proved = await self._proved(account, current, address)
        if isinstance(proved, OwnRefused):
            return proved
        codes = new_codes()
        async with self._opens.journaled() as work:
            known = await work.of_id(account.id)
            if known is None or known.secrets.key is None:
                return OwnRefused.NO_SECOND_FACTOR
            await work.set_recovery_codes(account.id, codes)
            await work.note(Change.RECOVERY_CODES, account.id, account.id)
        return codes

    async def _proved(self, account: Account, current: str, address: str) -> Known | OwnRefused:
        if account.login is None:
            return OwnRefused.NOT_HERE
        attempt = await self._throttle.attempt(account.login.reveal(), address)
        if attempt is None:
            return OwnRefused.TOO_MANY
        async with self._opens.reading() as reads:
            known = await reads.of_id(account.id)
        if known is None or not await self._passwords.fits(current, known.secrets.password_hash):
            if attempt.burst is not None:
                async with self._opens.journaled() as work:
                    await note_failure(work, attempt, account.id)
            return OwnRefused.WRONG_PASSWORD
        async with self._opens.writing() as work:
            await work.forgive(attempt.login, attempt.number)
        return known
