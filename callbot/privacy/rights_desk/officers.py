"""The officers' desk: every move of a request, each journaled with it, each refused to who comes second."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from callbot.domain.data_rights import (
    MOVES,
    Came,
    DataRight,
    Deadline,
    Identity,
    RequestState,
    Urgency,
    deadline,
    may_extend,
)
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy.rights import Certificate, Export, Rights, Subject
from callbot.privacy.rights_desk.codes import Codes
from callbot.privacy.rights_desk.intake import PERSON
from callbot.privacy.rights_desk.ports import (
    ONCE,
    DataRequest,
    NewRequest,
    OpensRightsWork,
    ReadsRequests,
    RightsWork,
)
from callbot.privacy.rights_desk.words import answered_text, extended_text, refused_text
from callbot.settings import LOCAL_ZONE

LEAST_REASON, LONGEST_REASON = 10, 300
"""characters of a reason that a person is told"""
CLOSED_SHOWN = 100
_LIMITS = frozenset({DataRight.LIMITATION, DataRight.OBJECTION})


class UnknownRequestError(Exception):
    """There is no request of this number."""


class NotAllowedError(Exception):
    """The request does not stand where this can be done."""


class MovedMeanwhileError(Exception):
    """Somebody else changed it since it was looked at: look again."""


class ReasonMissingError(Exception):
    """The person is told why, and nothing was written."""


class NoNumberError(Exception):
    """Nobody knows yet which number it is about."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A request with how near its deadline is."""

    request: DataRequest
    urgency: Urgency
    may_extend: bool = False


