"""Scripts of others: served where they were brought, done without where they were not."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from callbot.web.rendering import HEADERS
from callbot.web.scripts import FOLDER, Scripts


@pytest.fixture
def brought(tmp_path: Path) -> Scripts:
    """Both scripts, as npm leaves them."""
    (tmp_path / FOLDER / "ext").mkdir(parents=True)
    (tmp_path / FOLDER / "htmx.min.js").write_bytes(b"first")
    (tmp_path / FOLDER / "ext" / "hx-sse.min.js").write_bytes(b"second")
    return Scripts.read(tmp_path)


async def get(scripts: Scripts, path: str) -> httpx.Response:
    app = FastAPI()
    app.include_router(scripts.router())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        return await client.get(path)


async def test_both_come_together_and_for_ever_under_an_address_of_their_version(brought: Scripts) -> None:
    """htmx looks at the page before a second script is there: its events would never be connected."""
    (address,) = brought.addresses
    answer = await get(brought, address)
    assert answer.content.split(b"\n;\n") == [b"first", b"second"]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_another_version_is_another_address(brought: Scripts) -> None:
    other = Scripts({**brought.texts, "htmx.js": b"changed"})
    assert other.addresses[0] != brought.addresses[0]
    assert (await get(brought, other.addresses[0])).status_code == 404


@pytest.mark.parametrize("path", ["/scripts/0000/htmx.js", "/scripts/../secret/x"])
async def test_nothing_else_is_served(brought: Scripts, path: str) -> None:
    assert (await get(brought, path)).status_code == 404


def test_one_without_the_other_is_none(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "htmx.min.js").write_bytes(b"first")
    assert Scripts.read(tmp_path) == Scripts({})
    assert Scripts({}).addresses == ()


def test_pages_without_scripts_allow_none(brought: Scripts) -> None:
    assert "script-src" not in HEADERS["Content-Security-Policy"]
    assert Scripts({}).policy == {}
    assert brought.policy["Content-Security-Policy"].endswith("; script-src 'self'; connect-src 'self'")
