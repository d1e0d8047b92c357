"""Against other sites and against floods."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Mapping
from hmac import compare_digest
from urllib.parse import urlsplit

STARTS_A_MINUTE = 10
"""conversations one address may start in a minute; many people can share an address"""
ALL_STARTS_A_MINUTE = 300
"""conversations all addresses together may start in a minute: what two cores can greet"""
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_FROM_HERE = frozenset({"same-origin", "none"})


def own_origin(public_url: str, base_url: str) -> str:
    """``https://host``, as browsers write it: of the public address, of the request itself where there is none
    (loopback only)."""
    parts = urlsplit(public_url or base_url)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(parts.scheme, ''))}"


def from_own_page(headers: Mapping[str, str], own: str) -> bool:
    """True for a form that a page of ours sent. A browser too old to say where a form comes from is believed:
    the strict cookie and the token of the form stand behind this."""
    if (origin := headers.get("origin")) is not None:
        return origin == own
    return headers.get("sec-fetch-site", "same-origin") in _FROM_HERE


def same_token(given: str, expected: str) -> bool:
    """Compared in constant time."""
    return compare_digest(given.encode("utf-8", "replace"), expected.encode("ascii"))


class StartLimit:
    """Counts what is asked (a conversation, a page), by address, for the current minute only; addresses are never
    logged."""

    def __init__(
        self, seconds: Callable[[], float], each: int = STARTS_A_MINUTE, together: int = ALL_STARTS_A_MINUTE
    ) -> None:
        """``each``: of one address in a minute; ``together``: of all."""
        self._seconds = seconds
        self._each = each
        self._together = together
        self._minute = 0
        self._starts: Counter[str] = Counter()

    def allows(self, address: str) -> bool:
        """Whether one more may start; counts it if so."""
        if self.spent(address):
            return False
        self._starts[household(address)] += 1
        return True

    def spent(self, address: str) -> bool:
        """Whether this address had all it may have in this minute."""
        minute = int(self._seconds() // 60)
        if minute != self._minute:
            self._minute, self._starts = minute, Counter()
        return self._starts[household(address)] >= self._each or self._starts.total() >= self._together


def household(address: str) -> str:
    """An IPv4 address; the /64 network of an IPv6 one, as one subscriber has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
