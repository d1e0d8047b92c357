"""Prism, fed with Twilio's own OpenAPI description, judges the requests we send to Twilio."""

from __future__ import annotations

import fcntl
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from callbot.desk import AgentLine, Answer
from callbot.domain.personal import PhoneNumber
from callbot.messages.ringing import Rang
from callbot.privacy.copies import Copy, CopyKind
from callbot.settings import Twilio
from callbot.telephony.forgetting import TwilioForgets
from callbot.telephony.rescue import TwilioRescue
from callbot.telephony.setting_up import TwilioAccount, Wish, changes
from callbot.telephony.sms import SendFailed, TwilioSender
from callbot.telephony.switchboard import TwilioSwitchboard
from callbot.telephony.voice_messages import TwilioCaller
from tests.booking.sample import PinnedClock
from tests.telephony.test_twilio_sms import WrittenDown

pytestmark = pytest.mark.peer

HERE = Path(__file__).parent
DESCRIPTION = HERE.parents[2] / "shared" / "data" / "twilio_api_v2010.json"
PRISM = HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
ACCOUNT = "AC" + "a" * 32
CALL = "CA" + "b" * 32
TO = PhoneNumber("+33600000000")
LINE = AgentLine("+33612340000")


@dataclass(frozen=True)
class Judge:
    """A running Prism."""

    url: str

    def account(self, account_sid: str = ACCOUNT, sender: str = "+33700000000") -> Twilio:
        """Settings that send our requests to it."""
        return Twilio(account_sid=account_sid, auth_token=SecretStr("token"), sender=sender, api_url=self.url)


def _install() -> None:
    """Prism from the lock file, once, however many test processes ask."""
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PRISM.exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=300)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """Prism in mock mode: a request against the description is answered 422."""
    if not DESCRIPTION.exists():
        pytest.skip("Twilio's OpenAPI description is not here (../shared/data/twilio_api_v2010.json)")
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm and node are needed to run Prism")
    _install()
    port = _free_port()
    command = ["node", str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(port), str(DESCRIPTION)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as prism:
        try:
            assert prism.stdout is not None
            assert any("is listening on" in line for line in prism.stdout), "Prism did not start"
            yield Judge(f"http://127.0.0.1:{port}")
        finally:
            prism.terminate()
            prism.stdout and prism.stdout.read()


@pytest.mark.parametrize("sender", ["+33700000000", "MG" + "c" * 32])
async def test_our_sms_is_a_request_twilio_describes(judge: Judge, sender: str) -> None:
    ours = TwilioSender(judge.account(sender=sender), "https://bot.example.fr", WrittenDown())
    assert (await ours.send("booking-1", TO, "Votre rendez-vous est noté.")).startswith("SM")


async def test_our_question_about_an_sms_is_one_too(judge: Judge) -> None:
    ours = TwilioSender(judge.account())
    found = await ours.find("booking-1", TO, "un texte que le juge n'a pas", datetime(2020, 1, 1, tzinfo=UTC))
    assert found is None


async def test_our_reminder_by_voice_is_one_too(judge: Judge) -> None:
    ours = TwilioCaller(judge.account(), PinnedClock(), WrittenDown(), "https://bot.example.fr")
    assert (await ours.send("reminder-1", TO, "Votre rendez-vous est demain.")).startswith("CA")
    assert await ours.find("reminder-1", TO, "Votre rendez-vous est demain.", datetime(2100, 1, 1, tzinfo=UTC)) is None
    assert await ours.ended(CALL) in {None, *Rang}


async def test_taking_a_call_back_is_one_too(judge: Judge) -> None:
    ours = TwilioRescue(judge.account(), "https://bot.example.fr/voice/after-stream")
    assert await ours.rescue(CALL) is True


async def test_deleting_its_copies_is_one_too(judge: Judge) -> None:
    ours = TwilioForgets(judge.account())
    assert await ours.delete(Copy(CopyKind.CALL, CALL)) == 204
    assert await ours.delete(Copy(CopyKind.MESSAGE, "SM" + "d" * 32)) == 204
    assert await ours.delete(Copy(CopyKind.MESSAGE, "SM-nothing")) == 422
    sent = await ours.sent_to_us(datetime(2026, 11, 1, tzinfo=UTC))
    assert {copy.kind for copy in sent} == {CopyKind.MESSAGE}


async def test_setting_the_number_up_is_one_too(judge: Judge) -> None:
    wish = Wish("+33400000000", "https://bot.example.fr", "https://secours.example.org/fallback.xml")
    ours = TwilioAccount(judge.account())
    found = await ours.look(wish)
    needed = changes(wish, found)
    assert {one.field for one in needed} >= {"voice_url", "voice_fallback_url", "status_callback", "sms_url"}
    await ours.write(wish, found, needed)


@pytest.mark.parametrize("listening", [True, False])
async def test_what_the_desk_asks_is_one_too(judge: Judge, *, listening: bool) -> None:
    async with httpx.AsyncClient(base_url=judge.url, auth=(ACCOUNT, "token")) as client:
        queues = (await client.get(f"/2010-04-01/Accounts/{ACCOUNT}/Queues.json")).json()["queues"]
    name = queues[0]["friendly_name"]
    account = judge.account().model_copy(update={"agents_queue": name, "listening": listening})
    ours = TwilioSwitchboard(account, "https://bot.example.fr")
    assert await ours.put_through(CALL, "c0ffee", LINE) is Answer.DONE
    assert await ours.take_out_of_queue(CALL, "c0ffee") is Answer.DONE
    assert await ours.call_back(CALL, "c0ffee", AgentLine("sip:camille@agents.sip.example")) is Answer.DONE
    assert await ours.listen(CALL, "c0ffee", LINE) is Answer.DONE
    assert await ours.send_back(CALL, "c0ffee") is Answer.DONE
    assert await ours.talks() is not None
    assert await ours.waits_alone(CALL) is not None
    assert await ours.stop_listening(CALL) is Answer.DONE
    nobody = TwilioSwitchboard(account.model_copy(update={"account_sid": "AC-nobody"}), "https://bot.example.fr")
    assert await nobody.call_back(CALL, "c0ffee", LINE) is Answer.FAILED


async def test_the_judge_refuses_what_twilio_does_not_describe(judge: Judge) -> None:
    nobody = judge.account(account_sid="AC-nobody")
    with pytest.raises(SendFailed) as refused:
        await TwilioSender(nobody).send("booking-1", TO, "Bonjour")
    assert refused.value.status == 422
    assert await TwilioRescue(nobody, "https://bot.example.fr/voice/after-stream").rescue(CALL) is False
    async with httpx.AsyncClient(base_url=judge.url, auth=(ACCOUNT, "token")) as client:
        without_number = await client.post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data={"Body": "Bonjour"})
    assert without_number.status_code == 422
