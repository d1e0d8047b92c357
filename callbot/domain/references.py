"""The booking reference: short, easily said, hand-writable, with a check character.

Nineteen characters that French ears and hands do not confuse: of each confusable family (B D P T G, M N, F S,
I 1, O 0, 2 Z, 5 S, six dix, U 1 W) at most one is kept. Nineteen is prime, so the check character sees every single
wrong character and every swap of two. Four characters and the check give 130,321 references: enough for the year of
bookings that is kept (about 94,000), as references of purged bookings come back into use.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from callbot.domain.keypad import on_keys
from callbot.domain.names import TELEPHONE

ALPHABET = "2345789ACEFHKLMRUVX"
LENGTH = 5
_BASE = len(ALPHABET)


def check_character(body: str) -> str:
    """Weighted sum (weights 2, 3, 4, 5) modulo 19 of the four characters of ``body``."""
    total = sum(weight * ALPHABET.index(char) for weight, char in enumerate(body, start=2))
    return ALPHABET[total % _BASE]


def make_reference(draw: Callable[[int], int]) -> str:
    """A new reference; ``draw(n)`` gives a random integer in 0..n-1 (``secrets.randbelow`` in production)."""
    body = "".join(ALPHABET[draw(_BASE)] for _ in range(LENGTH - 1))
    return body + check_character(body)


def parse_reference(text: str) -> str | None:
    """The reference in ``text`` as typed ("ac 4k-r"), or None when it cannot be one."""
    reference = "".join(char for char in text.upper() if char.isalnum())
    if len(reference) != LENGTH or any(char not in ALPHABET for char in reference):
        return None
    return reference if check_character(reference[:-1]) == reference[-1] else None


def references_on_keys(keys: str) -> tuple[str, ...]:
    """All references that ``LENGTH`` keys of a telephone may stand for, a digit for itself or one of its letters.

    Empty when it is not that many keys, or none of them passes the check.
    """
    if len(keys) != LENGTH:
        return ()
    signs = ([sign for sign in ALPHABET if on_keys(sign.lower()) == key] for key in keys)
    readings = ("".join(reading) for reading in product(*signs))
    return tuple(reading for reading in readings if parse_reference(reading))


def spoken_reference(reference: str) -> str:
    """Said character by character with the French telephone alphabet: ``A comme Anatole, 4, K comme Kléber``."""
    return ", ".join(f"{char} comme {TELEPHONE[char]}" if char in TELEPHONE else char for char in reference)
