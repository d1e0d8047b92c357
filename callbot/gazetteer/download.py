"""Brings an official file from its https address; a download that broke off goes on where it stopped."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import httpx

from callbot.gazetteer.ban import Progress

_TIMEOUT_S = 30.0


class DownloadError(Exception):
    """The file could not be brought; the message says why."""


def is_address(text: str) -> bool:
    """True for what is an address rather than a file."""
    return "://" in text


def download(address: str, folder: Path, progress: Progress | None = None, client: httpx.Client | None = None) -> Path:
    """The file behind ``address`` in ``folder``. Raises ``DownloadError``; the part got so far is kept."""
    parts = urlsplit(address)
    name = Path(parts.path).name
    if parts.scheme != "https" or name in ("", ".."):
        raise DownloadError(f"{address}: only https addresses of a file")
    folder.mkdir(parents=True, exist_ok=True)
    part, target = folder / f"{name}.part", folder / name
    with client or httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True) as http:
        http.event_hooks["request"].append(_only_https)
        try:
            _fetch(http, address, part, progress)
        except httpx.HTTPError as error:
            raise DownloadError(f"{address}: {type(error).__name__} {error}".strip()) from error
    part.replace(target)
    part.with_suffix(".tag").unlink(missing_ok=True)
    return target


def _only_https(request: httpx.Request) -> None:
    """Before every request, those of redirects too: an official file leads to no unprotected or inner address."""
    if request.url.scheme != "https":
        raise httpx.UnsupportedProtocol("a redirect that is not https")


def _fetch(http: httpx.Client, address: str, part: Path, progress: Progress | None) -> None:
    """Append to ``part``; start anew when the server's file has changed since (its ETag is kept beside)."""
    tag = part.with_suffix(".tag")
    have = part.stat().st_size if part.exists() and tag.exists() else 0
    # a server that compresses on the fly would make the bytes received differ from those of the file
    plain = {"Accept-Encoding": "identity"}
    headers = plain | {"Range": f"bytes={have}-", "If-Range": tag.read_text()} if have else plain
    with http.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        if etag := answer.headers.get("etag"):
            tag.write_text(etag)
        done = have if resumed else 0
        total = done + int(answer.headers.get("content-length", 0))
        with part.open("ab" if resumed else "wb") as file:
            for chunk in answer.iter_bytes():
                file.write(chunk)
                done += len(chunk)
                if progress:
                    progress(done, max(total, done))
