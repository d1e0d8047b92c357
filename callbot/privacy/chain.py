"""A chain of entries: each is bound to the one before, so that none can be changed, removed, moved or put in unseen.

Pure. ``digest`` is a keyed hash: who has the database without its keys cannot make a chain that holds. Who has both
can, but not one that fits an anchor printed or sent out before.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

Digest = Callable[[str], str]
"""a keyed hash of a text, in hexadecimal"""

START = "0" * 64
"""what the first entry names as the hash before it"""
CODE_LENGTH = 16
"""letters of an anchor: 80 bits"""
_PLAIN = str.maketrans("OIL", "011")
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")


class Fault(StrEnum):
    """What is wrong with a chain."""

    GAP = "an entry is missing or its number was changed"
    LINK = "the entry does not follow the one before it"
    CONTENT = "the entry was changed"
    HEAD = "the end of the chain is not where it was: entries are missing at the end, or were added without the key"
    ANCHOR = "no state of the journal has this code"


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the chain sees it: ``content`` is what was sealed, in hexadecimal."""

    number: int
    at: datetime
    kind: str
    content: str
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain, and a mark that only the key makes; number 0: there is none yet."""

    number: int
    hash: str
    mark: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold."""

    number: int
    fault: Fault


def linked(entry: Link, digest: Digest) -> Link:
    """``entry`` with the hash that binds it to the one before it."""
    return replace(entry, hash=_hash(entry, digest))


def headed(number: int, last_hash: str, digest: Digest) -> Head:
    """The head of a chain that ends with this entry."""
    return Head(number, last_hash, digest(f"journal head|{number}|{last_hash}"))


def broken(links: Iterable[Link], head: Head | None, digest: Digest) -> list[Broken]:
    """Every place where the chain does not hold, [] when it does; ``links`` by number. ``head`` None: it is gone."""
    found: list[Broken] = []
    number, last_hash = 0, START
    for link in links:
        if link.number != number + 1:
            found.append(Broken(number + 1, Fault.GAP))
        if link.previous != last_hash:
            found.append(Broken(link.number, Fault.LINK))
        if link.hash != _hash(link, digest):
            found.append(Broken(link.number, Fault.CONTENT))
        number, last_hash = link.number, link.hash
    if head != headed(number, last_hash, digest):
        found.append(Broken(number, Fault.HEAD))
    return found


def anchor_code(number: int, entry_hash: str) -> str:
    """The state of a chain whose last entry is this one, short enough to be printed, read out or sent."""
    spread = hashlib.sha256(f"journal anchor|{number}|{entry_hash}".encode()).digest()
    return base64.b32encode(spread).translate(_CROCKFORD)[:CODE_LENGTH].decode()


def as_typed(code: str) -> str:
    """A code as somebody typed it from paper: spaces, dashes, small letters, O for 0, I and L for 1."""
    return "".join(code.upper().split()).replace("-", "").translate(_PLAIN)


def anchored(links: Iterable[Link], code: str) -> int | None:
    """The number of the entry that was the last one when ``code`` was printed; None: there is none."""
    wanted = as_typed(code)
    return next((link.number for link in links if anchor_code(link.number, link.hash) == wanted), None)


def _hash(link: Link, digest: Digest) -> str:
    moment = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest(f"journal|{link.number}|{moment}|{link.kind}|{link.content}|{link.previous}")
