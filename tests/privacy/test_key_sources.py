"""Keys from a file, a command or the settings; rotated in the file step by step; weak ones are told."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from callbot.privacy import KeyProblemError, KeyRing, load_key_ring
from callbot.privacy.key_file import activate_key, add_key, destroy_key, read_or_make
from callbot.privacy.key_sources import key_source, unfit_for_the_public
from callbot.privacy.keys import new_key, signature_fits
from callbot.settings import Privacy, Settings


def settings_with(folder: Path, **privacy: object) -> Settings:
    return Settings(data_dir=folder, privacy=Privacy(**privacy))


def b64(key: bytes) -> str:
    return base64.b64encode(key).decode()


def test_a_key_is_added_seals_and_is_destroyed_under_a_ring_in_use(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    old = read_or_make(path)
    running = old.ring()
    sealed = running.seal("texte", "place")
    added = add_key(path, 100.0)
    assert add_key(path, 200.0) == added
    assert read_or_make(path).coming_at == pytest.approx(100.0)
    assert running.follow(read_or_make(path).ring())
    assert running.active == old.active
    assert activate_key(path) == added
    assert running.open(KeyRing(read_or_make(path).keys, added, old.index).seal("neuf", "place"), "place") == "neuf"
    assert running.follow(read_or_make(path).ring())
    assert running.active == added
    assert running.open(sealed, "place") == "texte"
    for in_use in (added, "nobody"):
        with pytest.raises(KeyProblemError, match="out of use"):
            destroy_key(path, in_use)
    destroy_key(path, old.active)
    assert set(read_or_make(path).keys) == {added}
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyProblemError, match="no key was added"):
        activate_key(path)
    assert list(tmp_path.iterdir()) == [path]


def test_another_index_key_is_never_followed(tmp_path: Path) -> None:
    ring = read_or_make(tmp_path / "keys.json").ring()
    with pytest.raises(KeyProblemError, match="never rotated"):
        ring.follow(read_or_make(tmp_path / "other.json").ring())


def test_a_command_gives_the_keys(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    kept = read_or_make(path)
    settings = settings_with(tmp_path / "data", key_command=f"{sys.executable} -c 'print(open(\"{path}\").read())'")
    assert load_key_ring(settings).open(kept.ring().seal("texte", "ici"), "ici") == "texte"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["false", "no-such-program-of-ours", "echo secret-of-the-vault", "'"])
def test_a_command_that_fails_is_told_without_what_it_said(tmp_path: Path, command: str) -> None:
    with pytest.raises(KeyProblemError) as told:
        load_key_ring(settings_with(tmp_path, key_command=command))
    assert "KEY_COMMAND" in str(told.value)
    assert "secret-of-the-vault" not in str(told.value)
    assert told.value.__cause__ is None


def test_keys_come_from_one_place(tmp_path: Path) -> None:
    both = settings_with(tmp_path, key_command="true", key_file=tmp_path / "keys.json")
    with pytest.raises(KeyProblemError, match="one place"):
        key_source(both)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (bytes(32), "repeats"),
        (b"\x01\x02" * 16, "repeats"),
        (bytes(range(7, 39)), "counted up"),
        (bytes(range(64, 32, -1)), "counted up"),
        (b"correct horse battery staple, 12", "is a text"),
    ],
)
def test_weak_keys_are_told_by_their_name_only(key: bytes, why: str) -> None:
    for ring in (KeyRing({"a": key}, "a", new_key()), KeyRing({"a": new_key()}, "a", key)):
        [told] = ring.weaknesses
        assert why in told
        assert b64(key) not in told
        assert repr(key) not in told


def test_random_keys_are_not_weak_and_the_same_key_twice_is() -> None:
    assert all(KeyRing({"a": new_key()}, "a", new_key()).weaknesses == () for _ in range(200))
    twice = new_key()
    assert KeyRing({"a": twice}, "a", twice).weaknesses == ("key 'a' and the index key are the same",)


def test_the_key_file_of_the_data_folder_is_not_for_the_public_and_one_elsewhere_is(tmp_path: Path) -> None:
    embedded = settings_with(tmp_path)
    [told] = unfit_for_the_public(embedded, load_key_ring(embedded))
    assert "CALLBOT_PRIVACY__KEY_FILE" in told
    apart = settings_with(tmp_path, key_file=tmp_path / "elsewhere" / "keys.json")
    assert unfit_for_the_public(apart, load_key_ring(apart)) == ()
    weak = settings_with(tmp_path, keys={"a": SecretStr(b64(bytes(32)))}, index_key=SecretStr(b64(new_key())))
    assert unfit_for_the_public(weak, load_key_ring(weak)) != ()


def test_anybody_checks_a_signature_and_no_other_text_has_it() -> None:
    ring, other = (KeyRing({"a": new_key()}, "a", new_key()) for _ in range(2))
    text = json.dumps({"removed": 3})
    assert signature_fits(ring.verifying_key, text, ring.sign(text))
    assert not signature_fits(ring.verifying_key, text + " ", ring.sign(text))
    assert not signature_fits(other.verifying_key, text, ring.sign(text))
    assert not signature_fits(ring.verifying_key, text, "not hexadecimal")
