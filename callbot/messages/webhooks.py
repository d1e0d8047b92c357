"""Signed webhooks to the request system of the métropole (Standard Webhooks 1.0); conforms to the outbox's senders.

On the wire a webhook may arrive twice: a receiver that answered may not have been heard. Its ``webhook-id`` is the key
of the outbox and the same every time, so a receiver that drops the ids it knows has each one exactly once.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal
from callbot.messages.ports import UndeliverableError

TIMEOUT_S = 10.0
"""of the connection and of each read; below the time-out of the outbox worker"""
_SECRET_PREFIX = "whsec_"  # noqa: S105 - the public prefix of a secret
_FEWEST_BYTES = 24
"""of a secret, as Standard Webhooks asks"""


class WebhookSettingsError(ValueError):
    """The address or the secret cannot be used. Never carries either."""


class WebhookFailedError(Exception):
    """The receiver was not reached or did not take it: it is tried again. Never carries the address or the body."""


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """Posts to one receiver. Use ``webhook_sender``, which checks address and secret."""

    url: SplitResult
    secret: bytes = field(repr=False)
    clock: Clock

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """Post ``body`` signed, and return its id; ``to`` is not looked at, the address comes from the settings.

        Raises ``UndeliverableError`` when the receiver is gone for good (410), ``WebhookFailedError`` for every answer
        that is not 2xx: a redirect is one of them and is not followed.
        """
        payload = body.encode()
        headers = signed_headers(self.secret, message_key, int(self.clock.now().timestamp()), payload)
        try:
            status = await asyncio.to_thread(self._post, payload, headers)
        except (OSError, HTTPException) as failure:
            raise WebhookFailedError(type(failure).__name__) from None
        if status == HTTPStatus.GONE:
            raise UndeliverableError("the receiver of webhooks answers 410")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise WebhookFailedError(f"the receiver of webhooks answers {status}")
        return message_key

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """None: a receiver cannot be asked; sending again is safe because the id stays the same."""
        return None

    def _post(self, payload: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer; its body is not read."""
        kind = HTTPSConnection if self.url.scheme == "https" else HTTPConnection
        connection = kind(self.url.hostname or "", self.url.port, timeout=TIMEOUT_S)
        target = f"{self.url.path or '/'}{'?' if self.url.query else ''}{self.url.query}"
        try:
            connection.request("POST", target, payload, dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()


def webhook_sender(url: str, secret: str, clock: Clock) -> WebhookSender:
    """The sender for these settings; raises ``WebhookSettingsError`` unless https (or loopback) and a real secret."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:
        raise WebhookSettingsError("CALLBOT_OUTWARDS__WEBHOOK_URL is not an address") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))
    if not usable or not safe:
        raise WebhookSettingsError("CALLBOT_OUTWARDS__WEBHOOK_URL has to be https, without a user name")
    return WebhookSender(parts, _secret_bytes(secret), clock)


def signed_headers(secret: bytes, message_id: str, timestamp: int, payload: bytes) -> dict[str, str]:
    """The headers of a webhook; ``timestamp`` in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + payload
    signature = base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "callbot-webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def _secret_bytes(secret: str) -> bytes:
    try:
        raw = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) < _FEWEST_BYTES:
        raise WebhookSettingsError(
            f"CALLBOT_OUTWARDS__WEBHOOK_SECRET has to be base64 of {_FEWEST_BYTES} bytes or more (whsec_ before it)"
        )
    return raw


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
