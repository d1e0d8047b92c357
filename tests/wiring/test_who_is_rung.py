"""Where the desk can ring people: an account, a number to show, an address at which Twilio reaches us."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from callbot.bootstrap.desk import rings_people
from callbot.settings import Server, Settings, Twilio

PUBLIC = "https://bot.example.fr"


def account(**more: object) -> Twilio:
    given = {"account_sid": "AC" + "1" * 32, "auth_token": SecretStr("t"), "sender": "+33491111111"}
    return Twilio.model_validate({**given, **more})


@pytest.mark.parametrize(
    ("twilio", "public_url", "rings"),
    [
        (account(), PUBLIC, True),
        (account(sender="MG" + "2" * 32), PUBLIC, False),
        (account(sender=""), PUBLIC, False),
        (account(auth_token=SecretStr("")), PUBLIC, False),
        (account(), "", False),
        (Twilio(), PUBLIC, False),
    ],
)
def test_the_desk_rings_with_an_account_a_number_and_an_address(
    *, twilio: Twilio, public_url: str, rings: bool
) -> None:
    settings = Settings.model_construct().model_copy(update={"twilio": twilio, "server": Server(public_url=public_url)})
    assert (rings_people(settings) is not None) is rings


@pytest.mark.parametrize(("queue", "listening"), [("", False), ("conseillers", True)])
def test_listening_needs_a_queue(queue: str, *, listening: bool) -> None:
    twilio = account(agents_queue=queue, listening=True)
    settings = Settings.model_construct().model_copy(update={"twilio": twilio, "server": Server(public_url=PUBLIC)})
    phone = rings_people(settings)
    assert phone is not None
    assert (phone.serves_queue, phone.listening) == (bool(queue), listening)


def test_sip_domains_are_read_without_spaces_and_capitals() -> None:
    assert Twilio(agent_sip_domains=" Agents.SIP.example, ,b.example ").sip_domains == {
        "agents.sip.example",
        "b.example",
    }
    assert Twilio().sip_domains == frozenset()
