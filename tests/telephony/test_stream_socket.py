"""The socket behind a real server: who gets in, what a broken stream leaves, and that the next call is unaffected."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections.abc import Sequence
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp
from callbot.domain.events import CallAnswered, EndReason, Event, HandOverReason, KeysPressed
from callbot.domain.meaning import Expectation
from callbot.telephony import orphans
from tests.telephony.fakes import CALL, STREAM, ScriptedVoice, say
from tests.telephony.server import Service, running

NEED = say(Act.ASK_NEED, expect=Expectation.YES_NO)
FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def ends_on_a_key(event: Event) -> Sequence[ChannelAct]:
    match event:
        case CallAnswered():
            return [NEED]
        case KeysPressed("0"):
            return [say(Act.HAND_OVER), HandOver(HandOverReason.ASKED)]
        case KeysPressed():
            return [say(Act.GOODBYE), HangUp(EndReason.DONE)]
        case _:
            return []


class Phone:
    """Twilio's end of the socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.marks: list[str] = []

    async def send(self, event: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"event": event, "streamSid": STREAM, **fields}))

    async def start(self, token: str, call_id: str = CALL) -> None:
        await self.socket.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        inner = {"callSid": call_id, "mediaFormat": FORMAT, "customParameters": {"token": token}}
        await self.send("start", start=inner)

    async def press(self, key: str) -> None:
        await self.send("dtmf", dtmf={"track": "inbound_track", "digit": key})

    async def until_mark(self) -> None:
        """Take sound until a mark comes, and send it back."""
        async for message in self.socket:
            body = json.loads(message)
            if body["event"] == "mark":
                self.marks.append(body["mark"]["name"])
                await self.send("mark", mark=body["mark"])
                return

    async def close_code(self) -> int | None:
        """Wait for the service to close."""
        with contextlib.suppress(ConnectionClosed):
            async for _ in self.socket:
                continue
        return self.socket.close_code


async def whole_call(service: Service, call_id: str) -> list[str]:
    """Ring, answer the question with a key, listen to the end."""
    token = await service.ring(call_id=call_id)
    async with connect(service.stream_url, additional_headers=service.socket_headers()) as socket:
        phone = Phone(socket)
        await phone.start(token, call_id)
        await phone.until_mark()
        await phone.press("1")
        await phone.until_mark()
        assert await phone.close_code() == 1000
    return phone.marks


async def test_a_signed_call_runs_from_the_first_ring_to_the_end() -> None:
    async with running(Service(ends_on_a_key, signed=True)) as service:
        assert await whole_call(service, CALL) == ["ask_need:1", "goodbye:2"]
        assert service.conversations.known[CALL].closed == [EndReason.DONE]
        assert "<Hangup" in (await service.post("/voice/after-stream", CallSid=CALL)).text
        assert service.telephony.stream.active == 0


@pytest.mark.parametrize("header", [{}, {"X-Twilio-Signature": "bm90IGE="}])
async def test_a_socket_without_our_signature_is_refused_before_it_opens(header: dict[str, str]) -> None:
    async with running(Service(ends_on_a_key, signed=True)) as service:
        with pytest.raises(InvalidStatus) as refused:
            await connect(service.stream_url, additional_headers=header)
        assert refused.value.response.status_code == 403


async def test_a_token_opens_one_socket_only() -> None:
    async with running(Service(ends_on_a_key)) as service:
        token = await service.ring()
        for attempt, code in ((token, None), (token, 1008), ("invented", 1008), ("", 1008)):
            async with connect(service.stream_url) as socket:
                phone = Phone(socket)
                if attempt:
                    await phone.start(attempt)
                else:
                    await phone.send("start", start={"callSid": CALL, "mediaFormat": FORMAT, "customParameters": {}})
                if code is None:
                    await phone.until_mark()
                else:
                    assert await phone.close_code() == code


async def test_a_token_of_another_call_is_refused() -> None:
    async with running(Service(ends_on_a_key)) as service:
        token = await service.ring()
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(token, "CA" + "f" * 32)
            assert await phone.close_code() == 1008
        assert service.conversations.known == {}


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        b"\x00\x01",
        '{"event": "media", "streamSid": "MZ1", "media": {"payload": "/w=="}}',
        '{"event": "start"}',
        '{"event": "stop", "streamSid": "MZ1"}',
        "x" * 100_000,
    ],
)
async def test_what_is_no_start_closes_the_socket_and_the_next_call_is_unaffected(message: str | bytes) -> None:
    async with running(Service(ends_on_a_key, signed=True)) as service:
        async with connect(service.stream_url, additional_headers=service.socket_headers()) as socket:
            await socket.send(message)
            assert await Phone(socket).close_code() == 1008
        assert await whole_call(service, CALL) == ["ask_need:1", "goodbye:2"]


