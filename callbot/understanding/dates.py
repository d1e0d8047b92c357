"""Dates as callers say them, relative to today; our own small grammar decides, no general date parser is asked.

Decided: "prochain" is the next one to come; a day of the month already past means next month; a month already past
means next year when that is less than half a year away, and nothing otherwise; "la semaine prochaine" is Monday to
Sunday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from callbot.domain.meaning import Expectation, HeardDate, PartOfDay
from callbot.understanding.lexicon import MONTHS, WEEKDAYS, alternation
from callbot.understanding.sentence import Found, Sentence

ANY_TIME_DAYS = 60
"""days looked ahead for "le plus tôt possible", "n'importe quand" """
_ROLL_DAYS = 183

_DAY, _MONTH = rf"(?P<weekday>{alternation(WEEKDAYS)})s?", rf"(?P<month>{alternation(MONTHS)})"
_NUMBER, _YEAR = r"#o?(?P<day>\d{1,2})\b", r"(?: #(?P<year>20\d\d))?"
_NEGATED = re.compile(r"\b(?:pas|sauf|ni|sans)(?: (?:le|ce|la|du|cette))?$")
_NOT_A_DAY = r"(?! (?:bis|ter|quater|rue|avenue|boulevard|place|chemin|arrondissements?|heures?|etages?|h\b))"


@dataclass(frozen=True, slots=True)
class When:
    """What a date was found with: the day of the call and the dates offered before."""

    today: date
    offered: tuple[date, ...] = ()


def find_date(
    sentence: Sentence, expect: Expectation, today: date, offered: Sequence[date] = ()
) -> tuple[HeardDate | None, Sentence]:
    """The wish for a date and the sentence without its words; impossible and past dates are None."""
    when = When(today, tuple(offered))
    asked = expect is Expectation.DATE or (bool(offered) and expect is Expectation.YES_NO)
    part, rest = _part_of_day(sentence)
    for pattern, reader, always in _GRAMMAR:
        if not (always or asked):
            continue
        for found in reversed(list(rest.find(pattern))):
            if _NEGATED.search(" ".join(rest.tags.split()[: found.first])):
                continue
            span = reader(found, when)
            if span is None and not always:
                continue
            rest = rest.without(found.first, found.last)
            last_possible = date.max if span is None else span[1]
            return (
                None if span is None or last_possible < today else HeardDate(max(span[0], today), span[1], part)
            ), rest
    if part is not None and asked:
        return HeardDate(today, _later(today, ANY_TIME_DAYS), part), rest
    return None, sentence


def _part_of_day(sentence: Sentence) -> tuple[PartOfDay | None, Sentence]:
    """The part of day is taken only beside a date, so its words stay unless there is one."""
    for pattern, part in _PARTS:
        found = next(sentence.find(pattern), None)
        if found:
            return part, sentence
    return None, sentence


_PARTS = (
    (re.compile(r"\bapres midi\b"), PartOfDay.AFTERNOON),
    (re.compile(r"\b(?:matins?|matinee)\b"), PartOfDay.MORNING),
    (re.compile(r"\b(?:soirs?|soiree)\b"), PartOfDay.EVENING),
)

Span = tuple[date, date] | None


def _later(day: date, days: int) -> date:
    """``day`` plus ``days``, never beyond what a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _single(day: date | None) -> Span:
    return (day, day) if day else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _day_of_month(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _valid(int(year), month, day)
    this_year = _valid(today.year, month, day)
    if this_year and this_year >= today:
        return this_year
    next_year = _valid(today.year + 1, month, day)
    return next_year if next_year and (next_year - today).days <= _ROLL_DAYS else None


def _full(found: Found, when: When) -> Span:
    day = _day_of_month(int(found["day"] or 0), MONTHS[found["month"] or ""], found["year"], when.today)
    weekday = found["weekday"]
    if day and weekday and day.weekday() != WEEKDAYS[weekday]:
        # One of the two was misheard: only a date that was offered can tell which.
        likely = [offer for offer in when.offered if offer == day or offer.weekday() == WEEKDAYS[weekday]]
        return _single(likely[0]) if len(likely) == 1 else None
    return _single(day)


def _between(found: Found, when: When) -> Span:
    month = found["month"]
    end = _numbered(int(found["day"] or 0), month, when)
    start = _numbered(int(found["from"] or 0), month, when)
    return (start, end) if start and end and start <= end else None


def _numbered(day: int, month: str | None, when: When) -> date | None:
    """A day of the month, the month said or not."""
    if month:
        return _day_of_month(day, MONTHS[month], None, when.today)
    this_month = _valid(when.today.year, when.today.month, day)
    if this_month and this_month >= when.today:
        return this_month
    end = _later(_month_end(when.today.year, when.today.month), 1)
    return _valid(end.year, end.month, day)


def _bare_number(found: Found, when: When) -> Span:
    day = int(found["day"] or 0)
    weekday = found.match.groupdict().get("weekday")
    for offer in when.offered:
        if offer.day == day and (not weekday or offer.weekday() == WEEKDAYS[weekday]):
            return _single(offer)
    if not weekday and day <= len(when.offered):
        # "le deux" when no date offered is a 2nd: the second one offered.
        return None
    number = _numbered(day, None, when)
    return _single(number) if number and (not weekday or number.weekday() == WEEKDAYS[weekday]) else None


def _weekday(found: Found, when: When) -> Span:
    weekday = WEEKDAYS[found["weekday"] or ""]
    later = found.match.groupdict().get("later")
    if found.match.groupdict().get("next_week"):
        return _single(_later(_monday(when.today), 7 + weekday))
    if not later:
        for offer in when.offered:
            if offer.weekday() == weekday:
                return _single(offer)
    coming = _later(when.today, (weekday - when.today.weekday() - 1) % 7 + 1)
    return _single(_later(coming, {"#8": 7, "#15": 14}.get(later or "", 0)))


def _monday(today: date) -> date:
    return _later(today, -today.weekday())


def _relative(days: int) -> Callable[[Found, When], Span]:
    return lambda found, when: _single(_later(when.today, days))


def _week(found: Found, when: When) -> Span:
    ahead = 1 if (found["which"] or "").endswith(("prochaine", "suivante", "apres")) else 0
    monday = _later(_monday(when.today), 7 * ahead)
    return max(monday, when.today), _later(monday, 6)


def _weekend(found: Found, when: When) -> Span:
    saturday = _later(_monday(when.today), 5)
    return max(saturday, when.today), _later(saturday, 1)


def _in_some(found: Found, when: When) -> Span:
    """ "dans deux semaines" is that week; "dans quinze jours", "dans huit jours" count a week as eight days."""
    count = int(found["count"] or 1)
    if (found["unit"] or "").startswith("jour"):
        return _single(_later(when.today, {8: 7, 15: 14}.get(count, count)))
    monday = _monday(_later(when.today, count * (7 if (found["unit"] or "").startswith("semaine") else 30)))
    return max(monday, when.today), _later(monday, 6)


def _within(found: Found, when: When) -> Span:
    """ "d'ici deux semaines", "sous huit jours": any day until then."""
    count = (found["count"] or "1").lstrip("#")
    days = {"j": 1, "s": 7, "m": 30}[(found["unit"] or "j")[0]]
    return when.today, _later(when.today, days * (int(count) if count.isdigit() else 1))


def _month_part(found: Found, when: When) -> Span:
    """ "début", "mi", "fin" are the first ten days, the next ten, the rest; a bare month is all of it."""
    name, today = found["month"], when.today
    if name:
        month = MONTHS[name]
        year = today.year if month >= today.month else min(today.year + 1, date.max.year)
    else:
        following = _later(_month_end(today.year, today.month), 1)
        first = following if "prochain" in found.match[0] else today
        year, month = first.year, first.month
    if (date(year, month, 1) - today).days > _ROLL_DAYS:
        return None
    end = _month_end(year, month)
    bounds = {"debut": (1, 10), "mi": (11, 20), "milieu": (11, 20), "fin": (21, end.day)}
    first_day, last_day = bounds.get(found["part"] or "", (1, end.day))
    return date(year, month, first_day), date(year, month, last_day)


def _after(found: Found, when: When) -> Span:
    """ "à partir du 10", "pas avant lundi" include the day, "après" does not."""
    start = _pointed(found, when)
    if start is None:
        return None
    first = _later(start, 1) if found.match[0].startswith("apres") else start
    return first, _later(first, ANY_TIME_DAYS)


def _before(found: Found, when: When) -> Span:
    end = _pointed(found, when)
    if end is None or end <= when.today:
        return None
    return when.today, end if not found.match[0].startswith("avant") else _later(end, -1)


def _pointed(found: Found, when: When) -> date | None:
    if found["weekday"] and not found["day"]:
        coming = _weekday(found, When(when.today))
        return coming[0] if coming else None
    return _numbered(int(found["day"] or 0), found["month"], when)


def _any_time(found: Found, when: When) -> Span:
    return when.today, _later(when.today, ANY_TIME_DAYS)


_POINT = rf"(?:du |le |au )?(?:{_DAY} ?)?(?:{_NUMBER})?(?: {_MONTH})?"
_DAY_NEXT = rf"(?=(?:du |le |au )?(?:{alternation(WEEKDAYS)}|#))"
_NO_PART, _NO_MONTH = "(?P<part>(?!))?", "(?P<month>(?!))?"
_PART = "(?P<part>debut|mi|milieu|fin)"
_COUNT = r"#(?P<count>\d{1,2})"

_SAID_ALWAYS: tuple[tuple[str, Callable[[Found, When], Span]], ...] = (
    (rf"\b(?:entre le|du) #o?(?P<from>\d{{1,2}})(?: \w+)? (?:et le|au) {_NUMBER}(?: {_MONTH})?", _between),
    (rf"\b(?:a partir|pas avant|apres) {_DAY_NEXT}{_POINT}", _after),
    (rf"\b(?:avant|jusqu au|au plus tard) {_DAY_NEXT}{_POINT}", _before),
    (rf"(?:\b(?:le|ce) )?(?:\b{_DAY} )?(?:le )?{_NUMBER} {_MONTH}\b{_YEAR}", _full),
    (rf"\b(?:le )?{_DAY} (?:le )?{_NUMBER}{_NOT_A_DAY}", _bare_number),
    (rf"\b(?:le |ce )?{_DAY}(?: matin| apres midi| soir)? (?P<next_week>(?:de )?la semaine prochaine)", _weekday),
    (rf"\b(?P<next_week>(?:la )?semaine prochaine) (?:plutot )?(?:le )?{_DAY}\b", _weekday),
    (rf"\b{_DAY} en (?P<later>#8|#15)\b", _weekday),
    (rf"\b(?:le |ce )?{_DAY}(?: prochain| qui vient)?\b(?! dernier)", _weekday),
    (r"\b(?:apres demain|surlendemain)\b", _relative(2)),
    (r"\bdemain\b", _relative(1)),
    (r"\b(?:aujourd hui|ce matin|cet(?:te)? apres midi|ce soir)\b", _relative(0)),
    (
        r"\b(?P<which>(?:cette|la) semaine(?: prochaine| suivante| qui vient| d apres)?|semaine prochaine)\b"
        r"(?! derniere| passee)",
        _week,
    ),
    (r"\b(?:ce|le) week ?end(?: prochain)?\b", _weekend),
    (r"\bd ici (?:(?P<count>#\d{1,2}|une?) )?(?P<unit>jour|semaine|mois)s?\b", _within),
    (rf"\bsous {_COUNT} (?P<unit>jour|semaine)s?\b", _within),
    (rf"\bdans (?:{_COUNT}|une?) (?P<unit>jours?|semaines?|mois)\b", _in_some),
    (rf"\b{_PART} (?:du mois )?(?:de |d )?{_MONTH}\b", _month_part),
    (rf"\b(?:en|courant|mois de|mois d) {_NO_PART}{_MONTH}\b", _month_part),
    (rf"\b{_PART} (?:du|de|le|ce) {_NO_MONTH}mois(?: ci| prochain)?\b", _month_part),
    (rf"\b(?:le |du |au )?{_NO_PART}{_NO_MONTH}mois prochain\b", _month_part),
)
_SAID_WHEN_ASKED: tuple[tuple[str, Callable[[Found, When], Span]], ...] = (
    (r"\b(?:au |le )?plus (?:tot|vite|rapidement)\b", _any_time),
    (
        r"\b(?:des que possible|rapidement|n importe (?:quand|quel jour|laquelle)|peu importe|quand vous voulez)\b",
        _any_time,
    ),
    (rf"\b(?:le|celui du|du) {_NUMBER}{_NOT_A_DAY}", _bare_number),
    (rf"\b{_NO_PART}{_MONTH}\b", _month_part),
)
_GRAMMAR = tuple(
    (re.compile(pattern), reader, always)
    for rules, always in ((_SAID_ALWAYS, True), (_SAID_WHEN_ASKED, False))
    for pattern, reader in rules
)
