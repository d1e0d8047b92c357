"""The words of SMS, from the templates of the knowledge base, and how many SMS a text takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from string import Formatter
from types import MappingProxyType

from callbot.documents import pickup_ics
from callbot.domain.bookings import Booking, NotConform
from callbot.domain.french import MONTHS, WEEKDAYS
from callbot.domain.gsm7 import BASIC, EXTENDED, plain
from callbot.domain.items import Catalogue
from callbot.domain.notices import PLACES, Notice
from callbot.domain.people import Window
from callbot.domain.references import spoken_reference
from callbot.domain.territories import TerritoryRules
from callbot.messages.email import Email

CALL_BACK_PLACES = frozenset({"date", "first", "last"})
"""what the message about a call-back names"""

_SPACES = re.compile(r" {2,}")
"""left behind by a place that has nothing to tell"""
_GSM7_ALONE, _GSM7_PART = 160, 153
_UCS2_ALONE, _UCS2_PART = 70, 67


class TemplateError(Exception):
    """A template names a place that its message has not, or leaves out one that it must have."""


class _BookingText:
    """One message about a booking."""

    def __init__(self, notice: Notice, template: str, catalogue: Catalogue, reasons: Mapping[NotConform, str]) -> None:
        _check(template, PLACES[notice], {"reference", "date"})
        if "{reason}" in template and any(why not in reasons for why in NotConform):
            raise TemplateError("a message tells a reason, and not every reason has its words")
        self._template = template
        self._catalogue = catalogue
        self._reasons = reasons

    def write(self, booking: Booking, territory: TerritoryRules | None, link: str) -> str:
        """The text for one booking, on one line where the template is; without a territory no put-out rule is told.

        In letters of an ordinary SMS, whatever the month, the street and the commune are called.
        """
        put_out = territory.put_out if territory else None
        text = self._template.format(
            reference=booking.reference,
            date=written_day(booking.day),
            address=f"{booking.address.line}, {booking.address.postcode} {booking.address.commune}",
            items=", ".join(self._catalogue.spoken(line.item, line.quantity) for line in booking.items),
            put_out=put_out.spoken if put_out else "",
            link=link,
            reason=self._reasons.get(booking.not_conform, "") if booking.not_conform else "",
        )
        return _SPACES.sub(" ", plain(text)).strip()


class BookingTexts:
    """Writes all messages about bookings, SMS first; conforms to ``booking.ports.WritesNotices``."""

    def __init__(
        self,
        templates: Mapping[str, str],
        catalogue: Catalogue,
        public_url: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        reasons: Mapping[NotConform, str] = MappingProxyType({}),
    ) -> None:
        """One template for each ``Notice``, with its ``notices.PLACES`` in braces; raises ``TemplateError``.

        ``public_url``: where the resident's pages are; empty: no page can be reached, and none is named. ``reasons``:
        why a crew left something there, needed where a template names it.
        """
        self._texts = {notice: _BookingText(notice, templates[notice], catalogue, reasons) for notice in Notice}
        self._catalogue = catalogue
        self._public_url = public_url.rstrip("/")
        self._now = now

    def sms(self, notice: Notice, booking: Booking, territory: TerritoryRules | None, link: str) -> str:
        """The text of ``notice`` about a booking; ``link``: the token of its page."""
        page = f"Suivi : {self._public_url}/r/{link}" if self._public_url else ""
        return self._texts[notice].write(booking, territory, page)

    def spoken(self, notice: Notice, booking: Booking, territory: TerritoryRules | None) -> str:
        """What a call says: no link, the reference character by character."""
        spelled = replace(booking, reference=spoken_reference(booking.reference))
        return self._texts[notice].write(spelled, territory, "").replace("RDV", "votre rendez-vous")

    def email(self, notice: Notice, booking: Booking, territory: TerritoryRules | None, link: str) -> str:
        """Subject, text and calendar file, as ``messages.email`` reads them."""
        items = [self._catalogue.spoken(line.item, line.quantity) for line in booking.items]
        put_out = territory.put_out if territory else None
        calendar = pickup_ics(
            booking,
            items,
            put_out,
            sequence=int(self._now().timestamp()) % 2**31,
            cancelled=notice is Notice.CANCELLATION,
            made_at=self._now(),
        )
        subject = f"Encombrants : rendez-vous {booking.reference} du {written_day(booking.day)}"
        return Email(subject, self.sms(notice, booking, territory, link), calendar.decode()).to_json()


class CallBackSms:
    """Writes the promise of a call-back; conforms to ``booking.ports.WritesCallBackSms``."""

    def __init__(self, template: str) -> None:
        """``template`` with the places of ``CALL_BACK_PLACES`` in braces; raises ``TemplateError``."""
        _check(template, CALL_BACK_PLACES, CALL_BACK_PLACES)
        self._template = template

    def call_back(self, window: Window) -> str:
        """The text for one window, in local time and in letters of an ordinary SMS."""
        text = self._template.format(
            date=written_day(window.first.date()),
            first=written_time(window.first.time()),
            last=written_time(window.last.time()),
        )
        return plain(text).strip()


def written_day(day: date) -> str:
    """The day as French people write it: ``mardi 1er décembre``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]}"


def written_time(at: time) -> str:
    """The time of day as French people write it: ``8 h``, ``16 h 30``."""
    return f"{at.hour} h {at.minute:02}" if at.minute else f"{at.hour} h"


def _check(template: str, known: Collection[str], needed: Collection[str]) -> None:
    named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    unknown = sorted(named - set(known))
    missing = sorted(set(needed) - named)
    if unknown:
        raise TemplateError(f"unknown places {unknown}; expected some of {sorted(known)}")
    if missing:
        raise TemplateError(f"missing places {missing}")


def sms_segments(text: str) -> int:
    """How many SMS a text is billed as, at least one.

    160 septets alone or 153 in each part when every letter is in the GSM alphabet; else 70 or 67 UTF-16 units. A
    letter of two units is never cut between two parts.
    """
    if (BASIC | EXTENDED).issuperset(text):
        return _parts([2 if letter in EXTENDED else 1 for letter in text], _GSM7_ALONE, _GSM7_PART)
    return _parts([len(letter.encode("utf-16-le")) // 2 for letter in text], _UCS2_ALONE, _UCS2_PART)


def _parts(units: list[int], alone: int, part: int) -> int:
    if sum(units) <= alone:
        return 1
    count, room = 1, part
    for unit in units:
        if unit > room:
            count, room = count + 1, part
        room -= unit
    return count
