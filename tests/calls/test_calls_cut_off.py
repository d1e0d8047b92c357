"""Who is cut off and rings again: what was told goes on, unless it was about something else than a new booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from callbot.calls.conversation import Conversations, Services
from callbot.dialogue.acts import Act, Say
from callbot.domain.bookings import Booking
from callbot.domain.events import BookingsFound, CallerSpoke, EarlierCallFound, EndReason
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Intent, Meaning
from callbot.domain.personal import PhoneNumber
from tests.calls.test_conversation import MEANINGS, Fakes
from tests.dialogue.world import MOBILE, SOFA, TWO_ITEMS, WORLD, booking


@dataclass
class OneCallBefore(Fakes):
    """A number whose call ``CA1`` ended a moment ago."""

    booked: tuple[Booking, ...] = ()

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        return "CA1" if but != "CA1" else None

    async def find_bookings(self, caller: PhoneNumber | None, references: tuple[str, ...]) -> BookingsFound:
        return BookingsFound(self.booked)


async def rung_again_after(fakes: OneCallBefore, *words: str) -> list[Act]:
    conversations = Conversations(Services(WORLD, fakes, fakes, fakes, fakes, fakes, fakes, fakes))
    first = await conversations.open("CA1")
    await first.begin(MOBILE)
    for text in words:
        await first.handle(CallerSpoke(text))
    await first.close(EndReason.CALLER_HUNG_UP)
    second = await conversations.open("CA2")
    return [act.act for act in await second.begin(MOBILE) if isinstance(act, Say)]


async def test_a_booking_that_was_cut_off_is_gone_on_with() -> None:
    fakes = OneCallBefore()
    assert Act.OFFER_CONTINUE in await rung_again_after(fakes, "un canapé et deux matelas")
    assert EarlierCallFound(TWO_ITEMS) in fakes.stored["CA2"]


@pytest.mark.parametrize("intent", [Intent.AMEND, Intent.FLY_TIP, Intent.STATUS])
async def test_what_a_call_about_something_else_named_is_no_new_booking(
    intent: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MEANINGS, "une demande", Meaning(intent=intent, items=(ItemLine(SOFA, 1),)))
    assert Act.OFFER_CONTINUE not in await rung_again_after(OneCallBefore(booked=(booking(),)), "une demande")
