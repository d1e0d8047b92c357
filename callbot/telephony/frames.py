"""Messages of Twilio's media stream, strictly parsed: what is not exactly such a message is a named fault.

Shapes: https://www.twilio.com/docs/voice/media-streams/websocket-messages. Sound is mu-law, 8 kHz, one channel.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_MESSAGE_CHARS = 65_536
"""a 20 ms frame is about 350 characters; a ``start`` with every parameter Twilio allows stays below 10,000"""
MAX_SOUND_BYTES = 16_000
"""two seconds in one message: far more than Twilio ever sends"""
MAX_NAME_CHARS = 128
MAX_PARAMETERS = 20
MAX_PARAMETER_CHARS = 500
"""Twilio's own limit for the name and the value of one"""
KEYS = frozenset("0123456789*#ABCD")

_SID = re.compile(r"[A-Za-z0-9_-]{2,64}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_FORMAT: dict[str, object] = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


class FaultName(StrEnum):
    """What is wrong with a message; the reason written beside a call that ended because of it."""

    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    NOT_A_FRAME = "not_a_frame"
    UNKNOWN_EVENT = "unknown_event"
    BAD_FIELD = "bad_field"
    BAD_BASE64 = "bad_base64"
    BAD_FORMAT = "bad_format"
    NO_STREAM_SID = "no_stream_sid"
    OTHER_STREAM = "other_stream"
    SECOND_START = "second_start"
    NOT_STARTED = "not_started"
    AFTER_STOP = "after_stop"


class ProtocolFault(Exception):  # noqa: N818 - what it is: the other side's fault, not an error of ours
    """A message that Twilio does not send. It never quotes the message: that may hold a caller's words."""

    def __init__(self, name: FaultName) -> None:
        super().__init__(name.value)
        self.name = name


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket speaks the media stream protocol."""


@dataclass(frozen=True, slots=True)
class Start:
    """The stream of ``call_sid`` begins; ``parameters`` are those of our own TwiML."""

    stream_sid: str
    call_sid: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Media:
    """Sound of the caller: mu-law bytes, usually 160 (20 ms)."""

    stream_sid: str
    sound: bytes


@dataclass(frozen=True, slots=True)
class Dtmf:
    """The caller pressed a key."""

    stream_sid: str
    key: str


@dataclass(frozen=True, slots=True)
class Mark:
    """All sound sent before our mark ``name`` was played, or thrown away by a ``clear``."""

    stream_sid: str
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The call left the stream: the caller hung up, or the call went on elsewhere."""

    stream_sid: str


Frame = Connected | Start | Media | Dtmf | Mark | Stop


def parse_frame(message: str | bytes) -> Frame:
    """The frame in ``message``; raises ``ProtocolFault`` and nothing else, whatever comes in."""
    body = _json_object(message)
    match body.get("event"):
        case "connected":
            return Connected()
        case "start":
            return _start(body)
        case "media":
            return Media(_stream_sid(body), _sound(_inner(body, "media")))
        case "dtmf":
            return Dtmf(_stream_sid(body), _key(_inner(body, "dtmf")))
        case "mark":
            return Mark(_stream_sid(body), _text(_inner(body, "mark"), "name"))
        case "stop":
            return Stop(_stream_sid(body))
        case str():
            raise ProtocolFault(FaultName.UNKNOWN_EVENT)
        case _:
            raise ProtocolFault(FaultName.NOT_A_FRAME)


class FrameOrder:
    """Checks that frames come in the order of one stream: ``start`` once, then the rest under the same stream id."""

    def __init__(self) -> None:
        self.stream_sid: str | None = None
        self._stopped = False

    def admit(self, frame: Frame) -> None:
        """Let ``frame`` pass or raise ``ProtocolFault``."""
        if self._stopped:
            raise ProtocolFault(FaultName.AFTER_STOP)
        match frame:
            case Connected():
                return
            case Start() if self.stream_sid is not None:
                raise ProtocolFault(FaultName.SECOND_START)
            case Start():
                self.stream_sid = frame.stream_sid
                return
        if self.stream_sid is None:
            raise ProtocolFault(FaultName.NOT_STARTED)
        if frame.stream_sid != self.stream_sid:
            raise ProtocolFault(FaultName.OTHER_STREAM)
        self._stopped = isinstance(frame, Stop)


def media_message(stream_sid: str, sound: bytes) -> str:
    """Mu-law ``sound`` to be played to the caller after what was sent before."""
    payload = base64.b64encode(sound).decode("ascii")
    return json.dumps({"event": "media", "streamSid": stream_sid, "media": {"payload": payload}})


def mark_message(stream_sid: str, name: str) -> str:
    """A mark that comes back once everything sent before it was played."""
    return json.dumps({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}})


def clear_message(stream_sid: str) -> str:
    """Throw away all sound that was sent and not yet played."""
    return json.dumps({"event": "clear", "streamSid": stream_sid})


def _json_object(message: str | bytes) -> dict[str, object]:
    if not isinstance(message, str):
        raise ProtocolFault(FaultName.NOT_TEXT)
    if len(message) > MAX_MESSAGE_CHARS:
        raise ProtocolFault(FaultName.TOO_LONG)
    try:
        body = json.loads(message)
    except (ValueError, RecursionError):
        raise ProtocolFault(FaultName.NOT_JSON) from None
    if not isinstance(body, dict):
        raise ProtocolFault(FaultName.NOT_A_FRAME)
    return body


def _start(body: Mapping[str, object]) -> Start:
    stream_sid = _stream_sid(body)
    inner = _inner(body, "start")
    if _inner(inner, "mediaFormat") != _FORMAT:
        raise ProtocolFault(FaultName.BAD_FORMAT)
    call_sid = _text(inner, "callSid")
    if not _SID.fullmatch(call_sid):
        raise ProtocolFault(FaultName.BAD_FIELD)
    return Start(stream_sid, call_sid, _parameters(inner))


def _parameters(inner: Mapping[str, object]) -> dict[str, str]:
    raw = inner.get("customParameters", {})
    if not isinstance(raw, dict) or len(raw) > MAX_PARAMETERS:
        raise ProtocolFault(FaultName.BAD_FIELD)
    return {name: _text(raw, name, MAX_PARAMETER_CHARS) for name in raw}


def _stream_sid(body: Mapping[str, object]) -> str:
    value = body.get("streamSid")
    if not isinstance(value, str) or not _SID.fullmatch(value):
        raise ProtocolFault(FaultName.NO_STREAM_SID)
    return value


def _inner(body: Mapping[str, object], name: str) -> dict[str, object]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise ProtocolFault(FaultName.BAD_FIELD)
    return value


def _text(body: Mapping[str, object], name: str, longest: int = MAX_NAME_CHARS) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise ProtocolFault(FaultName.BAD_FIELD)
    return value


def _key(inner: Mapping[str, object]) -> str:
    key = _text(inner, "digit")
    if key not in KEYS:
        raise ProtocolFault(FaultName.BAD_FIELD)
    return key


def _sound(inner: Mapping[str, object]) -> bytes:
    if inner.get("track", "inbound") != "inbound" or not _is_number(inner.get("timestamp", "0")):
        raise ProtocolFault(FaultName.BAD_FIELD)
    payload = inner.get("payload")
    if not isinstance(payload, str):
        raise ProtocolFault(FaultName.BAD_FIELD)
    try:
        sound = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise ProtocolFault(FaultName.BAD_BASE64) from None
    if not 0 < len(sound) <= MAX_SOUND_BYTES:
        raise ProtocolFault(FaultName.BAD_FIELD)
    return sound


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None
