"""Propose, rehearse, approve, publish, go back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import structlog

from callbot.domain.clock import Clock
from callbot.editing.content import (
    LEAST_REASON,
    LONGEST_REASON,
    LONGEST_TEXT,
    Draft,
    KeepsContent,
    NewVersion,
    Proposal,
    Rehearsal,
    Rehearses,
    Status,
    Version,
    digest,
    laid_over,
)
from callbot.knowledge import (
    KnowledgeBase,
    KnowledgeError,
    Problem,
    QuestionEntry,
    is_knowledge_file,
    knowledge_texts,
    load_knowledge,
)

log = structlog.get_logger(__name__)


def _no_file(file: str) -> Problem:
    english = "expected a file of the knowledge base, and not so long"
    return Problem(file, 1, english, "il faut un fichier de la base, et moins long")


class NotPublished(StrEnum):
    """Why a proposal was not published, or a version not taken back."""

    UNKNOWN = "unknown"
    DECIDED = "decided"
    OWN = "own"
    """nobody approves what they proposed"""
    OUTDATED = "outdated"
    """the text it was written over is not in force any more"""
    NOT_REHEARSED = "not_rehearsed"
    """the rehearsals did not pass, and nobody said why that does not count"""
    BROKEN = "broken"
    """the loader refuses it over what is in force now"""
    NO_REASON = "no_reason"
    OVERTAKEN = "overtaken"
    """another version was published at the same moment"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the loader says: the base, or what is wrong. ``before``: the text in force, None for a new file."""

    base: KnowledgeBase | None
    problems: tuple[Problem, ...]
    before: str | None

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return self.base is not None


