"""A form with a file, read piece by piece: what is too large never comes to lie in memory."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from callbot.web.problems import NOT_A_FORM, WRONG_TYPE, RefusedError

MOST_BYTES = 8 * 1024 * 1024
"""of one photo"""
_AROUND = 64 * 1024
"""what a form may have beside its file"""
_MOST_SWALLOWED = 64 * 1024 * 1024
"""read on and thrown away, so that the browser shows our answer instead of a broken connection"""
_MOST_PARTS = 10


class TooLargeError(Exception):
    """The form is larger than a photo may be."""


@dataclass(slots=True)
class Upload:
    """The fields of the form as text, and its file, empty where none was chosen."""

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes = b""


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    data: bytearray = field(default_factory=bytearray)


class _Collector:
    """Gathers the parts of a form as the parser meets them."""

    def __init__(self, boundary: bytes) -> None:
        self.parts: list[_Part] = []
        self.whole = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._part.name.extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._part.value.extend(data[start:end]),
                "on_header_end": self._header,
                "on_part_data": lambda data, start, end: self._part.data.extend(data[start:end]),
                "on_end": self._end,
            },
        )

    def write(self, chunk: bytes) -> None:
        """Read on; raises ``RefusedError`` for what is no form."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise RefusedError(NOT_A_FORM) from None

    @property
    def _part(self) -> _Part:
        return self.parts[-1]

    def _begin(self) -> None:
        if len(self.parts) >= _MOST_PARTS:
            raise RefusedError(NOT_A_FORM)
        self.parts.append(_Part())

    def _header(self) -> None:
        self._part.headers[bytes(self._part.name).lower()] = bytes(self._part.value)
        self._part.name.clear()
        self._part.value.clear()

    def _end(self) -> None:
        self.whole = True


async def read_upload(headers: Mapping[str, str], body: AsyncIterable[bytes]) -> Upload:
    """The form; raises ``TooLargeError``, and ``RefusedError`` for anything that is no whole form with a file."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise RefusedError(WRONG_TYPE)
    collector, read = _Collector(boundary), 0
    async for chunk in body:
        read += len(chunk)
        if read > _MOST_SWALLOWED:
            break
        if read <= MOST_BYTES + _AROUND:
            collector.write(chunk)
        else:
            collector.parts.clear()
    if read > MOST_BYTES + _AROUND:
        raise TooLargeError
    if not collector.whole:
        raise RefusedError(NOT_A_FORM)
    return _upload(collector.parts)


def _upload(parts: list[_Part]) -> Upload:
    upload = Upload()
    for part in parts:
        _, options = parse_options_header(part.headers.get(b"content-disposition", b"").decode("latin-1"))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            upload.file = bytes(part.data)
        elif name in upload.fields:
            raise RefusedError(NOT_A_FORM)
        else:
            upload.fields[name] = part.data.decode("utf-8", "replace")
    if len(upload.file) > MOST_BYTES:
        raise TooLargeError
    return upload
