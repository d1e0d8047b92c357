"""A name by words: the caller's sentences through the real reading of them, to the booking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from callbot.calls.conversation import Conversation, Conversations, Services
from callbot.calls.readings import best_reading
from callbot.dialogue.acts import Act, ChannelAct, Say
from callbot.domain.bookings import BookingDraft
from callbot.domain.events import Booked, BookingFailed, CallerSpoke
from callbot.domain.items import Catalogue
from callbot.domain.meaning import Expectation, Meaning
from callbot.understanding import Understander
from tests.calls.test_conversation import WHOLE_CALL, Fakes
from tests.dialogue.world import CATALOGUE, FIRST, MOBILE, WORLD

TO_NAME = WHOLE_CALL[:6]


@dataclass
class Named(Fakes):
    """The words about the name are really read, the rest of the call is known by heart."""

    reader: Understander = field(default_factory=lambda: Understander(Catalogue({}), ()))
    drafts: list[BookingDraft] = field(default_factory=list)

    def understand(self, text: str, expect: Expectation, **known: object) -> Meaning:
        meaning = super().understand(text, expect, today=FIRST)
        return meaning if meaning != Meaning() else self.reader.understand(text, expect, today=FIRST)

    async def book(self, draft: BookingDraft) -> Booked | BookingFailed:
        self.drafts.append(draft)
        return await super().book(draft)


@pytest.fixture(scope="module")
def reader() -> Understander:
    ready = Understander(CATALOGUE, tuple(WORLD.communes.values()))
    ready.warm()
    return ready


async def say(conversation: Conversation, *hypotheses: str) -> Say:
    acts: list[ChannelAct] = await conversation.handle(CallerSpoke(hypotheses[0], hypotheses))
    return next(act for act in acts if isinstance(act, Say))


async def asked_for_a_name(reader: Understander) -> tuple[Conversation, Named]:
    fakes = Named(reader=reader)
    asking = replace(WORLD, asks_name=True)
    conversation = await Conversations(Services(asking, fakes, fakes, fakes, fakes, fakes, fakes, fakes)).open("CA1")
    await conversation.begin(MOBILE)
    for text in TO_NAME:
        last = await say(conversation, text)
    assert last.act is Act.ASK_NAME
    return conversation, fakes


def name_of(fakes: Named) -> str | None:
    name = fakes.drafts[0].name
    return name.reveal() if name else None


async def test_a_name_is_said_read_back_and_booked(reader: Understander) -> None:
    conversation, fakes = await asked_for_a_name(reader)
    assert "Martinez." in (await say(conversation, "Madame Martinez, avec un Z.")).text
    assert (await say(conversation, "oui")).act is Act.RECAP
    await say(conversation, "oui")
    assert name_of(fakes) == "Martinez"


async def test_a_name_misheard_is_spelled_and_booked(reader: Understander) -> None:
    conversation, fakes = await asked_for_a_name(reader)
    assert "Loupé" in (await say(conversation, "Loupé.")).text
    assert (await say(conversation, "Non, ce n'est pas ça.")).act is Act.ASK_NAME_SPELLED
    read_back = await say(conversation, "L comme Louis, O comme Oscar, T comme Pierre, E comme Eugène, Z comme Zoé.")
    assert read_back.act is Act.CONFIRM_NAME
    assert "Lopez, L comme Louis, O comme Oscar, P comme Pierre, E comme Eugène, Z comme Zoé." in read_back.text
    await say(conversation, "oui")
    await say(conversation, "oui")
    assert name_of(fakes) == "Lopez"


async def test_a_name_is_spelled_in_the_same_breath_as_the_no(reader: Understander) -> None:
    conversation, _ = await asked_for_a_name(reader)
    await say(conversation, "Loupé.")
    assert "L comme Louis, O comme Oscar, P" in (await say(conversation, "Non, L-O-P-E-Z.")).text


@pytest.mark.parametrize("refusal", ["Je préfère ne pas donner mon nom.", "Non.", "Nom.", "Non merci.", "Sans nom."])
async def test_who_keeps_the_name_books_without_it(reader: Understander, refusal: str) -> None:
    conversation, fakes = await asked_for_a_name(reader)
    recap = await say(conversation, refusal)
    assert recap.act is Act.RECAP
    assert "votre référence suffit" in recap.text
    await say(conversation, "oui")
    assert name_of(fakes) is None


async def test_letters_that_are_misread_give_way_to_a_reading_that_makes_a_frequent_name(reader: Understander) -> None:
    conversation, _ = await asked_for_a_name(reader)
    assert "Boyer," in (await say(conversation, "B O P E R R.", "B O Y E R.")).text


@pytest.mark.parametrize(
    ("hypotheses", "name"),
    [
        (("X O L O T", "D U P O N T"), "Dupont"),
        (("D U R A N D", "D U P O N T"), "Durand"),
        (("X O L O T", "Z O L O T"), "Xolot"),
        (("Xolot", "D U P O N T"), "Xolot"),
    ],
)
def test_the_reading_of_a_spelled_name(reader: Understander, hypotheses: tuple[str, ...], name: str) -> None:
    def meaning_of(text: str) -> Meaning:
        return reader.understand(text, Expectation.NAME, today=FIRST)

    assert best_reading(hypotheses[0], hypotheses, Expectation.NAME, meaning_of).meaning.name == name
