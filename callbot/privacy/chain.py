"""A chain of entries: each is bound to the one before, so that none can be changed, removed, moved or put in unseen.

Pure. ``digest`` is a keyed hash: who has the database without its keys cannot make a chain that holds. Who has both
can, but not one that fits an anchor printed or sent out before.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
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


@dataclass(slots=True)
class Follower:
    """Follows a chain from its first entry, some entries at a time; keeps what does not hold."""

    digest: Digest
    anchor: str = ""
    """a code as somebody typed it; looked for on the way"""
    number: int = 0
    last_hash: str = START
    entries: int = 0
    anchored: int | None = None
    found: list[Broken] = field(default_factory=list)

    def follow(self, links: Iterable[Link]) -> None:
        """The next entries, by number."""
        wanted = as_typed(self.anchor)
        for link in links:
            if link.number != self.number + 1:
                self.found.append(Broken(self.number + 1, Fault.GAP))
            if link.previous != self.last_hash:
                self.found.append(Broken(link.number, Fault.LINK))
            if link.hash != _hash(link, self.digest):
                self.found.append(Broken(link.number, Fault.CONTENT))
            if wanted and self.anchored is None and anchor_code(link.number, link.hash) == wanted:
                self.anchored = link.number
            self.number, self.last_hash, self.entries = link.number, link.hash, self.entries + 1

    def end(self, head: Head | None) -> list[Broken]:
        """Every place where the chain does not hold, [] when it does. ``head`` None: it is gone."""
        found = list(self.found)
        if head != headed(self.number, self.last_hash, self.digest):
            found.append(Broken(self.number, Fault.HEAD))
        if self.anchor and self.anchored is None:
            found.append(Broken(self.number, Fault.ANCHOR))
        return found


def broken(links: Iterable[Link], head: Head | None, digest: Digest) -> list[Broken]:
    """Every place where a whole chain does not hold."""
    follower = Follower(digest)
    follower.follow(links)
    return follower.end(head)


def anchor_code(number: int, entry_hash: str) -> str:
    """The state of a chain whose last entry is this one, short enough to be printed, read out or sent."""
    spread = hashlib.sha256(f"journal anchor|{number}|{entry_hash}".encode()).digest()
    return base64.b32encode(spread).translate(_CROCKFORD)[:CODE_LENGTH].decode()


def as_typed(code: str) -> str:
    """A code as somebody typed it from paper: spaces, dashes, small letters, O for 0, I and L for 1."""
    return "".join(code.upper().split()).replace("-", "").translate(_PLAIN)


def _hash(link: Link, digest: Digest) -> str:
    moment = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest(f"journal|{link.number}|{moment}|{link.kind}|{link.content}|{link.previous}")
