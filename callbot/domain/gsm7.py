"""Letters of an ordinary SMS (3GPP TS 23.038). Any other letter more than halves the room of each SMS."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""one septet each"""
EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""two septets each"""
_LETTERS: Final = BASIC | EXTENDED

_TYPED: Final = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "–": "-", "—": "-", "œ": "oe", "Œ": "Oe",
    "\u00a0": " ", "\u202f": " ",
})  # fmt: skip
_QUOTED: Final = re.compile(r"«\s*|\s*»")


def plain(text: str) -> str:
    """``text`` in these letters: others lose their accent, signs without a like are left out."""
    typed = _QUOTED.sub('"', text).translate(_TYPED)
    return "".join(letter if letter in _LETTERS else _bare(letter) for letter in typed)


def _bare(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in _LETTERS)
