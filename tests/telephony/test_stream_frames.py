"""Frames of the media stream: the good ones are read, everything else is a named fault."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.telephony import frames
from callbot.telephony.frames import (
    Connected,
    Dtmf,
    FaultName,
    Frame,
    FrameOrder,
    Mark,
    Media,
    ProtocolFault,
    Start,
    Stop,
    parse_frame,
)
from tests.telephony.fakes import CALL, STREAM

FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
SOUND = base64.b64encode(b"\x7f" * 160).decode()


def start(**changes: Any) -> dict[str, Any]:
    inner = {"callSid": CALL, "mediaFormat": FORMAT, "customParameters": {"token": "abc"}, "tracks": ["inbound"]}
    return {"event": "start", "sequenceNumber": "1", "streamSid": STREAM, "start": {**inner, **changes}}


def media(**changes: Any) -> dict[str, Any]:
    inner = {"track": "inbound", "chunk": "2", "timestamp": "40", "payload": SOUND}
    return {"event": "media", "sequenceNumber": "3", "streamSid": STREAM, "media": {**inner, **changes}}


def fault_of(message: str | bytes) -> FaultName:
    with pytest.raises(ProtocolFault) as caught:
        parse_frame(message)
    return caught.value.name


@pytest.mark.parametrize(
    ("body", "frame"),
    [
        ({"event": "connected", "protocol": "Call", "version": "1.0.0"}, Connected()),
        (start(), Start(STREAM, CALL, {"token": "abc"})),
        (media(), Media(STREAM, b"\x7f" * 160)),
        (
            {"event": "dtmf", "streamSid": STREAM, "dtmf": {"track": "inbound_track", "digit": "#"}},
            Dtmf(STREAM, "#"),
        ),
        ({"event": "mark", "streamSid": STREAM, "mark": {"name": "recap:12"}}, Mark(STREAM, "recap:12")),
        ({"event": "stop", "streamSid": STREAM, "stop": {"callSid": CALL}}, Stop(STREAM)),
    ],
)  # fmt: skip
def test_every_kind_of_frame_is_read(body: dict[str, Any], frame: Frame) -> None:
    assert parse_frame(json.dumps(body)) == frame


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ([1, 2], FaultName.NOT_A_FRAME),
        ({"hello": 1}, FaultName.NOT_A_FRAME),
        ({"event": 7}, FaultName.NOT_A_FRAME),
        ({"event": "dance", "streamSid": STREAM}, FaultName.UNKNOWN_EVENT),
        ({**media(), "streamSid": None}, FaultName.NO_STREAM_SID),
        ({**media(), "streamSid": "../../etc"}, FaultName.NO_STREAM_SID),
        ({"event": "stop"}, FaultName.NO_STREAM_SID),
        ({**media(), "media": "sound"}, FaultName.BAD_FIELD),
        (media(track="outbound"), FaultName.BAD_FIELD),
        (media(timestamp=40), FaultName.BAD_FIELD),
        (media(timestamp="-1"), FaultName.BAD_FIELD),
        (media(payload=""), FaultName.BAD_FIELD),
        (media(payload=12), FaultName.BAD_FIELD),
        (media(payload="é" * 8), FaultName.BAD_BASE64),
        (media(payload="abc"), FaultName.BAD_BASE64),
        (media(payload="ab\ncd==="), FaultName.BAD_BASE64),
        (start(mediaFormat={**FORMAT, "sampleRate": 16000}), FaultName.BAD_FORMAT),
        (start(mediaFormat={**FORMAT, "encoding": "audio/l16"}), FaultName.BAD_FORMAT),
        (start(mediaFormat={**FORMAT, "sampleRate": "8000"}), FaultName.BAD_FORMAT),
        (start(mediaFormat=None), FaultName.BAD_FIELD),
        (start(callSid="a b"), FaultName.BAD_FIELD),
        (start(customParameters=["token"]), FaultName.BAD_FIELD),
        (start(customParameters={str(n): "x" for n in range(21)}), FaultName.BAD_FIELD),
        (start(customParameters={"token": "x" * 501}), FaultName.BAD_FIELD),
        ({"event": "dtmf", "streamSid": STREAM, "dtmf": {"digit": "12"}}, FaultName.BAD_FIELD),
        ({"event": "mark", "streamSid": STREAM, "mark": {"name": ""}}, FaultName.BAD_FIELD),
    ],
)
def test_what_is_no_frame_has_a_named_fault(body: Any, fault: FaultName) -> None:
    assert fault_of(json.dumps(body)) is fault


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (b"\x00\x01", FaultName.NOT_TEXT),
        ("", FaultName.NOT_JSON),
        ("{", FaultName.NOT_JSON),
        ("[" * 60_000, FaultName.NOT_JSON),
        ('{"event": ' + "9" * 5_000 + "}", FaultName.NOT_JSON),
        (json.dumps(media(payload="A" * frames.MAX_MESSAGE_CHARS)), FaultName.TOO_LONG),
    ],
)
def test_messages_that_are_not_even_json(message: str | bytes, fault: FaultName) -> None:
    assert fault_of(message) is fault


def test_sound_of_two_seconds_is_the_most_one_message_brings() -> None:
    longest = base64.b64encode(b"\x7f" * frames.MAX_SOUND_BYTES).decode()
    longer = base64.b64encode(b"\x7f" * (frames.MAX_SOUND_BYTES + 1)).decode()
    assert parse_frame(json.dumps(media(payload=longest))) == Media(STREAM, b"\x7f" * frames.MAX_SOUND_BYTES)
    assert fault_of(json.dumps(media(payload=longer))) is FaultName.BAD_FIELD


def test_a_fault_never_quotes_the_message() -> None:
    with pytest.raises(ProtocolFault) as caught:
        parse_frame('{"event": "ma mère habite rue de Rome"}')
    assert str(caught.value) == "unknown_event"


@pytest.mark.parametrize(
    ("sequence", "fault"),
    [
        ([Media(STREAM, b"x")], FaultName.NOT_STARTED),
        ([Connected(), Dtmf(STREAM, "1")], FaultName.NOT_STARTED),
        ([Start(STREAM, CALL, {}), Start(STREAM, CALL, {})], FaultName.SECOND_START),
        ([Start(STREAM, CALL, {}), Media("MZ2", b"x")], FaultName.OTHER_STREAM),
        ([Start(STREAM, CALL, {}), Stop(STREAM), Media(STREAM, b"x")], FaultName.AFTER_STOP),
    ],
)
def test_frames_out_of_order_are_refused_at_the_last_one(sequence: list[Frame], fault: FaultName) -> None:
    order = FrameOrder()
    for frame in sequence[:-1]:
        order.admit(frame)
    with pytest.raises(ProtocolFault) as caught:
        order.admit(sequence[-1])
    assert caught.value.name is fault


def test_our_own_messages_have_the_documented_shape() -> None:
    assert json.loads(frames.media_message(STREAM, b"\xff\x00")) == {
        "event": "media",
        "streamSid": STREAM,
        "media": {"payload": "/wA="},
    }
    assert json.loads(frames.mark_message(STREAM, "notice:1")) == {
        "event": "mark",
        "streamSid": STREAM,
        "mark": {"name": "notice:1"},
    }
    assert json.loads(frames.clear_message(STREAM)) == {"event": "clear", "streamSid": STREAM}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
NEAR_FRAMES = st.fixed_dictionaries(
    {"event": st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop"])},
    optional={
        "streamSid": JSON | st.just(STREAM),
        "start": JSON | st.just(start()["start"]),
        "media": JSON | st.fixed_dictionaries({"payload": JSON | st.just(SOUND)}, optional={"track": JSON}),
        "dtmf": JSON | st.fixed_dictionaries({"digit": JSON}),
        "mark": JSON | st.fixed_dictionaries({"name": JSON}),
    },
)


@given(st.text() | st.binary() | JSON.map(json.dumps) | NEAR_FRAMES.map(json.dumps))
def test_no_input_raises_anything_but_a_fault(message: str | bytes) -> None:
    order = FrameOrder()
    order.admit(Start(STREAM, CALL, {}))
    with contextlib.suppress(ProtocolFault):
        assert isinstance(parse_frame(message), Frame)
        order.admit(parse_frame(message))
