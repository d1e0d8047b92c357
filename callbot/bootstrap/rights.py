"""The rights desk wired: requests from conversations, codes by SMS, the officers' desk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from callbot.booking.offers import PUBLIC_HOLIDAYS
from callbot.bootstrap.privacy import rights_of, utc
from callbot.domain.clock import Clock
from callbot.privacy.rights_desk import Codes, FromCalls, Intake, OfficersDesk
from callbot.settings import Settings
from callbot.storage import Storage
from callbot.storage.regression_cases import FOLDER, SealedCases
from callbot.web.rights.own import OwnDeps
from callbot.web.rights.paths import OWN
from callbot.web.rights.router import RightsDeps
from callbot.web.staff.router import StaffDeps, staff_guard


def intake_of(settings: Settings, clock: Clock) -> Intake:
    """How requests come in; the page is named where people can reach it."""
    url = settings.server.public_url.rstrip("/")
    return Intake(utc(clock), PUBLIC_HOLIDAYS, f"{url}{OWN}" if url else "")


def wishes_of(settings: Settings, storage: Storage, clock: Clock) -> FromCalls:
    """What takes requests made in a conversation."""
    return FromCalls(storage.rights, intake_of(settings, clock))


def codes_of(settings: Settings, storage: Storage, clock: Clock) -> Codes:
    """Codes by SMS."""
    return Codes(storage.rights, intake_of(settings, clock), storage.key_ring.index)


def officers_desk(settings: Settings, storage: Storage, clock: Clock) -> OfficersDesk:
    """What officers do, on their page and by command."""
    cases = SealedCases(settings.data_dir / FOLDER, storage.key_ring)

    async def forget_files(names: Sequence[str]) -> None:
        for name in names:
            await asyncio.to_thread(cases.remove, name)
        await storage.people.compact()

    codes = codes_of(settings, storage, clock)
    return OfficersDesk(storage.rights, codes, rights_of(settings, storage, clock), forget_files)


def rights_deps(settings: Settings, storage: Storage, clock: Clock, staff: StaffDeps) -> RightsDeps:
    """What the pages of the rights desk need."""
    desk = officers_desk(settings, storage, clock)

    async def name(account: str) -> str:
        async with storage.staff.reading() as reads:
            known = await reads.of_id(account)
        return known.account.name.reveal() if known else ""

    own = OwnDeps(desk.codes, desk, clock, settings.server.public_url)
    return RightsDeps(own, desk, name, staff_guard(staff), staff.theme)
