"""A small territory with round numbers, for tests only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from callbot.domain.addresses import StreetAddress
from callbot.domain.bookings import BookingDraft
from callbot.domain.geography import Point
from callbot.domain.items import Catalogue, Certainty, ItemKind, ItemLine, Ruling, Verdict
from callbot.domain.personal import PhoneNumber
from callbot.domain.territories import BookingMode, Closure, CutOff, PutOut, SectorRules, TerritoryRules
from callbot.settings import LOCAL_ZONE

MOBILE = PhoneNumber("+33612345678")
LANDLINE = PhoneNumber("+33491123456")
TUESDAY = date(2026, 11, 24)
THURSDAY = date(2026, 11, 26)
NEXT_TUESDAY = date(2026, 12, 1)
ONE_MATTRESS = (ItemLine("matelas", 1, "un matelas"),)
TEMPLATE = "Encombrants : {items}, le {date}, {address}. Référence {reference}. {put_out}"
TEMPLATES = {
    "confirmation": TEMPLATE,
    "amendment": "Changé : {reference}, {items}, le {date}.",
    "cancellation": "Annulé : {reference} du {date}.",
    "reminder": "Demain : {reference}, {date}, {items}. {put_out}",
    "replanned": "Nouvelle date : {reference}, le {date}.",
    "collected": "Enlevé : {reference} du {date}.",
    "not_presented": "Rien trouvé : {reference} du {date}.",
    "not_conform": "Laissé sur place : {reference} du {date}.",
    "inaccessible": "Pas d'accès : {reference} du {date}.",
    "missed": "Pas passés : {reference} du {date}.",
}
CALL_BACK_TEMPLATE = "Rappel le {date} entre {first} et {last}."


@dataclass
class PinnedClock:
    """A clock that moves when the test says so; it begins on Monday 23 November 2026, 10 o'clock in Marseille."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 9, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at.astimezone(LOCAL_ZONE)

    def advance(self, **delta: float) -> None:
        self.at += timedelta(**delta)


def kind(item: str, verdict: Verdict = Verdict.ACCEPTED, volume_m3: float = 0.5, **own: Verdict) -> ItemKind:
    """An item with its general verdict, and those of territories named by keyword."""
    by_territory = {territory: Ruling(item, theirs) for territory, theirs in own.items()}
    return ItemKind(item, item, item, False, (), volume_m3, Ruling(item, verdict, "La déchèterie."), by_territory)


SECTOR = SectorRules("centre", "Centre", frozenset({"13201", "13206"}), frozenset({1, 3}), capacity=2)
HILLS = SectorRules("collines", "Collines", frozenset({"13211"}), frozenset({1}), capacity=1)
TERRITORY = TerritoryRules(
    id="marseille",
    name="Marseille",
    communes=frozenset({"13201", "13206", "13211"}),
    mode=BookingMode.APPOINTMENT,
    sectors=(SECTOR, HILLS),
    cut_off=CutOff(1, time(12, 0)),
    put_out=PutOut(True, time(20, 0), time(23, 59), "trottoir", "Sortez vos objets la veille après vingt heures."),
    max_items=4,
    max_volume_m3=3.0,
    horizon_days=21,
    closures=(Closure(date(2026, 12, 3), date(2026, 12, 3), "grève"),),
    works_on_holidays=False,
    sample=True,
    source="test",
    certainty=Certainty.INFERRED,
)
CALENDAR = replace(
    TERRITORY, id="martigues", name="Martigues", communes=frozenset({"13056"}), mode=BookingMode.CALENDAR, sectors=()
)
CATALOGUE = Catalogue(
    {
        known.id: known
        for known in (
            kind("matelas"),
            kind("armoire", volume_m3=1.5),
            kind("gravats", Verdict.REFUSED),
            kind("frigo", Verdict.REFUSED, marseille=Verdict.ACCEPTED),
            kind("piano", Verdict.ASK_HUMAN),
        )
    }
)


@dataclass(frozen=True)
class SampleRules:
    """Rules of two territories."""

    territories: tuple[TerritoryRules, ...] = (TERRITORY, CALENDAR)
    catalogue: Catalogue = CATALOGUE

    def territory_of(self, insee: str, day: date | None = None) -> TerritoryRules | None:
        return next((territory for territory in self.territories if insee in territory.communes), None)


def rules_with(capacity: int | None = None, **changed: object) -> SampleRules:
    """The sample with another capacity in the centre, or other rules of its first territory."""
    sectors = (SECTOR if capacity is None else replace(SECTOR, capacity=capacity), HILLS)
    return SampleRules((replace(TERRITORY, **{"sectors": sectors, **changed}), CALENDAR))  # type: ignore[arg-type]


def address(insee: str = "13206", sector: str | None = None) -> StreetAddress:
    """An address in the centre."""
    return StreetAddress(
        "Rue de Rome", insee, "Marseille 6e", "13006", 12, "bis", Point(5.3806, 43.2912), sector=sector
    )


def draft(call_id: str = "CA1", day: date = TUESDAY, phone: PhoneNumber | None = MOBILE) -> BookingDraft:
    """A whole booking of one mattress."""
    return BookingDraft(call_id, address(), ONE_MATTRESS, day, phone, readback_accepted=True)
