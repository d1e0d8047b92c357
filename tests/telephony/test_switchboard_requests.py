"""What the desk asks of Twilio, against a scripted Twilio on loopback: busy, broken, away."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from callbot.desk import AgentLine, Answer
from callbot.settings import Twilio
from callbot.telephony import rest
from callbot.telephony.switchboard import TwilioSwitchboard

ACCOUNT, CALL, QUEUE, ROOM = "AC" + "1" * 32, "CA" + "2" * 32, "QU" + "3" * 32, "CF" + "4" * 32
SENDER, LINE = "+33491111111", AgentLine("+33612340000")
PUBLIC = "https://bot.example.fr"
BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
NAMED = {"queues": [{"sid": "QU" + "9" * 32, "friendly_name": "autre"}, {"sid": QUEUE, "friendly_name": "conseillers"}]}
TALK = {"sid": ROOM, "friendly_name": CALL, "date_created": "Mon, 23 Nov 2026 09:00:00 +0000"}
FOREIGN = {**TALK, "friendly_name": "réunion du lundi"}


@dataclass
class Scripted:
    """Answers by method and end of the path, 404 to anything else; keeps what it was asked."""

    answers: dict[tuple[str, str], tuple[int, object]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    def switchboard(self, *, listening: bool = False, queue: str = "conseillers") -> TwilioSwitchboard:
        account = Twilio(
            account_sid=ACCOUNT, auth_token=SecretStr("t"), sender=SENDER, api_url=self.url, agents_queue=queue,
            listening=listening,
        )  # fmt: skip
        return TwilioSwitchboard(account, PUBLIC + "/")

    def answer(self, method: str, path: str) -> tuple[int, object]:
        found = [answer for (verb, end), answer in self.answers.items() if verb == method and path.endswith(end)]
        return found[0] if found else (404, {"code": 20404, "message": "not found"})

    @property
    def paths(self) -> list[tuple[str, str]]:
        return [(method, path.removeprefix(BASE)) for method, path, _ in self.asked]


@pytest.fixture
def twilio() -> Iterator[Scripted]:
    scripted = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            scripted.asked.append((self.command, place.path, parse_qs(place.query or body)))
            status, answer = scripted.answer(self.command, place.path)
            payload = b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server uses
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        scripted.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield scripted
        finally:
            server.shutdown()
            thread.join()


async def test_a_waiting_caller_is_taken_out_of_our_queue_by_name(twilio: Scripted) -> None:
    twilio.answers = {("GET", "/Queues.json"): (200, NAMED), ("POST", f"/Members/{CALL}.json"): (200, {})}
    ours = twilio.switchboard()
    for _ in range(2):
        assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.DONE
    member = f"/Queues/{QUEUE}/Members/{CALL}.json"
    assert twilio.paths == [("GET", "/Queues.json"), ("POST", member), ("POST", member)]
    assert twilio.asked[1][2] == {"Url": [f"{PUBLIC}/voice/agent?call={CALL}&agent=c0ffee"], "Method": ["POST"]}
    assert LINE.reveal() not in str(twilio.asked)


async def test_a_caller_who_does_not_wait_any_more_is_told_so(twilio: Scripted) -> None:
    ours = twilio.switchboard()
    twilio.answers = {("GET", "/Queues.json"): (200, {"queues": []})}
    assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.GONE
    twilio.answers = {("GET", "/Queues.json"): (200, NAMED)}
    assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.GONE
    # The queue may have been made anew under another id: it is looked for again.
    assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.GONE
    assert [path for _, path in twilio.paths].count("/Queues.json") == 3


async def test_with_listening_the_agent_is_rung_first_and_the_end_of_that_line_told(twilio: Scripted) -> None:
    twilio.answers = {("POST", "/Calls.json"): (201, {"sid": "CA" + "5" * 32})}
    assert await twilio.switchboard(listening=True).put_through(CALL, "c0ffee", LINE) is Answer.DONE
    [(_, _, form)] = twilio.asked
    assert (form["To"], form["From"], form["Timeout"]) == ([LINE.reveal()], [SENDER], ["20"])
    assert form["Url"] == [f"{PUBLIC}/voice/agent/screen?call={CALL}&agent=c0ffee"]
    [told] = form["StatusCallback"]
    assert told.startswith(f"{PUBLIC}/voice/agent/status?call={CALL}&agent=c0ffee#")
    assert "Record" not in form


async def test_a_call_back_rings_the_agent_and_names_nobody(twilio: Scripted) -> None:
    twilio.answers = {("POST", "/Calls.json"): (201, {"sid": "CA" + "5" * 32})}
    assert await twilio.switchboard(queue="").call_back(CALL, "c0ffee", LINE) is Answer.DONE
    [(_, _, form)] = twilio.asked
    assert form["To"] == [LINE.reveal()]
    assert form["Url"] == [f"{PUBLIC}/voice/call-back/screen?call={CALL}&agent=c0ffee"]


async def test_talks_of_ours_are_told_and_those_of_others_are_not(twilio: Scripted) -> None:
    later = {**TALK, "friendly_name": "CA" + "6" * 32, "date_created": "Mon, 23 Nov 2026 09:05:00 +0000"}
    twilio.answers = {("GET", "/Conferences.json"): (200, {"conferences": [later, FOREIGN, TALK]})}
    talks = await twilio.switchboard(listening=True).talks()
    assert talks is not None
    assert [talk.call_id for talk in talks] == [CALL, "CA" + "6" * 32]
    assert talks[0].since == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert twilio.asked[0][2]["Status"] == ["in-progress"]


async def test_only_who_is_muted_is_sent_out(twilio: Scripted) -> None:
    listener = "CA" + "7" * 32
    twilio.answers = {
        ("GET", "/Participants.json"): (200, {"participants": [{"call_sid": listener, "muted": True}]}),
        ("GET", "/Conferences.json"): (200, {"conferences": [TALK]}),
        ("DELETE", f"/Participants/{listener}.json"): (204, None),
    }
    assert await twilio.switchboard(listening=True).stop_listening(CALL) is Answer.DONE
    assert twilio.asked[1][2]["Muted"] == ["true"]
    assert twilio.paths[2] == ("DELETE", f"/Conferences/{ROOM}/Participants/{listener}.json")


@pytest.mark.parametrize(("rooms", "alone"), [([TALK], True), ([], False)])
async def test_a_caller_alone_in_a_conference_that_never_began_is_found(
    twilio: Scripted, *, rooms: list[object], alone: bool
) -> None:
    twilio.answers = {("GET", "/Conferences.json"): (200, {"conferences": rooms})}
    assert await twilio.switchboard(listening=True).waits_alone(CALL) is alone
    assert twilio.asked[0][2] == {"FriendlyName": [CALL], "Status": ["init"], "PageSize": ["200"]}


@pytest.mark.parametrize("status", [401, 429, 500, 503, 0])
async def test_a_twilio_that_fails_is_told_and_never_raises(twilio: Scripted, status: int) -> None:
    if status == 0:
        twilio.url = "http://127.0.0.1:9"  # nobody listens there
    failed = (status, {"code": 20429, "message": f"too many calls to {LINE.reveal()}"})
    twilio.answers = {(method, ".json"): failed for method in ("GET", "POST", "DELETE")}
    with capture_logs() as logs:
        for listening in (True, False):
            ours = twilio.switchboard(listening=listening)
            assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.FAILED
            assert await ours.call_back(CALL, "c0ffee", LINE) is Answer.FAILED
            assert await ours.listen(CALL, "c0ffee", LINE) is Answer.FAILED
            assert await ours.send_back(CALL, "c0ffee") is Answer.FAILED
            assert await ours.stop_listening(CALL) is Answer.FAILED
            assert await ours.talks() is None
            assert await ours.waits_alone(CALL) is None
    assert {entry["status"] for entry in logs} == {status or None}
    assert LINE.reveal() not in str(logs)


async def test_a_twilio_that_never_answers_is_given_up(twilio: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        twilio.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert await twilio.switchboard().put_through(CALL, "c0ffee", LINE) is Answer.FAILED
        assert await twilio.switchboard(listening=True).put_through(CALL, "c0ffee", LINE) is Answer.FAILED


async def test_an_agent_that_cannot_be_rung_is_no_caller_who_left(twilio: Scripted) -> None:
    assert await twilio.switchboard(listening=True).put_through(CALL, "c0ffee", LINE) is Answer.FAILED
    assert twilio.paths == [("POST", "/Calls.json")]


def test_nobody_listens_where_calls_do_not_wait_in_a_queue(twilio: Scripted) -> None:
    assert not twilio.switchboard(listening=True, queue="").listening
    assert not twilio.switchboard().listening
