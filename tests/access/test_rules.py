"""Roles, passwords, logins: the rules that need no database."""

from __future__ import annotations

import pytest

from callbot.access import Passwords, Right, Role, WeakPassword, weakness
from callbot.access.accounts import read_login
from callbot.access.external import role_of
from callbot.access.passwords import LONGEST, SHORTEST
from callbot.access.sessions import new_token, read_token


def test_every_role_may_something_and_only_some_are_powerful() -> None:
    assert all(role.rights for role in Role)
    assert {role for role in Role if role.powerful} == {
        Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER, Role.SUPERVISOR,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        (Right.DESK, {Role.AGENT, Role.SUPERVISOR}),
        (Right.LISTEN, {Role.SUPERVISOR}),
        (Right.UNMASK, {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}),
        (Right.JOURNAL, {Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER}),
        (Right.KILL_SWITCH, {Role.ADMINISTRATOR, Role.SUPERVISOR}),
        (Right.ACCOUNTS, {Role.ADMINISTRATOR}),
        (Right.EDIT_RULES, {Role.ADMINISTRATOR}),
        (Right.PUBLISH_KNOWLEDGE, {Role.ADMINISTRATOR}),
    ],
)
def test_who_may_what(right: Right, roles: set[Role]) -> None:
    assert {role for role in Role if right in role.rights} == roles


@pytest.mark.parametrize(
    ("length", "why"),
    [(SHORTEST - 1, WeakPassword.SHORT), (SHORTEST, None), (LONGEST, None), (LONGEST + 1, WeakPassword.LONG)],
)
def test_both_sides_of_the_length_of_a_password(length: int, why: WeakPassword | None) -> None:
    assert weakness(("abcdefgh" * 20)[:length]) is why


@pytest.mark.parametrize(("password", "why"), [("abcdeabcdeabcde", WeakPassword.PLAIN), ("abcdefabcdefabc", None)])
def test_both_sides_of_how_many_characters_differ(password: str, why: WeakPassword | None) -> None:
    assert weakness(password) is why


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("MotDePasse2026!", WeakPassword.COMMON),
        ("Marseille-13000-abcde", WeakPassword.COMMON),
        ("Marseille-13000-abcdef", None),
        ("123456789012345", WeakPassword.COMMON),
        ("azerty qwerty password", WeakPassword.COMMON),
        ("cheval pile agrafe correct", None),
    ],
)
def test_what_everybody_tries_first_is_no_password(password: str, why: WeakPassword | None) -> None:
    assert weakness(password) is why


@pytest.mark.parametrize(
    ("text", "login"),
    [(" C.Martin ", "c.martin"), ("abc", "abc"), ("ab", None), ("a" * 64, "a" * 64), ("a" * 65, None)]
    + [(text, None) for text in ("", ".abc", "abc.", "a b c", "été-2026", "a\x00bc", "' or 1=1")],
)
def test_what_can_be_a_login(text: str, login: str | None) -> None:
    read = read_login(text)
    assert (read.reveal() if read else None) == login


def test_of_several_groups_the_strongest_role_counts() -> None:
    mapping = {"a": Role.AGENT, "b": Role.ADMINISTRATOR, "r": Role.READ_ONLY}
    assert role_of(["r", "a", "b"], mapping) is Role.ADMINISTRATOR
    assert role_of(["x"], mapping) is None


def test_a_token_is_read_back_and_nothing_else_is_one() -> None:
    token = new_token()
    assert read_token(token.secret) == token
    assert token.stored != token.form_token
    assert token.secret not in repr(token)
    assert [read_token(text) for text in ("", token.secret[:-1], token.secret + "a", "é" * 43)] == [None] * 4


class Counting(Passwords):
    """Counts what is reckoned."""

    reckoned = 0

    def _verified(self, password: str, password_hash: str) -> bool:
        self.reckoned += 1
        assert password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "the costs of a real one"
        return super()._verified(password, password_hash)


async def test_an_unknown_login_costs_as_much_as_a_known_one() -> None:
    passwords = Counting()
    known = await passwords.hashed("quatre mots sans lien")
    assert await passwords.fits("quatre mots sans lien", known)
    assert not await passwords.fits("quatre mots sans lien", None)
    assert not await passwords.fits("x" * (LONGEST + 1), known)
    assert passwords.reckoned == 3


async def test_a_hash_that_is_none_opens_nothing() -> None:
    assert not await Passwords().fits("quatre mots sans lien", "not a hash")
