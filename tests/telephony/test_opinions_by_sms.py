"""An answer by SMS to the question how the pickup was, beside the conversations that go on by SMS."""

from __future__ import annotations

import pytest

from callbot.domain.personal import PhoneNumber
from tests.telephony.test_sms_incoming import echoes, text
from tests.telephony.turn_bench import CALLER, Bench


class Asked:
    """One number was asked, and may answer once."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.open = True

    async def rate(self, phone: PhoneNumber, rating: int) -> bool:
        if not self.open or phone != PhoneNumber(CALLER):
            return False
        self.open = False
        self.answers.append(rating)
        return True


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def bench(asked: Asked) -> Bench:
    return Bench(echoes, opinions=asked)


@pytest.mark.parametrize(("body", "rating"), [("1", 1), ("2", 2), ("Non.", 3)])
async def test_an_answer_is_kept_and_begins_no_conversation(bench: Bench, asked: Asked, body: str, rating: int) -> None:
    assert await text(bench, body) == ["Merci, votre réponse est notée."]
    assert asked.answers == [rating]
    assert bench.log.stored == {}


async def test_in_a_conversation_that_goes_on_a_one_is_its_answer(bench: Bench, asked: Asked) -> None:
    await text(bench, "un canapé")
    assert await text(bench, "1") == ["J'ai lu : 1 ?"]
    assert asked.answers == []
    await text(bench, "merci")
    assert await text(bench, "1") == ["Merci, votre réponse est notée."]
    assert asked.answers == [1]


@pytest.mark.parametrize("body", ["un matelas", "12", "oui merci"])
async def test_anything_else_is_a_message_like_any_other(bench: Bench, asked: Asked, body: str) -> None:
    assert len(await text(bench, body)) == 1
    assert (asked.answers, len(bench.log.stored)) == ([], 1)


async def test_who_was_not_asked_writes_as_before(bench: Bench, asked: Asked) -> None:
    asked.open = False
    assert "J'ai lu : 1 ?" in (await text(bench, "1"))[0]


async def test_nobody_answers_where_nobody_is_asked() -> None:
    assert "J'ai lu : 1 ?" in (await text(Bench(echoes), "1"))[0]
