"""The service as ``callbot serve`` opens it, every door included; only its ears and its mouth are silent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock, patch

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import BaseRoute

from callbot.bootstrap import Service, open_service
from callbot.settings import Access, Outwards, Server, Settings, Twilio
from tests.telephony.fakes import ScriptedVoice

PUBLIC = "https://bot.example.fr"
TWILIO_KEY = "auth-token-of-the-account"
PARTNER_KEY = "key-of-the-partner"
BOOKED = {
    "api_key": PARTNER_KEY,
    "service_code": "encombrants",
    "address_string": "12 rue de Rome, 13006 Marseille",
    "attribute[items][]": "matelas",
    "attribute[accepted]": "true",
    "phone": "0639981234",
}


def settings_for(folder: Path, public_url: str = PUBLIC) -> Settings:
    """A public service with an account nobody has and a partner; staff need no second factor."""
    return Settings(
        data_dir=folder,
        server=Server(public_url=public_url),
        twilio=Twilio(account_sid="AC" + "0" * 32, auth_token=SecretStr(TWILIO_KEY), api_url="http://127.0.0.1:9"),
        outwards=Outwards(api_keys={"partner": SecretStr(PARTNER_KEY)}),
        access=Access(second_factor_required=False),
    )


@asynccontextmanager
async def whole_service(folder: Path) -> AsyncIterator[Service]:
    """Opens it over an empty database in ``folder``."""
    voice = ScriptedVoice()
    voice.voice = SimpleNamespace(name="silent")  # type: ignore[attr-defined]
    with (
        patch("callbot.bootstrap.service.load_engine", lambda *_: MagicMock()),
        patch("callbot.bootstrap.service.phrase_book", lambda _settings: voice),
    ):
        async with open_service(settings_for(folder)) as service:
            yield service


@dataclass(frozen=True)
class Door:
    """One route: its path as it is written, and the methods it takes (none for a socket)."""

    path: str
    methods: frozenset[str]


def doors(app: FastAPI) -> list[Door]:
    """Every route of the application, those of included routers too."""
    return list(_doors(app.routes))


def _doors(routes: Sequence[BaseRoute]) -> Iterator[Door]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _doors(inner.routes)
        else:
            yield Door(str(getattr(route, "path", "")), frozenset(getattr(route, "methods", None) or ()))
