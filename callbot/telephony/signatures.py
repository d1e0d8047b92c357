"""Proof that a request comes from our Twilio account.

The signature (header ``X-Twilio-Signature``) is base64 of an HMAC over the public address and, for forms, each
parameter's name and value, sorted. HMAC-SHA1 with the account's auth token, or HMAC-SHA256 with a shared signing key
when the header ``X-Twilio-Webhooks-Signature-Settings`` says ``algorithm=HMAC_SHA256`` (both as twilio 9.13 does it).
The address is the configured one: what a proxy or a caller writes in ``Host`` decides nothing.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

import structlog

from callbot.settings import Server, Twilio

SIGNATURE_HEADER = "x-twilio-signature"
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"
_DEFAULT_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}

log = structlog.get_logger(__name__)


class Algorithm(StrEnum):
    """Names as Twilio writes them in the settings header."""

    SHA1 = "HMAC_SHA1"
    SHA256 = "HMAC_SHA256"

    @property
    def digest(self) -> str:
        """The name Python knows the hash by."""
        return "sha256" if self is Algorithm.SHA256 else "sha1"


class UnsafeSetupError(Exception):
    """The server would be open to anybody: no key to check signatures with, and not on loopback."""


def algorithm_of(settings_header: str | None) -> Algorithm | None:
    """The algorithm a request says it was signed with: SHA-1 without the header, None for one we do not know."""
    if not settings_header:
        return Algorithm.SHA1
    named = dict(part.strip().partition("=")[::2] for part in settings_header.split(","))
    try:
        return Algorithm(named.get("algorithm", Algorithm.SHA1).strip().upper())
    except ValueError:
        return None


def sign(key: str, url: str, form: Iterable[tuple[str, str]] = (), algorithm: Algorithm = Algorithm.SHA1) -> str:
    """The signature Twilio would send for ``url`` and ``form``; a parameter given twice counts once a value."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), algorithm.digest).digest()
    return base64.b64encode(digest).decode("ascii")


class SignatureCheck:
    """Checks requests against ``public_url``; ``off`` only as ``signature_check`` decides."""

    def __init__(self, public_url: str, keys: Mapping[Algorithm, str], *, off: bool = False) -> None:
        self._public = urlsplit(public_url.rstrip("/"))
        self._keys = keys
        self.off = off

    def accepts(
        self,
        path_and_query: str,
        headers: Mapping[str, str],
        form: Iterable[tuple[str, str]] = (),
        *,
        socket: bool = False,
    ) -> bool:
        """True when the request is ours; ``headers`` looked up in lower case, ``socket`` for the stream's handshake."""
        if self.off:
            return True
        algorithm = algorithm_of(headers.get(SETTINGS_HEADER))
        key = self._keys.get(algorithm, "") if algorithm else ""
        given = headers.get(SIGNATURE_HEADER, "")
        if not (algorithm and key and given):
            return False
        pairs = tuple(form)
        expected = (sign(key, url, pairs, algorithm) for url in self._addresses(path_and_query, socket=socket))
        return any(hmac.compare_digest(one.encode(), given.encode("utf-8", "replace")) for one in expected)

    def _addresses(self, path_and_query: str, *, socket: bool) -> list[str]:
        """The public address with and without its port, as Twilio signs either; a socket under ``wss`` or ``https``."""
        secure = self._public.scheme in ("https", "wss")
        schemes = [self._public.scheme]
        if socket:
            schemes.append("wss" if secure else "ws")
        host = self._public.hostname or ""
        path = self._public.path + path_and_query
        found = []
        for scheme in schemes:
            port = self._public.port or _DEFAULT_PORTS.get(scheme, 443)
            found += [urlunsplit((scheme, place, "", "", "")) + path for place in (host, f"{host}:{port}")]
        return found


def signature_check(server: Server, twilio: Twilio) -> SignatureCheck:
    """The check these settings ask for; raises ``UnsafeSetupError`` rather than leave an open server without one."""
    token = twilio.auth_token.get_secret_value()
    if not token:
        if not _is_loopback(server.host):
            raise UnsafeSetupError("no Twilio auth token: set CALLBOT_TWILIO__AUTH_TOKEN or listen on 127.0.0.1")
        if server.public_url:  # a proxy or a tunnel leads the whole world to this loopback address
            raise UnsafeSetupError("a public address without a Twilio auth token: set CALLBOT_TWILIO__AUTH_TOKEN")
        log.warning("signature_check_off", reason="no auth token configured; requests from this machine are trusted")
        return SignatureCheck(server.public_url, {}, off=True)
    if not server.public_url:
        raise UnsafeSetupError("signatures are computed over the public address: set CALLBOT_SERVER__PUBLIC_URL")
    shared = twilio.signing_key.get_secret_value() or token
    return SignatureCheck(server.public_url, {Algorithm.SHA1: token, Algorithm.SHA256: shared})


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
