"""Encryption of personal fields, blind index, masking.

Belongs here: keys and what protects people. Does not belong here: tables, screens.
"""

from callbot.privacy.key_file import load_key_ring
from callbot.privacy.keys import CannotOpenError, KeyProblemError, KeyRing
from callbot.privacy.masking import masked_phone

__all__ = ["CannotOpenError", "KeyProblemError", "KeyRing", "load_key_ring", "masked_phone"]
