"""Numbers that answered STOP, kept as blind indexes; conforms to ``messages.stop.KnowsStops``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from callbot.domain.personal import PhoneNumber
from callbot.privacy import KeyRing
from callbot.storage.database import Database
from callbot.storage.dialects import put_once
from callbot.storage.tables import opt_outs


class OptOuts:
    """Who wants no SMS any more."""

    def __init__(self, database: Database, key_ring: KeyRing) -> None:
        self._database = database
        self._keys = key_ring

    async def stop(self, phone: PhoneNumber, at: datetime) -> None:
        """No SMS to this number from now on."""
        row = {"phone_index": self._keys.index(phone.reveal()), "at": at}
        async with self._database.writing() as connection:
            await put_once(connection, opt_outs, row, "phone_index")

    async def start(self, phone: PhoneNumber) -> None:
        """SMS may go there again."""
        theirs = opt_outs.c.phone_index == self._keys.index(phone.reveal())
        async with self._database.writing() as connection:
            await connection.execute(delete(opt_outs).where(theirs))

    async def stopped(self, phone: PhoneNumber) -> bool:
        """True when this number answered STOP."""
        theirs = select(opt_outs.c.at).where(opt_outs.c.phone_index == self._keys.index(phone.reveal()))
        async with self._database.reading() as connection:
            return (await connection.execute(theirs)).first() is not None
