"""One conversation over ports: events stored before they are answered, failures that end with a person, resumption."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from callbot.calls.conversation import Conversation, Conversations, Services
from callbot.calls.ports import RememberedSound
from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp, Say
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.bookings import BookingDraft, NotBooked
from callbot.domain.events import (
    AddressesFound,
    Booked,
    BookingFailed,
    CallAnswered,
    CallerSpoke,
    Channel,
    DateHeld,
    DatesFound,
    EarlierAddressFound,
    EarlierCallFound,
    Ended,
    EndReason,
    Event,
    HandedOver,
    HandOverReason,
    HoldRefused,
    ItemsJudged,
    NoWords,
    PartFailed,
    Prompted,
    Understood,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Meaning, YesNo
from callbot.domain.personal import PhoneNumber
from tests.calls.quiet_services import QuietServices
from tests.dialogue.world import CATALOGUE, FIRST, MOBILE, TWO_ITEMS, WORLD, candidate, dates

MEANINGS = {
    "un canapé et deux matelas": Meaning(items=TWO_ITEMS),
    "dans le sixième": Meaning(address=HeardAddress(insee="13206")),
    "douze rue de rome": Meaning(address=HeardAddress(12, None, "rue de rome")),
    "douze rue de rhum": Meaning(address=HeardAddress(12, None, "rue de rhum")),
    "12 Rue de Rome": Meaning(address=HeardAddress(12, None, "Rue de Rome")),
    "au 3  rue de l’Arbre": Meaning(address=HeardAddress(3, None, "rue de l'Arbre")),
    "le douze": Meaning(address=HeardAddress(12)),
    "non le vingt-deux": Meaning(yes_no=YesNo.NO, address=HeardAddress(22)),
    "la première": Meaning(choice=1),
    "oui": Meaning(yes_no=YesNo.YES),
    "un conseiller": Meaning(wants_human=True),
}


@dataclass
class Fakes(QuietServices):
    """Every port of a conversation, remembering what it was asked."""

    stored: dict[str, list[Event]] = field(default_factory=dict)
    asked_people: list[HandOverReason] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    searched: list[tuple[str, ...]] = field(default_factory=list)
    looked_for: list[HeardAddress] = field(default_factory=list)
    listened_to: list[RememberedSound | None] = field(default_factory=list)
    expected: list[Expectation] = field(default_factory=list)
    recalled: list[tuple[PhoneNumber, datetime]] = field(default_factory=list)
    earlier: StreetAddress | None = None
    forgetful: bool = False
    broken: bool = False
    hanging: asyncio.Event | None = None

    def understand(
        self, text: str, expect: Expectation, *, today: date, offered: Sequence[date] = (), insee: str | None = None
    ) -> Meaning:
        self.expected.append(expect)
        return MEANINGS.get(text, Meaning())

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        self.searched.append(tuple(hypotheses))
        self.looked_for.append(heard)
        self.listened_to.append(sound)
        return (candidate(number=heard.number),)

    async def last_address(self, phone: PhoneNumber, since: datetime) -> StreetAddress | None:
        self.recalled.append((phone, since))
        if self.forgetful:
            raise ConnectionError("12 rue de Rome, +33612345678")
        return self.earlier

    async def judge(self, items: tuple[ItemLine, ...], insee: str | None) -> ItemsJudged:
        if self.hanging:
            await self.hanging.wait()
        if self.broken:
            raise ConnectionError("12 rue de Rome, +33612345678")
        return ItemsJudged(tuple(CATALOGUE[line.item].ruling for line in items), 1.0)

    async def dates(
        self,
        address: StreetAddress,
        items: tuple[ItemLine, ...],
        wish: HeardDate | None,
        after: date | None,
        caller: PhoneNumber | None,
    ) -> DatesFound:
        return dates(FIRST)

    async def hold(
        self, call_id: str, address: StreetAddress, items: tuple[ItemLine, ...], day: date
    ) -> DateHeld | HoldRefused:
        return DateHeld(day, datetime(2026, 11, 21, tzinfo=UTC))

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        if not draft.readback_accepted:
            return BookingFailed(NotBooked.NOT_READ_BACK)
        return Booked("AC47K", draft.day, "Sortez-les la veille.", sms=True)

    async def release(self, call_id: str) -> None:
        self.released.append(call_id)

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        known = self.stored.setdefault(call_id, [])
        if len(known) != after:
            return False
        known.append(event)
        return True

    async def events(self, call_id: str) -> list[Event]:
        return list(self.stored.get(call_id, []))

    async def hand_over(self, call_id: str, reason: HandOverReason) -> None:
        self.asked_people.append(reason)

    def now(self) -> datetime:
        return datetime(2026, 11, 21, 10, tzinfo=UTC)


async def say(conversation: Conversation, *texts: str) -> list[ChannelAct]:
    acts: list[ChannelAct] = []
    for text in texts:
        acts = await conversation.handle(CallerSpoke(text))
    return acts


WHOLE_CALL = ("un canapé et deux matelas", "dans le sixième", "douze rue de rome", "oui", "la première", "oui", "oui")


async def test_a_whole_call_by_words(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    first = await conversation.begin(MOBILE)
    assert [act.act for act in first if isinstance(act, Say)] == [Act.NOTICE, Act.TELL_HUMAN, Act.ASK_NEED]
    last = await say(conversation, *WHOLE_CALL)
    assert last[-1] == HangUp(EndReason.DONE)
    assert any(isinstance(event, Booked) for event in fakes.stored["CA1"])


async def test_words_are_read_for_the_question_asked(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, "un canapé et deux matelas", "dans le sixième")
    assert fakes.expected == [Expectation.ANY, Expectation.COMMUNE]


async def test_every_hypothesis_gives_its_reading_of_the_street(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, "un canapé et deux matelas", "dans le sixième")
    await conversation.handle(CallerSpoke("douze rue de rhum", ("douze rue de rhum", "douze rue de rome", "rien")))
    assert fakes.searched == [("rue de rhum", "rue de rome")]


async def test_words_that_are_empty_are_no_words(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await conversation.handle(CallerSpoke("  "))
    assert isinstance(fakes.stored["CA1"][-1], NoWords)


async def test_each_event_is_stored_in_order_before_it_is_answered(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, *WHOLE_CALL[:3])
    kinds = [type(event) for event in fakes.stored["CA1"]]
    assert kinds == [
        CallAnswered, EarlierCallFound, CallerSpoke, Understood, ItemsJudged, EarlierAddressFound, CallerSpoke,
        Understood, ItemsJudged,
        CallerSpoke, Understood, AddressesFound,
    ]  # fmt: skip


async def test_a_service_that_fails_ends_with_a_person_and_names_no_one(
    conversations: Conversations, fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.broken = True
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    acts = await say(conversation, "un canapé et deux matelas")
    assert acts[-1] == HandOver(HandOverReason.TECHNICAL)
    assert any(isinstance(event, PartFailed) for event in fakes.stored["CA1"])
    assert fakes.asked_people == [HandOverReason.TECHNICAL]
    written = capsys.readouterr()
    assert "Rome" not in written.out + written.err


async def test_an_earlier_address_of_the_number_is_looked_for_within_a_year_and_asked_about(
    conversations: Conversations, fakes: Fakes
) -> None:
    fakes.earlier = candidate().address
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    asked = (await say(conversation, "un canapé et deux matelas"))[-1]
    assert isinstance(asked, Say)
    assert asked.act is Act.RECALL_ADDRESS
    assert fakes.recalled == [(MOBILE, datetime(2025, 11, 21, 10, tzinfo=UTC))]


async def test_nothing_is_looked_for_when_no_number_is_shown(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(None)
    await say(conversation, "un canapé et deux matelas")
    assert fakes.recalled == []


async def test_an_earlier_address_that_cannot_be_read_stops_no_call(
    conversations: Conversations, fakes: Fakes, capsys: pytest.CaptureFixture[str]
) -> None:
    fakes.forgetful = True
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    asked = (await say(conversation, "un canapé et deux matelas"))[-1]
    assert isinstance(asked, Say)
    assert asked.act is Act.ASK_COMMUNE
    written = capsys.readouterr()
    assert "Rome" not in written.out + written.err


async def test_a_service_that_hangs_ends_with_a_person_while_the_caller_is_there(
    conversations: Conversations, fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callbot.calls.conversation.SERVICE_LIMIT_S", 0.01)
    fakes.hanging = asyncio.Event()
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    acts = await say(conversation, "un canapé et deux matelas")
    assert acts[-1] == HandOver(HandOverReason.TECHNICAL)
    fakes.hanging.set()


async def test_a_person_is_queued_before_the_channel_hears_of_it(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    acts = await say(conversation, "un conseiller")
    assert acts[-1] == HandOver(HandOverReason.ASKED)
    assert fakes.asked_people == [HandOverReason.ASKED]
    assert isinstance(fakes.stored["CA1"][-1], HandedOver)


async def test_closing_is_noted_once_and_gives_the_place_back(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await asyncio.gather(*(conversation.close(EndReason.CALLER_HUNG_UP) for _ in range(3)))
    assert fakes.stored["CA1"].count(Ended(EndReason.CALLER_HUNG_UP)) == 1
    assert fakes.released == ["CA1"]


@pytest.mark.parametrize(
    ("ending", "queued"),
    [
        (EndReason.TOO_LONG, [HandOverReason.TOO_LONG]),
        (EndReason.FAILURE, [HandOverReason.TECHNICAL]),
        (EndReason.BROKEN_STREAM, [HandOverReason.TECHNICAL]),
        (EndReason.CALLER_HUNG_UP, []),
    ],
)
async def test_an_ending_nobody_chose_is_queued_for_a_person(
    conversations: Conversations, fakes: Fakes, ending: EndReason, queued: list[HandOverReason]
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await conversation.close(ending)
    assert fakes.asked_people == queued


async def test_a_call_handed_over_already_is_not_queued_again(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, "un conseiller")
    await conversation.close(EndReason.FAILURE)
    assert fakes.asked_people == [HandOverReason.ASKED]


async def test_an_event_is_taken_to_its_end_when_the_channel_gives_up(
    conversations: Conversations, fakes: Fakes
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    cut = asyncio.create_task(conversation.handle(CallerSpoke("un canapé et deux matelas")))
    await asyncio.sleep(0)
    cut.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cut
    await conversation.close(EndReason.CALLER_HUNG_UP)
    kinds = [type(event) for event in fakes.stored["CA1"]]
    told = [CallAnswered, EarlierCallFound, CallerSpoke, Understood, ItemsJudged, EarlierAddressFound, Ended]
    assert kinds == told


async def test_a_call_goes_on_where_its_events_end(fakes: Fakes) -> None:
    services = Services(WORLD, fakes, fakes, fakes, fakes, fakes, fakes, fakes)
    before = await Conversations(services).open("CA1")
    await before.begin(MOBILE)
    await before.handle(Prompted(Act.NOTICE, 1, "Bonjour."))
    await say(before, *WHOLE_CALL[:4])
    after = await Conversations(services).open("CA1")
    assert after.state == before.state
    acts = await after.begin(MOBILE, resumed=True)
    assert [act.act for act in acts if isinstance(act, Say)] == [Act.RESUME, Act.OFFER_DATES]


async def test_a_live_conversation_is_shared(conversations: Conversations) -> None:
    one, other = await conversations.open("CA1"), await conversations.open("CA1")
    assert one is other
    assert await conversations.open("CA2") is not one


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.TEXT])
async def test_figures_written_alone_are_the_keys_they_stand_for(
    conversations: Conversations, fakes: Fakes, channel: Channel
) -> None:
    conversation = await conversations.open("SM1")
    await conversation.begin(None, channel)
    await say(conversation, *WHOLE_CALL[:4])
    assert conversation.state.asked_act is Act.OFFER_DATES
    await say(conversation, "1")
    assert conversation.state.when.held == FIRST
