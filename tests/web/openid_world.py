"""A small OpenID Connect provider that can lie, and the pages in front of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey

from callbot.access import ExternalEntry, Role, SessionTimes
from callbot.web.staff.directory import DirectoryDeps
from callbot.web.staff.oidc import Directory, Provider
from callbot.web.staff.paths import OIDC_BACK
from tests.booking.sample import PinnedClock
from tests.web.staff_world import KEYS, PUBLIC, StaffService

ISSUER = "https://id.example.fr"
CLIENT = "callbot"
SECRET = "un-secret-pour-les-essais-seulement"
MAPPING = {"encombrants-dpo": Role.DATA_PROTECTION_OFFICER, "encombrants-agents": Role.AGENT}


@dataclass
class Lying:
    """A provider that answers as its fields say; ``claims`` are laid over the true ones, None takes one away."""

    clock: PinnedClock
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    forges: Callable[[Lying, dict[str, Any]], str] | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    token_status: int = 200
    away: bool = False
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def authorize(self, address: str) -> dict[str, str]:
        """Somebody agreed at ``address``: the query they come back with."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == PUBLIC + OIDC_BACK
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return {"code": code, "state": query["state"], "iss": ISSUER}

    async def answer(self, request: httpx2.Request) -> httpx2.Response:
        """Every request to it."""
        self.asked.append(request.url.path)
        if self.away:
            raise httpx2.ConnectError("away")
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx2.Response(200, json=self._metadata())
            case "/jwks":
                return httpx2.Response(200, json={"keys": [self.key.as_dict(private=False)]})
            case "/token":
                return self._token(request)
            case "/userinfo":
                assert request.headers["authorization"] == "Bearer access"
                return httpx2.Response(200, json=self.userinfo or {})
        return httpx2.Response(404)

    def _metadata(self) -> dict[str, Any]:
        known = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        return known | ({"userinfo_endpoint": f"{ISSUER}/userinfo"} if self.userinfo else {}) | self.metadata

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or challenge.decode() != asked["code_challenge"] or self.token_status != 200:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "sub": "u-1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
            "name": "Dominique Essai", "groups": ["encombrants-dpo", "tout-le-monde"],
        }  # fmt: skip
        said = {name: value for name, value in (claims | self.claims).items() if value is not None}
        key = self.signs_with or self.key
        signed = self.forges(self, said) if self.forges else jwt.encode({"alg": "RS256", "kid": key.kid}, said, key)
        return httpx2.Response(200, json={"access_token": "access", "token_type": "Bearer", "id_token": signed})


def unsigned(_provider: Lying, claims: dict[str, Any]) -> str:
    """A token that says of itself that nobody signed it."""
    return _parts("none", claims) + "."


def with_public_key(provider: Lying, claims: dict[str, Any]) -> str:
    """A token signed with the provider's public key as if it were a shared secret."""
    said = _parts("HS256", claims)
    return f"{said}.{_encoded(hmac.digest(provider.key.as_pem(private=False), said.encode(), 'sha256'))}"


def _parts(algorithm: str, claims: dict[str, Any]) -> str:
    header = {"alg": algorithm, "kid": "one"}
    return ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def directory_deps(service_clock: PinnedClock, office: StaffService, provider: Lying) -> DirectoryDeps:
    """The way in by ``provider``."""
    ours = Provider(ISSUER, CLIENT, PUBLIC + OIDC_BACK, SECRET)
    directory = Directory(ours, service_clock, httpx2.MockTransport(provider.answer))
    entry = ExternalEntry(office.storage.staff, service_clock, SessionTimes(), MAPPING)
    return DirectoryDeps(directory, entry, KEYS, service_clock)
