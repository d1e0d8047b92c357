"""Dates relative to a pinned Friday, 20 November 2026."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.domain.meaning import Expectation, PartOfDay
from callbot.understanding.choices import find_choice
from callbot.understanding.dates import ANY_TIME_DAYS, find_date
from callbot.understanding.numbers import units_of
from callbot.understanding.sentence import Sentence, clean, words_of

Read = Callable[[str], Sentence]
OFFERED = (date(2026, 11, 26), date(2026, 12, 1), date(2026, 12, 4))
"""Thursday, Tuesday, Friday"""


def plain(text: str) -> Sentence:
    return Sentence(clean(text), units_of(words_of(clean(text))))


def days(text: str, today: date, offered: tuple[date, ...] = ()) -> tuple[str, str] | None:
    heard, _ = find_date(plain(text), Expectation.DATE, today, offered)
    return (heard.first.strftime("%m-%d"), heard.last.strftime("%m-%d")) if heard else None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("aujourd'hui", "11-20"),
        ("cet après-midi", "11-20"),
        ("demain", "11-21"),
        ("demain matin", "11-21"),
        ("après-demain", "11-22"),
        ("jeudi", "11-26"),
        ("ce jeudi", "11-26"),
        ("jeudi prochain", "11-26"),
        ("le jeudi matin", "11-26"),
        ("samedi", "11-21"),
        ("vendredi", "11-27"),
        ("lundi en huit", "11-30"),
        ("lundi en quinze", "12-07"),
        ("jeudi de la semaine prochaine", "11-26"),
        ("la semaine prochaine jeudi", "11-26"),
        ("le premier décembre", "12-01"),
        ("le 1er décembre", "12-01"),
        ("le trois décembre", "12-03"),
        ("mardi 1er décembre", "12-01"),
        ("le vendredi quatre décembre", "12-04"),
        ("le 5 janvier", "01-05"),
        ("le 3 décembre 2026", "12-03"),
        ("le 3", "12-03"),
        ("le 25", "11-25"),
        ("vendredi 4", "12-04"),
        ("dans trois jours", "11-23"),
        ("dans quinze jours", "12-04"),
        ("dans huit jours", "11-27"),
        ("pas jeudi, mardi", "11-24"),
        ("jeudi, enfin non, vendredi", "11-27"),
    ],
)
def test_one_day(text: str, day: str, today: date) -> None:
    assert days(text, today) == (day, day)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("cette semaine", "11-20", "11-22"),
        ("la semaine prochaine", "11-23", "11-29"),
        ("la semaine prochaine le matin", "11-23", "11-29"),
        ("la semaine d'après", "11-23", "11-29"),
        ("dans deux semaines", "11-30", "12-06"),
        ("ce week-end", "11-21", "11-22"),
        ("fin du mois", "11-21", "11-30"),
        ("début décembre", "12-01", "12-10"),
        ("mi-décembre", "12-11", "12-20"),
        ("fin décembre", "12-21", "12-31"),
        ("en décembre", "12-01", "12-31"),
        ("en novembre", "11-20", "11-30"),
        ("courant décembre", "12-01", "12-31"),
        ("le mois prochain", "12-01", "12-31"),
        ("début du mois prochain", "12-01", "12-10"),
        ("entre le 3 et le 8 décembre", "12-03", "12-08"),
        ("du 3 au 8 décembre", "12-03", "12-08"),
        ("d'ici deux semaines", "11-20", "12-04"),
        ("sous huit jours", "11-20", "11-28"),
        ("avant le 15 décembre", "11-20", "12-14"),
        ("à partir du 10 décembre", "12-10", "02-08"),
        ("après le 10 décembre", "12-11", "02-09"),
        ("pas avant lundi", "11-23", "01-22"),
        ("le plus tôt possible", "11-20", "01-19"),
        ("n'importe quand", "11-20", "01-19"),
        ("décembre", "12-01", "12-31"),
    ],
)
def test_several_days(text: str, first: str, last: str, today: date) -> None:
    assert days(text, today) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "", "le 31 novembre", "le 30 février", "le 3 novembre", "le 3 décembre 2025", "le 45", "oui",
        "jeudi 4 décembre",
        "ni jeudi ni vendredi", "la semaine dernière", "rue de Rome", "le 32 décembre", "entre le 8 et le 3 décembre",
    ],
)  # fmt: skip
def test_impossible_past_or_no_date(text: str, today: date) -> None:
    assert days(text, today) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("jeudi matin", PartOfDay.MORNING), ("jeudi dans la matinée", PartOfDay.MORNING),
        ("jeudi après-midi", PartOfDay.AFTERNOON), ("jeudi soir", PartOfDay.EVENING), ("jeudi", None),
        ("plutôt le matin", PartOfDay.MORNING),
    ],
)  # fmt: skip
def test_part_of_day(text: str, part: PartOfDay | None, today: date) -> None:
    heard, _ = find_date(plain(text), Expectation.DATE, today)
    assert heard is not None
    assert heard.part_of_day is part


@pytest.mark.parametrize(
    ("text", "day"),
    [("mardi", "12-01"), ("le 4", "12-04"), ("le premier", "12-01"), ("jeudi 1er", None), ("jeudi 4 décembre", "12-04"),
     ("le 26", "11-26"), ("plutôt vendredi", "12-04"), ("le deux décembre", "12-02"), ("le deux", None)],
)  # fmt: skip
def test_dates_offered_come_first(text: str, day: str | None, today: date) -> None:
    expected = None if day is None else (day, day)
    if text == "jeudi 4 décembre":
        # the 4th is a Friday, and Thursday was offered as well: nobody can tell which was misheard
        expected = None
    assert days(text, today, OFFERED) == expected


def test_a_misheard_weekday_is_settled_by_the_only_date_offered(today: date) -> None:
    assert days("jeudi 4 décembre", today, (date(2026, 12, 4),)) == ("12-04", "12-04")


@pytest.mark.parametrize("text", ["le 3", "le plus tôt possible", "décembre", "plutôt le matin"])
def test_vague_words_are_dates_only_when_a_date_was_asked(text: str, today: date) -> None:
    assert find_date(plain(text), Expectation.ANY, today)[0] is None


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("la première", 1), ("la deuxième date", 2), ("la seconde", 2), ("la troisième", 3), ("le dernier", 3),
        ("la dernière date", 3), ("le deux", 2), ("deux", 2), ("numéro 2", 2), ("le deuxième choix", 2), ("le un", 1),
        ("option 3", 3), ("la quatrième", None), ("le premier", None), ("le 4", None), ("oui", None), ("la 2", 2),
        ("", None), ("le deuxième étage", None),
    ],
)  # fmt: skip
def test_choices_among_dates(text: str, choice: int | None, today: date) -> None:
    _, rest = find_date(plain(text), Expectation.DATE, today, OFFERED)
    assert find_choice(rest, Expectation.DATE, OFFERED) == choice


@pytest.mark.parametrize(
    ("text", "expect", "choice"),
    [
        ("la première", Expectation.ADDRESS, 1),
        ("la deuxième", Expectation.YES_NO, 2),
        ("le deux", Expectation.ADDRESS, 2),
        ("le deux", Expectation.ITEMS, None),
        ("le deuxième", Expectation.COMMUNE, None),
        ("la dernière", Expectation.ADDRESS, None),
    ],
)
def test_choices_without_dates(text: str, expect: Expectation, choice: int | None) -> None:
    assert find_choice(plain(text), expect) == choice


_TODAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2090, 12, 31))
_MONTHS = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
]  # fmt: skip


@given(_TODAYS, st.integers(1, 183))
def test_every_day_of_the_next_half_year_is_found_by_its_name(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    heard, _ = find_date(plain(f"le {day.day} {_MONTHS[day.month - 1]}"), Expectation.ANY, today)
    assert heard is not None
    assert heard.first == heard.last == day


@given(_TODAYS, st.integers(0, 6))
def test_a_weekday_is_within_the_next_seven_days_and_never_today(today: date, weekday: int) -> None:
    name = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")[weekday]
    heard, _ = find_date(plain(name), Expectation.DATE, today)
    assert heard is not None
    assert heard.first.weekday() == weekday
    assert 1 <= (heard.first - today).days <= 7


_HEAP_WORDS = [
    "le", "la", "3", "31", "99", "premier", "décembre", "février", "jeudi", "lundi", "en", "huit", "quinze", "dans",
    "deux", "semaines", "mois", "prochain", "fin", "du", "au", "entre", "et", "pas", "avant", "après", "demain",
    "matin", "à", "partir", ",", "d'ici", "2026", "1900",
]  # fmt: skip
_HEAP = st.lists(st.sampled_from(_HEAP_WORDS), max_size=12)


@given(_HEAP, _TODAYS)
def test_any_heap_of_date_words_gives_a_coming_date_or_none(words: list[str], today: date) -> None:
    heard, _ = find_date(plain(" ".join(words)), Expectation.DATE, today)
    if heard is not None:
        assert today <= heard.first <= heard.last
        assert (heard.last - today).days <= 365 * 75 + ANY_TIME_DAYS


def test_dates_at_the_end_of_time_do_not_raise() -> None:
    for text in ("dans 99 mois", "dans deux semaines", "fin du mois", "le mois prochain", "demain", "jeudi en quinze"):
        heard, _ = find_date(plain(text), Expectation.DATE, date(9999, 12, 30))
        assert heard is None or heard.last <= date.max
