"""The scripts of pages that show what goes on by themselves: htmx and its server-sent events, brought by npm at set-up.

Where they are missing every page works all the same: it is loaded again by hand. Nothing of ours is a script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from callbot.web.rendering import HEADERS

FOLDER: Final = Path("scripts", "node_modules", "htmx.org", "dist")
"""below the data folder; ``make scripts`` puts them there"""
_FILES: Final = (Path("htmx.min.js"), Path("ext", "hx-sse.min.js"))
_NAME: Final = "htmx.js"
_FOREVER: Final = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class Scripts:
    """The scripts by name; none where they were not brought."""

    texts: Mapping[str, bytes]

    @classmethod
    def read(cls, data_dir: Path) -> Scripts:
        """All of them in one, or none: one without the other does nothing. Blocking.

        htmx looks at the page as soon as its own script has run. Events that came in a script of their own, a moment
        later on a busy machine, it never connected: the agent's lists stood still.
        """
        files = [data_dir / FOLDER / file for file in _FILES]
        if not all(file.is_file() for file in files):
            return cls({})
        return cls({_NAME: b"\n;\n".join(file.read_bytes() for file in files)})

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where pages load them from, in order; another version has another address."""
        return tuple(f"/scripts/{_version(text)}/{name}" for name, text in self.texts.items())

    @property
    def policy(self) -> dict[str, str]:
        """The headers of a page that loads them: nothing but our own scripts, and our own server to listen to."""
        if not self.texts:
            return {}
        strict = HEADERS["Content-Security-Policy"]
        return {"Content-Security-Policy": f"{strict}; script-src 'self'; connect-src 'self'"}

    def router(self) -> APIRouter:
        """Serves them."""
        routes = APIRouter()
        by_address = dict(zip(self.addresses, self.texts.values(), strict=True))

        async def script(request: Request) -> Response:
            text = by_address.get(request.url.path)
            if text is None:
                return Response(status_code=HTTPStatus.NOT_FOUND, headers=HEADERS)
            return Response(text, headers=_FOREVER, media_type="text/javascript")

        routes.add_route("/scripts/{version}/{name}", script, methods=["GET"])
        return routes


def _version(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:16]
