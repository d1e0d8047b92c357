"""The version of the knowledge base in force: taken over by a running service, without a restart and without a cut.

Calls going on keep what they began with; new ones, and every page, have the new version.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import structlog
from fastapi import FastAPI

from callbot.bootstrap.bookings import stop_answers
from callbot.bootstrap.chores import booking_chores, chore
from callbot.bootstrap.facts import Facts, load_facts, questions_of
from callbot.bootstrap.published import knowledge_in_force
from callbot.calls.conversation import Conversations, Services
from callbot.calls.summaries import Summaries
from callbot.domain.clock import Clock
from callbot.domain.events import CallBackKept, HandOverReason, PeopleChecked
from callbot.domain.opening import hours_in_words
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.editing.content import Version
from callbot.knowledge import KnowledgeError, load_knowledge
from callbot.messages.stop import StopAnswer
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.understanding import Understander

NEWS_EVERY_S = 5.0
"""how often a running service asks whether there is another version"""

log = structlog.get_logger(__name__)


def facts_in_force(settings: Settings, version: Version | None) -> Facts:
    """The facts with the published version over the delivered files. Blocking, a few seconds.

    Where a new delivery and the version do not fit together any more, the delivered files alone: a service that
    answers by them is better than none. Raises ``KnowledgeError`` where these are broken.
    """
    if version is not None:
        try:
            return load_facts(settings, version.files)
        except KnowledgeError as error:
            log.error("knowledge_version_does_not_load", number=version.number, problems=len(error.problems))
    return load_facts(settings)


@asynccontextmanager
async def chores_in_force(settings: Settings, storage: Storage, clock: Clock) -> AsyncIterator[None]:
    """What is done for bookings without anybody asking, by the version in force: begun anew when there is another."""
    number = await storage.content.number()
    async with AsyncExitStack() as chores:

        async def begin() -> None:
            knowledge = await knowledge_in_force(settings, storage)
            await chores.aclose()
            await chores.enter_async_context(booking_chores(settings, knowledge, storage, clock))

        async def look() -> None:
            nonlocal number
            if (now := await storage.content.number()) != number:
                await begin()
                number = now

        await begin()
        async with chore("knowledge", look, NEWS_EVERY_S):
            yield


def renewed(settings: Settings, facts: Facts, version: Version | None) -> Facts:
    """The same facts with another version of the knowledge base. Blocking."""
    knowledge = load_knowledge(settings.knowledge_dir, version.files if version else {})
    communes = tuple(facts.gazetteer.communes)
    understander = Understander(knowledge.catalogue, communes, questions_of(knowledge))
    return replace(facts, knowledge=knowledge, understander=understander)


class InForce:
    """What the phone line asks beside the conversations, answered by the version in force."""

    def __init__(self, settings: Settings, facts: Facts, services: Services, storage: Storage) -> None:
        self._settings = settings
        self.facts = facts
        self.services = services
        self._log = storage.events

    async def summary(self, call_id: str) -> str:
        """See ``Summaries``."""
        return await Summaries(self._log, self.services.world).summary(call_id)

    def to_stop(self, message: str, word: str) -> StopAnswer | None:
        """See ``StopAnswers``."""
        return stop_answers(self._settings, self.facts.knowledge).to_stop(message, word)

    def to_start(self, message: str, word: str) -> StopAnswer | None:
        """See ``StopAnswers``."""
        return stop_answers(self._settings, self.facts.knowledge).to_start(message, word)

    def people_hours(self) -> str:
        """When people answer, in words."""
        return hours_in_words(self.facts.knowledge.opening_hours.by_weekday)

    async def check(self) -> PeopleChecked:
        """See ``PeopleDesk``."""
        return await self.services.people.check()

    async def call_back(self, call_id: str, phone: PhoneNumber, reason: HandOverReason, window: Window) -> CallBackKept:
        """See ``PeopleDesk``."""
        return await self.services.people.call_back(call_id, phone, reason, window)


Rebuilt = tuple[Services, FastAPI]


@dataclass(frozen=True, slots=True)
class Shared:
    """What outlives every version."""

    settings: Settings
    storage: Storage
    clock: Clock
    conversations: Conversations


class Living:
    """Looks for news and rebuilds what rests on the facts. ``rebuilt`` (blocking): the services and the application
    around other facts; ``app``: the one that is served, whose routes are exchanged."""

    def __init__(
        self, shared: Shared, in_force: InForce, number: int, app: FastAPI, rebuilt: Callable[[Facts], Rebuilt]
    ) -> None:
        self._settings, self._storage, self._clock = shared.settings, shared.storage, shared.clock
        self._conversations = shared.conversations
        self._in_force = in_force
        self._app = app
        self._rebuilt = rebuilt
        self._chores = AsyncExitStack()
        self._one_at_a_time = asyncio.Lock()
        self.number = number

    async def start(self) -> None:
        """What is done without anybody asking begins."""
        await self._chores.enter_async_context(
            booking_chores(self._settings, self._in_force.facts.knowledge, self._storage, self._clock)
        )

    async def aclose(self) -> None:
        """It ends."""
        await self._chores.aclose()

    async def look(self) -> bool:
        """Take over another version where there is one; True where it was."""
        async with self._one_at_a_time:
            if await self._storage.content.number() == self.number:
                return False
            return await self._take_over(await self._storage.content.current())

    async def _take_over(self, version: Version | None) -> bool:
        number = version.number if version else 0
        try:
            facts = await asyncio.to_thread(renewed, self._settings, self._in_force.facts, version)
            services, app = await asyncio.to_thread(self._rebuilt, facts)
        except KnowledgeError as error:
            # Files of another delivery than those it was published over: what is in force here stays in force.
            log.error("knowledge_version_does_not_load", number=number, problems=len(error.problems))
            self.number = number
            return False
        facts.sectors.knowledge = facts.knowledge
        # One assignment: a request has the old pages or the new ones, never a mixture.
        self._conversations.use(services)
        self._in_force.facts, self._in_force.services = facts, services
        self._app.router.routes = app.router.routes
        await self._chores.aclose()
        await self.start()
        self.number = number
        log.info("knowledge_taken_over", number=number, hash=facts.knowledge.version[:12])
        return True
