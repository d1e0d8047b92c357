"""Keys that protect nothing: counted up, repeated, typed by hand, used twice."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise

_LEAST_DIFFERENT = 16
"""different bytes in a key: 32 random ones have fewer than 20 once in ten million keys"""


def weaknesses(keys: Mapping[str, bytes], index_key: bytes) -> tuple[str, ...]:
    """What is wrong with these keys, by name and without a byte of them; empty: nothing was found."""
    named = {f"key {key_id!r}": key for key_id, key in keys.items()} | {"the index key": index_key}
    found = [f"{name} {why}" for name, key in named.items() if (why := _weakness(key))]
    same = [(one, other) for one, other in combinations(named, 2) if named[one] == named[other]]
    return (*found, *(f"{one} and {other} are the same" for one, other in same))


def _weakness(key: bytes) -> str:
    if len(set(key)) < _LEAST_DIFFERENT:
        return "repeats too few different bytes"
    if len({(later - earlier) % 256 for earlier, later in pairwise(key)}) == 1:
        return "is counted up"
    if all(0x20 <= byte < 0x7F for byte in key):
        return "is a text: take 32 random bytes (openssl rand -base64 32)"
    return ""
