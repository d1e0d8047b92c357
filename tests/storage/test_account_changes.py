"""Changes of accounts on both databases: who may be changed by whom, what the journal says, recovery codes."""

from __future__ import annotations

import asyncio

import pytest
from pyotp import TOTP

from callbot.access import Account, Administration, Change, Claimed, ExternalEntry, NotDone, Opened, Refused, Role
from callbot.access.changes import COMMAND, NOBODY, PROVIDER
from callbot.access.own_account import OwnRefused
from callbot.access.throttling import OF_ADDRESS, OF_LOGIN, OF_LOGIN_A_DAY, WINDOW, Burst
from callbot.domain.personal import Personal, PersonName
from callbot.privacy.journal import Noted
from callbot.storage import Storage
from tests.booking.sample import PinnedClock
from tests.storage.test_accounts import HERE, OTHER, PASSWORD, TIMES, Staff


@pytest.fixture
def staff(storage: Storage, clock: PinnedClock) -> Staff:
    return Staff(storage, clock)


def by(staff: Staff, account: Account) -> Administration:
    return Administration(staff.storage.staff, staff.passwords, staff.clock, account.id)


async def notes(staff: Staff) -> list[tuple[Change, str, str, str]]:
    """Oldest first."""
    found = await staff.storage.staff.changes(100)
    return [(note.change, note.by, note.account, note.detail) for note in reversed(found)]


async def codes_of(staff: Staff, account: Account) -> list[str]:
    """Sets the second factor up; the recovery codes shown."""
    opened = await staff.opened()
    assert await staff.own.begin_second_factor(account, PASSWORD, HERE) is None
    pending = await staff.own.pending(account)
    assert pending is not None
    shown = await staff.own.confirm_second_factor(
        account, TOTP(pending.key.reveal()).at(staff.clock.now()), opened.token
    )
    assert not isinstance(shown, OwnRefused)
    return [code.reveal() for code in shown]


async def noted_in_vain(staff: Staff) -> None:
    async with staff.storage.staff.journaled() as work:
        await work.note(Change.LOCKED, COMMAND, "abc")
        raise ZeroDivisionError


async def test_every_change_is_in_the_journal_by_ids_and_the_chain_holds(staff: Staff) -> None:
    admin = await staff.account("a.essai", Role.ADMINISTRATOR)
    other = await staff.account()
    administration = by(staff, admin)
    await administration.set_role(other.id, Role.SUPERVISOR)
    await administration.set_disabled(other.id, disabled=True)
    await administration.set_disabled(other.id, disabled=False)
    await administration.reset_password(other.id, OTHER)
    await administration.reset_second_factor(other.id)
    await administration.end_sessions(other.id)
    assert await notes(staff) == [
        (Change.MADE, COMMAND, admin.id, "administrator"),
        (Change.MADE, COMMAND, other.id, "agent"),
        (Change.ROLE, admin.id, other.id, "agent -> supervisor"),
        (Change.LOCKED, admin.id, other.id, ""),
        (Change.UNLOCKED, admin.id, other.id, ""),
        (Change.PASSWORD_RESET, admin.id, other.id, ""),
        (Change.SECOND_FACTOR_RESET, admin.id, other.id, ""),
        (Change.SESSIONS_ENDED, admin.id, other.id, ""),
    ]
    said = repr(await staff.storage.journal.entries(Noted.ACCOUNTS))
    assert not any(word in said for word in ("essai", "Camille", PASSWORD, OTHER))
    assert (await staff.storage.journal.verify()).holds
    assert [note.change for note in await administration.changes(100, admin.id)] == [Change.MADE]


async def test_what_changes_nothing_is_not_noted(staff: Staff) -> None:
    admin, other = await staff.account("a.essai", Role.ADMINISTRATOR), await staff.account()
    before = await notes(staff)
    administration = by(staff, admin)
    await administration.set_role(other.id, other.role)
    await administration.set_disabled(other.id, disabled=False)
    assert await administration.set_role("unknown", Role.AGENT) is NotDone.UNKNOWN
    assert await administration.add("c.essai", "X", Role.AGENT, OTHER) is NotDone.TAKEN
    assert await notes(staff) == before


