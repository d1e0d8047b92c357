"""Whose request it is, behind a proxy: told by the proxies the settings name, by nobody else."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI, Request

from callbot.commands.service import server_config

RESIDENT = "203.0.113.7"


@pytest.mark.parametrize(
    ("proxies", "peer", "seen"),
    [
        ("127.0.0.1", "127.0.0.1", RESIDENT),
        ("127.0.0.1", "172.18.0.1", "172.18.0.1"),
        ("127.0.0.1,172.18.0.1", "172.18.0.1", RESIDENT),
        ("172.16.0.0/12", "172.18.0.1", RESIDENT),
        ("172.16.0.0/12", "198.51.100.1", "198.51.100.1"),
    ],
)
async def test_the_address_of_a_resident_is_believed_from_a_named_proxy_only(
    proxies: str, peer: str, seen: str
) -> None:
    app = FastAPI()

    @app.get("/")
    async def who(request: Request) -> str:
        return request.client.host if request.client else ""

    config = server_config(app, "127.0.0.1", 0, proxies)
    config.load()
    transport = httpx.ASGITransport(config.loaded_app, client=(peer, 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot.example.fr") as client:
        answer = await client.get("/", headers={"X-Forwarded-For": RESIDENT})
    assert answer.json() == seen
