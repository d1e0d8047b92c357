"""``POST /voice/called/{mark}``: Twilio tells how a call with a message ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from callbot.messages import Delivery
from callbot.messages.ringing import Rang
from tests.telephony.turn_bench import CALLER, NOW, Bench

MARK = "AAxx_9-zz"
PATH = f"/voice/called/{MARK}"


@dataclass
class Rings:
    """Keeps what it was told; ``broken``: the database is away."""

    told: list[tuple[str, Rang | None, datetime, str]] = field(default_factory=list)
    broken: bool = False

    async def untold_calls(self, first: datetime, last: datetime) -> list[str]:
        return []

    async def rang(self, provider_id: str, rang: Rang | None, at: datetime, mark: str = "") -> bool:
        if self.broken:
            raise OSError(f"no database, {CALLER}")
        self.told.append((provider_id, rang, at, mark))
        return True


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
def bench(rings: Rings) -> Bench:
    return Bench(lambda event: [], rings=rings)


@pytest.mark.parametrize(
    ("status", "rang", "level"),
    [
        ("initiated", None, "info"),
        ("ringing", None, "info"),
        ("completed", Rang.HEARD, "info"),
        ("busy", Rang.BUSY, "warning"),
        ("no-answer", Rang.NO_ANSWER, "warning"),
        ("failed", Rang.FAILED, "warning"),
        ("canceled", Rang.CANCELED, "warning"),
    ],
)
async def test_what_became_of_a_call_is_kept(
    bench: Bench, rings: Rings, status: str, rang: Rang | None, level: str
) -> None:
    with capture_logs() as logs:
        response = await bench.post(PATH, CallSid="CA7", CallStatus=status, To=CALLER)
    assert response.status_code == 204
    assert rings.told == [("CA7", rang, NOW, MARK)]
    assert [entry["log_level"] for entry in logs if entry["event"] == "message_call_status"] == [level]
    assert CALLER not in str(logs)


async def test_nobody_else_can_tell_it(bench: Bench, rings: Rings) -> None:
    for signature in ("", "forged"):
        response = await bench.post(PATH, signature, CallSid="CA7", CallStatus="busy")
        assert response.status_code == 403
    signed_for_another = await bench.client.post(
        PATH + "x", data={"CallSid": "CA7", "CallStatus": "busy"}, headers={"x-twilio-signature": "forged"}
    )
    assert signed_for_another.status_code == 403
    assert rings.told == []


@pytest.mark.parametrize("form", [{"CallSid": "CA7", "CallStatus": "dancing"}, {"CallStatus": "busy"}])
async def test_what_is_no_status_is_refused(bench: Bench, rings: Rings, form: dict[str, str]) -> None:
    assert (await bench.post(PATH, **form)).status_code == 400
    assert rings.told == []


async def test_twilio_learns_when_it_could_not_be_kept(bench: Bench, rings: Rings) -> None:
    rings.broken = True
    with capture_logs() as logs:
        assert (await bench.post(PATH, CallSid="CA7", CallStatus="busy")).status_code == 503
    assert CALLER not in str(logs)


@dataclass
class Deliveries:
    """Keeps what it was told of SMS."""

    told_of: list[tuple[str, Delivery, str]] = field(default_factory=list)

    async def told(self, provider_id: str, delivery: Delivery, at: datetime, mark: str = "") -> bool:
        self.told_of.append((provider_id, delivery, mark))
        return True


@pytest.mark.parametrize(("path", "mark"), [("/sms/status", ""), (f"/sms/status/{MARK}", MARK)])
async def test_an_sms_is_told_of_with_its_mark(path: str, mark: str) -> None:
    deliveries = Deliveries()
    bench = Bench(lambda event: [], deliveries=deliveries)
    for became in ("queued", "sent", "undelivered"):
        assert (await bench.post(path, MessageSid="SM7", MessageStatus=became)).status_code == 204
    assert deliveries.told_of == [("SM7", Delivery.SENT, mark), ("SM7", Delivery.UNDELIVERED, mark)]


async def test_without_an_outbox_it_is_logged_only() -> None:
    assert (await Bench(lambda event: []).post(PATH, CallSid="CA7", CallStatus="busy")).status_code == 204