async def test_a_change_that_is_undone_leaves_no_note_and_a_journal_that_holds(staff: Staff) -> None:
    with pytest.raises(ZeroDivisionError):
        await noted_in_vain(staff)
    assert await notes(staff) == []
    assert (await staff.storage.journal.verify()).holds, "a journal that has its key and no entry yet was not cut"


async def test_nobody_changes_the_account_they_act_with(staff: Staff) -> None:
    admin = await staff.account("a.essai", Role.ADMINISTRATOR)
    await staff.account("b.essai", Role.ADMINISTRATOR)
    own = by(staff, admin)
    tried = [
        await own.set_role("a.essai", Role.AGENT),
        await own.set_disabled(admin.id, disabled=True),
        await own.reset_password(admin.id, OTHER),
        await own.reset_second_factor(admin.id),
        await own.end_sessions(admin.id),
    ]
    assert tried == [NotDone.OWN] * 5
    assert isinstance(await staff.opened("a.essai"), Opened)


@pytest.mark.parametrize("others", [0, 1])
async def test_the_last_administrator_stays(staff: Staff, others: int) -> None:
    admin = await staff.account("a.essai", Role.ADMINISTRATOR)
    locked = await staff.account("l.essai", Role.ADMINISTRATOR)
    await staff.administration.set_disabled(locked.id, disabled=True)
    for number in range(others):
        await staff.account(f"o{number}.essai", Role.ADMINISTRATOR)
    demoted = await staff.administration.set_role(admin.id, Role.AGENT)
    closed = await staff.administration.set_disabled(admin.id, disabled=True)
    if others:
        assert isinstance(demoted, Account)
        assert isinstance(closed, Account), "no administrator any more: another one is there"
    else:
        assert (demoted, closed) == (NotDone.LAST, NotDone.LAST)


async def test_two_administrators_do_not_lock_each_other_out_at_once(staff: Staff) -> None:
    one, two = await staff.account("a.essai", Role.ADMINISTRATOR), await staff.account("b.essai", Role.ADMINISTRATOR)
    both = await asyncio.gather(
        by(staff, one).set_disabled(two.id, disabled=True), by(staff, two).set_role(one.id, Role.AGENT)
    )
    assert sum(isinstance(each, Account) for each in both) == 1
    able = [a for a in await staff.administration.all() if a.role is Role.ADMINISTRATOR and not a.disabled]
    assert len(able) == 1


async def test_another_role_counts_at_once_and_a_locked_account_is_out(staff: Staff) -> None:
    account = await staff.account()
    opened = await staff.opened()
    await staff.administration.set_role(account.id, Role.READ_ONLY)
    present = await staff.sessions.present(opened.token)
    assert present is not None
    assert present.account.role is Role.READ_ONLY
    await staff.administration.end_sessions(account.id)
    assert await staff.sessions.present(opened.token) is None


async def test_accounts_of_the_provider_are_noted_and_their_role_is_not_changed_here(staff: Staff) -> None:
    entry = ExternalEntry(staff.storage.staff, staff.clock, TIMES, {"a": Role.AGENT, "s": Role.SUPERVISOR})
    for groups in ("a", "a", "s"):
        opened = await entry.enter(Claimed("https://id", "7", PersonName("Camille"), frozenset({groups})))
    assert opened is not None
    account = opened.account.id
    assert await notes(staff) == [
        (Change.MADE, PROVIDER, account, "agent"), (Change.ROLE, PROVIDER, account, "agent -> supervisor"),
    ]  # fmt: skip
    assert await staff.administration.set_role(account, Role.AGENT) is NotDone.EXTERNAL
    assert await staff.administration.reset_second_factor(account) is NotDone.EXTERNAL
    assert isinstance(await staff.administration.set_disabled(account, disabled=True), Account)


async def bursts(staff: Staff) -> list[tuple[str, str]]:
    return [(account, detail) for change, _, account, detail in await notes(staff) if change is Change.FAILURES]


async def test_failures_are_noted_once_they_reach_a_limit(staff: Staff) -> None:
    account = await staff.account()
    await staff.fail(OF_LOGIN - 1)
    assert await bursts(staff) == []
    await staff.fail(3)
    assert await bursts(staff) == [(account.id, Burst.OF_LOGIN)], "two were refused, and are no more news"
    await staff.fail(OF_LOGIN, login="nobody")
    assert (await bursts(staff))[1:] == [(NOBODY, Burst.OF_LOGIN)]


