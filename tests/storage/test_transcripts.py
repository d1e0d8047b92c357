"""Masked transcripts, the words they are found by, annotations; on both databases."""

from __future__ import annotations

import asyncio
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from callbot.domain.events import CallAnswered, CallerSpoke, Ended, EndReason, Event, Prompted, Understood
from callbot.domain.meaning import Intent, Meaning
from callbot.domain.personal import Personal
from callbot.insight.figures.facts import Motive, Outcome
from callbot.privacy import CannotOpenError, KeyRing
from callbot.review.annotating import Annotating, NoCaseError
from callbot.review.annotations import ErrorKind, Expected, NewAnnotation
from callbot.review.indexing import Indexing
from callbot.review.reading import Reading, ReasonMissingError
from callbot.review.search import PAGE, Criteria, asked_stems
from callbot.review.story import FieldRef
from callbot.storage import Storage
from callbot.storage.regression_cases import SealedCases
from tests.booking.sample import PinnedClock
from tests.dialogue.world import WORLD
from tests.review.sample import ADDRESS_LINE, QUICK, SECRETS, WRONG_ADDRESS, said

PLAIN = frozenset({"marseille"})


async def log(storage: Storage, call_id: str, events: tuple[Event, ...] = WRONG_ADDRESS) -> None:
    for event in events:
        await storage.events.append(call_id, event)


def indexing(storage: Storage, clock: PinnedClock) -> Indexing:
    return Indexing(storage.events, storage.transcripts, clock, PLAIN, {"13206": "marseille"}.get, breath_s=0)


async def found(storage: Storage, after: str = "", limit: int = 50, **criteria: object) -> list[str]:
    wanted = replace(Criteria(), **criteria)  # type: ignore[arg-type]
    return [call.call_id for call in await storage.transcripts.search(wanted, limit, after)]


async def test_calls_that_are_over_are_kept_once_and_found(storage: Storage, clock: PinnedClock) -> None:
    await log(storage, "CA1")
    clock.advance(minutes=5)
    await log(storage, "CA2", QUICK)
    await log(storage, "CA3", WRONG_ADDRESS[:9])
    chore = indexing(storage, clock)
    assert await chore.sweep() == 2
    assert await chore.sweep() == 0
    assert await found(storage) == ["CA2", "CA1"]
    clock.advance(minutes=11)
    assert await chore.sweep() == 1
    assert await found(storage) == ["CA3", "CA2", "CA1"]
    await storage.events.append("CA3", Ended(EndReason.CALLER_HUNG_UP))
    assert await chore.sweep() == 1
    assert await found(storage, outcome=Outcome.ABANDONED, abandoned_at="ask_commune") == ["CA3"]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"motive": Motive.QUESTION}, ["CA2"]),
        ({"outcome": Outcome.HANDED_OVER}, ["CA1"]),
        ({"reason": "asked"}, ["CA1"]),
        ({"territory": "marseille"}, ["CA1"]),
        ({"territory": "martigues"}, []),
        ({"asked": True}, ["CA1"]),
        ({"unsure": True}, ["CA1"]),
        ({"since": date(2026, 11, 23), "until": date(2026, 11, 23)}, ["CA1"]),
        ({"since": date(2026, 11, 24)}, ["CA2"]),
        ({"words": asked_stems("un CANAPÉ")}, ["CA1"]),
        ({"words": asked_stems("frigos combien")}, ["CA2"]),
        ({"words": asked_stems("frigo canapé")}, []),
        ({"words": asked_stems("Dragon")}, []),
        ({"words": asked_stems("canapé"), "motive": Motive.QUESTION}, []),
        ({"annotated": True}, []),
    ],
)
async def test_calls_are_found_by_what_they_were(
    storage: Storage, clock: PinnedClock, criteria: dict[str, Any], expected: list[str]
) -> None:
    await log(storage, "CA1")
    clock.advance(days=1)
    await log(storage, "CA2", QUICK)
    await indexing(storage, clock).sweep()
    assert await found(storage, **criteria) == expected


async def test_pages_follow_one_another_without_gap_or_repetition(storage: Storage, clock: PinnedClock) -> None:
    for number in range(7):
        await log(storage, f"CA{number}", QUICK)
        clock.advance(seconds=number % 2)
    await indexing(storage, clock).sweep()
    for words in ((), asked_stems("frigo")):
        seen: list[str] = []
        while page := await found(storage, seen[-1] if seen else "", 3, words=words):
            seen += page
        assert len(seen) == 7
        assert sorted(seen) == [f"CA{number}" for number in range(7)]


