"""The doctor tells everything it finds in one go: one broken part hides no other."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from callbot.commands.doctor import Finding, Health, examine
from callbot.privacy import KeyRing, load_key_ring
from callbot.privacy.key_file import KEY_FILE
from callbot.settings import Settings
from callbot.settings import Storage as Place
from callbot.storage import Storage
from callbot.web.scripts import FOLDER
from tests.booking.sample import MOBILE, PinnedClock

PARTS_AFTER_THE_KNOWLEDGE = {"addresses", "keys", "database", "phone line"}


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.part: finding for finding in examine(settings)}


def test_a_data_folder_that_cannot_be_used_hides_no_other_finding() -> None:
    findings = found(Settings(data_dir=Path("/dev/null/data")))
    assert findings.keys() >= PARTS_AFTER_THE_KNOWLEDGE | {"knowledge base", "coverage"}
    for part in ("coverage", "addresses", "keys", "database"):
        assert findings[part].health is Health.FAILED
        assert "/dev/null/data" in findings[part].text
    assert findings["knowledge base"].health is Health.OK
    assert findings["phone line"].health is Health.WARNING


def test_a_base_of_addresses_that_cannot_be_read_hides_no_other_finding(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.gazetteer_file.parent.mkdir(parents=True, exist_ok=True)
    settings.gazetteer_file.write_text("no base at all")
    findings = found(settings)
    assert findings["addresses"].health is Health.FAILED
    assert findings["database"].health is Health.OK


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://me:geheim@127.0.0.1/callbot", "mysql"),
        ("postgresql+psycopg://me:geheim@127.0.0.1:1/callbot", "postgresql"),
    ],
    ids=["unsupported", "away"],
)
def test_a_database_that_cannot_be_used_is_one_finding(tmp_path: Path, url: str, told: str) -> None:
    findings = found(Settings(data_dir=tmp_path, storage=Place(url=url)))
    assert findings["database"].health is Health.FAILED
    assert told in findings["database"].text
    assert "CALLBOT_STORAGE__URL" in findings["database"].text
    assert "geheim" not in findings["database"].text
    assert "phone line" in findings


def test_the_database_waits_for_the_keys(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("{}")
    findings = found(Settings(data_dir=tmp_path))
    assert findings["keys"].health is Health.FAILED
    assert "keys" in findings["database"].text


@pytest.mark.parametrize(
    ("given_up", "health", "text"),
    [(0, Health.OK, "given up: 0"), (1, Health.WARNING, "given up: 1;"), (2, Health.WARNING, "given up: 2;")],
)
def test_messages_given_up_are_counted(tmp_path: Path, given_up: int, health: Health, text: str) -> None:
    settings = Settings(data_dir=tmp_path)
    asyncio.run(give_up(settings, load_key_ring(settings), given_up))
    messages = found(settings)["messages"]
    assert messages.health is health
    assert text in messages.text


async def give_up(settings: Settings, keys: KeyRing, number: int) -> None:
    """Three messages in the outbox, ``number`` of them given up."""
    clock = PinnedClock()
    async with await Storage.open(settings.storage_url, keys, clock.now) as storage:
        async with storage.unit_of_work() as work:
            for key in ("a", "b", "c"):
                await work.outgoing.queue_sms(key, MOBILE, "Bonjour")
        for message in await storage.outbox.lease("me", clock.now(), timedelta(minutes=1), number):
            await storage.outbox.give_up(message, "me", "Away")


def test_scripts_that_were_not_brought_are_a_warning(tmp_path: Path) -> None:
    assert found(Settings(data_dir=tmp_path))["scripts"].health is Health.WARNING
    dist = tmp_path / FOLDER
    (dist / "ext").mkdir(parents=True)
    (dist / "htmx.min.js").touch()
    (dist / "ext" / "hx-sse.min.js").touch()
    assert "scripts" not in found(Settings(data_dir=tmp_path))
