"""Keys: what they seal, what they refuse, where they come from."""

from __future__ import annotations

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from callbot.domain.personal import PhoneNumber
from callbot.privacy import CannotOpenError, KeyProblemError, KeyRing, load_key_ring, masked_phone
from callbot.privacy.key_file import KEY_FILE
from callbot.privacy.keys import key_id_of
from callbot.settings import Privacy, Settings

OLD, NEW, INDEX = bytes(32), bytes(range(32)), bytes([7]) * 32
RING = KeyRing({"2025": OLD, "2026": NEW}, "2026", INDEX)


def b64(key: bytes) -> SecretStr:
    return SecretStr(base64.b64encode(key).decode())


def settings_with(folder: Path, privacy: Privacy | None = None) -> Settings:
    return Settings(data_dir=folder, privacy=privacy or Privacy())


@given(st.text(), st.text())
def test_what_is_sealed_opens_in_its_place(text: str, place: str) -> None:
    sealed = RING.seal(text, place)
    assert RING.open(sealed, place) == text
    assert key_id_of(sealed) == "2026"


@given(st.text(min_size=4), st.data())
def test_any_changed_byte_is_noticed(text: str, data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(text, "here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpenError):
        RING.open(bytes(sealed), "here")


@given(st.binary(max_size=60))
def test_any_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(CannotOpenError):
        RING.open(rubbish, "here")


def test_a_value_does_not_open_elsewhere() -> None:
    with pytest.raises(CannotOpenError, match=r"bookings\.phone does not open"):
        RING.open(RING.seal("secret", "bookings.phone|A"), "bookings.phone|B")


def test_two_seals_of_one_text_differ() -> None:
    assert RING.seal("same", "here") != RING.seal("same", "here")


def test_old_keys_open_and_the_active_one_seals() -> None:
    before = KeyRing({"2025": OLD}, "2025", INDEX).seal("kept", "here")
    assert RING.open(before, "here") == "kept"
    with pytest.raises(CannotOpenError, match="'2026', which is not on the ring"):
        KeyRing({"2025": OLD}, "2025", INDEX).open(RING.seal("new", "here"), "here")


def test_the_blind_index_is_stable_and_needs_its_key() -> None:
    assert RING.index("+33612345678") == KeyRing({"x": OLD}, "x", INDEX).index("+33612345678")
    assert RING.index("+33612345678") != RING.index("+33612345679")
    assert RING.index("+33612345678") != KeyRing({"x": OLD}, "x", OLD).index("+33612345678")


def test_a_key_ring_never_shows_its_keys() -> None:
    shown = repr(RING)
    assert shown == "KeyRing(active='2026', keys=2)"
    assert str(RING) == shown


@pytest.mark.parametrize(
    ("keys", "active", "index"),
    [
        ({"a": OLD}, "b", INDEX),
        ({}, "a", INDEX),
        ({"a": b"short"}, "a", INDEX),
        ({"a": OLD}, "a", b"short"),
        ({"": OLD}, "", INDEX),
        ({"a" * 256: OLD}, "a" * 256, INDEX),
    ],
)
def test_a_ring_that_cannot_work_is_refused(keys: dict[str, bytes], active: str, index: bytes) -> None:
    with pytest.raises(KeyProblemError):
        KeyRing(keys, active, index)


def test_the_embedded_set_up_makes_a_key_file_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    sealed = load_key_ring(settings_with(folder)).seal("secret", "here")
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert os.listdir(folder) == [KEY_FILE]
    assert load_key_ring(settings_with(folder)).open(sealed, "here") == "secret"


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(load_key_ring, [settings_with(tmp_path)] * 8))
    assert len({ring.index("x") for ring in rings}) == 1
    assert len({ring.active for ring in rings}) == 1


def test_a_key_file_others_can_read_is_refused(tmp_path: Path) -> None:
    load_key_ring(settings_with(tmp_path))
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(KeyProblemError, match="chmod 600"):
        load_key_ring(settings_with(tmp_path))


@pytest.mark.parametrize("content", ["", "{}", '{"active": "a", "keys": {"a": "c2VjcmV0"}, "index": "é"}', "\udcff"])
def test_a_broken_key_file_is_told_without_its_content(tmp_path: Path, content: str) -> None:
    path = tmp_path / KEY_FILE
    path.write_bytes(content.encode(errors="surrogateescape"))
    path.chmod(0o600)
    with pytest.raises(KeyProblemError) as caught:
        load_key_ring(settings_with(tmp_path))
    assert "c2VjcmV0" not in str(caught.value)


def test_configured_keys_make_no_file(tmp_path: Path) -> None:
    privacy = Privacy(keys={"2025": b64(OLD), "2026": b64(NEW)}, active_key="2026", index_key=b64(INDEX))
    ring = load_key_ring(settings_with(tmp_path, privacy))
    assert ring.open(RING.seal("secret", "here"), "here") == "secret"
    assert ring.index("x") == RING.index("x")
    assert os.listdir(tmp_path) == []


def test_the_only_configured_key_is_the_active_one(tmp_path: Path) -> None:
    privacy = Privacy(keys={"2026": b64(NEW)}, index_key=b64(INDEX))
    assert load_key_ring(settings_with(tmp_path, privacy)).active == "2026"


@pytest.mark.parametrize(
    ("privacy", "told"),
    [
        (Privacy(keys={"a": b64(OLD), "b": b64(NEW)}, index_key=b64(INDEX)), "CALLBOT_PRIVACY__ACTIVE_KEY"),
        (Privacy(keys={"a": b64(OLD)}), "CALLBOT_PRIVACY__INDEX_KEY"),
        (
            Privacy(keys={"a": SecretStr("c2VjcmV0!")}, index_key=b64(INDEX)),
            r"CALLBOT_PRIVACY__KEYS\[a\] is not base64",
        ),
        (Privacy(keys={"a": b64(OLD)}, index_key=SecretStr("é")), "INDEX_KEY is not base64"),
        (Privacy(keys={"a": b64(OLD)}, active_key="b", index_key=b64(INDEX)), "'b' is not among the keys"),
    ],
)
def test_settings_that_cannot_work_are_told(tmp_path: Path, privacy: Privacy, told: str) -> None:
    with pytest.raises(KeyProblemError, match=told) as caught:
        load_key_ring(settings_with(tmp_path, privacy))
    assert "c2VjcmV0" not in str(caught.value)


def test_the_key_file_can_hold_older_keys(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    keys = {"2025": b64(OLD).get_secret_value(), "2026": b64(NEW).get_secret_value()}
    path.write_text(json.dumps({"active": "2026", "keys": keys, "index": b64(INDEX).get_secret_value()}))
    path.chmod(0o600)
    before = KeyRing({"2025": OLD}, "2025", INDEX).seal("kept", "here")
    assert load_key_ring(settings_with(tmp_path)).open(before, "here") == "kept"


@pytest.mark.parametrize(
    ("number", "masked"), [("+33612345678", "** ** ** ** 78"), ("+262692123456", "*** 56"), ("+331", "** ** ** ** 31")]
)
def test_a_masked_number_keeps_two_digits(number: str, masked: str) -> None:
    assert masked_phone(PhoneNumber(number)) == masked
