"""The picture in the tab: in the authority's colour, kept by browsers, linked from every page."""

from __future__ import annotations

from importlib.resources import files
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI

from callbot.web.icon import ICON, icon_router


@pytest.mark.parametrize("path", [ICON, "/favicon.ico"])
async def test_it_has_the_colour_of_the_authority(path: str) -> None:
    app = FastAPI()
    app.include_router(icon_router("#123456"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        answer = await client.get(path)
        head = await client.head(path)
    assert (answer.status_code, head.status_code) == (200, 200)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=2592000"
    assert answer.headers["x-content-type-options"] == "nosniff"
    drawn = ElementTree.fromstring(answer.text)  # noqa: S314 - our own drawing
    assert drawn[0].get("fill") == "#123456"


def test_every_page_links_it() -> None:
    templates = [one for one in files("callbot.web").joinpath("templates").iterdir() if one.name.endswith(".html")]
    whole = [one.read_text(encoding="utf-8") for one in templates if "<head>" in one.read_text(encoding="utf-8")]
    assert whole
    for text in whole:
        assert f'<link rel="icon" href="{ICON}" type="image/svg+xml">' in text