async def test_the_last_attempt_that_opens_is_no_burst(staff: Staff) -> None:
    await staff.account()
    await staff.fail(OF_LOGIN - 1)
    await staff.opened()
    assert await bursts(staff) == []


async def test_a_day_of_failures_and_many_of_one_address_are_bursts(staff: Staff) -> None:
    account = await staff.account()
    for _ in range(OF_LOGIN_A_DAY // OF_LOGIN):
        await staff.fail(OF_LOGIN)
        staff.clock.advance(seconds=WINDOW.total_seconds())
    assert (await bursts(staff))[-1] == (account.id, Burst.OF_LOGIN_A_DAY)
    for number in range(OF_ADDRESS):
        await staff.fail(1, login=f"nobody{number}", address="198.51.100.9")
    assert (await bursts(staff))[-1] == (NOBODY, Burst.OF_ADDRESS)


async def test_a_recovery_code_opens_once_in_place_of_a_code(staff: Staff) -> None:
    account = await staff.account()
    codes = await codes_of(staff, account)
    assert len(set(codes)) == 10
    opened = await staff.enter(code=f"{codes[3][:4]}-{codes[3][4:8]} {codes[3][8:]}")
    assert isinstance(opened, Opened)
    assert opened.by_recovery_code
    assert await staff.enter(code=codes[3]) is Refused.WRONG
    assert await staff.own.recovery_codes_left(account) == 9
    assert (await notes(staff))[-2:] == [
        (Change.SECOND_FACTOR_SET_UP, account.id, account.id, ""),
        (Change.RECOVERY_CODE_USED, account.id, account.id, "9 left"),
    ]


async def test_a_recovery_code_is_taken_by_one_of_two_who_come_at_once(staff: Staff) -> None:
    account = await staff.account()
    [code, *_] = await codes_of(staff, account)
    both = await asyncio.gather(staff.enter(code=code), staff.enter(code=code))
    assert sum(isinstance(one, Opened) for one in both) == 1


@pytest.mark.parametrize("wrong", ["password", "account"])
async def test_a_recovery_code_is_not_used_up_by_who_does_not_come_in(staff: Staff, wrong: str) -> None:
    account, other = await staff.account(), await staff.account("o.essai")
    [code, *_] = await codes_of(staff, account)
    login, password = ("c.essai", "not the password") if wrong == "password" else ("o.essai", PASSWORD)
    await staff.enter(login, password, code)
    assert await staff.own.recovery_codes_left(account) == 10
    async with staff.storage.staff.writing() as work:
        assert not await work.use_recovery_code(other.id, Personal(code))


async def test_new_codes_replace_the_old_ones_and_a_reset_takes_them_away(staff: Staff) -> None:
    account = await staff.account()
    old = await codes_of(staff, account)
    assert await staff.own.renew_recovery_codes(account, "wrong", HERE) is OwnRefused.WRONG_PASSWORD
    new = await staff.own.renew_recovery_codes(account, PASSWORD, HERE)
    assert not isinstance(new, OwnRefused)
    assert await staff.enter(code=old[0]) is Refused.WRONG
    assert isinstance(await staff.enter(code=new[0].reveal()), Opened)
    assert (await notes(staff))[-2][0] is Change.RECOVERY_CODES
    await staff.administration.reset_second_factor(account.id)
    assert await staff.own.recovery_codes_left(account) == 0
    assert await staff.own.renew_recovery_codes(account, PASSWORD, HERE) is OwnRefused.NO_SECOND_FACTOR


async def test_codes_are_kept_as_hashes_and_go_with_their_account(staff: Staff) -> None:
    account = await staff.account()
    codes = await codes_of(staff, account)
    kept = repr(await staff.rows("recovery_codes"))
    assert not any(code in kept for code in codes)
    await staff.administration.set_disabled(account.id, disabled=True)
    assert await staff.enter(code=codes[0]) is Refused.WRONG
    assert await staff.own.recovery_codes_left(account) == 10
