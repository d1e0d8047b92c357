"""The phone company's requests, signed and framed exactly as Twilio does it; nothing here decides anything."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from callbot.rehearsal.twiml import TwimlError, Verb, parse_twiml

_ANSWERS_WITHIN_S = 15.0
"""Twilio's own limit for a webhook"""
SIGNATURE_HEADER = "X-Twilio-Signature"


class RingError(Exception):
    """The service could not be rung or answered something that is no answer; the text says what."""


def new_sid(prefix: str) -> str:
    """An id as the phone company makes them: two letters and 32 hexadecimal figures."""
    return prefix + secrets.token_hex(16)


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the address and the sorted form, base64 (Twilio's "Validating requests")."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


@dataclass(frozen=True, slots=True)
class Carrier:
    """One call's webhooks. ``token`` "" : nothing is signed (loopback)."""

    server: str
    caller: str
    called: str = "+33491000000"
    token: str = field(default="", repr=False)
    call_sid: str = field(default_factory=lambda: new_sid("CA"))
    account_sid: str = field(default_factory=lambda: new_sid("AC"))

    async def incoming(self) -> Verb:
        """The call comes in."""
        return await self._twiml(f"{self.server.rstrip('/')}/voice/incoming", "ringing")

    async def after_stream(self, action: str, *, caller_left: bool) -> Verb:
        """The stream is over: what next? ``action`` as the TwiML gave it."""
        url = str(httpx.URL(self.server).join(action))
        return await self._twiml(url, "completed" if caller_left else "in-progress")

    async def completed(self, seconds: float) -> None:
        """The call is over."""
        await self._post(f"{self.server.rstrip('/')}/voice/status", "completed", {"CallDuration": str(round(seconds))})

    def socket_headers(self, url: str) -> dict[str, str]:
        """Headers of the socket's handshake."""
        return {SIGNATURE_HEADER: signature(self.token, url, {})} if self.token else {}

    async def _twiml(self, url: str, status: str) -> Verb:
        answer = await self._post(url, status, {})
        try:
            return parse_twiml(answer)
        except TwimlError as error:
            raise RingError(f"{url}: {error}") from None

    async def _post(self, url: str, status: str, more: Mapping[str, str]) -> str:
        form = {
            "AccountSid": self.account_sid,
            "ApiVersion": "2010-04-01",
            "CallSid": self.call_sid,
            "CallStatus": status,
            "Direction": "inbound",
            "From": self.caller,
            "Caller": self.caller,
            "To": self.called,
            "Called": self.called,
            **more,
        }
        headers = {SIGNATURE_HEADER: signature(self.token, url, form)} if self.token else {}
        try:
            async with httpx.AsyncClient(timeout=_ANSWERS_WITHIN_S, trust_env=False) as client:
                response = await client.post(url, data=form, headers=headers)
        except httpx.HTTPError as error:
            raise RingError(f"{url} does not answer: {type(error).__name__}") from None
        if response.is_error:
            raise RingError(f"{url} answers {response.status_code}")
        return response.text


class Messages:
    """Messages of one stream to the service, numbered as Twilio numbers them."""

    def __init__(self, call_sid: str, account_sid: str) -> None:
        self.stream_sid = new_sid("MZ")
        self._call_sid, self._account_sid = call_sid, account_sid
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        """First message of all."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self, parameters: Mapping[str, str]) -> str:
        """Second message: what the stream is."""
        start = {
            "streamSid": self.stream_sid,
            "accountSid": self._account_sid,
            "callSid": self._call_sid,
            "tracks": ["inbound"],
            "customParameters": dict(parameters),
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return self._numbered("start", {"start": start})

    def media(self, frame: bytes, at_ms: int) -> str:
        """20 ms of the caller, ``at_ms`` after the start."""
        self._chunk += 1
        payload = base64.b64encode(frame).decode("ascii")
        media = {"track": "inbound", "chunk": str(self._chunk), "timestamp": str(at_ms), "payload": payload}
        return self._numbered("media", {"media": media})

    def mark(self, name: str) -> str:
        """Everything before the mark was played, or cleared."""
        return self._numbered("mark", {"mark": {"name": name}})

    def dtmf(self, key: str) -> str:
        """A key was pressed."""
        return self._numbered("dtmf", {"dtmf": {"track": "inbound_track", "digit": key}})

    def stop(self) -> str:
        """The call left the stream."""
        return self._numbered("stop", {"stop": {"accountSid": self._account_sid, "callSid": self._call_sid}})

    def _numbered(self, event: str, body: Mapping[str, object]) -> str:
        self._sequence += 1
        return json.dumps({"event": event, "sequenceNumber": str(self._sequence), "streamSid": self.stream_sid, **body})
