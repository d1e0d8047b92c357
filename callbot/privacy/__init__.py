"""Encryption of personal fields, blind index, masking.

Belongs here: keys and what protects people. Does not belong here: tables, screens.
"""

from callbot.privacy.key_sources import load_key_ring
from callbot.privacy.keys import CannotOpenError, KeyProblemError, KeyRing
from callbot.privacy.known import Known, known_of
from callbot.privacy.line_masking import Asked, Hidden, MaskedLine, Piece, mask, mask_keys
from callbot.privacy.masking import masked_phone

__all__ = [
    "Asked",
    "CannotOpenError",
    "Hidden",
    "KeyProblemError",
    "KeyRing",
    "Known",
    "MaskedLine",
    "Piece",
    "known_of",
    "load_key_ring",
    "mask",
    "mask_keys",
    "masked_phone",
]
