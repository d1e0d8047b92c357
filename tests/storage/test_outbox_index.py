"""What was told of a booking is found by an index, however many messages there are; PostgreSQL's plan says so."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import make_url, text

from callbot.storage import Storage
from callbot.storage.queued_messages import QueuedMessages

MESSAGES = 20_000
_MANY = """
INSERT INTO outbox (key, kind, recipient_sealed, body_sealed, status, attempts, queued_at, next_attempt_at, provider_id)
SELECT 'reminder:' || substr(md5(n::text), 1, 5) || ':' || n, 'sms', '', '', 'sent', 1, now(), now(), 'SM' || n
FROM generate_series(1, %s) AS n
"""


@pytest.mark.parametrize("deed", ["withdraw", "overtake"])
async def test_messages_of_a_booking_are_found_by_the_index(storage: Storage, database_url: str, deed: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        pytest.skip("SQLite reads its small outbox whole")
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as database:
        database.execute(_MANY, (MESSAGES,))
        database.execute("ANALYZE outbox")
    async with storage._database.writing() as connection:
        messages = QueuedMessages(connection, storage.key_ring, lambda: datetime.now(UTC))
        for number in range(7):  # a statement that was prepared is planned anew from the sixth time on
            if deed == "withdraw":
                await messages.withdraw(f"reminder:AB{number}C7")
            else:
                await messages.overtake(f"AB{number}C7")
        plan = await connection.execute(text("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'outbox'"))
        assert plan.scalar_one() == 0
