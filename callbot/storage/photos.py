"""Photos of bookings, sealed."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from callbot.privacy import KeyRing
from callbot.storage.tables import booking_photos


class StoredPhotos:
    """The photos, inside one transaction."""

    def __init__(self, connection: AsyncConnection, key_ring: KeyRing) -> None:
        self._connection = connection
        self._keys = key_ring

    async def add_photo(self, reference: str, jpeg: bytes, at: datetime) -> int:
        """Keep one more photo; its number. Numbers of photos that are gone are not given again while a later one is
        there."""
        last = select(func.max(booking_photos.c.number)).where(booking_photos.c.reference == reference)
        number = ((await self._connection.execute(last)).scalar_one() or 0) + 1
        sealed = self._keys.seal(b64encode(jpeg).decode(), _place(reference, number))
        row = {"reference": reference, "number": number, "jpeg_sealed": sealed, "added_at": at}
        await self._connection.execute(insert(booking_photos).values(row))
        return number

    async def photos(self, reference: str) -> dict[int, bytes]:
        """The photos of a booking by number."""
        of_it = select(booking_photos).where(booking_photos.c.reference == reference).order_by(booking_photos.c.number)
        return {
            row.number: b64decode(self._keys.open(row.jpeg_sealed, _place(reference, row.number)))
            for row in await self._connection.execute(of_it)
        }

    async def numbers(self, references: Collection[str]) -> dict[str, tuple[int, ...]]:
        """The numbers of the photos of these bookings; nothing is opened, those without photos are left out."""
        query = select(booking_photos.c.reference, booking_photos.c.number).where(
            booking_photos.c.reference.in_(references)
        )
        found: dict[str, tuple[int, ...]] = {}
        for row in await self._connection.execute(query.order_by(booking_photos.c.number)):
            found[row.reference] = (*found.get(row.reference, ()), row.number)
        return found

    async def count_photos(self, reference: str) -> int:
        """How many there are."""
        counted = select(func.count()).where(booking_photos.c.reference == reference)
        return (await self._connection.execute(counted)).scalar_one()

    async def remove_photo(self, reference: str, number: int) -> None:
        """Forget a photo."""
        gone = delete(booking_photos).where(booking_photos.c.reference == reference, booking_photos.c.number == number)
        await self._connection.execute(gone)


def _place(reference: str, number: int) -> str:
    return f"booking_photos.jpeg|{reference}|{number}"