async def test_a_socket_that_never_starts_is_closed() -> None:
    async with running(Service(ends_on_a_key, silent_stream_s=0.05)) as service, connect(service.stream_url) as socket:
        assert await Phone(socket).close_code() == 1008


async def test_a_second_start_breaks_the_stream_which_is_resumed_once() -> None:
    async with running(Service(ends_on_a_key)) as service:
        token = await service.ring()
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(token)
            await phone.until_mark()
            await phone.start(token)
            assert await phone.close_code() == 1000
        again = await service.ring("/voice/after-stream")
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(again)
            await phone.until_mark()
            await phone.press("0")
            await phone.until_mark()
            assert await phone.close_code() == 1000
        conversation = service.conversations.known[CALL]
        assert conversation.of(CallAnswered) == [CallAnswered(None), CallAnswered(None, resumed=True)]
        assert conversation.closed == [EndReason.HANDED_OVER]
        assert phone.marks == ["ask_need:2", "hand_over:3"]
        assert len(service.telephony.orphans) == 0


async def test_a_broken_stream_that_nobody_resumes_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "GRACE_S", 0.01)
    async with running(Service(ends_on_a_key)) as service:
        token = await service.ring()
        async with connect(service.stream_url) as socket:
            await Phone(socket).start(token)
            await Phone(socket).until_mark()
        async with asyncio.timeout(5):
            await service.conversations.known[CALL].is_closed.wait()
        assert service.conversations.known[CALL].closed == [EndReason.BROKEN_STREAM]
        assert len(service.telephony.orphans) == 0


async def test_a_call_that_comes_back_while_its_old_socket_is_open_goes_on_there() -> None:
    async with running(Service(ends_on_a_key)) as service:
        first = await service.ring()
        async with connect(service.stream_url) as old:
            await Phone(old).start(first)
            await Phone(old).until_mark()
            second = await service.ring("/voice/after-stream")
            async with connect(service.stream_url) as new:
                phone = Phone(new)
                await phone.start(second)
                await phone.until_mark()
                assert await Phone(old).close_code() == 1000
                assert service.telephony.stream.active == 1
                await phone.press("1")
                await phone.until_mark()
                assert await phone.close_code() == 1000
        assert service.conversations.known[CALL].closed == [EndReason.DONE]


async def test_a_socket_that_falls_silent_in_a_call_has_the_call_taken_back() -> None:
    taken: list[str] = []

    class Rescue:
        async def rescue(self, call_id: str) -> bool:
            taken.append(call_id)
            return True

    async with running(Service(ends_on_a_key, silent_stream_s=0.2)) as service:
        service.telephony.stream.rescue = Rescue()
        token = await service.ring()
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(token)
            assert await phone.close_code() == 1000
        assert taken == [CALL]
        assert service.conversations.known[CALL].closed == [], "it is to be resumed"


async def test_a_conversation_that_cannot_be_opened_ends_in_a_closed_socket_and_then_a_person(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def gone(call_id: str) -> object:
        raise OSError("no database")

    async with running(Service(ends_on_a_key)) as service:
        token = await service.ring()
        monkeypatch.setattr(service.conversations, "open", gone)
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(token)
            assert await phone.close_code() == 1011
        assert "<Dial" in (await service.post("/voice/after-stream?resumed=1", CallSid=CALL)).text


async def test_too_much_before_the_start_closes_the_socket() -> None:
    async with running(Service(ends_on_a_key)) as service, connect(service.stream_url) as socket:
        for _ in range(5):
            await socket.send('{"event": "connected", "protocol": "Call", "version": "1.0.0"}')
        assert await Phone(socket).close_code() == 1008


async def test_calls_at_the_same_time_do_not_mix() -> None:
    async with running(Service(ends_on_a_key, signed=True)) as service:
        calls = [f"CA{n:032d}" for n in range(8)]
        heard = await asyncio.gather(*(whole_call(service, call) for call in calls))
        assert heard == [["ask_need:1", "goodbye:2"]] * 8
        assert [service.conversations.known[call].closed for call in calls] == [[EndReason.DONE]] * 8


async def test_a_caller_gone_in_the_middle_of_a_prompt_leaves_nothing() -> None:
    service = Service(ends_on_a_key, voice=ScriptedVoice(part_s=30))
    async with running(service):
        token = await service.ring()
        async with connect(service.stream_url) as socket:
            phone = Phone(socket)
            await phone.start(token)
            sound = base64.b64encode(b"\xff" * 160).decode()
            await phone.send("media", media={"track": "inbound", "chunk": "1", "timestamp": "0", "payload": sound})
            await phone.send("stop", stop={"callSid": CALL})
            assert await phone.close_code() == 1000
        assert service.conversations.known[CALL].closed == [EndReason.CALLER_HUNG_UP]
        assert service.telephony.stream.active == 0
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert not any(name.startswith(("playout", "reading", "line reader", "orphan")) for name in names)
