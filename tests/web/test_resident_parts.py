"""The pure parts of the page of a booking: hostile forms, places on a sketch, links, words."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.geography import Point
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress
from callbot.domain.personal import EmailAddress, Personal
from callbot.domain.territories import PutOut
from callbot.web.resident.asked import (
    LONGEST_NOTE,
    MOST_LINES,
    Wrong,
    address_of,
    day_of,
    email_of,
    items_of,
    kinds_like,
    note_of,
)
from callbot.web.resident.links import Link, expired, is_token
from callbot.web.resident.whereabouts import HEIGHT, WIDTH, from_here, offset_m, sketch
from callbot.web.resident.words import masked, put_out_times, state
from tests.booking.sample import CATALOGUE, LANDLINE, MOBILE, ONE_MATTRESS, THURSDAY, TUESDAY, address

HERE = Point(5.38, 43.29)
PLACES = st.builds(Point, st.floats(4.9, 5.9), st.floats(43.1, 43.8))
FORMS = st.dictionaries(
    st.sampled_from(["jour", "n_matelas", "n_x", "ajouter", "combien", "note", "courriel", "numero", "rue", "commune"]),
    st.one_of(st.text(max_size=40), st.integers().map(str), st.sampled_from(["matelas", "13206", "2026-11-24", "12"])),
)
BOOKING = Booking(
    "AC47K", BookingStatus.BOOKED, THURSDAY, "centre", address(), ONE_MATTRESS, MOBILE, Author.BOT, None,  # type: ignore[arg-type]
)  # fmt: skip


@given(FORMS)
def test_any_form_is_read_as_what_was_meant_or_told_what_is_wrong(form: dict[str, str]) -> None:
    day = day_of(form, {TUESDAY}, TUESDAY)
    assert day == TUESDAY or isinstance(day, Wrong)
    items = items_of(form, CATALOGUE, ONE_MATTRESS)
    assert isinstance(items, Wrong) or all(line.item in CATALOGUE and line.quantity > 0 for line in items)
    note = note_of(form)
    assert note is None or isinstance(note, Wrong) or note.reveal().isprintable()
    email = email_of(form)
    assert email is None or isinstance(email, Wrong) or email.reveal().count("@") == 1
    heard = address_of(form, {"13206"})
    assert isinstance(heard, Wrong) or heard.insee == "13206"


@pytest.mark.parametrize(("length", "taken"), [(LONGEST_NOTE, True), (LONGEST_NOTE + 1, False)])
def test_a_note_has_so_many_visible_characters(length: int, taken: bool) -> None:
    note = note_of({"note": "é" * length + " \u200b\r\n "})
    assert note == Personal("é" * length) if taken else isinstance(note, Wrong)


@pytest.mark.parametrize("text", ["a@b.fr", "first.last+tag@sub.example.org", "o'neil@example.fr"])
def test_plain_addresses_are_taken(text: str) -> None:
    assert email_of({"courriel": f" {text} "}) == EmailAddress(text)


@pytest.mark.parametrize(
    "text", ["a", "@b.fr", "a@b", "a@@b.fr", "a b@c.fr", "a@-b.fr", '"a"@b.fr', "a@[1.2.3.4]", "a..b@c.fr", "é@b.fr"]
)
def test_others_are_not(text: str) -> None:
    assert isinstance(email_of({"courriel": text}), Wrong)


def test_a_number_may_have_bis_and_a_letter() -> None:
    form = {"rue": "rue de Rome", "commune": "13206"}
    for number, read in (("12 bis", (12, "bis")), ("12B", (12, "b")), ("7", (7, None)), ("", (None, None))):
        assert address_of({**form, "numero": number}, {"13206"}) == HeardAddress(
            read[0], read[1], "rue de Rome", "13206"
        )


def test_the_words_of_a_line_stay_and_what_is_added_is_counted_together() -> None:
    form = {"n_matelas": "2", "ajouter": "matelas", "combien": "3"}
    assert items_of(form, CATALOGUE, ONE_MATTRESS) == (ItemLine("matelas", 5, "un matelas"),)
    assert items_of({"n_matelas": "0"}, CATALOGUE, ONE_MATTRESS) == ()
    assert len(CATALOGUE) < MOST_LINES


def test_things_are_found_by_any_of_their_names_without_accents_or_capitals() -> None:
    assert [kind.id for kind in kinds_like("ARMOIRE", CATALOGUE)] == ["armoire"]
    assert [kind.id for kind in kinds_like("", CATALOGUE)] == ["armoire", "frigo", "gravats", "matelas", "piano"]
    assert kinds_like("zeppelin", CATALOGUE) == ()


@given(PLACES, st.lists(st.one_of(st.none(), PLACES), max_size=5))
def test_every_dot_lies_on_the_sketch_and_keeps_its_direction(present: Point, others: list[Point | None]) -> None:
    drawn = sketch(present, others)
    if drawn is None:
        return
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in drawn.dots)
    here = drawn.dots[0]
    for dot in drawn.dots[1:]:
        point = others[int(dot.label) - 1]
        assert point is not None
        east, north = offset_m(present, point)
        assert (dot.x - here.x) * east >= -abs(east)
        assert (here.y - dot.y) * north >= -abs(north)


def test_distance_and_direction_are_told_as_people_say_them() -> None:
    assert from_here(HERE, Point(5.38, 43.2932)) == "à environ 360 m au nord de l'adresse actuelle"
    assert from_here(HERE, Point(5.42, 43.29)) == "à environ 3,2 km à l'est de l'adresse actuelle"
    assert from_here(HERE, HERE).startswith("au même endroit")
    assert from_here(None, HERE) == from_here(HERE, None) == ""
    assert sketch(HERE, [HERE, None]) is None
    assert sketch(None, [None]) is None


@given(PLACES, PLACES)
def test_there_and_back_is_the_same_distance(one: Point, other: Point) -> None:
    there, back = math.hypot(*offset_m(one, other)), math.hypot(*offset_m(other, one))
    assert there == pytest.approx(back, rel=0.02, abs=1)


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 60), st.integers(-5, 5))
def test_a_link_ends_after_its_last_day(day: date, days_after: int, off: int) -> None:
    assert expired(day, day + timedelta(days=days_after + off), days_after) == (off > 0)


def test_only_the_shape_of_our_tokens_is_looked_up() -> None:
    assert is_token("abcdefghijklmnopqr-_")
    for text in ("", "a" * 19, "a" * 21, "a" * 19 + "é", "a" * 19 + "\n", "a" * 19 + "/"):
        assert not is_token(text)


def test_a_version_is_that_of_one_booking_as_it_is() -> None:
    link = Link("a" * 20)
    others = (
        replace(BOOKING, day=TUESDAY),
        replace(BOOKING, status=BookingStatus.CANCELLED),
        replace(BOOKING, items=(ItemLine("matelas", 2),)),
        replace(BOOKING, address=replace(BOOKING.address, number=13)),
        replace(BOOKING, phone=LANDLINE),
        replace(BOOKING, note=Personal("x")),
    )
    versions = {link.version(booking) for booking in (BOOKING, *others)}
    assert len(versions) == 1 + len(others)
    assert Link("b" * 20).version(BOOKING) not in versions
    assert "a" * 20 not in repr(link)
    assert len(link.request_id(link.version(BOOKING), {"jour": "2026-11-24"})) <= 64


def test_put_out_times_name_the_evening_before_and_the_morning() -> None:
    put_out = PutOut(True, time(19), time(5), "trottoir", "")
    assert (
        put_out_times(put_out, THURSDAY)
        == "Le mercredi 25 novembre à partir de 19 h, au plus tard le jeudi 26 novembre à 5 h"
    )
    same = PutOut(False, time(5), time(8, 30), "trottoir", "")
    assert put_out_times(same, THURSDAY) == "Le jeudi 26 novembre à partir de 5 h, au plus tard à 8 h 30"


@pytest.mark.parametrize("status", sorted(set(BookingStatus) - {BookingStatus.NOT_CONFORM}))
def test_every_state_has_words(status: BookingStatus) -> None:
    told = state(replace(BOOKING, status=status), TUESDAY)
    assert told.title
    assert "26 novembre" in told.text


def test_an_email_is_masked() -> None:
    assert masked(EmailAddress("someone@example.org")) == "s•••@example.org"
