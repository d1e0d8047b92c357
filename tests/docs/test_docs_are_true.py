"""Docs that cannot rot: what exists is documented, what is documented exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.main import get_command

from callbot.cli import app
from callbot.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROOMS = sorted(path.parent.name for path in (ROOT / "callbot").glob("*/__init__.py"))


def setting_names(model: type[BaseModel], prefix: str = "CALLBOT_") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_names(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def test_every_setting_is_in_the_readme() -> None:
    assert [name for name in setting_names(Settings) if f"`{name}`" not in README] == []


def test_every_setting_of_the_readme_exists() -> None:
    known = set(setting_names(Settings))
    assert set(re.findall(r"`(CALLBOT_[A-Z_]+)`", README)) <= known


def test_every_command_is_in_the_changelog_and_has_help() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert commands
    for name, command in commands.items():
        assert f"`{name}`" in changelog, name
        assert command.help, name


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_belongs_there_and_stands_in_the_architecture(room: str) -> None:
    says = (ROOT / "callbot" / room / "__init__.py").read_text(encoding="utf-8")
    assert "Belongs here:" in says
    assert "Does not belong here:" in says
    assert room in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def test_the_readme_names_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_modules_stay_small() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "callbot").rglob("*.py")}
    assert lengths
    assert {str(path): lines for path, lines in lengths.items() if lines > 400} == {}
