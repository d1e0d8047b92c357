"""Staff on both databases: what is kept, what is sealed, and the use cases on top."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from callbot.access import (
    Account,
    Administration,
    Claimed,
    Credentials,
    ExternalEntry,
    NotDone,
    Opened,
    OwnAccount,
    Passwords,
    Refused,
    Role,
    Sessions,
    SessionTimes,
    SignIn,
    WeakPassword,
)
from callbot.access.own_account import OwnRefused
from callbot.access.throttling import OF_ADDRESS, OF_LOGIN, OF_LOGIN_A_DAY, WINDOW
from callbot.domain.personal import PersonName
from callbot.storage import Storage
from tests.booking.sample import PinnedClock

TIMES = SessionTimes()
PASSWORD, OTHER = "quatre mots sans lien", "cheval pile agrafe correct"
HERE, THERE = "203.0.113.9", "198.51.100.7"


class Staff:
    """The use cases over one storage, with cheap hashes."""

    def __init__(self, storage: Storage, clock: PinnedClock) -> None:
        self.storage = storage
        self.clock = clock
        self.passwords = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
        self.administration = Administration(storage.staff, self.passwords, clock)
        self.sign_in = SignIn(storage.staff, self.passwords, clock, TIMES)
        self.sessions = Sessions(storage.staff, clock, TIMES)
        self.own = OwnAccount(storage.staff, self.passwords, clock, "Essai")

    async def account(self, login: str = "c.essai", role: Role = Role.AGENT) -> Account:
        made = await self.administration.add(login, "Camille Essai", role, PASSWORD)
        assert isinstance(made, Account)
        return made

    async def enter(
        self, login: str = "c.essai", password: str = PASSWORD, code: str = "", address: str = HERE
    ) -> Opened | Refused:
        return await self.sign_in.enter(Credentials(login, password, code), address)

    async def opened(self, login: str = "c.essai", password: str = PASSWORD, code: str = "") -> Opened:
        entered = await self.enter(login, password, code)
        assert isinstance(entered, Opened), entered
        return entered

    async def fail(self, times: int, login: str = "c.essai", address: str = HERE) -> list[Opened | Refused]:
        return [await self.enter(login, "not the password", address=address) for _ in range(times)]

    async def with_codes(self, account: Account) -> pyotp.TOTP:
        """Sets one-time codes up; the code of this moment is used up by it."""
        opened = await self.opened()
        assert await self.own.begin_second_factor(account, PASSWORD, HERE) is None
        pending = await self.own.pending(account)
        assert pending is not None
        codes = pyotp.TOTP(pending.key.reveal())
        code = codes.at(self.clock.now())
        assert isinstance(await self.own.confirm_second_factor(account, code, opened.token), tuple)
        return codes

    async def rows(self, table: str) -> Sequence[tuple[object, ...]]:
        async with self.storage._database.reading() as connection:
            return [tuple(row) for row in await connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608


@pytest.fixture
def staff(storage: Storage, clock: PinnedClock) -> Staff:
    return Staff(storage, clock)


async def test_who_has_an_account_signs_in_and_is_known_until_they_leave(staff: Staff) -> None:
    made = await staff.account()
    opened = await staff.opened(" C.Essai ")
    present = await staff.sessions.present(opened.token)
    assert present is not None
    assert present.account == made
    assert present.account.name.reveal() == "Camille Essai"
    await staff.sessions.leave(opened.token)
    assert await staff.sessions.present(opened.token) is None


async def test_nothing_readable_of_a_person_is_kept(staff: Staff) -> None:
    account = await staff.account()
    codes = await staff.with_codes(account)
    opened = await staff.opened(code=codes.at(staff.clock.now() + timedelta(seconds=30)))
    await staff.fail(1)
    kept = repr([await staff.rows(table) for table in ("accounts", "staff_sessions", "sign_in_attempts")])
    for secret in ("c.essai", "Camille", PASSWORD, codes.secret, opened.token.secret, opened.token.form_token, HERE):
        assert secret not in kept, secret
    assert "$argon2id$" in kept
    assert opened.token.stored in kept


async def test_a_sealed_name_moved_to_another_account_does_not_open(staff: Staff) -> None:
    one, other = await staff.account(), await staff.account("a.essai")
    moved = text("UPDATE accounts SET name_sealed = (SELECT name_sealed FROM accounts WHERE id = :one) WHERE id = :two")
    async with staff.storage._database.writing() as connection:
        await connection.execute(moved, {"one": one.id, "two": other.id})
    with pytest.raises(Exception, match="does not open"):
        await staff.administration.all()


async def test_an_account_has_one_way_in(staff: Staff) -> None:
    made = await staff.account()
    with pytest.raises(IntegrityError):
        async with staff.storage.staff.writing() as work:
            await work.add(replace(made, id="both", login=None), None, None)
    with pytest.raises(IntegrityError):
        async with staff.storage.staff.writing() as work:
            await work.add(replace(made, id="bare", login=None), "hash", "issuer|subject")


async def test_a_login_is_given_once(staff: Staff) -> None:
    both = await asyncio.gather(*(staff.administration.add("c.essai", "X", Role.AGENT, PASSWORD) for _ in range(2)))
    assert sorted(type(one).__name__ for one in both) == ["Account", "NotDone"]
    assert await staff.administration.add("C.ESSAI", "X", Role.AGENT, PASSWORD) is NotDone.TAKEN


@pytest.mark.parametrize(
    ("login", "name", "password", "why"),
    [
        ("a", "X", PASSWORD, NotDone.BAD_LOGIN),
        ("a b c", "X", PASSWORD, NotDone.BAD_LOGIN),
        ("abc", "  ", PASSWORD, NotDone.BAD_NAME),
        ("abc", "X\u202eY", PASSWORD, NotDone.BAD_NAME),
        ("abc", "x" * 81, PASSWORD, NotDone.BAD_NAME),
        ("abc", "X", "eleven char", WeakPassword.SHORT),
        ("martin", "X", "le chat de MARTIN", WeakPassword.NAMED),
        ("abc", "Camille Essai", "bonjour camille !", WeakPassword.NAMED),
        ("abc", "X", "ababababababab", WeakPassword.PLAIN),
        ("abc", "X", "abcdefg" * 20, WeakPassword.LONG),
    ],
)
async def test_what_is_not_taken_makes_no_account(
    staff: Staff, login: str, name: str, password: str, why: NotDone | WeakPassword
) -> None:
    assert await staff.administration.add(login, name, Role.AGENT, password) is why
    assert await staff.administration.all() == []


async def test_a_session_ends_when_no_page_is_asked_for_and_not_before(staff: Staff) -> None:
    await staff.account()
    opened = await staff.opened()
    staff.clock.at += TIMES.idle - timedelta(seconds=1)
    assert await staff.sessions.present(opened.token) is not None, "asked for: it goes on"
    staff.clock.at += TIMES.idle - timedelta(seconds=1)
    assert await staff.sessions.present(opened.token, counts=False) is not None, "live parts do not count"
    staff.clock.at += timedelta(seconds=1)
    assert await staff.sessions.present(opened.token) is None


async def test_a_session_ends_after_its_longest_time_whatever_is_asked_for(staff: Staff) -> None:
    await staff.account()
    opened = await staff.opened()
    end = staff.clock.at + TIMES.longest
    warned = []
    while staff.clock.at < end:
        present = await staff.sessions.present(opened.token)
        assert present is not None
        assert present.last_end == end
        warned.append(present.ends_soon)
        staff.clock.advance(minutes=15)
    assert await staff.sessions.present(opened.token) is None
    assert warned == [False] * 39 + [True]


async def test_signing_in_again_takes_a_new_token_and_ends_the_old_one(staff: Staff) -> None:
    await staff.account()
    first = await staff.opened()
    second = await staff.sign_in.enter(Credentials("c.essai", PASSWORD), HERE, first.token)
    assert isinstance(second, Opened)
    assert second.token != first.token
    assert await staff.sessions.present(first.token) is None
    assert await staff.sessions.present(second.token) is not None


async def test_dead_sessions_are_swept_away(staff: Staff) -> None:
    await staff.account()
    await staff.opened()
    staff.clock.at += TIMES.longest + timedelta(seconds=1)
    await staff.opened()
    assert len(await staff.rows("staff_sessions")) == 1


async def test_a_disabled_account_is_out_at_once_and_stays_out(staff: Staff) -> None:
    account = await staff.account()
    opened = await staff.opened()
    await staff.administration.set_disabled("c.essai", disabled=True)
    assert await staff.sessions.present(opened.token) is None
    assert await staff.enter() is Refused.WRONG
    await staff.administration.set_disabled(account.id, disabled=False)
    assert await staff.sessions.present(opened.token) is None, "its sessions ended"
    assert isinstance(await staff.enter(), Opened)


async def test_a_login_has_its_attempts_and_no_more(staff: Staff) -> None:
    await staff.account()
    assert await staff.fail(OF_LOGIN - 1) == [Refused.WRONG] * (OF_LOGIN - 1)
    assert isinstance(await staff.enter(), Opened), "the last attempt may be right"
    assert await staff.fail(OF_LOGIN) == [Refused.WRONG] * OF_LOGIN, "and who was right begins anew"
    assert await staff.enter() is Refused.TOO_MANY, "even the right password"
    assert await staff.enter(address=THERE) is Refused.TOO_MANY, "wherever it comes from"
    staff.clock.at += WINDOW - timedelta(seconds=1)
    assert await staff.enter() is Refused.TOO_MANY
    staff.clock.at += timedelta(seconds=1)
    assert isinstance(await staff.enter(), Opened)


async def test_a_login_has_its_attempts_of_a_day_and_no_more(staff: Staff) -> None:
    await staff.account()
    for _ in range(OF_LOGIN_A_DAY // OF_LOGIN):
        assert await staff.fail(OF_LOGIN) == [Refused.WRONG] * OF_LOGIN
        staff.clock.at += WINDOW
    assert await staff.enter() is Refused.TOO_MANY
    staff.clock.at += timedelta(days=1) - WINDOW * (OF_LOGIN_A_DAY // OF_LOGIN) - timedelta(seconds=1)
    assert await staff.enter() is Refused.TOO_MANY
    staff.clock.at += timedelta(seconds=1)
    assert isinstance(await staff.enter(), Opened)


async def test_an_address_has_its_attempts_and_no_more(staff: Staff) -> None:
    await staff.account()
    for number in range(OF_ADDRESS - 1):
        assert await staff.fail(1, f"login{number}") == [Refused.WRONG]
    assert isinstance(await staff.enter(), Opened), "one is left"
    assert await staff.fail(1, "one-more") == [Refused.WRONG], "what opened was given back"
    assert await staff.enter() is Refused.TOO_MANY
    assert isinstance(await staff.enter(address=THERE), Opened), "from elsewhere it works"
    staff.clock.at += WINDOW
    assert isinstance(await staff.enter(), Opened)


async def test_attempts_sent_at_once_all_count(staff: Staff) -> None:
    await staff.account()
    found = await asyncio.gather(*(staff.enter(password=f"guess number {number}") for number in range(20)))
    assert found.count(Refused.WRONG) == OF_LOGIN
    assert found.count(Refused.TOO_MANY) == 20 - OF_LOGIN


async def test_old_attempts_are_not_kept(staff: Staff) -> None:
    await staff.fail(3)
    staff.clock.advance(days=1)
    await staff.fail(1)
    assert len(await staff.rows("sign_in_attempts")) == 1


async def test_with_codes_the_password_alone_opens_nothing(staff: Staff) -> None:
    codes = await staff.with_codes(await staff.account())
    staff.clock.advance(seconds=60)
    now = codes.at(staff.clock.now())
    wrong = f"{(int(now) + 1) % 1_000_000:06}"
    assert [await staff.enter(code=code) for code in ("", wrong, "12345", "١٢٣٤٥٦")] == [Refused.WRONG] * 4
    assert isinstance(await staff.enter(code=f"{now[:3]} {now[3:]}"), Opened)


async def test_a_code_opens_once(staff: Staff) -> None:
    codes = await staff.with_codes(await staff.account())
    assert await staff.enter(code=codes.at(staff.clock.now())) is Refused.WRONG, "it confirmed the set-up"
    staff.clock.advance(seconds=30)
    now = codes.at(staff.clock.now())
    assert isinstance(await staff.enter(code=now), Opened)
    assert await staff.enter(code=now) is Refused.WRONG
    earlier = codes.at(staff.clock.now() - timedelta(seconds=30))
    assert await staff.enter(code=earlier) is Refused.WRONG, "an earlier one no more either"


async def test_a_code_sent_twice_at_once_opens_once(staff: Staff) -> None:
    codes = await staff.with_codes(await staff.account())
    staff.clock.advance(seconds=30)
    now = codes.at(staff.clock.now())
    found = await asyncio.gather(*(staff.enter(code=now) for _ in range(3)))
    assert sorted(type(one).__name__ for one in found) == ["Opened", "Refused", "Refused"]


@pytest.mark.parametrize(("off_s", "opens"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_a_telephone_may_be_half_a_minute_early_or_late(staff: Staff, off_s: int, opens: bool) -> None:
    codes = await staff.with_codes(await staff.account())
    staff.clock.advance(minutes=5)
    entered = await staff.enter(code=codes.at(staff.clock.now() + timedelta(seconds=off_s)))
    assert isinstance(entered, Opened) is opens


async def test_a_key_counts_once_its_first_code_was_said(staff: Staff) -> None:
    account = await staff.account()
    opened = await staff.opened()
    assert await staff.own.begin_second_factor(account, "wrong", HERE) is OwnRefused.WRONG_PASSWORD
    assert await staff.own.pending(account) is None
    assert await staff.own.begin_second_factor(account, PASSWORD, HERE) is None
    assert await staff.own.confirm_second_factor(account, "000000", opened.token) is OwnRefused.WRONG_CODE
    assert isinstance(await staff.enter(), Opened), "nobody is locked out by a key that was never scanned"


async def test_a_new_password_ends_every_other_session(staff: Staff) -> None:
    account = await staff.account()
    here, elsewhere = await staff.opened(), await staff.opened()
    assert await staff.own.change_password(account, PASSWORD, OTHER, HERE, here.token) is None
    assert await staff.sessions.present(here.token) is not None
    assert await staff.sessions.present(elsewhere.token) is None
    assert await staff.enter() is Refused.WRONG
    entered = await staff.opened(password=OTHER)
    assert not entered.account.must_change_password


@pytest.mark.parametrize(
    ("current", "new", "why"),
    [
        ("wrong", OTHER, OwnRefused.WRONG_PASSWORD),
        (PASSWORD, PASSWORD, OwnRefused.SAME),
        (PASSWORD, "court", WeakPassword.SHORT),
        (PASSWORD, "c.essai c.essai", WeakPassword.NAMED),
    ],
)
async def test_a_password_that_is_not_taken_changes_nothing(
    staff: Staff, current: str, new: str, why: OwnRefused | WeakPassword
) -> None:
    account, opened = await staff.account(), await staff.opened()
    assert await staff.own.change_password(account, current, new, HERE, opened.token) is why
    assert isinstance(await staff.enter(), Opened)


async def test_who_stole_a_session_cannot_try_passwords_in_it_for_ever(staff: Staff) -> None:
    account, opened = await staff.account(), await staff.opened()
    tried = [await staff.own.change_password(account, "wrong", OTHER, HERE, opened.token) for _ in range(OF_LOGIN + 1)]
    assert tried == [OwnRefused.WRONG_PASSWORD] * OF_LOGIN + [OwnRefused.TOO_MANY]


async def test_a_reset_ends_sessions_and_has_to_be_changed(staff: Staff) -> None:
    account = await staff.account()
    codes = await staff.with_codes(account)
    assert await staff.administration.reset_password("c.essai", OTHER) is not NotDone.UNKNOWN
    staff.clock.advance(seconds=30)
    opened = await staff.opened(password=OTHER, code=codes.at(staff.clock.now()))
    assert opened.account.must_change_password
    await staff.administration.reset_second_factor(account.id)
    assert await staff.sessions.present(opened.token) is None
    assert isinstance(await staff.enter(password=OTHER), Opened)
    assert await staff.administration.reset_password("nobody", OTHER) is NotDone.UNKNOWN


MAPPING = {"dpo": Role.DATA_PROTECTION_OFFICER, "admin": Role.ADMINISTRATOR, "agents": Role.AGENT}


def claimed(*groups: str, subject: str = "u-1", name: str = "Dominique Essai") -> Claimed:
    return Claimed("https://id.example.fr", subject, PersonName(name), frozenset(groups))


async def test_the_provider_makes_an_account_for_who_has_a_role_only(staff: Staff) -> None:
    entry = ExternalEntry(staff.storage.staff, staff.clock, TIMES, MAPPING)
    assert await entry.enter(claimed("everybody")) is None
    assert await staff.administration.all() == []
    first, again = await entry.enter(claimed("agents")), await entry.enter(claimed("agents", "admin"))
    assert first is not None
    assert again is not None
    assert again.account.id == first.account.id
    assert [one.role for one in await staff.administration.all()] == [Role.ADMINISTRATOR]
    assert await staff.administration.reset_password(first.account.id, OTHER) is NotDone.EXTERNAL
    assert await staff.own.begin_second_factor(first.account, "", HERE) is OwnRefused.NOT_HERE
    kept = repr(await staff.rows("accounts"))
    assert "Dominique" not in kept
    assert "u-1" not in kept


async def test_who_loses_the_role_or_is_disabled_here_is_out(staff: Staff) -> None:
    entry = ExternalEntry(staff.storage.staff, staff.clock, TIMES, MAPPING)
    opened = await entry.enter(claimed("dpo"))
    assert opened is not None
    assert await entry.enter(claimed()) is None
    assert await staff.sessions.present(opened.token) is None
    again = await entry.enter(claimed("dpo"))
    assert again is not None
    await staff.administration.set_disabled(opened.account.id, disabled=True)
    assert await entry.enter(claimed("dpo")) is None


async def test_a_first_entry_asked_for_twice_at_once_makes_one_account(staff: Staff) -> None:
    entry = ExternalEntry(staff.storage.staff, staff.clock, TIMES, MAPPING)
    both = await asyncio.gather(entry.enter(claimed("agents")), entry.enter(claimed("agents")))
    assert all(both)
    assert len(await staff.administration.all()) == 1


class Meanwhile(Passwords):
    """Something else happens while a hash is reckoned."""

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
        self.happens = happens

    async def fits(self, password: str, password_hash: str | None) -> bool:
        fitting = await super().fits(password, password_hash)
        await self.happens()
        return fitting


async def test_who_is_disabled_or_loses_the_password_while_it_is_checked_stays_out(staff: Staff) -> None:
    account = await staff.account()

    async def disabled() -> None:
        async with staff.storage.staff.writing() as work:
            await work.set_disabled(account.id, disabled=True, at=staff.clock.now())

    async def changed() -> None:
        await staff.administration.reset_password(account.id, OTHER)

    for happens in (disabled, changed):
        await staff.administration.set_disabled(account.id, disabled=False)
        sign_in = SignIn(staff.storage.staff, Meanwhile(happens), staff.clock, TIMES)
        assert await sign_in.enter(Credentials("c.essai", PASSWORD), HERE) is Refused.WRONG
    assert await staff.rows("staff_sessions") == []
    assert isinstance(await staff.enter(password=OTHER), Opened)


async def test_a_session_that_outlived_its_account_opens_nothing(staff: Staff) -> None:
    account = await staff.account()
    opened = await staff.opened()
    async with staff.storage.staff.writing() as work:
        await work.set_disabled(account.id, disabled=True, at=staff.clock.now())
    assert len(await staff.rows("staff_sessions")) == 1
    assert await staff.sessions.present(opened.token) is None