@dataclass(frozen=True, slots=True)
class OfficersDesk:
    """Use case: what officers do. ``forget_files`` removes what is kept in files of the calls of an erased person."""

    opens: OpensRightsWork
    codes: Codes
    rights: Rights
    forget_files: Callable[[Sequence[str]], Awaitable[None]]

    async def open_ones(self) -> list[Listed]:
        """What is owed, the nearest deadline first."""
        async with self.opens.reading() as reads:
            return [self._listed(request) for request in await reads.open_ones()]

    async def closed_ones(self) -> list[Listed]:
        """What ended, the last first."""
        async with self.opens.reading() as reads:
            return [self._listed(request) for request in await reads.closed_ones(CLOSED_SHOWN)]

    async def show(self, request_id: str) -> Listed:
        """One request; raises ``UnknownRequestError``."""
        async with self.opens.reading() as reads:
            return self._listed(await _get(reads, request_id))

    async def limited(self, phone: PhoneNumber) -> DataRight | None:
        """Whether data of this number is not used."""
        async with self.opens.reading() as reads:
            return await reads.limited(phone)

    async def write_down(self, right: DataRight, phone: PhoneNumber, details: str, who: str) -> DataRequest:
        """A request that came by letter, e-mail or at a counter; the one that waits already where there is one."""
        said = Personal(details) if details else None
        new = NewRequest(secrets.token_hex(16), right, Came.LETTER, phone, details=said)
        async with self.opens.writing() as work:
            return await self.codes.intake.take_down(work, new, who)

    async def called_back(self, request_id: str, who: str, phone: PhoneNumber | None = None) -> DataRequest:
        """The officer rang the number and spoke to the person; ``phone``: of a request that came without one."""
        async with self._moving(request_id) as (work, request):
            number = request.phone or phone
            if number is None:
                raise NoNumberError
            return await self._identify(work, replace(request, phone=number), Identity.CALL_BACK, who)

    async def send_code(self, request_id: str, who: str) -> bool:
        """A code to the number of a request; False where none may be sent: no mobile, STOP, too many."""
        async with self._moving(request_id) as (work, request):
            if request.state is not RequestState.RECEIVED:
                raise NotAllowedError
            sent = await self.codes.send_for(work, request)
            if sent:
                await work.note(who, request.id, "code sent")
            return sent

    async def check_code(self, request_id: str, code: str, who: str) -> bool:
        """True, and the request identified, where the person told the code; a wrong one counts."""
        async with self._moving(request_id) as (work, request):
            if request.state is not RequestState.RECEIVED:
                raise NotAllowedError
            right = await self.codes.said(work, request, code)
            if right:
                await self._identify(work, request, Identity.CODE, who)
            return right

    async def look(self, request_id: str, who: str) -> DataRequest:
        """The number and the words of a request, journaled before they are shown."""
        async with self._moving(request_id) as (work, request):
            await work.note(who, request.id, "number and words shown")
            return request

    async def take(self, request_id: str, who: str) -> DataRequest:
        """``who`` works on it from now on, alone."""
        async with self._moving(request_id) as (work, request):
            return await self._move(work, replace(request, taken_by=who), RequestState.TAKEN, who)

    async def extend(self, request_id: str, reason: str, who: str) -> DataRequest:
        """Three months instead of one, once, within the first; the person is told why by SMS (art. 12(3))."""
        async with self._moving(request_id) as (work, request):
            if not self._may_extend(request):
                raise NotAllowedError
            told = _reason(reason)
            longer = deadline(request.received_on, self.codes.intake.holidays, extended=True)
            changed = replace(request, due_on=longer.day, extended_at=self._now(), extension=Personal(told))
            if request.phone and request.phone.is_french_mobile:
                text = extended_text(request.id, longer.day, told)
                await work.sms(f"rights:extended:{request.id}", request.phone, text)
            await work.note(who, request.id, f"extended to {longer.day.isoformat()}")
            return await _kept(work, changed)

    async def refuse(self, request_id: str, reason: str, who: str) -> DataRequest:
        """Nothing is done, and the person is told why and where to complain (art. 12(4))."""
        async with self._moving(request_id) as (work, request):
            told = _reason(reason)
            if request.phone and request.phone.is_french_mobile:
                text = refused_text(request.id, told)
                await work.sms(f"rights:refused:{request.id}", request.phone, text)
            return await self._move(work, replace(request, answer=Personal(told)), RequestState.REFUSED, who)

    async def withdraw(self, request_id: str, who: str) -> DataRequest:
        """The person does not want it any more."""
        async with self._moving(request_id) as (work, request):
            return await self._move(work, request, RequestState.WITHDRAWN, who)

    async def not_identified(self, request_id: str, who: str) -> DataRequest:
        """Nobody answered at the number, or it was not theirs (art. 12(2))."""
        async with self._moving(request_id) as (work, request):
            return await self._move(work, request, RequestState.NOT_IDENTIFIED, who)

    async def answer(self, request_id: str, who: str) -> DataRequest:
        """Do what is asked, where a machine does it, and close: erasure with its certificate, limits put in force.

        Only who took the request answers it. An erasure that was cut off goes on when it is asked for again.
        """
        listed = await self.show(request_id)
        request = listed.request
        if request.state is not RequestState.TAKEN or request.taken_by != who:
            raise NotAllowedError
        certificate = await self._erased(request, who) if request.right is DataRight.ERASURE else None
        async with self._moving(request_id) as (work, current):
            if current.version != request.version:
                raise MovedMeanwhileError
            return await self._answered(work, current, who, certificate)

    async def copy(self, request_id: str, who: str) -> Export:
        """The copy for an access or rectification request; journaled before it is read."""
        request = (await self.show(request_id)).request
        if request.state is not RequestState.TAKEN or request.taken_by != who:
            raise NotAllowedError
        return await self.rights.export(_subject(request), who, request.id)

    async def lift(self, request_id: str, who: str) -> bool:
        """Data of the number may be used again: the person said so (art. 18(3) where it was limited)."""
        async with self.opens.writing() as work:
            request = await _get(work, request_id)
            if request.phone is None or request.right not in _LIMITS:
                raise NotAllowedError
            lifted = await work.lift(request.phone)
            if lifted:
                await work.note(who, request.id, f"{request.right} lifted")
            return lifted

    async def own_copy(self, access: str) -> Export | None:
        """The copy for somebody whose code was right a moment ago, which answers their request; None where nothing is
        open any more."""
        phone = await self.codes.number_of(access)
        if phone is None:
            return None
        copy = await self.rights.export(Subject(phone), PERSON, "own copy, code by SMS")
        async with self.opens.writing() as work:
            for request in await work.open_of(phone):
                if request.right is DataRight.ACCESS and request.state is RequestState.IDENTIFIED:
                    await self._answered(work, request, PERSON, None, tell=False)
        return copy

    async def _answered(
        self, work: RightsWork, request: DataRequest, who: str, certificate: Certificate | None, *, tell: bool = True
    ) -> DataRequest:
        phone, number = request.phone, certificate.id if certificate else None
        if phone and request.right in _LIMITS:
            await work.limit(phone, request.right, request.id, self._now())
        if phone and phone.is_french_mobile and tell:
            key = f"{ONCE}erased:{request.id}" if certificate else f"rights:answered:{request.id}"
            await work.sms(key, phone, answered_text(request.right, request.id, number))
        done = await self._move(work, replace(request, certificate=number), RequestState.ANSWERED, who)
        if phone and certificate:
            for closed in await work.forget(phone, self._now()):
                await work.note(who, closed, "closed: the person is erased")
        return done

    async def _erased(self, request: DataRequest, who: str) -> Certificate:
        subject = _subject(request)
        found = await self.rights.find(subject)
        certificate = await self.rights.erase(subject, who, request.id)
        await self.forget_files(found.cases)
        return certificate

    async def _identify(self, work: RightsWork, request: DataRequest, how: Identity, who: str) -> DataRequest:
        known = replace(request, identity=how, identified_at=self._now())
        return await self._move(work, known, RequestState.IDENTIFIED, who)

    async def _move(self, work: RightsWork, request: DataRequest, to: RequestState, who: str) -> DataRequest:
        """``request`` with what goes with the move, written; raises ``NotAllowedError``, ``MovedMeanwhileError``."""
        if to not in MOVES[request.state]:
            raise NotAllowedError
        ended = None if to.open else self._now()
        kept = await _kept(work, replace(request, state=to, ended_at=ended))
        await work.note(who, request.id, f"{request.right}: {request.state} -> {to}")
        return kept

    @asynccontextmanager
    async def _moving(self, request_id: str) -> AsyncIterator[tuple[RightsWork, DataRequest]]:
        async with self.opens.writing() as work:
            yield work, await _get(work, request_id)

    def _listed(self, request: DataRequest) -> Listed:
        if not request.state.open:
            return Listed(request, Urgency.CLOSED)
        return Listed(request, Deadline(request.due_on).urgency(self._today()), self._may_extend(request))

    def _may_extend(self, request: DataRequest) -> bool:
        holidays, extended = self.codes.intake.holidays, request.extended_at is not None
        return may_extend(request.state, request.received_on, self._today(), holidays, extended=extended)

    def _now(self) -> datetime:
        return self.codes.intake.now()

    def _today(self) -> date:
        return self.codes.intake.now().astimezone(LOCAL_ZONE).date()


async def _get(reads: ReadsRequests, request_id: str) -> DataRequest:
    request = await reads.get(request_id)
    if request is None:
        raise UnknownRequestError
    return request


async def _kept(work: RightsWork, request: DataRequest) -> DataRequest:
    if not await work.save(request):
        raise MovedMeanwhileError
    return replace(request, version=request.version + 1)


def _reason(reason: str) -> str:
    told = " ".join(reason.split())[:LONGEST_REASON]
    if len(told) < LEAST_REASON:
        raise ReasonMissingError
    return told


def _subject(request: DataRequest) -> Subject:
    if request.phone is None:
        raise NoNumberError
    return Subject(request.phone)