async def test_nothing_of_a_caller_is_in_the_tables_of_the_review(storage: Storage, clock: PinnedClock) -> None:
    await log(storage, "CA1")
    await indexing(storage, clock).sweep()
    rows: list[str] = []
    async with storage._database.reading() as connection:
        for table in ("review_calls", "review_lines", "review_words"):
            rows += [str(tuple(row)) for row in await connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    everything = "\n".join(rows).casefold()
    assert "canap" in everything
    assert not [secret for secret in SECRETS if secret.casefold() in everything]


async def test_a_call_that_goes_on_is_kept_anew_and_words_that_became_personal_are_gone(
    storage: Storage, clock: PinnedClock
) -> None:
    first = (
        CallAnswered(None),
        Prompted("ask_need", 1, "Que souhaitez-vous ?"),
        said("il y a un vieux gwenole devant la porte"),
    )
    await log(storage, "CA1", first)
    clock.advance(minutes=11)
    chore = indexing(storage, clock)
    await chore.sweep()
    assert await found(storage, words=asked_stems("gwenole")) == ["CA1"]
    await log(storage, "CA1", (Understood(Meaning(name="Gwenolé")), Ended(EndReason.DONE)))
    await chore.sweep()
    assert await found(storage, words=asked_stems("gwenole")) == []
    assert await storage.transcripts.lines("CA1") == [
        "Que souhaitez-vous ?", "il y a un vieux [nom] devant la porte", "Fin : terminé normalement.",
    ]  # fmt: skip


async def test_a_call_that_cannot_be_read_hides_no_other_and_is_not_tried_for_ever(
    storage: Storage, clock: PinnedClock
) -> None:
    await log(storage, "CA1")
    await log(storage, "CA2", QUICK)
    async with storage._database.writing() as connection:
        statement = "INSERT INTO call_events (call_id, seq, at, kind, payload) VALUES ('CA1', 99, :at, 'Unheard', '{}')"
        await connection.execute(text(statement), {"at": clock.at.replace(tzinfo=None)})
    chore = indexing(storage, clock)
    assert await chore.sweep() == 2
    assert await chore.sweep() == 0
    assert await found(storage) == ["CA2"]
    assert await storage.transcripts.found("CA1") is None


async def test_what_was_kept_goes_with_the_call(storage: Storage, clock: PinnedClock) -> None:
    await log(storage, "CA1")
    await indexing(storage, clock).sweep()
    await storage.transcripts.forget(["CA1"])
    assert await storage.transcripts.lines("CA1") == []
    assert await found(storage, words=asked_stems("canapé")) == []


async def test_one_field_is_shown_for_a_reason_and_journaled_first(storage: Storage, clock: PinnedClock) -> None:
    await log(storage, "CA1")
    reading = Reading(storage.events, storage.transcripts, storage.annotations, storage.reveals, WORLD)
    with pytest.raises(ReasonMissingError):
        await reading.unmask("CA1", FieldRef(14, "candidate1", 1), "acc1", "   voir  ")
    assert await storage.reveals.entries() == []
    shown = await reading.unmask("CA1", FieldRef(14, "candidate1", 1), "acc1", "Réclamation 12 du 23 novembre")
    assert shown is not None
    assert shown.text == "Rue Dragon"
    assert "Dragon" not in repr(shown)
    (entry,) = await storage.reveals.entries()
    assert (entry.who, entry.reason) == ("acc1", "Réclamation 12 du 23 novembre")
    assert entry.what == "call CA1, event 14, candidate1 1: voie"
    for ref in (FieldRef(14, "candidate1", 2), FieldRef(5, "candidate1", 0), FieldRef(2, "text", 0)):
        assert await reading.unmask("CA1", ref, "acc1", "Réclamation 12 du 23 novembre") is None
    assert await reading.unmask("CA9", FieldRef(1, "text", 0), "acc1", "Réclamation 12 du 23 novembre") is None
    assert len(await storage.reveals.entries()) == 1


async def test_a_call_whose_words_nobody_can_open_any_more_is_as_one_that_never_was(
    storage: Storage, clock: PinnedClock
) -> None:
    await log(storage, "CA1")
    async with storage._database.writing() as connection:
        values = "('CA1', 99, :at, 'CallerSpoke', :x)"
        statement = f"INSERT INTO call_events (call_id, seq, at, kind, payload_sealed) VALUES {values}"  # noqa: S608
        await connection.execute(text(statement), {"at": clock.at.replace(tzinfo=None), "x": b"\x03old" + bytes(40)})
    reading = Reading(storage.events, storage.transcripts, storage.annotations, storage.reveals, WORLD)
    assert await reading.story("CA1") is None
    assert await reading.unmask("CA1", FieldRef(12, "text", 0), "acc1", "Réclamation 12 du 23 novembre") is None
    assert await storage.reveals.entries() == []


EXPECTED = Expected("Douze rue Dragon", "Rue Dragon", 12, "13206", (("canape", 1),), Intent.BOOK, "prix")


def annotation(call_id: str = "CA1", seq: int = ADDRESS_LINE, expected: Expected = EXPECTED) -> NewAnnotation:
    return NewAnnotation(call_id, seq, ErrorKind.ADDRESS, Personal("Entendu deux au lieu de douze"), expected, "acc1")


async def test_annotations_come_back_and_are_sealed(storage: Storage, clock: PinnedClock, tmp_path: Path) -> None:
    await log(storage, "CA1")
    annotating = Annotating(storage.events, storage.annotations, SealedCases(tmp_path, storage._keys), clock)
    number = await annotating.add(annotation())
    assert number is not None
    (back,) = await annotating.of_call("CA1")
    assert (back.number, back.seq, back.kind, back.expected, back.by) == (
        number,
        12,
        ErrorKind.ADDRESS,
        EXPECTED,
        "acc1",
    )
    assert back.note.reveal() == "Entendu deux au lieu de douze"
    assert [one.number for one in await annotating.latest()] == [number]
    assert await annotating.add(annotation(seq=999)) is None
    assert await annotating.add(annotation("CA9")) is None
    async with storage._database.reading() as connection:
        row = (await connection.execute(text("SELECT * FROM review_annotations"))).one()
    assert "Dragon" not in str(tuple(row))
    await indexing(storage, clock).sweep()
    (listed,) = await storage.transcripts.search(Criteria(annotated=True), PAGE)
    assert listed.annotations == 1


async def test_a_case_is_sealed_readable_by_its_owner_only_and_can_be_dropped(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    await log(storage, "CA1")
    cases = SealedCases(tmp_path / "regressions", storage._keys)
    annotating = Annotating(storage.events, storage.annotations, cases, clock)
    number = await annotating.add(annotation()) or 0
    assert (await annotating.make_case(number)) is not None
    (name,) = await asyncio.to_thread(cases.names)
    file = tmp_path / "regressions" / f"{name}.sealed"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert b"Dragon" not in file.read_bytes()
    written = await asyncio.to_thread(cases.read, name)
    assert "Douze rue Dragon." in written
    assert "conseiller" not in written  # said after the annotated line
    assert "639981234" not in written
    strangers = SealedCases(file.parent, KeyRing({"other": bytes(32)}, "other", bytes(32)))
    with pytest.raises(CannotOpenError):
        await asyncio.to_thread(strangers.read, name)
    (kept,) = await annotating.of_call("CA1")
    assert kept.case == name
    await annotating.drop_case(number)
    assert await asyncio.to_thread(cases.names) == ()
    assert (await annotating.of_call("CA1"))[0].case == ""


async def test_a_case_goes_with_the_call_it_came_from(storage: Storage, clock: PinnedClock, tmp_path: Path) -> None:
    await log(storage, "CA1")
    cases = SealedCases(tmp_path / "regressions", storage._keys)
    annotating = Annotating(storage.events, storage.annotations, cases, clock)
    assert await annotating.drop_orphans() == 0
    await annotating.make_case(await annotating.add(annotation()) or 0)
    await asyncio.to_thread(cases.write, "by_hand", "of somebody's own")
    assert await annotating.drop_orphans() == 0
    async with storage._database.writing() as connection:
        await connection.execute(text("DELETE FROM review_annotations"))
    assert await annotating.drop_orphans() == 1
    assert await asyncio.to_thread(cases.names) == ("by_hand",)


async def test_no_case_is_made_of_what_no_machine_can_check(
    storage: Storage, clock: PinnedClock, tmp_path: Path
) -> None:
    await log(storage, "CA1")
    annotating = Annotating(storage.events, storage.annotations, SealedCases(tmp_path, storage._keys), clock)
    vague = await annotating.add(annotation(expected=Expected(words="douze")))
    early = await annotating.add(annotation(seq=2))
    for number in (vague, early):
        with pytest.raises(NoCaseError):
            await annotating.make_case(number or 0)
    assert await annotating.make_case(999) is None


def test_a_case_has_a_plain_name(tmp_path: Path) -> None:
    cases = SealedCases(tmp_path, KeyRing({"test": bytes(32)}, "test", bytes(32)))
    for name in ("../x", "", "A", "a/b"):
        with pytest.raises(ValueError, match="small letters"):
            cases.write(name, "x")


def test_the_sample_says_its_address_where_it_says_it() -> None:
    assert isinstance(WRONG_ADDRESS[ADDRESS_LINE - 1], CallerSpoke)
