"""A chore that one of many processes does."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import pytest

from callbot.bootstrap import chores
from callbot.bootstrap.chores import elected
from callbot.privacy import KeyRing
from callbot.storage import ChoreLeases, Storage

KEYS = KeyRing({"test": bytes(range(32))}, "test", bytes(32))


class Board:
    """Who has which chore; ``dead``: does not renew any more."""

    shared = True

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.asked = asyncio.Event()
        self.fails = False

    async def take(self, name: str, owner: str) -> bool:
        self.asked.set()
        if self.fails:
            raise ConnectionError
        return self.owners.setdefault(name, owner) == owner

    async def release(self, owner: str, name: str) -> None:
        if self.fails:
            raise ConnectionError
        if self.owners.get(name) == owner:
            del self.owners[name]

    @property
    def leases(self) -> ChoreLeases:
        return cast("ChoreLeases", self)

    async def looked_at(self) -> None:
        """Somebody asked twice from now on."""
        for _ in range(2):
            self.asked.clear()
            await self.asked.wait()


class Work:
    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def __call__(self) -> None:
        self.done.set()


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "LOOK_EVERY_S", 0.001)


async def test_one_of_two_works_and_the_other_one_when_the_first_stops() -> None:
    board, first, second = Board(), Work(), Work()
    async with elected(board.leases, "figures", first):
        await first.done.wait()
        async with elected(board.leases, "figures", second):
            await board.looked_at()
            assert not second.done.is_set()
            assert len(board.owners) == 1
            board.owners.clear()  # the first did not renew in time and lost it
            board.owners["figures"] = "another"
            await board.looked_at()
            first.done.clear()
            board.owners.clear()
            await asyncio.wait(
                [asyncio.create_task(first.done.wait()), asyncio.create_task(second.done.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            assert first.done.is_set() is not second.done.is_set()
    assert not board.owners


async def test_a_database_that_is_away_at_the_end_keeps_nobody_from_stopping() -> None:
    board, work = Board(), Work()
    async with elected(board.leases, "figures", work):
        await work.done.wait()
        board.fails = True
        await board.looked_at()


async def test_a_process_alone_on_its_file_does_everything(tmp_path: Path) -> None:
    first, second = Work(), Work()
    async with (
        await Storage.open(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}", KEYS) as storage,
        elected(storage.leases, "figures", first),
        elected(storage.leases, "figures", second),
    ):
        await first.done.wait()
        await second.done.wait()
    await asyncio.sleep(0)
