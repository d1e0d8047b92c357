"""What an SMS says, and how many it is billed as."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.bootstrap.bookings import notice_writer
from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus, NotConform
from callbot.domain.gsm7 import BASIC, EXTENDED, plain
from callbot.domain.items import ItemLine
from callbot.domain.notices import PLACES, Notice
from callbot.domain.people import Window
from callbot.domain.personal import PhoneNumber
from callbot.knowledge import load_knowledge
from callbot.messages import BookingTexts, CallBackSms, ConsoleSender, sms_segments
from callbot.messages.texts import TemplateError, written_day, written_time
from callbot.settings import LOCAL_ZONE, Server, Settings
from tests.booking.sample import (
    CALL_BACK_TEMPLATE,
    CATALOGUE,
    MOBILE,
    TEMPLATES,
    TERRITORY,
    PinnedClock,
    address,
)

BOOKING = Booking(
    "AC4KR",
    BookingStatus.BOOKED,
    date(2026, 12, 1),
    "centre",
    address(),
    (ItemLine("matelas", 2), ItemLine("frigo", 1)),
    MOBILE,
    Author.BOT,
    datetime(2026, 11, 23, tzinfo=UTC),
)


LINK = "k3J9sQ2_xY7-bN4aW8cD"


KNOWLEDGE = Path(__file__).parents[2] / "knowledge_base"
_real = cache(load_knowledge)
REASONS = {why: f"raison {number}" for number, why in enumerate(NotConform)}


def real_writer(public_url: str = "") -> BookingTexts:
    """As ``bootstrap`` makes it."""
    return notice_writer(Settings(server=Server(public_url=public_url)), _real(KNOWLEDGE))


def written(writer: BookingTexts, notice: Notice, booking: Booking = BOOKING) -> str:
    return writer.sms(notice, booking, TERRITORY, LINK)


def test_the_confirmation_tells_all_that_matters() -> None:
    assert written(BookingTexts(TEMPLATES, CATALOGUE), Notice.CONFIRMATION) == (
        "Encombrants : deux matelas, un frigo, le mardi 1er décembre, 12 bis Rue de Rome, 13006 Marseille 6e. "
        "Référence AC4KR. Sortez vos objets la veille après vingt heures."
    )


def test_without_a_put_out_rule_nothing_is_invented() -> None:
    writer = BookingTexts(TEMPLATES | {"confirmation": "{reference} {date} {put_out}"}, CATALOGUE)
    text = writer.sms(Notice.CONFIRMATION, BOOKING, replace(TERRITORY, put_out=None), LINK)
    assert text == "AC4KR mardi 1er décembre"


def test_each_message_about_a_booking_has_its_own_words() -> None:
    writer = BookingTexts(TEMPLATES, CATALOGUE)
    assert written(writer, Notice.CONFIRMATION, BOOKING).startswith("Encombrants : deux matelas, un frigo")
    assert (
        written(writer, Notice.AMENDMENT, BOOKING) == "Changé : AC4KR, deux matelas, un frigo, le mardi 1er décembre."
    )
    assert written(writer, Notice.CANCELLATION, BOOKING) == "Annulé : AC4KR du mardi 1er décembre."


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_each_template_is_checked_when_the_service_starts(name: str) -> None:
    with pytest.raises(TemplateError):
        BookingTexts(TEMPLATES | {name: "sans référence"}, CATALOGUE)


@pytest.mark.parametrize("template", ["Rappel le {date} entre {first}.", CALL_BACK_TEMPLATE + " {reference}", ""])
def test_a_call_back_names_its_day_and_both_ends(template: str) -> None:
    with pytest.raises(TemplateError):
        CallBackSms(template)


def test_a_call_back_is_promised_in_local_time() -> None:
    window = Window(datetime(2026, 12, 1, 8, tzinfo=LOCAL_ZONE), datetime(2026, 12, 1, 9, 30, tzinfo=LOCAL_ZONE))
    assert CallBackSms(CALL_BACK_TEMPLATE).call_back(window) == "Rappel le mardi 1er décembre entre 8 h et 9 h 30."


@pytest.mark.parametrize(
    ("at", "written"), [(time(0), "0 h"), (time(8), "8 h"), (time(16, 30), "16 h 30"), (time(9, 5), "9 h 05")]
)
def test_times_are_written_as_people_write_them(at: time, written: str) -> None:
    assert written_time(at) == written


def test_a_change_a_cancellation_and_a_call_back_each_fit_one_sms() -> None:
    """With the longest day there is, and an ordinary booking."""
    templates = {name: message.text for name, message in _real(KNOWLEDGE).messages.items()}
    long_day = replace(BOOKING, day=date(2026, 9, 23), items=(ItemLine("armoire", 1),))
    writer = real_writer()
    times = (datetime(2026, 9, 23, hour, 30, tzinfo=LOCAL_ZONE) for hour in (14, 16))
    texts = [
        written(writer, Notice.AMENDMENT, long_day),
        written(writer, Notice.CANCELLATION, long_day),
        CallBackSms(templates["call_back"]).call_back(Window(*times)),
    ]
    assert [sms_segments(text) for text in texts] == [1, 1, 1], texts


CHATEAUNEUF = StreetAddress("Rue de la Bâtisse", "13026", "Châteauneuf-les-Martigues", "13220", 4)


@pytest.mark.parametrize("day", [date(2027, 8, 11), date(2027, 2, 3), date(2026, 12, 16)])
def test_no_month_street_or_commune_takes_a_message_out_of_the_letters_of_an_sms(day: date) -> None:
    templates = {name: message.text for name, message in _real(KNOWLEDGE).messages.items()}
    booking = replace(BOOKING, day=day, address=CHATEAUNEUF, items=(ItemLine("armoire", 1),))
    writer = real_writer()
    window = Window(*(datetime.combine(day, time(hour, 30), LOCAL_ZONE) for hour in (15, 17)))
    texts = [
        written(writer, Notice.CONFIRMATION, booking),
        written(writer, Notice.AMENDMENT, booking),
        written(writer, Notice.CANCELLATION, booking),
        CallBackSms(templates["call_back"]).call_back(window),
    ]
    assert all((BASIC | EXTENDED).issuperset(text) for text in texts), texts
    assert [sms_segments(text) for text in texts] == [2, 2, 1, 1], texts
    assert "Rue de la Batisse, 13220 Chateauneuf-les-Martigues" in texts[0]


PUBLIC = "https://encombrants.ampmetropole.example"


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("public_url", ["", PUBLIC])
def test_every_notice_is_an_ordinary_sms_that_names_a_way_to_a_person(notice: Notice, public_url: str) -> None:
    knowledge = _real(KNOWLEDGE)
    territory = knowledge.territory_of("13205")
    why = NotConform.NOT_TAKEN if notice is Notice.NOT_CONFORM else None
    booking = replace(BOOKING, items=(ItemLine("armoire", 1),), not_conform=why)
    text = real_writer(public_url).sms(notice, booking, territory, LINK)
    assert (BASIC | EXTENDED).issuperset(text)
    assert sms_segments(text) <= (3 if notice is Notice.CONFIRMATION and public_url else 2), text
    assert "0800 94 94 08" in text
    assert "  " not in text
    assert "{" not in text


def test_the_link_is_named_only_where_it_can_be_reached() -> None:
    templates = TEMPLATES | {"reminder": "Demain {date}, {reference}. {link} Merci."}
    shown = BookingTexts(templates, CATALOGUE, f"{PUBLIC}/").sms(Notice.REMINDER, BOOKING, TERRITORY, LINK)
    assert shown == f"Demain mardi 1er décembre, AC4KR. Suivi : {PUBLIC}/r/{LINK} Merci."
    hidden = BookingTexts(templates, CATALOGUE).sms(Notice.REMINDER, BOOKING, TERRITORY, LINK)
    assert hidden == "Demain mardi 1er décembre, AC4KR. Merci."


@pytest.mark.parametrize("why", list(NotConform))
def test_what_was_left_there_is_told_with_its_reason(why: NotConform) -> None:
    templates = TEMPLATES | {"not_conform": "{reference}, {date} : {reason}."}
    left = replace(BOOKING, not_conform=why)
    text = BookingTexts(templates, CATALOGUE, reasons=REASONS).sms(Notice.NOT_CONFORM, left, None, LINK)
    assert text == f"AC4KR, mardi 1er décembre : {REASONS[why]}."


@pytest.mark.parametrize("why", list(NotConform))
def test_the_reasons_of_the_knowledge_base_are_told(why: NotConform) -> None:
    left = replace(BOOKING, items=(ItemLine("armoire", 1),), not_conform=why)
    text = real_writer().sms(Notice.NOT_CONFORM, left, None, LINK)
    assert plain(_real(KNOWLEDGE).reasons[why].text) in text


def test_a_reason_without_words_is_found_when_the_service_starts() -> None:
    templates = TEMPLATES | {"not_conform": "{reference}, {date} : {reason}."}
    reasons = dict(REASONS)
    del reasons[NotConform.TOO_MUCH]
    with pytest.raises(TemplateError):
        BookingTexts(templates, CATALOGUE, reasons=reasons)


ALL_PLACES = frozenset[str]().union(*PLACES.values())
FOREIGN = [(notice, place) for notice in Notice for place in sorted(ALL_PLACES - PLACES[notice])]


@pytest.mark.parametrize(("notice", "place"), FOREIGN)
def test_a_message_names_only_what_it_knows(notice: Notice, place: str) -> None:
    with pytest.raises(TemplateError):
        BookingTexts(TEMPLATES | {notice: f"{{reference}} {{date}} {{{place}}}"}, CATALOGUE, reasons=REASONS)


def test_a_reason_is_known_where_something_was_left_and_nowhere_else() -> None:
    assert [notice for notice in Notice if "reason" in PLACES[notice]] == [Notice.NOT_CONFORM]


@pytest.mark.parametrize("template", ["{reference} {date} {name}", "{date}", "{reference}", ""])
def test_a_template_that_cannot_be_filled_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        BookingTexts(TEMPLATES | {"confirmation": template}, CATALOGUE)


@pytest.mark.parametrize(
    ("day", "written"),
    [(date(2026, 12, 1), "mardi 1er décembre"), (date(2027, 8, 22), "dimanche 22 août")],
)
def test_days_are_written_as_people_write_them(day: date, written: str) -> None:
    assert written_day(day) == written


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 7, 2),
        ("é" * 160, 1),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("🛋" * 35, 1),
        ("🛋" * 36, 2),
        ("🛋" * 67, 3),
    ],
)
def test_segments_on_both_sides_of_each_limit(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


@given(st.text(), st.text())
def test_a_longer_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert 1 <= sms_segments(text) <= sms_segments(text + more)


class ShownInMemory:
    """Keeps shown SMS in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[PhoneNumber, str]] = {}

    async def add(self, key: str, to: PhoneNumber, body: str, now: datetime) -> bool:
        first = key not in self.kept
        self.kept.setdefault(key, (to, body))
        return first

    async def text_of(self, key: str) -> tuple[PhoneNumber, str] | None:
        return self.kept.get(key)


async def test_the_console_shows_the_text_and_hides_the_number() -> None:
    seen: list[tuple[str, str]] = []
    sender = ConsoleSender(ShownInMemory(), lambda number, body: seen.append((number, body)), PinnedClock())
    since = datetime(2026, 11, 23, tzinfo=UTC)
    assert await sender.find("confirmation:AC4KR", MOBILE, "Bonjour", since) is None
    assert await sender.send("confirmation:AC4KR", MOBILE, "Bonjour") == "console:confirmation:AC4KR"
    assert await sender.find("confirmation:AC4KR", MOBILE, "Bonjour", since) == "console:confirmation:AC4KR"
    await sender.send("confirmation:AC4KR", MOBILE, "Bonjour")
    assert seen == [("** ** ** ** 78", "Bonjour")]
