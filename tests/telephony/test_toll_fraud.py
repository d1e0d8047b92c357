"""Nobody earns by having the service ring or write: surcharged numbers never, all others only where they asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.booking.notices import tell
from callbot.booking.ports import UnitOfWork, WritesNotices
from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.notices import MessageChannel, Notice
from callbot.domain.personal import Personal, PhoneNumber
from callbot.messages.ports import UndeliverableError
from callbot.open311.parsing import new_booking
from callbot.open311.problems import ProblemError
from callbot.telephony.forms import caller_of
from callbot.telephony.sms import TwilioSender
from callbot.understanding.phones import find_phone
from callbot.understanding.sentence import clean, words_of
from tests.booking.sample import ONE_MATTRESS, TUESDAY, PinnedClock, address
from tests.fuzzing import tries
from tests.open311.partner import FORM
from tests.telephony.test_twilio_sms import FakeTwilio, twilio
from tests.telephony.test_voice_messages import caller

__all__ = ["twilio"]

SURCHARGED = ["+33899701234", "+33810001234", "+33825001234", "+979123456789", "+881612345678", "+88213412345"]
ORDINARY = ["+33639981234", "+33491142000", "+33800949408", "+33972123456", "+262692123456", "+393311234567"]


@pytest.mark.parametrize("number", SURCHARGED)
async def test_a_surcharged_number_is_nobodys(twilio: FakeTwilio, number: str) -> None:
    assert caller_of((("From", number),)) is None
    with pytest.raises(UndeliverableError, match="surcharge"):
        await TwilioSender(twilio.settings()).send("key", PhoneNumber(number), "Bonjour.")
    with pytest.raises(UndeliverableError, match="surcharge"):
        await caller(twilio).send("reminder:voice", PhoneNumber(number), "Bonjour.")
    with pytest.raises(ProblemError):
        new_booking({name: (value,) for name, value in (FORM | {"phone": number}).items()})
    assert twilio.asked == []


@pytest.mark.parametrize("number", ORDINARY)
def test_all_others_are_whoevers_they_are(number: str) -> None:
    assert caller_of((("From", number),)) == PhoneNumber(number)
    assert not PhoneNumber(number).costs_extra


@pytest.mark.parametrize(
    "said", ["08 99 70 12 34", "zéro huit dix zéro zéro douze trente-quatre", "+44 9012345678", "08 25 00 12 34"]
)
def test_nobody_is_called_back_at_a_surcharge(said: str) -> None:
    assert find_phone(words_of(clean(said))) is None


@dataclass
class Queue:
    """Notes what would leave."""

    left: list[tuple[MessageChannel, str]] = field(default_factory=list)

    async def queue_sms(self, key: str, to: PhoneNumber, body: str, **when: datetime | None) -> bool:
        self.left.append((MessageChannel.SMS, to.reveal()))
        return True

    async def queue(self, key: str, channel: MessageChannel, to: Personal, body: str, **when: datetime | None) -> None:
        self.left.append((channel, to.reveal()))

    async def overtake(self, reference: str) -> None:
        return None


class Nothing:
    """Writes nothing, knows nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_more: ""


class Work:
    """A unit of work with one queue."""

    def __init__(self) -> None:
        self.outgoing = Queue()

    class bookings:  # noqa: N801 - stands for a property
        @staticmethod
        async def link_of(reference: str) -> str:
            return "x"


NUMBERS = st.one_of(
    st.sampled_from([*SURCHARGED, *ORDINARY]), st.from_regex(r"\+33[1-9][0-9]{8}", fullmatch=True),
    st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
)  # fmt: skip


@tries(60)
@given(NUMBERS, st.sampled_from(Notice), st.booleans())
async def test_only_french_mobiles_get_sms_and_only_landlines_that_asked_are_rung(
    number: str, notice: Notice, asked: bool
) -> None:
    work, phone = Work(), PhoneNumber(number)
    made_at = PinnedClock().now()
    booking = Booking(
        "AC47K", BookingStatus.BOOKED, TUESDAY, "centre", address(), ONE_MATTRESS, phone, Author.BOT, made_at,
        calls_wanted=asked,
    )  # fmt: skip
    await tell(cast(UnitOfWork, work), cast(WritesNotices, Nothing()), notice, booking, None, key="k")
    for channel, to in work.outgoing.left:
        assert to == number
        assert not phone.costs_extra
        match channel:
            case MessageChannel.SMS:
                assert phone.is_french_mobile
            case MessageChannel.VOICE:
                assert asked
                assert phone.is_french_landline
                assert notice is Notice.REMINDER
            case _:
                pytest.fail(f"{channel} was never asked for")
    assert bool(work.outgoing.left) is (
        phone.is_french_mobile or (asked and phone.is_french_landline and notice is Notice.REMINDER)
    )
