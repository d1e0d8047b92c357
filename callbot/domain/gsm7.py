"""Letters of an ordinary SMS (3GPP TS 23.038). Any other letter more than halves the room of each SMS."""

from __future__ import annotations

from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""one septet each"""
EXTENDED: Final = frozenset("^{}\\[~]|€\f")
"""two septets each"""
