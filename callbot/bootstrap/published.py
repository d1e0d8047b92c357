"""The knowledge base as it is published: what every service and every command that tells of the service reads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from callbot.editing.content import Version
from callbot.knowledge import KnowledgeBase, KnowledgeError, load_knowledge
from callbot.settings import Settings
from callbot.storage import Storage, StorageAwayError
from callbot.storage.published import published_version

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Published:
    """``number`` of the version laid over the delivered files, 0 for these alone; ``problem``: why it is these alone
    though it ought not to be, "" where it is not so."""

    knowledge: KnowledgeBase
    number: int = 0
    problem: str = ""


def published_knowledge(settings: Settings) -> Published:
    """The base in force, read without keys and without making a database. Blocking.

    Where the database does not answer, or the version and a new delivery do not fit together any more, the delivered
    files, and the problem told. Raises ``KnowledgeError`` where these are broken.
    """
    try:
        version = published_version(settings.storage_url)
    except StorageAwayError as error:
        return Published(load_knowledge(settings.knowledge_dir), problem=str(error))
    return laid_over(settings.knowledge_dir, version)


async def knowledge_in_force(settings: Settings, storage: Storage) -> KnowledgeBase:
    """The knowledge base alone, by a database that is open; as ``published_knowledge``."""
    version = await storage.content.current()
    return (await asyncio.to_thread(laid_over, settings.knowledge_dir, version)).knowledge


def laid_over(folder: Path, version: Version | None) -> Published:
    """``version`` over the delivered files, or these alone where it does not load; blocking."""
    if version is None:
        return Published(load_knowledge(folder))
    try:
        return Published(load_knowledge(folder, version.files), version.number)
    except KnowledgeError as error:
        log.error("knowledge_version_does_not_load", number=version.number, problems=len(error.problems))
        problem = f"version {version.number} does not fit the delivered files ({error.problems[0]})"
        return Published(load_knowledge(folder), problem=problem)
