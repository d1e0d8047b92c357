"""An address that is looked up in a pause: used if the turn ends with those words, harmless otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from callbot.calls.conversation import Conversation, Conversations, Services
from callbot.calls.ports import RememberedSound
from callbot.dialogue.acts import Act, HandOver, Say
from callbot.domain.addresses import AddressCandidate
from callbot.domain.events import CallerSpoke, EndReason, HandOverReason
from callbot.domain.meaning import HeardAddress
from callbot.speech.readers import Urgency, current_claim
from tests.calls.test_conversation import Fakes, say
from tests.dialogue.world import MOBILE, WORLD, candidate

ROME, RHUM = CallerSpoke("douze rue de rome"), CallerSpoke("douze rue de rhum")


@dataclass
class Watched(Fakes):
    """Searches that wait for ``gate`` and tell how they ended."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    given_up: int = 0
    fails: bool = False

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        self.looked_for.append(heard)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if self.fails:
            raise ConnectionError("12 rue de Rome")
        return (candidate(number=heard.number),)


@pytest.fixture
def fakes() -> Watched:
    return Watched()


async def at_the_address(conversations: Conversations) -> Conversation:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, "un canapé et deux matelas", "dans le sixième")
    return conversation


@dataclass
class Urgent(Watched):
    """Notes how urgent the work of a search is, at its beginning and once it is let go."""

    urgencies: list[Urgency] = field(default_factory=list)

    async def find(
        self, heard: HeardAddress, hypotheses: Sequence[str], sound: RememberedSound | None = None
    ) -> tuple[AddressCandidate, ...]:
        claim = current_claim()
        self.urgencies.append(claim.urgency)
        found = await super().find(heard, hypotheses, sound)
        self.urgencies.append(claim.urgency)
        return found


async def let_it_begin() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_what_was_foreseen_is_looked_up_once_and_answers_the_turn(
    conversations: Conversations, fakes: Watched
) -> None:
    conversation = await at_the_address(conversations)
    stored = list(fakes.stored["CA1"])
    state = conversation.state
    conversation.foresee(ROME, "sound")
    await let_it_begin()
    assert len(fakes.looked_for) == 1
    assert (fakes.stored["CA1"], conversation.state) == (stored, state)
    fakes.gate.set()
    (asked,) = await conversation.handle(ROME, "sound")
    assert isinstance(asked, Say)
    assert asked.act is Act.CONFIRM_ADDRESS
    assert (len(fakes.looked_for), fakes.given_up) == (1, 0)


@pytest.mark.parametrize(("spoke", "sound"), [(RHUM, "sound"), (ROME, "another sound"), (ROME, None)])
async def test_a_turn_that_ends_otherwise_is_looked_up_afresh(
    conversations: Conversations, fakes: Watched, spoke: CallerSpoke, sound: object
) -> None:
    conversation = await at_the_address(conversations)
    conversation.foresee(ROME, "sound")
    await let_it_begin()
    fakes.gate.set()
    await conversation.handle(spoke, sound)
    assert len(fakes.looked_for) == 2
    assert fakes.looked_for[-1].street_heard == spoke.text.removeprefix("douze ")


async def test_a_later_pause_drops_the_search_of_an_earlier_one(conversations: Conversations, fakes: Watched) -> None:
    conversation = await at_the_address(conversations)
    for spoke, sound in ((RHUM, "half"), (ROME, "whole"), (CallerSpoke("euh"), "more")):
        conversation.foresee(spoke, sound)
        await let_it_begin()
    assert (len(fakes.looked_for), fakes.given_up) == (2, 2)


async def test_closing_drops_the_search(conversations: Conversations, fakes: Watched) -> None:
    conversation = await at_the_address(conversations)
    conversation.foresee(ROME, "sound")
    await let_it_begin()
    await conversation.close(EndReason.CALLER_HUNG_UP)
    assert fakes.given_up == 1


async def test_what_is_foreseen_lets_callers_who_wait_go_first_until_somebody_waits_for_it() -> None:
    fakes = Urgent()
    services = Services(WORLD, fakes, fakes, fakes, fakes, fakes, fakes, fakes)
    conversation = await at_the_address(Conversations(services))
    conversation.foresee(ROME, "sound")
    await let_it_begin()
    answer = asyncio.create_task(conversation.handle(ROME, "sound"))
    await let_it_begin()
    fakes.gate.set()
    await answer
    assert fakes.urgencies == [Urgency.AHEAD, Urgency.WAITING]


async def test_words_that_name_no_address_begin_nothing(conversations: Conversations, fakes: Watched) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    for text in ("un canapé et deux matelas", "oui", "  "):
        conversation.foresee(CallerSpoke(text), "sound")
    await let_it_begin()
    assert fakes.looked_for == []


async def test_a_foreseen_search_that_fails_ends_with_a_person(
    conversations: Conversations, fakes: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    conversation = await at_the_address(conversations)
    fakes.fails = True
    fakes.gate.set()
    conversation.foresee(ROME, "sound")
    await let_it_begin()
    acts = await conversation.handle(ROME, "sound")
    assert acts[-1] == HandOver(HandOverReason.TECHNICAL)
    written = capsys.readouterr()
    assert "Rome" not in written.out + written.err
