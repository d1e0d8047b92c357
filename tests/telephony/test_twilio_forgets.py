"""What we tell Twilio to delete, at the edge of the network only: paths, and what each answer means."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import requests
from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from callbot.privacy.copies import Copy, CopyKind
from callbot.settings import Twilio
from callbot.telephony.forgetting import TwilioForgets

ACCOUNT = Twilio(account_sid="AC" + "a" * 32, auth_token=SecretStr("token"))
CALL, MESSAGE = Copy(CopyKind.CALL, "CA" + "b" * 32), Copy(CopyKind.MESSAGE, "SM" + "c" * 32)


class Edge:
    """The network, as it answers."""

    def __init__(self, status: int | None) -> None:
        self.status = status
        self.asked: list[tuple[str | None, str]] = []
        self.body = b'{"message": "no", "code": 1}'

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        self.asked.append((request.method, (request.url or "").partition("/Accounts/")[2]))
        if self.status is None:
            raise requests.ConnectionError("nobody answers")
        answer = requests.Response()
        answer.status_code = self.status
        answer._content = b"" if self.status == 204 else self.body
        answer.request = request
        return answer


def edge(monkeypatch: pytest.MonkeyPatch, status: int | None) -> Edge:
    network = Edge(status)
    monkeypatch.setattr(HTTPAdapter, "send", network.send)
    return network


async def test_a_call_and_a_message_are_deleted_by_their_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    network = edge(monkeypatch, 204)
    forgets = TwilioForgets(ACCOUNT)
    assert [await forgets.delete(CALL), await forgets.delete(MESSAGE)] == [204, 204]
    assert network.asked == [
        ("DELETE", f"{ACCOUNT.account_sid}/Calls/{CALL.sid}.json"),
        ("DELETE", f"{ACCOUNT.account_sid}/Messages/{MESSAGE.sid}.json"),
    ]


@pytest.mark.parametrize("status", [404, 401, 429, 500, None])
async def test_any_other_answer_is_kept_as_it_is(monkeypatch: pytest.MonkeyPatch, status: int | None) -> None:
    edge(monkeypatch, status)
    assert await TwilioForgets(ACCOUNT).delete(MESSAGE) == status


async def test_what_residents_sent_is_listed_by_our_number_and_day(monkeypatch: pytest.MonkeyPatch) -> None:
    network = edge(monkeypatch, 200)
    network.body = json.dumps({"messages": [{"sid": MESSAGE.sid, "direction": "inbound"}]}).encode()
    before = datetime(2026, 11, 1, 8, tzinfo=UTC)
    ours = TwilioForgets(ACCOUNT.model_copy(update={"sender": "+33700000000"}))
    assert await ours.sent_to_us(before) == [MESSAGE]
    [(method, asked)] = network.asked
    assert method == "GET"
    assert asked.startswith(f"{ACCOUNT.account_sid}/Messages.json?")
    assert "To=%2B33700000000" in asked
    assert "DateSent%3C=2026-11-01T08%3A00%3A00Z" in asked
    assert await TwilioForgets(ACCOUNT.model_copy(update={"sender": "MG" + "c" * 32})).sent_to_us(before) == []
    assert len(network.asked) == 1
    network.status = 500
    assert await ours.sent_to_us(before) == []
