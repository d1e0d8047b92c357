"""Reads the weights in a CTranslate2 ``model.bin`` so that another library can run them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[Any]]

_TYPES: Final = (np.float32, np.int8, np.int16, np.int32, np.float16)
"""by the number the file gives them"""
_KNOWN_VERSIONS: Final = (5, 6)


@dataclass(slots=True)
class _Reader:
    data: memoryview
    position: int = 0

    def number(self, layout: str) -> int:
        """The next little-endian unsigned number (struct letter B, H or I)."""
        (value,) = struct.unpack(f"<{layout}", self.take(struct.calcsize(layout)))
        return int(value)

    def string(self) -> str:
        """The next string, stored with its length and a closing zero."""
        text = self.take(self.number("H"))
        return bytes(text[:-1]).decode()

    def take(self, size: int) -> memoryview:
        """The next ``size`` bytes."""
        if self.position + size > len(self.data):
            raise ValueError("the weights file is cut short")
        self.position += size
        return self.data[self.position - size : self.position]


def read_weights(path: Path) -> Weights:
    """Every array of a model file by its name; raises ``ValueError`` when it is not one we can read."""
    reader = _Reader(memoryview(path.read_bytes()))
    version = reader.number("I")
    if version not in _KNOWN_VERSIONS:
        raise ValueError(f"weights file of version {version}, not one of {_KNOWN_VERSIONS}")
    reader.string()
    reader.number("I")
    return dict(_array(reader) for _ in range(reader.number("I")))


def _array(reader: _Reader) -> tuple[str, NDArray[Any]]:
    name = reader.string()
    shape = tuple(reader.number("I") for _ in range(reader.number("B")))
    kind = reader.number("B")
    if kind >= len(_TYPES):
        raise ValueError(f"array {name} of an unknown type {kind}")
    content = reader.take(reader.number("I"))
    return name, np.frombuffer(content, dtype=_TYPES[kind]).reshape(shape)
