"""Tokens that any host takes, once."""

from __future__ import annotations

import base64
import string
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.rehearsal.carrier import Messages, new_sid
from callbot.telephony.frames import MAX_PARAMETER_CHARS, Start, parse_frame
from callbot.telephony.ports import Ticket
from callbot.telephony.tickets import LIFETIME_S, SealedTickets

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))
TICKET = Ticket("CA" + "0" * 32, PhoneNumber("+33612345678"), resumed=True)
BEGAN = datetime.fromisoformat("2026-11-23T10:00:00+01:00")


class Shared:
    """What the hosts of these tests share: the clock and the marks."""

    def __init__(self) -> None:
        self.now = BEGAN
        self.marks: set[str] = set()

    async def use_up(self, mark: str, expires_at: datetime) -> bool:
        assert expires_at > self.now
        first = mark not in self.marks
        self.marks.add(mark)
        return first

    def host(self, keys: KeyRing = KEYS) -> SealedTickets:
        return SealedTickets(keys, self, lambda: self.now)


async def test_what_one_host_gives_another_one_takes_once() -> None:
    shared = Shared()
    token = await shared.host().issue(TICKET)
    assert await shared.host().redeem(token) == TICKET
    assert await shared.host().redeem(token) is None
    anonymous = Ticket("CA1", None)
    assert await shared.host().redeem(await shared.host().issue(anonymous)) == anonymous


async def test_a_token_tells_nothing_and_fits_the_parameter_of_a_stream() -> None:
    token = await Shared().host().issue(TICKET)
    opened = base64.urlsafe_b64decode(token)
    assert b"612345678" not in opened
    assert TICKET.call_id.encode() not in opened
    assert len("token") + len(token) < MAX_PARAMETER_CHARS
    start = Messages(TICKET.call_id, new_sid("AC")).start({"token": token})
    frame = parse_frame(start)
    assert isinstance(frame, Start)
    assert frame.parameters["token"] == token
    assert token != await Shared().host().issue(TICKET)


@pytest.mark.parametrize(("after_s", "taken"), [(LIFETIME_S - 1, True), (LIFETIME_S, False)])
async def test_a_token_lives_for_a_minute(after_s: float, taken: bool) -> None:
    shared = Shared()
    token = await shared.host().issue(TICKET)
    shared.now += timedelta(seconds=after_s)
    assert (await shared.host().redeem(token) is not None) is taken


async def test_the_same_token_written_otherwise_is_the_same() -> None:
    shared = Shared()
    tokens = [await shared.host().issue(Ticket("CA1" + "0" * more, None)) for more in range(3)]
    token = next(token for token in tokens if token.endswith("=") and not token.endswith("=="))
    others = [token[:-2] + letter + "=" for letter in string.ascii_letters + string.digits]
    same = [each for each in others if base64.urlsafe_b64decode(each) == base64.urlsafe_b64decode(token)]
    assert len(same) > 1
    assert [await shared.host().redeem(each) is not None for each in same].count(True) == 1


async def test_a_token_of_other_keys_is_none() -> None:
    other = KeyRing({"test": bytes(range(1, 33))}, "test", bytes(32))
    shared = Shared()
    assert await shared.host().redeem(await shared.host(other).issue(TICKET)) is None
    assert not shared.marks


@given(st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
async def test_whatever_comes_as_a_token_is_refused(token: str) -> None:
    shared = Shared()
    assert await shared.host().redeem(token) is None
    assert not shared.marks
