"""A real browser on a real server, for the tests that look at pages as people get them."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from callbot.web.icon import icon_router

HERE = Path(__file__).parent
_AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def _missing(what: str) -> None:
    if os.environ.get("CALLBOT_REQUIRE_BROWSER") == "1":
        pytest.fail(f"required (CALLBOT_REQUIRE_BROWSER=1) and not here: {what}")
    pytest.skip(f"needs {what}")


def chromium_path() -> str:
    """The system's Chromium; without one the test is skipped, or fails where a browser is required."""
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        _missing("Chromium (Debian: apt-get install chromium)")
    return found or ""


def axe_source() -> str:
    """axe-core from the lock file, once, however many test processes ask."""
    if shutil.which("npm") is None:
        _missing("npm, for axe-core")
    with (HERE / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _AXE.exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=300)
    return _AXE.read_text(encoding="utf-8")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The browser, closed at the end."""
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            await browser.close()


class _Announced(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """``app`` on loopback; gives its address. A browser asks for the picture of the tab beside every page."""
    app.include_router(icon_router("#0b4a7d"))
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1
    )
    server = _Announced(config)
    serving = asyncio.create_task(server.serve())
    await server.up.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def faults(page: Page, axe: str) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and good practice, and what it could not decide on contrast."""
    await page.evaluate(axe)
    found = await page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", STANDARDS)
    undecided = [rule for rule in found["incomplete"] if rule["id"] == "color-contrast"]
    return [f"{rule['id']}: {node['html']}" for rule in found["violations"] + undecided for node in rule["nodes"]]
