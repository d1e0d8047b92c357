"""The cookie of a staff session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from callbot.access import SessionToken
from callbot.access.sessions import read_token


@dataclass(frozen=True, slots=True)
class StaffCookies:
    """``secure``: the page is reached over https, so the cookie goes nowhere else."""

    secure: bool

    @property
    def name(self) -> str:
        """``__Host-``: no other host of the same domain can plant it (RFC 6265bis)."""
        return "__Host-agents" if self.secure else "agents"

    def read(self, cookies: Mapping[str, str]) -> SessionToken | None:
        """The token of a request, None without one or with something that was never one of ours."""
        return read_token(cookies.get(self.name, ""))

    def write(self, response: Response, token: SessionToken) -> None:
        """Until the browser is closed; no script and no other site sees it."""
        response.set_cookie(self.name, token.secret, path="/", secure=self.secure, httponly=True, samesite="strict")

    def drop(self, response: Response) -> None:
        """Forget it."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="strict")
