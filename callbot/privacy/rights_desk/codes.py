"""Who somebody is, without collecting more: a code sent to the number that the request is about.

Whoever asks sees the same whether the number is known, has an SMS, or had too many codes: nothing is looked up, and
nothing tells. Six digits, ten minutes, three tries a code, three codes a number and a day: nine guesses of a million.
All numbers together get sixty codes an hour, so that nobody sends messages to the whole town through this door.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from callbot.domain.data_rights import Came, DataRight, Identity
from callbot.domain.personal import Personal, PhoneNumber
from callbot.privacy.rights_desk.intake import Intake
from callbot.privacy.rights_desk.ports import (
    ONCE,
    DataRequest,
    Hashes,
    NewRequest,
    OpensRightsWork,
    RightsWork,
    SentCode,
)
from callbot.privacy.rights_desk.words import code_text

DIGITS = 6
LIFE = timedelta(minutes=10)
MOST_TRIES = 3
OF_NUMBER_A_DAY, OF_ALL_AN_HOUR = 3, 60
COPY_OPEN = timedelta(minutes=10)
"""how long the copy can be fetched after the code was right"""
COPIES = 4
"""how often, at least: to read, then as a file, and again; making one takes the service a while"""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A code was right. ``access`` opens the copy for some minutes; of an access request only."""

    request: DataRequest
    access: str = field(default="", repr=False)


def random_code() -> str:
    """Six digits nobody can guess."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


@dataclass(frozen=True, slots=True)
class Codes:
    """Use case: codes by SMS."""

    opens: OpensRightsWork
    intake: Intake
    hashes: Hashes
    code: Callable[[], str] = random_code

    async def ask(self, phone: PhoneNumber, right: DataRight, details: Personal | None = None) -> str:
        """Send a code to ``phone``; what the page holds until the code comes back, whether or not one was sent."""
        handle = secrets.token_urlsafe(18)
        async with self.opens.writing() as work:
            await self._send(work, handle, phone, right=right, details=details)
        return handle

    async def redeem(self, handle: str, code: str) -> Redeemed | None:
        """The request, identified and written down, for the right code; None for any other."""
        access = secrets.token_urlsafe(18)
        async with self.opens.writing() as work:
            sent = await self._tried(work, self._id(handle), code)
        if sent is None or sent.right is None:
            return None
        now = self.intake.now()
        async with self.opens.writing() as work:
            if not await work.use_code(sent.id, now, self.hashes(f"access|{access}"), now + COPY_OPEN):
                return None
            new = NewRequest(sent.id, sent.right, Came.PAGE, sent.phone, details=sent.details, identity=Identity.CODE)
            request = await self.intake.take_down(work, new)
        return Redeemed(request, access if sent.right is DataRight.ACCESS else "")

    async def send_for(self, work: RightsWork, request: DataRequest) -> bool:
        """A code for a request that an officer looks at; False where none may be sent."""
        if request.phone is None:
            return False
        return await self._send(work, secrets.token_urlsafe(18), request.phone, request_id=request.id)

    async def said(self, work: RightsWork, request: DataRequest, code: str) -> bool:
        """True when the person told the officer the last code that was sent for this request."""
        sent = await work.latest_code(request.id)
        if sent is None or await self._tried(work, sent.id, code) is None:
            return False
        now = self.intake.now()
        return await work.use_code(sent.id, now, self.hashes(f"access|{secrets.token_urlsafe(18)}"), now)

    async def number_of(self, access: str) -> PhoneNumber | None:
        """Whose copy ``access`` opens now."""
        async with self.opens.writing() as work:
            sent = await work.accessed(self.hashes(f"access|{access}"), self.intake.now(), MOST_TRIES + COPIES)
        return sent.phone if sent else None

    async def _send(
        self,
        work: RightsWork,
        handle: str,
        phone: PhoneNumber,
        *,
        right: DataRight | None = None,
        details: Personal | None = None,
        request_id: str | None = None,
    ) -> bool:
        now = self.intake.now()
        await work.lock("codes")
        of_number = await work.codes_since(now - timedelta(days=1), phone)
        of_all = await work.codes_since(now - timedelta(hours=1))
        if not phone.is_french_mobile or of_number >= OF_NUMBER_A_DAY or of_all >= OF_ALL_AN_HOUR:
            return False
        code, code_id = self.code(), self._id(handle)
        sent = SentCode(
            code_id, self._hash(code_id, code), phone, now, now + LIFE, right=right, details=details,
            request_id=request_id,
        )  # fmt: skip
        await work.add_code(sent)
        text = code_text(code, round(LIFE.total_seconds() / 60))
        return await work.sms(f"{ONCE}code:{code_id[:32]}", phone, text, not_after=now + LIFE)

    async def _tried(self, work: RightsWork, code_id: str, code: str) -> SentCode | None:
        sent = await work.try_code(code_id, self.intake.now(), MOST_TRIES)
        if sent is None or not hmac.compare_digest(sent.code_hash, self._hash(code_id, code)):
            return None
        return sent

    def _id(self, handle: str) -> str:
        return self.hashes(f"handle|{handle}")

    def _hash(self, code_id: str, code: str) -> str:
        return self.hashes(f"code|{code_id}|{code}")
