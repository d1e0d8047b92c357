"""Which sound goes with an address to the search: that in which its street was said, while the street is in doubt."""

from __future__ import annotations

import pytest

from callbot.calls.conversation import Conversation, Conversations
from callbot.dialogue.acts import ChannelAct
from callbot.domain.events import CallerSpoke
from tests.calls.test_conversation import WHOLE_CALL, Fakes, say
from tests.dialogue.world import MOBILE, candidate


async def say_aloud(conversation: Conversation, *texts: str) -> list[ChannelAct]:
    """``say`` with a sound behind each text, named like it."""
    acts: list[ChannelAct] = []
    for text in texts:
        acts = await conversation.handle(CallerSpoke(text, (text, f"{text} ou non")), f"sound of {text}")
    return acts


def sounds(fakes: Fakes) -> list[object]:
    """What was listened to in each search."""
    return [sound and sound.sound for sound in fakes.listened_to]


async def test_the_sound_of_the_street_goes_to_the_search_with_its_readings(
    conversations: Conversations, fakes: Fakes
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, *WHOLE_CALL[:3])
    assert sounds(fakes) == ["sound of douze rue de rome"]
    assert fakes.listened_to[0] is not None
    assert fakes.listened_to[0].texts == ("douze rue de rome", "douze rue de rome", "douze rue de rome ou non")


@pytest.mark.parametrize(("turns_between", "remembered"), [(0, True), (2, True), (3, False)])
async def test_the_street_is_heard_again_when_the_commune_comes_later_within_four_turns(
    conversations: Conversations, fakes: Fakes, turns_between: int, remembered: bool
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    again = ("un canapé et deux matelas",) * turns_between
    await say_aloud(conversation, "un canapé et deux matelas", "douze rue de rome", *again, "dans le sixième")
    assert [heard.street_heard for heard in fakes.looked_for] == ["rue de rome"]
    assert sounds(fakes) == ["sound of douze rue de rome" if remembered else None]


async def test_words_without_a_sound_are_searched_without(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, *WHOLE_CALL[:3])
    assert sounds(fakes) == [None]


async def test_a_recalled_street_was_not_said_in_this_call(conversations: Conversations, fakes: Fakes) -> None:
    fakes.earlier = candidate().address
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, "un canapé et deux matelas", "oui", "le douze")
    assert [heard.street_heard for heard in fakes.looked_for] == ["Rue de Rome"]
    assert sounds(fakes) == [None]


async def test_a_corrected_number_keeps_the_street_that_was_read_back(
    conversations: Conversations, fakes: Fakes
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, *WHOLE_CALL[:3], "non le vingt-deux")
    assert [(heard.number, heard.street_heard) for heard in fakes.looked_for] == [
        (12, "rue de rome"),
        (22, "Rue de Rome"),
    ]
    assert sounds(fakes) == ["sound of douze rue de rome", None]


async def test_a_street_the_caller_agreed_to_is_not_heard_again(conversations: Conversations, fakes: Fakes) -> None:
    """The right number of a street read back: its name was said as the base writes it, but it is sure now."""
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, *WHOLE_CALL[:2], "12 Rue de Rome", "non le vingt-deux")
    assert [heard.street_heard for heard in fakes.looked_for] == ["Rue de Rome", "Rue de Rome"]
    assert sounds(fakes) == ["sound of 12 Rue de Rome", None]
    assert conversation.state.where.street_sure == "Rue de Rome"


async def test_a_street_said_anew_is_heard_again_though_one_was_sure(
    conversations: Conversations, fakes: Fakes
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, *WHOLE_CALL[:3], "non le vingt-deux", "douze rue de rhum")
    assert sounds(fakes)[-1] == "sound of douze rue de rhum"


async def test_curly_apostrophes_and_wide_spaces_of_the_ears_do_not_hide_the_sound(
    conversations: Conversations, fakes: Fakes
) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    said = "au 3  rue de l’Arbre"
    await say_aloud(conversation, *WHOLE_CALL[:2], said)
    assert [heard.street_heard for heard in fakes.looked_for] == ["rue de l'Arbre"]
    assert sounds(fakes) == [f"sound of {said}"]


async def test_the_latest_of_two_sounds_with_the_street_is_taken(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say(conversation, "un canapé et deux matelas")
    for sound in ("first", "second"):
        await conversation.handle(CallerSpoke("douze rue de rome"), sound)
    await say(conversation, "dans le sixième")
    assert sounds(fakes) == ["second"]


async def test_a_sound_is_in_no_event(conversations: Conversations, fakes: Fakes) -> None:
    conversation = await conversations.open("CA1")
    await conversation.begin(MOBILE)
    await say_aloud(conversation, *WHOLE_CALL[:3])
    assert "sound of" not in repr((fakes.stored, conversation.state, fakes.listened_to))
