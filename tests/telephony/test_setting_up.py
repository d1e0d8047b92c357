"""The number at Twilio is set up once, and set up again nothing changes; through Twilio's library, on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from callbot.cli import app
from callbot.settings import Server, Settings, Twilio
from callbot.telephony.setting_up import Found, SetUpError, TwilioAccount, Wish, changes, set_up

ACCOUNT = "AC" + "1" * 32
NUMBER = "+33400000000"
NUMBER_SID = "PN" + "2" * 32
SERVICE_SID = "MG" + "3" * 32
WISH = Wish(NUMBER, "https://bot.example.fr/", "https://secours.example.org/twilio-fallback.xml", "encombrants")


def camel(name: str) -> str:
    """``voice_url`` as forms of Twilio write it."""
    return "".join(part.capitalize() for part in name.split("_"))


@dataclass
class Account:
    """One number and at most one messaging service, kept as Twilio keeps them; ``stubborn`` fields keep their value."""

    number: dict[str, str] = field(
        default_factory=lambda: {"voice_url": "https://demo.twilio.com/welcome", "voice_application_sid": "AP1"}
    )
    service: dict[str, object] | None = None
    members: list[str] = field(default_factory=list)
    stubborn: frozenset[str] = frozenset()
    written: list[str] = field(default_factory=list)
    status: int = 200
    url: str = ""

    def answer(self, method: str, path: str, given: dict[str, str]) -> object:
        """A request to the REST API."""
        if method == "POST":
            self.written.append(path)
        if path.endswith("/IncomingPhoneNumbers.json"):
            mine = given.get("PhoneNumber") == NUMBER
            numbers = [{"sid": NUMBER_SID, "phone_number": NUMBER, **self.number}] if mine else []
            return {"incoming_phone_numbers": numbers, "next_page_uri": None}
        if path.endswith(f"/IncomingPhoneNumbers/{NUMBER_SID}.json"):
            for name in WISH.of_the_number():
                if camel(name) in given and name not in self.stubborn:
                    self.number[name] = given[camel(name)]
            return {"sid": NUMBER_SID, **self.number}
        if path.endswith("/PhoneNumbers"):
            self.members += [given["PhoneNumberSid"]] if method == "POST" else []
            return {
                "phone_numbers": [{"sid": sid} for sid in self.members],
                "meta": {"key": "phone_numbers"},
                "sid": NUMBER_SID,
            }
        if method == "POST":
            true = {name: given.get(camel(name)) == "true" for name in WISH.of_the_service()}
            called = given.get("FriendlyName") or (self.service or {}).get("friendly_name")
            self.service = {"sid": SERVICE_SID, "friendly_name": called, **true}
            return self.service
        return {"services": [self.service] if self.service else [], "meta": {"key": "services"}}

    def settings(self) -> Twilio:
        """Of an account there."""
        return Twilio(account_sid=ACCOUNT, auth_token=SecretStr("a-secret"), sender=NUMBER, api_url=self.url)


@pytest.fixture
def twilio() -> Iterator[Account]:
    """A stateful Twilio on loopback."""
    account = Account()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            given = dict(parse_qsl(place.query or body, keep_blank_values=True))
            payload = json.dumps(account.answer(self.command, place.path, given)).encode()
            self.send_response(account.status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = _answer  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        account.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield account
        finally:
            server.shutdown()
            thread.join()


async def test_number_and_messaging_service_are_set_up_once(twilio: Account) -> None:
    ours = TwilioAccount(twilio.settings())
    made, found = await set_up(ours, WISH, dry_run=False)
    assert {one.field for one in made} >= {"voice_url", "voice_fallback_url", "status_callback", "sms_url", "name"}
    assert twilio.number["voice_url"] == "https://bot.example.fr/voice/incoming#rc=2&rp=ct,rt"
    assert twilio.number["voice_application_sid"] == ""
    assert found.service_sid == SERVICE_SID
    assert twilio.members == [NUMBER_SID]
    twilio.written.clear()
    assert await set_up(ours, WISH, dry_run=False) == ([], found)
    assert twilio.written == []


async def test_a_dry_run_says_what_would_change_and_writes_nothing(twilio: Account) -> None:
    ours = TwilioAccount(twilio.settings())
    would, _ = await set_up(ours, WISH, dry_run=True)
    assert twilio.written == []
    made, _ = await set_up(ours, WISH, dry_run=False)
    assert made == would


async def test_without_a_messaging_service_none_is_made(twilio: Account) -> None:
    await set_up(TwilioAccount(twilio.settings()), replace(WISH, service=""), dry_run=False)
    assert twilio.service is None
    assert twilio.number["sms_url"] == "https://bot.example.fr/sms/incoming"


async def test_half_a_set_up_is_finished_by_the_next(twilio: Account) -> None:
    twilio.service = {"sid": SERVICE_SID, "friendly_name": "encombrants", "smart_encoding": True}
    twilio.number = {**WISH.of_the_number(), "sms_method": "GET"}
    made, _ = await set_up(TwilioAccount(twilio.settings()), WISH, dry_run=False)
    assert [one.field for one in made] == ["sms_method", "use_inbound_webhook_on_number", "smart_encoding", "number"]


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (replace(WISH, public_url="http://bot.example.fr"), "CALLBOT_SERVER__PUBLIC_URL"),
        (replace(WISH, public_url=""), "CALLBOT_SERVER__PUBLIC_URL"),
        (replace(WISH, fallback_url="secours.example.org"), "--fallback-url"),
        (replace(WISH, fallback_url="https://bot.example.fr/fallback.xml"), "elsewhere"),
        (replace(WISH, number="0400000000"), "--number"),
        (replace(WISH, number="+33499999999"), "no such number"),
    ],
)
async def test_what_cannot_work_is_refused_before_anything_is_written(twilio: Account, wish: Wish, says: str) -> None:
    with pytest.raises(SetUpError, match=says):
        await set_up(TwilioAccount(twilio.settings()), wish, dry_run=False)
    assert twilio.written == []


async def test_what_twilio_does_not_take_over_is_said(twilio: Account) -> None:
    twilio.stubborn = frozenset({"trunk_sid"})
    twilio.number["trunk_sid"] = "TK1"
    with pytest.raises(SetUpError, match="number trunk_sid"):
        await set_up(TwilioAccount(twilio.settings()), WISH, dry_run=False)


async def test_a_refusal_of_twilio_names_no_secret(twilio: Account) -> None:
    twilio.status = 401
    with pytest.raises(SetUpError, match="Twilio answered 401") as refused:
        await set_up(TwilioAccount(twilio.settings()), WISH, dry_run=False)
    assert "a-secret" not in str(refused.value)


def test_nothing_is_left_to_change_once_it_is_as_wished() -> None:
    done = Found(NUMBER_SID, WISH.of_the_number(), SERVICE_SID, WISH.of_the_service(), attached=True)
    assert changes(WISH, done) == []
    assert [one.field for one in changes(WISH, replace(done, attached=False))] == ["number"]


def test_the_command_shows_the_changes_and_the_sender(twilio: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(twilio=twilio.settings(), server=Server(public_url=WISH.public_url))
    monkeypatch.setattr("callbot.commands.twilio.load_settings", lambda: settings)
    command = ["twilio", "setup", "--fallback-url", WISH.fallback_url, "--messaging-service", WISH.service]
    shown = CliRunner().invoke(app, [*command, "--dry-run", "--json"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["changes"][0]["field"] == "voice_url"
    assert twilio.written == []
    assert f"CALLBOT_TWILIO__SENDER={SERVICE_SID}" in CliRunner().invoke(app, command).stdout
    assert "everything is as it must be" in CliRunner().invoke(app, command).stdout
    settings.twilio = Twilio()
    refused = CliRunner().invoke(app, command)
    assert (refused.exit_code, "CALLBOT_TWILIO__ACCOUNT_SID" in refused.output) == (1, True)
