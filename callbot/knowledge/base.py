"""What a knowledge base holds once it was checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from callbot.domain.bookings import NotConform
from callbot.domain.items import Catalogue, Certainty
from callbot.domain.opening import Span
from callbot.domain.territories import TerritoryRules


class Rule(StrEnum):
    """The rules of a commune that the coverage report counts."""

    MODE = "mode"
    SECTOR = "sector"
    CALENDAR = "calendar"
    CAPACITY = "capacity"
    CUT_OFF = "cut_off"
    PUT_OUT = "put_out"
    LIMITS = "limits"
    WEIGHT = "weight"
    HOUSEHOLD = "household"
    ASSISTED = "assisted"
    PROFESSIONALS = "professionals"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an entry comes from, how sure it is, who answers for it, and when it holds (``valid_to`` None: open).

    ``spoken_source``: the source as a caller hears it who asks why, empty where nobody worded it.
    """

    source: str
    certainty: Certainty
    owner: str
    valid_from: date
    valid_to: date | None
    sample: bool
    spoken_source: str = ""

    def valid_on(self, day: date) -> bool:
        """True from ``valid_from`` to ``valid_to``, both included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question in the words of callers, and its spoken answer (French, two short sentences at most)."""

    id: str
    variants: tuple[str, ...]
    answer: str
    provenance: Provenance

    @property
    def source(self) -> str:
        return self.provenance.source

    @property
    def certainty(self) -> Certainty:
        return self.provenance.certainty

    @property
    def owner(self) -> str:
        return self.provenance.owner

    @property
    def valid_from(self) -> date:
        return self.provenance.valid_from

    @property
    def valid_to(self) -> date | None:
        return self.provenance.valid_to

    @property
    def sample(self) -> bool:
        return self.provenance.sample


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When agents answer: spans by weekday (Monday = 0), local time."""

    by_weekday: Mapping[int, tuple[Span, ...]]
    open_on_holidays: bool
    provenance: Provenance

    def is_open(self, now: datetime, holidays: Collection[date] = ()) -> bool:
        """True when an agent can take a call at ``now`` (local time of the métropole)."""
        at = now.time().replace(tzinfo=None)
        return any(span.start <= at < span.end for span in self.spans_on(now.date(), holidays))

    def spans_on(self, day: date, holidays: Collection[date] = ()) -> tuple[Span, ...]:
        """When agents answer on ``day``; never, where it is a holiday and they are off."""
        if day in holidays and not self.open_on_holidays:
            return ()
        return self.by_weekday.get(day.weekday(), ())


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A text with named places: ``{reference}``. The places were checked when it was loaded."""

    id: str
    text: str
    provenance: Provenance

    def render(self, values: Mapping[str, str]) -> str:
        """The text with its places filled; ``KeyError`` when a place has no value."""
        return self.text.format_map(values)


@dataclass(frozen=True, slots=True)
class Messages:
    """What ``messages.yaml`` holds: texts by name, and reasons by the value of ``NotConform``."""

    texts: Mapping[str, MessageTemplate]
    reasons: Mapping[str, MessageTemplate]


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything the service knows, checked. ``version``: SHA-256 over all files, stored with each answer given."""

    catalogue: Catalogue
    territories: tuple[TerritoryRules, ...]
    """every version of every territory; those of one territory by date"""
    questions: tuple[QuestionEntry, ...]
    opening_hours: OpeningHours
    messages: Mapping[str, MessageTemplate]
    reasons: Mapping[NotConform, MessageTemplate]
    """why a crew left something there, as a message tells it; every reason there is"""
    provenance: Mapping[str, Provenance]
    """by ``item/ID``, ``volume/ID``, ``weight/ID``, ``territory/ID`` (``territory/ID@2027-01-01`` for later rules of
    the same territory), ``question/ID``, ``message/ID``, ``reason/ID``, ``opening_hours``"""
    rule_marks: Mapping[str, Mapping[Rule, Certainty]]
    """by ``TerritoryRules.key``: how well each of its rules is established"""
    version: str

    def territory_of(self, insee: str, day: date | None = None) -> TerritoryRules | None:
        """The rules of a commune or arrondissement in force on ``day``, without a day the newest ones.

        None outside the métropole, and on days for which no rules are written: unknown stays unknown.
        """
        found = [rules for rules in self.territories if insee in rules.communes]
        if day is not None:
            return next((rules for rules in found if rules.valid_on(day)), None)
        return max(found, key=lambda rules: rules.valid_from or date.min, default=None)

    def sector_of(self, insee: str, day: date | None = None) -> str | None:
        """The id of the collection sector of a commune or arrondissement on ``day``; None where none is filled in.

        Without a day: the one it has under all rules, past and to come; None where they differ, so that whoever
        knows the day decides.
        """
        if day is None:
            versions = [rules for rules in self.territories if insee in rules.communes]
        else:
            current = self.territory_of(insee, day)
            versions = [] if current is None else [current]
        sectors = {sector.id if sector else None for sector in (rules.sector_of(insee) for rules in versions)}
        return sectors.pop() if len(sectors) == 1 else None

    def question(self, question: str) -> QuestionEntry | None:
        """The question of that id."""
        return next((entry for entry in self.questions if entry.id == question), None)

    def out_of_date(self, day: date) -> tuple[str, ...]:
        """Names of the entries that do not hold on ``day``: their owners must look at them again.

        A territory holds as long as one of its versions does.
        """
        held = {_entry(name) for name, provenance in self.provenance.items() if provenance.valid_on(day)}
        return tuple(dict.fromkeys(_entry(name) for name in self.provenance if _entry(name) not in held))


def _entry(name: str) -> str:
    """The entry a provenance belongs to, without the date of its version."""
    return name.partition("@")[0]


def plain(text: str) -> str:
    """``text`` in small letters, without accents, hyphens or apostrophes: what two spellings of a word share."""
    spelled = text.lower().replace("œ", "oe").replace("æ", "ae")
    letters = "".join(char for char in unicodedata.normalize("NFD", spelled) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in letters).split())
