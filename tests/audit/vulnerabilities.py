"""Known faults of locked versions, asked of an OSV database (https://google.github.io/osv.dev/post-v1-querybatch/)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tests.audit.locks import Pin

OSV = "https://api.osv.dev"
_AT_ONCE = 500
"""the database takes 1,000 questions in one request"""
_TIMEOUT_S = 20.0


class DatabaseAwayError(Exception):
    """The database was not reached or did not answer as it says; nothing is known."""


@dataclass(frozen=True, slots=True)
class Known:
    """A known fault of a version we have locked."""

    pin: Pin
    id: str


def known_faults(pins: Sequence[Pin], database: str = OSV, client: httpx.Client | None = None) -> list[Known]:
    """Every known fault of ``pins``. Raises ``DatabaseAwayError``. Only names and versions of public packages leave."""
    found: list[Known] = []
    with client or httpx.Client(timeout=_TIMEOUT_S) as http:
        for at in range(0, len(pins), _AT_ONCE):
            asked = pins[at : at + _AT_ONCE]
            for pin, answer in zip(asked, _answers(http, database, asked), strict=True):
                found += [Known(pin, str(fault["id"])) for fault in answer.get("vulns") or ()]
    return found


def _answers(http: httpx.Client, database: str, asked: Sequence[Pin]) -> list[dict[str, list[dict[str, str]]]]:
    queries = [{"package": {"name": pin.name, "ecosystem": "PyPI"}, "version": pin.version} for pin in asked]
    try:
        answer = http.post(f"{database.rstrip('/')}/v1/querybatch", json={"queries": queries})
        answer.raise_for_status()
        results: list[dict[str, list[dict[str, str]]]] = answer.json()["results"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as failure:
        raise DatabaseAwayError(type(failure).__name__) from None
    if not isinstance(results, list) or len(results) != len(asked):
        raise DatabaseAwayError("not an answer to each question")
    return results
