"""Entry by the authority's own OpenID Connect provider: authorization code with PKCE and nonce.

Authlib lives here only.

The way there and back is kept in a sealed cookie of ten minutes, ``SameSite=Lax``: the provider sends people back from
another site, where the strict cookie of a session would stay behind.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from callbot.access import Claimed
from callbot.domain.clock import Clock
from callbot.domain.personal import PersonName
from callbot.privacy import CannotOpenError, KeyRing

_PLACE = "cookie.openid"
_LASTS_S = 600
_LEEWAY_S = 60
"""seconds by which the provider's clock may differ from ours"""
_TIMEOUT_S = 10.0
_METADATA_S = 3600
_SCOPE = "openid profile"
# Signed by a key pair of the provider: never "none", never a secret that both sides have.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class DirectoryAwayError(Exception):
    """The provider does not answer, or not as OpenID Connect says."""


class EntryRefusedError(Exception):
    """What came back proves nothing; the text says which check failed and holds nothing of a person."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where and as whom we ask. ``redirect_uri``: where it sends people back to, as registered there."""

    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(default="", repr=False)
    role_claim: str = "groups"


@dataclass(frozen=True, slots=True)
class Journey:
    """One way there and back, in one browser."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    wanted: str
    """path to go on to"""
    until: int
    """seconds since 1970"""


def sealed(journey: Journey, keys: KeyRing) -> str:
    """The value of its cookie."""
    return urlsafe_b64encode(keys.seal(json.dumps(asdict(journey)), _PLACE)).decode("ascii")


def unsealed(cookie: str, keys: KeyRing, now: float) -> Journey | None:
    """The journey of a cookie; None for what we did not seal, or too long ago."""
    try:
        journey = Journey(**json.loads(keys.open(urlsafe_b64decode(cookie.encode("ascii")), _PLACE)))
    except (CannotOpenError, ValueError, TypeError):
        return None
    return journey if now < journey.until else None


class Directory:
    """The provider."""

    def __init__(self, provider: Provider, clock: Clock, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """``transport``: another way to reach it, for tests. Blocking: the certificates to trust are read, once."""
        self._trusted = httpx2.create_ssl_context()
        self._provider = provider
        self._clock = clock
        self._transport = transport
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: KeySet | None = None

    async def start(self, wanted: str) -> tuple[str, Journey]:
        """The address to send a browser to, and the journey to keep in it; raises ``DirectoryAwayError``."""
        metadata = await self._known()
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        journey = Journey(state, nonce, verifier, wanted, int(self._now()) + _LASTS_S)
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                _address(metadata, "authorization_endpoint"),
                state=journey.state,
                nonce=journey.nonce,
                code_verifier=journey.verifier,
            )
        return str(address), journey

    async def finish(self, journey: Journey, given: Mapping[str, str]) -> Claimed:
        """Who came back, by what the provider signs; ``given``: the query it came with.

        Raises ``EntryRefusedError``, ``DirectoryAwayError``.
        """
        metadata = await self._known()
        if not secrets.compare_digest(given.get("state", "").encode("utf-8", "replace"), journey.state.encode()):
            raise EntryRefusedError("state")
        if given.get("iss", self._provider.issuer) != self._provider.issuer:
            raise EntryRefusedError("iss")  # RFC 9207: an answer of another provider
        if "code" not in given:
            raise EntryRefusedError("refused at the provider" if "error" in given else "code")
        try:
            async with self._client() as client:
                token = await client.fetch_token(
                    _address(metadata, "token_endpoint"), code=given["code"], code_verifier=journey.verifier
                )
                claims = await self._checked(client, token, journey.nonce)
                if self._provider.role_claim not in claims and "userinfo_endpoint" in metadata:
                    claims |= await self._more(client, _address(metadata, "userinfo_endpoint"), claims["sub"])
        except httpx2.HTTPError as failure:
            raise DirectoryAwayError(type(failure).__name__) from None
        except (OAuthError, JoseError, ValueError, KeyError, TypeError) as failure:
            raise EntryRefusedError(type(failure).__name__) from None
        return self._claimed(claims)

    async def _checked(self, client: AsyncOAuth2Client, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """The claims of the identity token: signature, issuer, audience, times, nonce."""
        try:
            decoded = self._decoded(token["id_token"], await self._key_set(client))
        except (InvalidKeyIdError, ValueError):  # the provider has changed its keys
            decoded = self._decoded(token["id_token"], await self._key_set(client, again=True))
        expected = {
            "iss": {"essential": True, "value": self._provider.issuer},
            "aud": {"essential": True, "value": self._provider.client_id},
        }
        params = {
            "nonce": nonce, "client_id": self._provider.client_id, "access_token": token.get("access_token"),
        }  # fmt: skip
        claims = CodeIDToken(decoded.claims, decoded.header, expected, params)
        claims.validate(now=int(self._now()), leeway=_LEEWAY_S)
        return dict(decoded.claims)

    def _decoded(self, id_token: str, keys: KeySet) -> jwt.Token:
        return jwt.decode(id_token, keys, registry=JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False))

    async def _key_set(self, client: AsyncOAuth2Client, *, again: bool = False) -> KeySet:
        if self._keys is None or again:
            answer = await client.request("GET", _address(await self._known(), "jwks_uri"), withhold_token=True)
            answer.raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
        return self._keys

    async def _more(self, client: AsyncOAuth2Client, address: str, subject: str) -> dict[str, Any]:
        """What the provider tells apart from the token; it must speak of the same person (OpenID Core 5.3.2)."""
        answer = await client.get(address)
        answer.raise_for_status()
        said = dict(answer.json())
        if said.get("sub") != subject:
            raise EntryRefusedError("sub")
        return {name: said[name] for name in ("name", "preferred_username", self._provider.role_claim) if name in said}

    def _claimed(self, claims: Mapping[str, Any]) -> Claimed:
        groups = claims.get(self._provider.role_claim, ())
        listed = groups if isinstance(groups, list) else [groups]
        name = claims.get("name") or claims.get("preferred_username") or ""
        return Claimed(
            self._provider.issuer,
            str(claims["sub"]),
            PersonName(str(name)),
            frozenset(group for group in listed if isinstance(group, str)),
        )

    async def _known(self) -> Mapping[str, Any]:
        """What the provider says of itself, asked once an hour."""
        if self._metadata is None or self._now() - self._metadata[0] > _METADATA_S:
            self._metadata = (self._now(), await self._asked())
        return self._metadata[1]

    async def _asked(self) -> Mapping[str, Any]:
        address = self._provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        try:
            async with httpx2.AsyncClient(
                verify=self._trusted, transport=self._transport, timeout=_TIMEOUT_S
            ) as client:
                answer = await client.get(address)
                answer.raise_for_status()
                said = dict(answer.json())
        except (httpx2.HTTPError, ValueError, TypeError) as failure:
            raise DirectoryAwayError(type(failure).__name__) from None
        if said.get("issuer") != self._provider.issuer:
            raise DirectoryAwayError("another issuer")
        return said

    def _client(self) -> AsyncOAuth2Client:
        ours = self._provider
        return AsyncOAuth2Client(
            ours.client_id,
            ours.client_secret or None,
            token_endpoint_auth_method="client_secret_basic" if ours.client_secret else "none",
            scope=_SCOPE,
            redirect_uri=ours.redirect_uri,
            code_challenge_method="S256",
            verify=self._trusted,
            transport=self._transport,
            timeout=_TIMEOUT_S,
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _address(metadata: Mapping[str, Any], name: str) -> str:
    """An endpoint; a provider reached by https does not send us to one that is not."""
    address = str(metadata.get(name, ""))
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise DirectoryAwayError(f"no {name}")
    return address
