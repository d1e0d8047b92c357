"""What the values of a booking are bound to, and what its address is found by."""

from __future__ import annotations

from callbot.domain.addresses import StreetAddress


def address_name(address: StreetAddress) -> str:
    """The same for the same front door, however it is written in capitals; leaves only as a blind index."""
    parts = (address.number, address.repetition, address.street, address.insee)
    return f"address:{'|'.join(str(part or '').casefold() for part in parts)}"


def place(column: str, reference: str) -> str:
    """Where a value of a booking is sealed for."""
    return f"bookings.{column}|{reference}"


def item_place(reference: str, position: int) -> str:
    """Where the words for an object are sealed for."""
    return f"booking_items.heard|{reference}|{position}"
