"""Posted forms: hostile until parsed."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from urllib.parse import parse_qsl

from callbot.web.problems import NOT_A_FORM, TOO_LARGE, WRONG_TYPE, RefusedError

MAX_BYTES = 16 * 1024
"""600 characters take 7,200 bytes at most as a form writes them; what is somewhat longer is told so beside the field"""
_MAX_FIELDS = 10
_FORM_TYPE = "application/x-www-form-urlencoded"


async def read_form(
    headers: Mapping[str, str],
    body: AsyncIterable[bytes],
    most_fields: int = _MAX_FIELDS,
    most_bytes: int = MAX_BYTES,
) -> dict[str, str]:
    """The fields of a form, each once; raises ``RefusedError`` for anything else."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise RefusedError(WRONG_TYPE)
    read = bytearray()
    async for chunk in body:
        read += chunk
        if len(read) > most_bytes:
            raise RefusedError(TOO_LARGE)
    try:
        pairs = parse_qsl(read.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most_fields)
    except ValueError:
        raise RefusedError(NOT_A_FORM) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RefusedError(NOT_A_FORM)
    return fields


def plain_text(text: str) -> str:
    """One line of visible characters: no control character, no invisible one, no turning of the writing direction."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def small_number(text: str) -> int | None:
    """A number as our own forms write it, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None
