"""Commands read what is published, as the service does; without a database none is made."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from callbot.bootstrap.published import knowledge_in_force, laid_over, published_knowledge
from callbot.commands import doctor, published, understand
from callbot.commands import plan as plan_command
from callbot.editing.content import NewVersion
from callbot.knowledge import KnowledgeBase
from callbot.privacy import load_key_ring
from callbot.settings import Settings
from callbot.settings import Storage as Place
from callbot.storage import Storage
from tests.booking.sample import PinnedClock

FILE = "opening_hours.yaml"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, storage=Place(url=database_url))


def publish(settings: Settings, text: str) -> None:
    keys = load_key_ring(settings)

    async def kept() -> str:
        clock = PinnedClock()
        async with await Storage.open(settings.storage_url, keys, clock.now) as storage:
            number = await storage.content.number()
            new = NewVersion(number, clock.now(), "a.essai", "heures d'été", {FILE: text}, "0" * 64)
            assert await storage.content.publish(new)
            return (await knowledge_in_force(settings, storage)).version

    assert asyncio.run(kept()) == published_knowledge(settings).knowledge.version


def longer(settings: Settings) -> str:
    return (settings.knowledge_dir / FILE).read_text(encoding="utf-8").replace("07:30-17:30", "07:30-12:00")


def test_what_is_published_is_read(settings: Settings) -> None:
    delivered = laid_over(settings.knowledge_dir, None).knowledge
    assert published_knowledge(settings).number == 0
    publish(settings, longer(settings))
    found = published_knowledge(settings)
    assert (found.number, found.problem) == (1, "")
    assert found.knowledge.opening_hours.by_weekday[5] != delivered.opening_hours.by_weekday[5]
    told = [finding.text for finding in doctor.examine_knowledge(settings)]
    assert told[0].endswith("published as number 1")


def test_a_version_that_does_not_fit_is_told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, "hours: no")
    base = published.published_base(settings, "kpis")
    assert base.version == laid_over(settings.knowledge_dir, None).knowledge.version
    assert capsys.readouterr().err.startswith("kpis: version 1 does not fit the delivered files (")
    health = [finding.health for finding in doctor.examine_knowledge(settings)]
    assert health[:2] == [doctor.Health.OK, doctor.Health.WARNING]


def test_no_database_is_made_for_a_look(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, storage=Place(url=f"sqlite:///{tmp_path / 'none.sqlite'}"))
    assert published_knowledge(settings).number == 0
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_something_else_has_nothing_published(tmp_path: Path) -> None:
    (tmp_path / "other.sqlite").touch()
    settings = Settings(data_dir=tmp_path, storage=Place(url=f"sqlite:///{tmp_path / 'other.sqlite'}"))
    assert (published_knowledge(settings).number, published_knowledge(settings).problem) == (0, "")


def test_a_database_that_is_away_is_told_without_its_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = "postgresql+psycopg://nobody:secret@127.0.0.1:9/none"
    settings = Settings(data_dir=tmp_path, storage=Place(url=url))
    assert published.published_base(settings, "messages").catalogue
    told = capsys.readouterr().err
    assert told == "messages: the database does not answer (OperationalError): the delivered files are read\n"


@pytest.mark.parametrize(
    ("command", "words", "name"),
    [(understand, ["oui"], "understand"), (plan_command, ["--agents", "none"], "plan")],
)
def test_commands_ask_for_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: ModuleType, words: list[str], name: str
) -> None:
    asked: list[tuple[Settings, str]] = []
    settings = Settings(data_dir=tmp_path)

    def read(given: Settings, told: str) -> KnowledgeBase:
        asked.append((given, told))
        return laid_over(given.knowledge_dir, None).knowledge

    app = typer.Typer()
    command.register(app)
    monkeypatch.setattr(command, "load_settings", lambda: settings)
    monkeypatch.setattr(command, "published_base", read)
    CliRunner().invoke(app, words)
    assert asked == [(settings, name)]
