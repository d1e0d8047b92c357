"""Upgrading without stopping and going back: what ``deploy/mise-a-jour.md`` promises of the tables."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import pytest
from alembic.util import CommandError
from sqlalchemy import create_engine, inspect, make_url, text
from typer.testing import CliRunner

from callbot.cli import app
from callbot.settings import Settings
from callbot.settings import Storage as StorageSettings
from callbot.storage import Storage, migrate
from callbot.storage.migrate import MIGRATIONS, UnknownVersionError, known_versions, turn_back, upgrade, version_of
from tests.booking.sample import ONE_MATTRESS, TUESDAY, PinnedClock, address, draft
from tests.storage import aged
from tests.storage.conftest import KEYS, database_url, postgres_server, postgres_template, sqlite_template
from tests.storage.ledger import assert_sound

__all__ = ["database_url", "postgres_server", "postgres_template", "sqlite_template"]
pytestmark = pytest.mark.process
FIRST_PROMISED = "v0010"
"""from this version on the code of before goes on over the tables of after"""


async def _booked(url: str, calls: list[str]) -> None:
    clock = PinnedClock()
    async with await Storage.open(url, KEYS, clock.now) as storage:
        for call in calls:
            desk = aged.desk_on(storage, clock)
            await desk.hold(call, address(), ONE_MATTRESS, TUESDAY)
            await desk.book(draft(call))
        await assert_sound(storage, announced=False)
        assert len(await storage.bookings()) >= len(calls)
    await asyncio.sleep(0)


def columns(url: str) -> dict[str, set[str]]:
    """The columns of every table."""
    engine = create_engine(_plain(url))
    try:
        with engine.connect() as connection:
            look = inspect(connection)
            return {table: {each["name"] for each in look.get_columns(table)} for table in look.get_table_names()}
    finally:
        engine.dispose()


def _plain(url: str) -> str:
    parsed = make_url(url)
    driver = "sqlite" if parsed.get_backend_name() == "sqlite" else parsed.drivername
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def test_bookings_stand_through_a_roll_back_and_the_next_upgrade(database_url: str) -> None:
    asyncio.run(_booked(database_url, ["CA1", "CA2"]))
    turn_back(database_url, FIRST_PROMISED)
    assert version_of(database_url) == FIRST_PROMISED
    upgrade(database_url)
    assert version_of(database_url) == known_versions()[-1]
    asyncio.run(_booked(database_url, ["CA3"]))


def test_an_upgrade_takes_nothing_from_the_code_of_before(database_url: str) -> None:
    turn_back(database_url, FIRST_PROMISED)
    before = columns(database_url)
    upgrade(database_url)
    after = columns(database_url)
    for table, names in before.items():
        assert names <= after[table], table


def test_the_code_of_before_refuses_tables_it_does_not_know(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older = tmp_path / "migrations"
    (older / "versions").mkdir(parents=True)
    (older / "env.py").write_text((MIGRATIONS / "env.py").read_text())
    for path in (MIGRATIONS / "versions").glob("v*.py"):
        if path.name[:5] <= FIRST_PROMISED:
            (older / "versions" / path.name).write_text(path.read_text())
    monkeypatch.setattr(migrate, "MIGRATIONS", older)
    with pytest.raises(CommandError, match="Can't locate revision"):
        upgrade(database_url)
    engine = create_engine(_plain(database_url))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM bookings")).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("version", ["v9999", "", "head", "-1"])
def test_only_an_earlier_version_is_gone_back_to(tmp_path: Path, sqlite_template: Path, version: str) -> None:
    with pytest.raises(UnknownVersionError):
        turn_back(f"sqlite+aiosqlite:///{sqlite_template}", version)
    with pytest.raises(UnknownVersionError, match="none"):
        turn_back(f"sqlite+aiosqlite:///{tmp_path / 'nothing.db'}", FIRST_PROMISED)
    assert not (tmp_path / "nothing.db").exists()


def test_the_command_tells_and_turns_back(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, storage=StorageSettings(url=database_url))
    monkeypatch.setattr("callbot.commands.tables.load_settings", lambda: settings)
    newest = known_versions()[-1]
    told = CliRunner().invoke(app, ["tables", "--json"])
    assert json.loads(told.stdout) == {"tables": newest, "code": newest}
    back = CliRunner().invoke(app, ["tables", "--to", FIRST_PROMISED])
    assert re.search(rf"tables: {FIRST_PROMISED}, this code: {newest}", back.stdout)
    refused = CliRunner().invoke(app, ["tables", "--to", newest])
    assert (refused.exit_code, "no earlier one" in refused.output) == (1, True)
