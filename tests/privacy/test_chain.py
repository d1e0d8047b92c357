"""The chain of the journal: any edit is found, an anchor names one state."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbot.privacy.chain import (
    CODE_LENGTH,
    START,
    Fault,
    Follower,
    Link,
    anchor_code,
    as_typed,
    broken,
    headed,
    linked,
)

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)


def digest(value: str) -> str:
    return hashlib.sha256(f"key of the test|{value}".encode()).hexdigest()


def chain(length: int) -> list[Link]:
    links: list[Link] = []
    for number in range(1, length + 1):
        previous = links[-1].hash if links else START
        links.append(linked(Link(number, AT + timedelta(minutes=number), "look", f"{number:04x}", previous), digest))
    return links


def test_an_untouched_chain_holds_and_an_empty_one_too() -> None:
    links = chain(5)
    assert broken(links, headed(5, links[-1].hash, digest), digest) == []
    assert broken([], headed(0, START, digest), digest) == []


@given(st.integers(2, 8), st.data())
def test_a_changed_a_lost_and_a_moved_entry_are_found(length: int, data: st.DataObject) -> None:
    links = chain(length)
    head = headed(length, links[-1].hash, digest)
    at = data.draw(st.integers(0, length - 2))
    changed = [*links[:at], replace(links[at], content="ffff"), *links[at + 1 :]]
    moved = [*links[:at], links[at + 1], links[at], *links[at + 2 :]]
    lost = [link for link in links if link.number != at + 1]
    assert {one.fault for one in broken(changed, head, digest)} == {Fault.CONTENT}
    assert Fault.GAP in {one.fault for one in broken(lost, head, digest)}
    assert Fault.LINK in {one.fault for one in broken(moved, head, digest)}


def test_entries_cut_off_at_the_end_are_found_and_so_is_a_chain_made_anew_without_the_key() -> None:
    links = chain(4)
    head = headed(4, links[-1].hash, digest)
    assert [one.fault for one in broken(links[:-1], head, digest)] == [Fault.HEAD]
    assert [one.fault for one in broken(links, None, digest)] == [Fault.HEAD]

    def other(value: str) -> str:
        return hashlib.sha256(value.encode()).hexdigest()

    forged = linked(Link(1, AT, "look", "00", START), other)
    assert {one.fault for one in broken([forged], headed(1, forged.hash, other), digest)} == {Fault.CONTENT, Fault.HEAD}


def test_an_anchor_is_short_is_read_from_paper_and_names_one_state() -> None:
    links = chain(4)
    code = anchor_code(3, links[2].hash)
    assert len(code) == CODE_LENGTH
    assert not set(code) & set("OILU")
    typed = "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4)).lower().replace("0", "o").replace("1", "l")
    assert as_typed(typed) == code
    head = headed(4, links[-1].hash, digest)
    follower = Follower(digest, typed)
    for link in links:
        follower.follow([link])
    assert (follower.anchored, follower.end(head)) == (3, [])
    lost = Follower(digest, code)
    lost.follow(links[:2])
    assert Fault.ANCHOR in {one.fault for one in lost.end(head)}
