"""Rows read in batches."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection

BATCH = 200
"""rows that are read, and opened, before others have their turn"""


@asynccontextmanager
async def streamed(connection: AsyncConnection, query: Select[Any]) -> AsyncIterator[AsyncIterator[Row[Any]]]:
    """The rows of one statement, never more than a batch of them held.

    SQLAlchemy closes a stream by itself where all goes well, and leaves the cursor of the server open where the reader
    fails (its ``AsyncConnection.stream``): closed here in every case.
    """
    rows = await connection.stream(query.execution_options(yield_per=BATCH))
    try:
        yield aiter(rows)
    finally:
        await rows.close()
