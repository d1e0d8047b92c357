"""Requests come in: once each, with their deadline, joined to the one that waits already."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from callbot.domain.data_rights import DataRight, DataWish, RequestState, deadline
from callbot.privacy.rights_desk.ports import DataRequest, NewRequest, Now, OpensRightsWork, RightsWork
from callbot.privacy.rights_desk.words import received_text
from callbot.settings import LOCAL_ZONE

PERSON = "the person"
"""who is named in the journal where somebody did it for themselves"""


@dataclass(frozen=True, slots=True)
class Intake:
    """``holidays``: public ones, for the deadline. ``page``: where people identify themselves, empty for nowhere."""

    now: Now
    holidays: Collection[date]
    page: str = ""

    async def take_down(self, work: RightsWork, new: NewRequest, who: str = PERSON) -> DataRequest:
        """Write it down inside ``work``; the request as it stands.

        The same source is the same request. A number that asks for the same right again while it waits is answered
        once: a person who shows by a code who they are identifies the request they made by telephone.
        """
        await work.lock(new.source)
        if new.phone:
            await work.lock(f"requests of {new.phone.reveal()}")
        known = await work.of_source(new.source)
        if known:
            return known
        for waiting in await work.open_of(new.phone) if new.phone else ():
            if waiting.right is new.right and new.right is not DataRight.RECTIFICATION:
                return await self._identified(work, waiting, new, who)
        request = self._request(new)
        await work.add(request)
        await work.note(who, request.id, f"{new.right}: {request.state}")
        return request

    async def say_so(self, work: RightsWork, request: DataRequest) -> None:
        """Tell by SMS what is owed and until when, where an SMS arrives."""
        if request.phone and request.phone.is_french_mobile:
            text = received_text(request.right, request.id, request.due_on, self.page)
            await work.sms(f"rights:received:{request.id}", request.phone, text)

    async def _identified(self, work: RightsWork, waiting: DataRequest, new: NewRequest, who: str) -> DataRequest:
        if new.identity is None or waiting.state is not RequestState.RECEIVED:
            return waiting
        known = replace(
            waiting, state=RequestState.IDENTIFIED, identity=new.identity, identified_at=self.now(),
            details=waiting.details or new.details,
        )  # fmt: skip
        await work.save(known)
        await work.note(who, known.id, f"{known.right}: {waiting.state} -> {known.state}, by {new.identity}")
        return replace(known, version=known.version + 1)

    def _request(self, new: NewRequest) -> DataRequest:
        at = self.now()
        today = at.astimezone(LOCAL_ZONE).date()
        return DataRequest(
            id=f"D-{today:%Y%m%d}-{secrets.token_hex(3)}",
            source=new.source,
            right=new.right,
            channel=new.channel,
            state=RequestState.IDENTIFIED if new.identity else RequestState.RECEIVED,
            received_at=at,
            due_on=deadline(today, self.holidays).day,
            phone=new.phone,
            call_id=new.call_id,
            details=new.details,
            identity=new.identity,
            identified_at=at if new.identity else None,
        )


@dataclass(frozen=True, slots=True)
class FromCalls:
    """Requests made in a conversation; conforms to ``booking.ports.TakesDataWishes``."""

    opens: OpensRightsWork
    intake: Intake

    async def take(self, call_id: str, wish: DataWish) -> None:
        """Write it down, the same right of a conversation once, and tell so by SMS where one arrives."""
        new = NewRequest(of_call(call_id, wish.right), wish.right, wish.came, wish.phone, call_id)
        async with self.opens.writing() as work:
            await self.intake.say_so(work, await self.intake.take_down(work, new))


def of_call(call_id: str, right: DataRight) -> str:
    """The source of a request made in a conversation: one a right."""
    return hashlib.sha256(f"call|{call_id}|{right}".encode()).hexdigest()
