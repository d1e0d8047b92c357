"""Two hosts have the same call: the one that answers it last goes on, the other one stops and changes nothing."""

from __future__ import annotations

import pytest

from callbot.calls.conversation import Conversations
from callbot.calls.ports import OvertakenError
from callbot.dialogue.acts import Act, Say
from callbot.domain.events import CallAnswered, CallerSpoke, Ended, EndReason, HandedBack, NothingHeard
from tests.calls.test_conversation import Fakes, say
from tests.dialogue.world import MOBILE


@pytest.fixture
def elsewhere(conversations: Conversations) -> Conversations:
    """Another host on the same log."""
    return Conversations(conversations._services)


async def test_a_call_resumed_on_another_host_is_not_this_one_s_any_more(
    conversations: Conversations, elsewhere: Conversations, fakes: Fakes
) -> None:
    here = await conversations.open("CA1")
    await here.begin(MOBILE)
    there = await elsewhere.open("CA1")
    resumed = await there.begin(MOBILE, resumed=True)
    assert [act.act for act in resumed if isinstance(act, Say)][-1] is Act.ASK_NEED
    stored = list(fakes.stored["CA1"])
    with pytest.raises(OvertakenError):
        await here.handle(CallerSpoke("un canapé"))
    await here.close(EndReason.BROKEN_STREAM)
    assert fakes.stored["CA1"] == stored
    assert (fakes.asked_people, fakes.released) == ([], [])
    assert await say(there, "un canapé")


async def test_of_one_turn_sent_to_two_hosts_one_is_taken(
    conversations: Conversations, elsewhere: Conversations, fakes: Fakes
) -> None:
    here = await conversations.open("CA1")
    await here.begin(MOBILE)
    there = await elsewhere.open("CA1")
    await say(here, "un canapé")
    with pytest.raises(OvertakenError):
        await say(there, "un canapé")
    assert sum(isinstance(event, CallerSpoke) for event in fakes.stored["CA1"]) == 1


async def test_a_call_that_comes_back_to_a_host_goes_on_where_the_other_one_left_it(
    conversations: Conversations, elsewhere: Conversations
) -> None:
    here = await conversations.open("CA1")
    await here.begin(MOBILE)
    there = await elsewhere.open("CA1")
    await say(there, "un canapé et deux matelas")
    back = await conversations.open("CA1")
    assert back is here
    assert (back.state.items, back.state.asked) == (there.state.items, there.state.asked)
    assert await back.begin(MOBILE, resumed=True)


@pytest.mark.parametrize("noted", [HandedBack(), Ended(EndReason.CALLER_HUNG_UP)])
async def test_what_is_noted_beside_the_talk_does_not_stop_it(
    noted: HandedBack | Ended, conversations: Conversations, fakes: Fakes
) -> None:
    here = await conversations.open("CA1")
    await here.begin(MOBILE)
    fakes.stored["CA1"].append(noted)
    await here.handle(NothingHeard())
    assert fakes.stored["CA1"][-2:] == [noted, NothingHeard()]
    await here.close(EndReason.CALLER_HUNG_UP)
    ends = [event for event in fakes.stored["CA1"] if isinstance(event, Ended)]
    assert ends == [Ended(EndReason.CALLER_HUNG_UP)]


async def test_a_log_that_has_lost_events_is_no_endless_loop(conversations: Conversations, fakes: Fakes) -> None:
    here = await conversations.open("CA1")
    await here.begin(MOBILE)
    fakes.stored["CA1"] = [CallAnswered(MOBILE)]
    with pytest.raises(OvertakenError):
        await here.handle(NothingHeard())
