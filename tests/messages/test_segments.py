"""No message takes more SMS than is allowed for it, not even about the longest booking there can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callbot.bootstrap.bookings import notice_writer
from callbot.domain.gsm7 import BASIC, EXTENDED
from callbot.domain.notices import Notice
from callbot.gazetteer.communes import communes
from callbot.knowledge import load_knowledge
from callbot.messages import sms_segments
from callbot.messages.segments import (
    LONGEST_STREET,
    MOST_SEGMENTS,
    Segments,
    longest_booking,
    longest_rules,
    segments,
)
from callbot.settings import Server, Settings

KNOWLEDGE = load_knowledge(Path(__file__).parents[2] / "knowledge_base")
NAMES = [commune.name for commune in communes()]
LONGEST_HOST = "https://rendez-vous-encombrants.metropole.exemple.fr"[:45]
SAMPLE_STREETS = ("Boulevard de la Libération - Général de Monsabert", "Corniche du Président John Fitzgerald Kennedy")
"""the two longest streets of the sample of the national address base"""


def table(public_url: str) -> dict[Notice, Segments]:
    writer = notice_writer(Settings(server=Server(public_url=public_url)), KNOWLEDGE)
    rows = segments(writer, KNOWLEDGE.catalogue, KNOWLEDGE.territories, NAMES)
    return {row.notice: row for row in rows}


@pytest.mark.parametrize("public_url", ["", LONGEST_HOST], ids=["no page", "longest page"])
@pytest.mark.parametrize("notice", list(Notice))
def test_the_longest_booking_takes_no_more_than_is_allowed(notice: Notice, public_url: str) -> None:
    row = table(public_url)[notice]
    assert 1 <= row.usual <= row.longest <= MOST_SEGMENTS[notice] == row.most
    assert row.kept


def test_nothing_is_allowed_that_no_message_needs() -> None:
    assert {notice: row.longest for notice, row in table(LONGEST_HOST).items()} == dict(MOST_SEGMENTS)


def test_in_every_commune_it_is_an_ordinary_sms() -> None:
    rules = longest_rules(KNOWLEDGE.territories)
    writer = notice_writer(Settings(server=Server(public_url=LONGEST_HOST)), KNOWLEDGE)
    for commune in NAMES:
        booking = longest_booking(KNOWLEDGE.catalogue, rules, [commune])
        text = writer.sms(Notice.CONFIRMATION, booking, rules, "k3J9sQ2_xY7-bN4aW8cD")
        assert (BASIC | EXTENDED).issuperset(text), commune
        assert sms_segments(text) <= MOST_SEGMENTS[Notice.CONFIRMATION], commune


@pytest.mark.parametrize("street", SAMPLE_STREETS)
def test_real_streets_are_shorter_than_the_invented_one(street: str) -> None:
    rules = longest_rules(KNOWLEDGE.territories)
    longest = longest_booking(KNOWLEDGE.catalogue, rules, NAMES)
    writer = notice_writer(Settings(), KNOWLEDGE)
    real = replace(longest, address=replace(longest.address, street=street))
    texts = [writer.sms(Notice.CONFIRMATION, each, rules, "") for each in (real, longest)]
    assert len(texts[0]) < len(texts[1])
    assert len(LONGEST_STREET) == 60


@pytest.mark.parametrize("name", ["call_back", "stopped", "started"])
def test_what_is_not_about_a_booking_is_one_sms(name: str) -> None:
    longest = {"date": "mercredi 23 septembre", "first": "14 h 30", "last": "16 h 30"}
    assert sms_segments(KNOWLEDGE.messages[name].render(longest)) == 1


def test_a_text_that_grew_is_told() -> None:
    assert not Segments(Notice.MISSED, 1, 3, 400, 2).kept
