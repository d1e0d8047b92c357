"""The review, wired: its pages, and the chore that keeps calls ready to be found."""

from __future__ import annotations

from collections.abc import Callable

from callbot.bootstrap.facts import Facts
from callbot.dialogue.state import World
from callbot.domain.clock import Clock
from callbot.privacy import KeyRing
from callbot.privacy.patterns import plain_words
from callbot.review.annotating import Annotating
from callbot.review.indexing import Indexing
from callbot.review.reading import Reading
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases
from callbot.web.review.router import ReviewDeps
from callbot.web.staff.router import StaffDeps, staff_guard

INDEXING_EVERY_S, CASES_EVERY_S = 10.0, 3600.0


def regression_cases(settings: Settings, keys: KeyRing) -> SealedCases:
    """Where callers' words wait to be replayed."""
    return SealedCases(settings.data_dir / FOLDER, keys)


def review_deps(facts: Facts, storage: Storage, world: World, staff: StaffDeps, cases: SealedCases) -> ReviewDeps:
    """What the pages of the review need."""
    knowledge = facts.knowledge

    async def name(account: str) -> str:
        async with storage.staff.reading() as reads:
            known = await reads.of_id(account)
        return known.account.name.reveal() if known else ""

    return ReviewDeps(
        reading=Reading(storage.events, storage.transcripts, storage.annotations, storage.reveals, world),
        annotating=Annotating(storage.events, storage.annotations, cases, staff.clock),
        journal=storage.reveals,
        names=name,
        communes=sorted(facts.gazetteer.communes, key=lambda commune: (commune.arrondissement or 99, commune.name)),
        territories={rules.id: rules.name for rules in knowledge.territories},
        items={kind.id: kind.label for kind in sorted(knowledge.catalogue.kinds, key=lambda kind: kind.label)},
        entries=sorted(entry.id for entry in knowledge.questions),
        guard=staff_guard(staff),
        theme=staff.theme,
    )


def indexing(facts: Facts, storage: Storage, clock: Clock, busy: Callable[[], bool]) -> Indexing:
    """What keeps masked transcripts behind the calls' back; ``busy``: whether somebody is on the phone."""
    communes = [commune.name for commune in facts.gazetteer.communes]

    def territory_of(insee: str) -> str | None:
        rules = facts.knowledge.territory_of(insee)
        return rules.id if rules else None

    return Indexing(storage.events, storage.transcripts, clock, plain_words(communes), territory_of, busy=busy)
