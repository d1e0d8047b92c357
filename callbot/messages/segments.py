"""How many SMS each message is billed as, for an ordinary booking and for the longest there can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import Author, Booking, BookingStatus, NotConform
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.notices import Notice
from callbot.domain.territories import TerritoryRules
from callbot.messages.texts import BookingTexts, sms_segments

MOST_SEGMENTS: Mapping[Notice, int] = {
    Notice.CONFIRMATION: 4,
    Notice.AMENDMENT: 4,
    Notice.CANCELLATION: 1,
    Notice.REMINDER: 4,
    Notice.REPLANNED: 2,
    Notice.COLLECTED: 1,
    Notice.NOT_PRESENTED: 1,
    Notice.NOT_CONFORM: 2,
    Notice.INACCESSIBLE: 1,
    Notice.MISSED: 1,
}
"""what a message about the longest booking may take, with a public address of 45 letters at most; a text that gets
longer has to be allowed here"""
LONGEST_STREET = "Avenue du Commandant Maximilien de Saint-Barthélemy-Grandpré"
"""invented, of 60 letters; the longest street of the sample of the national address base has 49"""
_LINK = "k3J9sQ2_xY7-bN4aW8cD"
_LONGEST_DAY, _USUAL_DAY = date(2026, 9, 23), date(2026, 12, 1)
"""mercredi 23 septembre, mardi 1er décembre"""


@dataclass(frozen=True, slots=True)
class Segments:
    """A message with the SMS it takes; ``letters``: of the longest text."""

    notice: Notice
    usual: int
    longest: int
    letters: int
    most: int

    @property
    def kept(self) -> bool:
        """True while the longest text takes no more than is allowed."""
        return self.longest <= self.most


def segments(
    writer: BookingTexts, catalogue: Catalogue, territories: Iterable[TerritoryRules], communes: Iterable[str]
) -> Iterator[Segments]:
    """The table, a line a message about bookings; ``communes``: their names."""
    rules = longest_rules(territories)
    usual, longest = usual_booking(catalogue), longest_booking(catalogue, rules, communes)
    for notice in Notice:
        texts = [_longest_text(writer, notice, booking, rules) for booking in (usual, longest)]
        counts = [sms_segments(text) for text in texts]
        yield Segments(notice, counts[0], counts[1], len(texts[1]), MOST_SEGMENTS[notice])


def longest_rules(territories: Iterable[TerritoryRules]) -> TerritoryRules:
    """The rules whose sentence about putting things out is the longest; there is at least one territory."""
    return max(territories, key=lambda rules: len(rules.put_out.spoken) if rules.put_out else 0)


def usual_booking(catalogue: Catalogue) -> Booking:
    """One thing of an ordinary name, in a street of an ordinary name."""
    kinds = sorted(catalogue.kinds, key=lambda kind: len(kind.label))
    address = StreetAddress("Rue de la République", "13201", "Marseille 1er", "13001", 12)
    return _booking(address, _USUAL_DAY, (ItemLine(kinds[len(kinds) // 2].id, 1),))


def longest_booking(catalogue: Catalogue, rules: TerritoryRules, communes: Iterable[str]) -> Booking:
    """As many things as are taken at once, each of another and the longest name, in the longest street."""
    most = rules.max_items or len(catalogue)
    names = sorted(catalogue.kinds, key=lambda kind: len(kind.spoken(1)), reverse=True)
    address = StreetAddress(LONGEST_STREET, "13201", max(communes, key=len), "13001", 1234, "quater")
    return _booking(address, _LONGEST_DAY, tuple(ItemLine(kind.id, 1) for kind in names[:most]))


def _booking(address: StreetAddress, day: date, items: tuple[ItemLine, ...]) -> Booking:
    made = datetime(2026, 9, 1, tzinfo=UTC)
    return Booking("AC4KR", BookingStatus.BOOKED, day, "", address, items, None, Author.BOT, made)


def _longest_text(writer: BookingTexts, notice: Notice, booking: Booking, rules: TerritoryRules) -> str:
    """The text of a message; where it gives a reason, with the longest one."""
    whys: list[NotConform | None] = [*NotConform] if notice is Notice.NOT_CONFORM else [None]
    return max((writer.sms(notice, replace(booking, not_conform=why), rules, _LINK) for why in whys), key=len)
