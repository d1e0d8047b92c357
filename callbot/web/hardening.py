"""Headers that no answer goes without, whoever makes it: pages, XML for the phone company, health, errors."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callbot.web.rendering import HEADERS, NO_STORE

HSTS = "max-age=31536000; includeSubDomains"
"""a year: browsers that came once never come over plain http again"""


class Hardened:
    """ASGI middleware; what an answer says itself is left as it is. ``https``: the public address is https."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._defaults = {**HEADERS, "Cache-Control": NO_STORE}
        if https:
            self._defaults["Strict-Transport-Security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; sockets as they are."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._defaults.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
