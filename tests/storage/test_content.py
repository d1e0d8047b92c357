"""Proposals and versions over both databases, checked by the loader of the real knowledge base."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from callbot.domain.events import CallAnswered, GapNoted
from callbot.editing.content import Draft, Kind, Rehearsal, Status, Trial, Version
from callbot.editing.entries import EntryDraft
from callbot.editing.publishing import Checked, NotPublished, Publishing
from callbot.knowledge import load_knowledge
from callbot.storage import Storage
from tests.booking.sample import PinnedClock

pytestmark = pytest.mark.process

FOLDER = Path(__file__).parents[2] / "knowledge_base"
HOURS = (FOLDER / "opening_hours.yaml").read_text(encoding="utf-8")
ENTRY = EntryDraft(
    id="camion_electrique",
    variants=(
        "est-ce que le camion est électrique",
        "vos camions roulent à l'électricité",
        "c'est un camion électrique",
    ),
    answer="Une partie de nos camions roule au gaz. Aucun n'est électrique pour l'instant.",
    source="Fiche d'essai",
    certainty="I",
    owner="Service d'essai",
    valid_from="2026-01-01",
)
NEW = Draft(Kind.ENTRY, ENTRY.file, ENTRY.text(), ENTRY.owner, "demandé par des appelants")


class Rehearser:
    """Says what it is told to; ``seen``: the texts it was given."""

    def __init__(self, *, passes: bool = True, breaks: bool = False) -> None:
        self.passes = passes
        self.breaks = breaks
        self.seen: list[Mapping[str, str]] = []

    async def __call__(self, files: Mapping[str, str], changed: str) -> Trial:
        self.seen.append(files)
        if self.breaks:
            raise OSError("no room on the disk")
        return Trial(self.passes, (f"{changed}: vu",))


@pytest.fixture
def rehearser() -> Rehearser:
    return Rehearser()


@pytest.fixture
def publishing(storage: Storage, clock: PinnedClock, rehearser: Rehearser) -> Publishing:
    return Publishing(storage.content, FOLDER, clock, rehearser)


async def proposed(publishing: Publishing, draft: Draft = NEW, by: str = "a.essai") -> int:
    number = await publishing.propose(draft, by)
    assert isinstance(number, int), number
    await publishing.settled()
    return number


async def test_an_entry_is_proposed_rehearsed_approved_and_in_force(
    publishing: Publishing, storage: Storage, rehearser: Rehearser
) -> None:
    number = await proposed(publishing)
    assert NEW.file in rehearser.seen[0]
    waiting = await storage.content.proposal(number)
    assert waiting is not None
    assert (waiting.rehearsal, waiting.report) == (Rehearsal.PASSED, f"{NEW.file}: vu")
    assert await publishing.approve(number, "a.essai") is NotPublished.OWN
    assert await storage.content.current() is None
    version = await publishing.approve(number, "b.essai")
    assert isinstance(version, Version)
    assert (version.number, version.proposal, dict(version.files)) == (1, number, {NEW.file: NEW.text})
    base = await asyncio.to_thread(load_knowledge, FOLDER, version.files)
    entry = base.question("camion_electrique")
    assert entry is not None
    assert (entry.answer, base.version) == (ENTRY.answer, version.hash)
    assert (await asyncio.to_thread(load_knowledge, FOLDER)).version != version.hash
    assert await publishing.approve(number, "b.essai") is NotPublished.DECIDED


@pytest.mark.parametrize(
    ("answer", "message"),
    [("Une. Deux. Trois.", "at most 2 sentences"), ("x" * 300 + ".", "at most 260 characters"), ("", "missing")],
)
async def test_what_the_loader_refuses_is_not_kept(
    publishing: Publishing, storage: Storage, answer: str, message: str
) -> None:
    text_of_it = NEW.text.replace(ENTRY.answer, answer)
    refused = await publishing.propose(Draft(Kind.ENTRY, NEW.file, text_of_it, "x", "essai"), "a.essai")
    assert isinstance(refused, Checked)
    assert message in refused.problems[0].message
    assert refused.problems[0].file == NEW.file
    assert await storage.content.proposals(9) == []


@pytest.mark.parametrize(
    "file", ["../secrets.yaml", "questions/../x.md", "README.md", "questions/É.md", "x/y.yaml", ""]
)
async def test_only_files_of_the_knowledge_base_are_proposed(publishing: Publishing, file: str) -> None:
    assert isinstance(await publishing.propose(Draft(Kind.FILE, file, NEW.text, "x", "essai"), "a"), Checked)


@pytest.mark.parametrize("breaks", [True, False])
async def test_rehearsals_that_did_not_pass_block_unless_somebody_says_why(
    publishing: Publishing, storage: Storage, rehearser: Rehearser, *, breaks: bool
) -> None:
    rehearser.passes, rehearser.breaks = False, breaks
    number = await proposed(publishing)
    assert await publishing.approve(number, "b.essai") is NotPublished.NOT_REHEARSED
    assert await publishing.approve(number, "b.essai", " non ") is NotPublished.NOT_REHEARSED
    assert isinstance(await publishing.approve(number, "b.essai", "échec connu, sans rapport"), Version)
    kept = await storage.content.proposal(number)
    assert kept is not None
    assert (kept.status, kept.override, kept.decided_by) == (
        Status.PUBLISHED, "échec connu, sans rapport", "b.essai",
    )  # fmt: skip


async def test_what_was_written_over_another_text_is_not_published(publishing: Publishing) -> None:
    first, second = (
        Draft(Kind.FILE, "opening_hours.yaml", f"{HOURS}# {one}\n", "Accueil", "essai d'horaires") for one in (1, 2)
    )
    one, two = await proposed(publishing, first), await proposed(publishing, second)
    assert isinstance(await publishing.approve(one, "b.essai"), Version)
    assert await publishing.approve(two, "b.essai") is NotPublished.OUTDATED


async def test_any_earlier_version_comes_back_with_a_reason(publishing: Publishing, storage: Storage) -> None:
    await publishing.approve(await proposed(publishing), "b.essai")
    assert await publishing.restore(0, "a.essai", "non") is NotPublished.NO_REASON
    assert await publishing.restore(7, "a.essai", "retour en arrière") is NotPublished.UNKNOWN
    back = await publishing.restore(0, "a.essai", "réponse fausse")
    assert isinstance(back, Version)
    assert (back.number, back.restores, dict(back.files)) == (2, 0, {})
    assert back.hash == (await asyncio.to_thread(load_knowledge, FOLDER)).version
    again = await publishing.restore(1, "a.essai", "elle était juste")
    assert isinstance(again, Version)
    assert (again.number, dict(again.files)) == (3, {NEW.file: NEW.text})
    assert [version.number for version in await storage.content.versions(9)] == [3, 2, 1]


async def test_of_two_who_approve_at_once_one_publishes(publishing: Publishing, storage: Storage) -> None:
    number = await proposed(publishing)
    became = await asyncio.gather(*(publishing.approve(number, who) for who in ("b.essai", "c.essai")))
    assert sum(isinstance(one, Version) for one in became) == 1
    assert await storage.content.number() == 1


async def test_who_proposed_withdraws_anybody_else_refuses(publishing: Publishing, storage: Storage) -> None:
    own, other = await proposed(publishing), await proposed(publishing)
    assert await publishing.close(own, "a.essai")
    assert await publishing.close(other, "b.essai")
    assert not await publishing.close(other, "b.essai")
    found = await storage.content.proposals(9)
    assert [each.status for each in found] == [Status.REFUSED, Status.WITHDRAWN]


async def test_a_version_is_never_edited(publishing: Publishing, storage: Storage) -> None:
    await publishing.approve(await proposed(publishing), "b.essai")
    with pytest.raises(DBAPIError, match="append-only"):
        async with storage._database.writing() as connection:
            await connection.execute(text("UPDATE knowledge_versions SET files = '{}'"))


async def test_gaps_are_read_with_where_they_were_noted(storage: Storage, clock: PinnedClock) -> None:
    await storage.events.append("CA1", CallAnswered(None))
    await storage.events.append("CA1", GapNoted(("horaires", "collecte")))
    [gap] = await storage.content.gaps(clock.now(), 9)
    assert (gap.call_id, gap.seq, gap.nearest) == ("CA1", 2, ("horaires", "collecte"))
    clock.advance(seconds=1)
    assert await storage.content.gaps(clock.now(), 9) == []
