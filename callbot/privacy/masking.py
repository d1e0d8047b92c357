"""Showing that a value is there without showing it."""

from __future__ import annotations

from callbot.domain.personal import PhoneNumber


def masked_phone(phone: PhoneNumber) -> str:
    """The number with its last two digits only: ``** ** ** ** 78`` for a French one, ``*** 78`` for others."""
    stars = "** ** ** **" if phone.reveal().startswith("+33") else "***"
    return f"{stars} {phone.last_digits(2)}"
