"""Blind indexes: equal for equal values, moved from key to key without the value, of no use without the key."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.privacy import KeyProblemError, KeyRing
from callbot.privacy.index_keys import INDEX_KEY_BYTES, PLAIN, Indexed, IndexKeys, new_index_key, tag_of
from callbot.privacy.keys import new_key

ONE, TWO, THREE = new_index_key(), new_index_key(), new_index_key()
INNER = st.binary(min_size=32, max_size=32).map(bytes.hex)


@settings(max_examples=25)
@given(INNER)
def test_an_index_moves_through_keys_as_if_it_had_always_been_under_the_last(inner: str) -> None:
    first = IndexKeys({PLAIN: b"", "one": ONE}, PLAIN)
    second = IndexKeys({"one": ONE, "two": TWO}, "one")
    third = IndexKeys({"two": TWO, "three": THREE}, "two")
    one = first.moved(str(first.index(inner)), "one")
    two = second.moved(one, "two")
    three = third.moved(two, "three")
    assert one == second.index(inner) == first.index(inner).before
    assert two == third.index(inner) == second.index(inner).before
    assert three == IndexKeys({"three": THREE}, "three").index(inner)
    assert third.moved(three, "three") == three
    assert len({inner, one, two, three}) == 4
    assert max(map(len, (one, two, three))) <= 64


@settings(max_examples=25)
@given(INNER, INNER)
def test_equal_indexes_stand_for_equal_values(inner: str, other: str) -> None:
    keys = IndexKeys({"one": ONE}, "one")
    assert (keys.index(inner) == keys.index(other)) == (inner == other)
    assert keys.index(inner).before == keys.index(inner)


@pytest.mark.parametrize(
    ("keys", "active"),
    [
        ({}, "one"),
        ({"one": ONE}, "two"),
        ({"one": ONE[:-1]}, "one"),
        ({"one": bytes(INDEX_KEY_BYTES)}, "one"),
        ({"one": b"\xff" * INDEX_KEY_BYTES}, "one"),
        ({PLAIN: ONE}, PLAIN),
        ({"one": ONE, "two": TWO, "three": THREE}, "one"),
    ],
)
def test_keys_that_cannot_be_are_refused(keys: dict[str, bytes], active: str) -> None:
    with pytest.raises(ValueError, match="index keys"):
        IndexKeys(keys, active)


@pytest.mark.parametrize("value", ["", tag_of("two") + "A" * 43, tag_of("lost") + "A" * 43])
def test_an_index_under_a_key_that_is_gone_is_not_moved(value: str) -> None:
    with pytest.raises(ValueError, match="not here"):
        IndexKeys({"one": ONE, "three": THREE}, "one").moved(value, "three")


def test_a_ring_follows_its_index_keys_and_keeps_its_signature() -> None:
    sealing, inner = new_key(), new_key()
    ring = KeyRing({"a": sealing}, "a", inner)
    plain, verifying, name = ring.index("x"), ring.verifying_key, ring.inner("x")
    assert plain == plain.before == name
    assert ring.follow(KeyRing({"a": sealing}, "a", inner, IndexKeys({PLAIN: b"", "one": ONE}, "one")))
    assert (ring.index("x") != plain, ring.index("x").before) == (True, plain)
    assert (ring.verifying_key, ring.inner("x")) == (verifying, name)
    assert isinstance(ring.index("x"), Indexed)
    assert copy.deepcopy(ring.index("x")).before == ring.index("x").before
    with pytest.raises(KeyProblemError, match="inner index key"):
        ring.follow(KeyRing({"a": sealing}, "a", new_key()))
