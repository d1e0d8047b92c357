"""Who speaks in the address benchmark, where their clips are kept, and what happens without a voice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from callbot.speech.codec import milliseconds
from callbot.speech.voice import VoiceUnavailableError
from callbot.speech.voice_light import LightVoice
from tests.bench.addresses.mbrola import MbrolaVoice, fetch_mbrola
from tests.bench.addresses.recording import Wanted, clip, clip_path, record
from tests.bench.addresses.voices import SPEAKERS, Split, speaker, speakers

BOT = LightVoice().name
DEV_LIGHT = next(each.name for each in speakers(Split.DEV) if each.name.startswith("pico"))
NATURAL = next(each.name for each in SPEAKERS if each.name.startswith("kokoro"))


def test_nobody_speaks_in_both_splits() -> None:
    assert len({each.name for each in SPEAKERS}) == len(SPEAKERS)
    bodies = [{each.name.rsplit("-pace")[0] for each in speakers(split)} for split in Split]
    assert not bodies[0] & bodies[1]


def test_there_are_enough_of_each_kind() -> None:
    assert len(speakers(Split.TEST, hard=False)) == 4
    assert len(speakers(Split.DEV, hard=False)) >= 4
    assert len(speakers(Split.TEST, hard=True)) >= 5
    assert len(speakers(Split.DEV, hard=True)) >= 2


def test_the_voice_of_the_bot_is_the_only_one_of_its_kind_in_the_test() -> None:
    assert [each.name for each in speakers(Split.TEST) if each.name.startswith("pico")] == [BOT]


def test_a_speaker_has_the_name_of_its_voice(tmp_path: Path) -> None:
    for name in (BOT, DEV_LIGHT):
        assert speaker(name).make(tmp_path).name == name


def test_clips_are_kept_by_voice_and_text_and_not_made_again(tmp_path: Path) -> None:
    wanted = [Wanted(BOT, "douze rue des Lilas"), Wanted(DEV_LIGHT, "douze rue des Lilas"), Wanted(BOT, "à Bron")]
    assert record(wanted, tmp_path, processes=1) == frozenset()
    sounds = {clip(each.speaker, each.text, tmp_path) for each in wanted}
    assert len(sounds) == 3
    assert all(milliseconds(sound) > 300 for sound in sounds)

    kept = clip_path(BOT, "à Bron", tmp_path)
    kept.write_bytes(b"kept")
    assert record(wanted, tmp_path, processes=1) == frozenset()
    assert clip(BOT, "à Bron", tmp_path) == b"kept"


def test_no_text_is_in_a_file_name(tmp_path: Path) -> None:
    path = clip_path(BOT, "Lilas", tmp_path)
    assert path.parent.name == BOT
    assert "ilas" not in path.name


def test_a_speaker_that_is_not_on_the_machine_is_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    left_out = record([Wanted(NATURAL, "à Bron"), Wanted(BOT, "à Bron")], tmp_path, processes=1)
    assert left_out == {NATURAL}
    assert f"{NATURAL} is left out: " in capfd.readouterr().err
    assert clip(BOT, "à Bron", tmp_path)
    with pytest.raises(FileNotFoundError):
        clip(NATURAL, "à Bron", tmp_path)


def test_without_apt_the_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda program: None)
    with pytest.raises(VoiceUnavailableError, match="apt-get is not on this machine"):
        fetch_mbrola(tmp_path / "mbrola")


def test_when_apt_fails_its_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("apt-get", "dpkg-deb"):
        (programs / name).write_text("#!/bin/sh\necho 'E: no network' >&2\nexit 100\n", encoding="ascii")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    with pytest.raises(VoiceUnavailableError, match="E: no network"):
        fetch_mbrola(tmp_path / "mbrola")


def test_an_mbrola_voice_that_was_not_fetched_says_so(tmp_path: Path) -> None:
    with pytest.raises(VoiceUnavailableError, match="fr1 is not on this machine"):
        MbrolaVoice(tmp_path, "fr1")
