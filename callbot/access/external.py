"""Entry by the authority's own provider: who it says somebody is, and which role that makes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from callbot.access.accounts import LONGEST_NAME, Account, Known, new_id
from callbot.access.changes import PROVIDER, Change
from callbot.access.ports import JournaledStaffWork, OpensStaffWork
from callbot.access.roles import Role
from callbot.access.sessions import SessionTimes, SessionToken
from callbot.access.signing_in import Opened, open_session
from callbot.domain.clock import Clock
from callbot.domain.personal import PersonName


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a checked identity token says; ``groups``: the values of the claim that makes the role."""

    issuer: str
    subject: str = field(repr=False)
    name: PersonName
    groups: frozenset[str]


# Whoever is in several groups gets the first of these: an administrator is not turned into a reader by a second group.
_PRECEDENCE = (
    Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR, Role.AGENT, Role.READ_ONLY,
)  # fmt: skip


def role_of(groups: Collection[str], mapping: Mapping[str, Role]) -> Role | None:
    """The role of somebody in these groups, None where none of them means one."""
    roles = {mapping[group] for group in groups if group in mapping}
    return next((role for role in _PRECEDENCE if role in roles), None)


class ExternalEntry:
    """The use case; an account is made at the first entry, and only for who has a role."""

    def __init__(self, opens: OpensStaffWork, clock: Clock, times: SessionTimes, mapping: Mapping[str, Role]) -> None:
        self._opens = opens
        self._clock = clock
        self._times = times
        self._mapping = mapping

    async def enter(self, claimed: Claimed, left: SessionToken | None = None) -> Opened | None:
        """Opens a session; None for who has no role (any more) or whose account was disabled here. Name and role are
        those of the provider at each entry."""
        role, subject = role_of(claimed.groups, self._mapping), f"{claimed.issuer}|{claimed.subject}"
        async with self._opens.journaled() as work:
            await work.lock(f"subject|{subject}")
            known = await work.of_subject(subject)
            if role is None or (known is not None and known.account.disabled):
                if known is not None:
                    await work.end_sessions(known.account.id)
                return None
            account = await self._account(work, known, claimed, role, subject)
            opened = Opened(account, await open_session(work, account, self._clock, self._times, left))
            await _note(work, known.account if known else None, account)
            return opened

    async def _account(
        self, work: JournaledStaffWork, known: Known | None, claimed: Claimed, role: Role, subject: str
    ) -> Account:
        name = PersonName(" ".join(claimed.name.reveal().split())[:LONGEST_NAME] or "Sans nom")
        if known is None:
            account = Account(new_id(), name, role, self._clock.now())
            await work.add(account, None, subject)
            return account
        await work.set_identity(known.account.id, name, role)
        return Account(known.account.id, name, role, known.account.created_at)


async def _note(work: JournaledStaffWork, before: Account | None, after: Account) -> None:
    if before is None:
        await work.note(Change.MADE, PROVIDER, after.id, after.role)
    elif before.role is not after.role:
        await work.note(Change.ROLE, PROVIDER, after.id, f"{before.role} -> {after.role}")