class Publishing:
    """``folder``: of the delivered knowledge base. ``rehearse`` None: nothing can be rehearsed here."""

    def __init__(self, store: KeepsContent, folder: Path, clock: Clock, rehearse: Rehearses | None = None) -> None:
        self.store = store
        self._folder = folder
        self._clock = clock
        self._rehearse = rehearse
        self._going_on: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Semaphore(1)

    async def texts(self) -> dict[str, str]:
        """Every file as it is in force, by name."""
        return laid_over(await asyncio.to_thread(knowledge_texts, self._folder), await self.store.current())

    async def fits(self) -> bool:
        """False where the version in force and the delivered files do not load together: a new delivery came."""
        current = await self.store.current()
        base, _ = await asyncio.to_thread(loaded, self._folder, current.files if current else {})
        return base is not None

    async def entry(self, question: str) -> tuple[QuestionEntry, str] | None:
        """An entry in force and the file it is written in; None where there is none of that id."""
        texts = await self.texts()
        base, _ = await asyncio.to_thread(loaded, self._folder, texts)
        found = base.question(question) if base else None
        return (found, file_of(question, texts)) if found else None

    async def check(self, file: str, text: str) -> Checked:
        """``text`` as ``file``, over what is in force, before the loader of the files."""
        before = (await self.texts()).get(file)
        if not is_knowledge_file(file) or len(text) > LONGEST_TEXT:
            return Checked(None, (_no_file(file),), before)
        current = await self.store.current()
        overlay = {**(current.files if current else {}), file: text}
        base, problems = await asyncio.to_thread(loaded, self._folder, overlay)
        return Checked(base, problems, before)

    async def propose(self, draft: Draft, by: str) -> int | Checked:
        """Keep it, its number given, and begin to rehearse it; what the loader refuses is not kept."""
        checked = await self.check(draft.file, draft.text)
        if not checked.ok:
            return checked
        number = await self.store.propose(draft, digest(checked.before), by, self._clock.now())
        self.rehearse(number)
        return number

    def rehearse(self, number: int) -> None:
        """In the background: the result is found in the proposal."""
        task = asyncio.create_task(self._rehearsed(number))
        self._going_on.add(task)
        task.add_done_callback(self._going_on.discard)

    async def settled(self) -> None:
        """Every rehearsal that goes on has ended."""
        await asyncio.gather(*self._going_on)

    async def aclose(self) -> None:
        """When the service stops: rehearsals are begun again by hand."""
        for task in self._going_on:
            task.cancel()
        await asyncio.gather(*self._going_on, return_exceptions=True)

    async def approve(self, number: int, by: str, override: str = "") -> Version | NotPublished:
        """Publish what somebody else proposed. ``override``: why rehearsals that did not pass do not count."""
        found = await self.store.proposal(number)
        if found is None:
            return NotPublished.UNKNOWN
        why = " ".join(override.split())
        if refused := _refused(found, by, why):
            return refused
        draft = found.draft
        if digest((await self.texts()).get(draft.file)) != found.base:
            return NotPublished.OUTDATED
        current = await self.store.current()
        files = {**(current.files if current else {}), draft.file: draft.text}
        return await self._publish(
            files, current, by, draft.note, proposal=number, override="" if found.rehearsal is Rehearsal.PASSED else why
        )

    async def restore(self, number: int, by: str, reason: str) -> Version | NotPublished:
        """Go back to the texts of version ``number``, 0 for the delivered files alone. One person is enough."""
        why = " ".join(reason.split())
        if not LEAST_REASON <= len(why) <= LONGEST_REASON:
            return NotPublished.NO_REASON
        wanted = await self.store.version(number) if number else None
        if number and wanted is None:
            return NotPublished.UNKNOWN
        current = await self.store.current()
        return await self._publish(wanted.files if wanted else {}, current, by, why, restores=number)

    async def close(self, number: int, by: str) -> bool:
        """Who proposed it takes it back, anybody else refuses it; False where it waits no more."""
        found = await self.store.proposal(number)
        if found is None:
            return False
        status = Status.WITHDRAWN if found.made_by == by else Status.REFUSED
        return await self.store.close(number, status, by, self._clock.now())

    async def _publish(
        self,
        files: Mapping[str, str],
        current: Version | None,
        by: str,
        reason: str,
        *,
        proposal: int | None = None,
        restores: int | None = None,
        override: str = "",
    ) -> Version | NotPublished:
        base, _ = await asyncio.to_thread(loaded, self._folder, files)
        if base is None:
            return NotPublished.BROKEN
        follows, at = current.number if current else 0, self._clock.now()
        new = NewVersion(follows, at, by, reason, files, base.version, proposal, restores, override)
        published = await self.store.publish(new)
        if published is not None:
            log.info("knowledge_published", number=published.number, hash=published.hash[:12])
        return published or NotPublished.OVERTAKEN

    async def _rehearsed(self, number: int) -> None:
        async with self._one_at_a_time:
            await self._rehearsed_now(number)

    async def _rehearsed_now(self, number: int) -> None:
        found = await self.store.proposal(number)
        if found is None or found.status is not Status.WAITING or self._rehearse is None:
            return
        await self.store.rehearsed(number, Rehearsal.RUNNING, "", self._clock.now())
        try:
            files = {**await self.texts(), found.draft.file: found.draft.text}
            trial = await self._rehearse(files, found.draft.file)
            outcome, report = (Rehearsal.PASSED if trial.passed else Rehearsal.FAILED), "\n".join(trial.lines)
        except Exception as failure:  # noqa: BLE001 - whatever breaks a rehearsal, its result says that it broke
            log.warning("rehearsal_broken", proposal=number, kind=type(failure).__name__)
            outcome, report = Rehearsal.BROKEN, type(failure).__name__
        await self.store.rehearsed(number, outcome, report, self._clock.now())


def loaded(folder: Path, overlay: Mapping[str, str]) -> tuple[KnowledgeBase | None, tuple[Problem, ...]]:
    """The knowledge base with ``overlay`` over its files, or what is wrong with it. Blocking."""
    try:
        return load_knowledge(folder, overlay), ()
    except KnowledgeError as error:
        return None, error.problems


def file_of(question: str, texts: Mapping[str, str]) -> str:
    """The file in which an entry is written; empty where that is not found."""
    written = re.compile(rf"^(?:  {re.escape(question)}:|id: {re.escape(question)})\s*$", re.MULTILINE)
    asked = (name for name in sorted(texts) if name.startswith("questions/"))
    return next((name for name in asked if written.search(texts[name])), "")


def _refused(found: Proposal, by: str, override: str) -> NotPublished | None:
    if found.status is not Status.WAITING:
        return NotPublished.DECIDED
    if found.made_by == by:
        return NotPublished.OWN
    if found.rehearsal is not Rehearsal.PASSED and not LEAST_REASON <= len(override) <= LONGEST_REASON:
        return NotPublished.NOT_REHEARSED
    return None
