"""Who may read and write a conversation: the one browser that holds its secret, in a cookie and nowhere else."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

CALL_PREFIX = "text-"
"""ids of written conversations begin so"""
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """A secret of 256 bits and what is derived from it. Nothing stored or shown leads back to the secret."""

    secret: str = field(repr=False)

    @property
    def call_id(self) -> str:
        """The id under which the conversation is stored: a digest, so that the database holds no usable cookie."""
        return CALL_PREFIX + self._derived("conversation")

    @property
    def form_token(self) -> str:
        """What every form of this conversation carries: another site cannot know it (CSRF)."""
        return self._derived("form")

    def _derived(self, purpose: str) -> str:
        digest = hmac.digest(self.secret.encode("ascii"), purpose.encode("ascii"), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def new_session() -> Session:
    """A session that nobody can guess. It is never made from what a browser sends (session fixation)."""
    return Session(secrets.token_urlsafe(_BYTES))


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookie of a session. ``secure``: the page is reached over https, so the cookie goes nowhere else."""

    secure: bool

    @property
    def name(self) -> str:
        """``__Host-``: no other host of the same domain can plant it (RFC 6265bis)."""
        return "__Host-texte" if self.secure else "texte"

    def read(self, cookies: Mapping[str, str]) -> Session | None:
        """The session of a request, None without one or with something that was never one of ours."""
        secret = cookies.get(self.name, "")
        return Session(secret) if _SECRET.fullmatch(secret) else None

    def write(self, response: Response, session: Session) -> None:
        """Until the browser is closed; no script and no other site sees it."""
        response.set_cookie(self.name, session.secret, path="/", secure=self.secure, httponly=True, samesite="strict")

    def drop(self, response: Response) -> None:
        """Forget it."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="strict")
