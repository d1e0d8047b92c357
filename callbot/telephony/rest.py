"""Twilio's REST API through Twilio's own library, at a configurable address, with failures that name no person."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from callbot.settings import Twilio

TIMEOUT_S = 10.0
_LIBRARY_URLS = ("https://api.twilio.com", "https://messaging.twilio.com")

T = TypeVar("T")

# The library writes addresses and parameters to its log, and phone numbers are among them.
_silent = logging.getLogger(f"{__name__}.library")
_silent.disabled = True


class TwilioFailedError(Exception):
    """Twilio could not be asked, or refused; ``status`` is its HTTP code, None when there was no answer, ``code`` its
    own number for the reason, where it gave one."""

    def __init__(self, status: int | None, code: int | None = None) -> None:
        super().__init__(f"Twilio answered {status}" if status else "Twilio did not answer")
        self.status = status
        self.code = code


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Sends the library's requests to ``api_url``: the library knows no other way to a judge or a proxy."""

    def __init__(self, api_url: str) -> None:
        super().__init__(pool_connections=False, timeout=TIMEOUT_S, logger=_silent)
        self._api_url = api_url.rstrip("/")

    def request(self, method: str, url: str, *args: object, **kwargs: object) -> Response:
        if self._api_url != _LIBRARY_URLS[0]:
            for library_url in _LIBRARY_URLS:
                url = url.replace(library_url, self._api_url, 1)
        return super().request(method, url, *args, **kwargs)


def make_client(twilio: Twilio) -> Client:
    """The library's client for the configured account."""
    token = twilio.auth_token.get_secret_value()
    return Client(twilio.account_sid, token, http_client=_HttpClient(twilio.api_url))


async def ask(request: Callable[[], T]) -> T:
    """Run a blocking ``request`` of the library in a thread; raises ``TwilioFailedError`` only."""
    try:
        return await asyncio.to_thread(request)
    except TwilioRestException as refusal:
        raise TwilioFailedError(refusal.status, refusal.code) from None
    except TwilioException as failure:
        # A list that is refused comes with the answer instead of a code.
        status = getattr(failure.args[-1], "status_code", None) if failure.args else None
        raise TwilioFailedError(status if isinstance(status, int) else None) from None
    except requests.RequestException:
        raise TwilioFailedError(None) from None
