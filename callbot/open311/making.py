"""Requests that are made: through the same desks, judged by the same rules as a call."""

from __future__ import annotations

from callbot.domain.addresses import NumberCheck, StreetAddress
from callbot.domain.bookings import BookingDraft, NotBooked
from callbot.domain.events import BookingFailed
from callbot.domain.items import Ground, ItemLine, Verdict
from callbot.domain.people import Report, ReportKind
from callbot.open311.answers import is_same, report_id
from callbot.open311.parsing import NewBooking, NewReport, Place
from callbot.open311.ports import Books, Places, ReadsRequests, Rules, TakesReports
from callbot.open311.problems import ProblemError, bad, unknown
from callbot.open311.services import ServiceCode

SURE = 0.8
"""an address is taken from this probability on; below, the partner has to write it more exactly"""
_PERSON = "Une personne répond au 0 800 94 94 08."
_NOT_BOOKED = {
    NotBooked.NO_ROOM: ("Cette date n'a plus de place ou n'est pas un jour de collecte.", "sectors"),
    NotBooked.CUT_OFF_PASSED: ("Il est trop tard pour réserver cette date.", "cut_off"),
    NotBooked.NOT_READ_BACK: ("Relisez le récapitulatif, puis envoyez attribute[accepted]=true.", "readback"),
    NotBooked.NOT_SERVED: ("Aucun rendez-vous n'est pris à cette adresse.", "mode"),
    NotBooked.HOUSEHOLD_LIMIT: ("Ce foyer a déjà eu tous ses rendez-vous.", "household"),
}


class Making:
    """Makes bookings and reports."""

    def __init__(self, desk: Books, people: TakesReports, stored: ReadsRequests, places: Places, rules: Rules) -> None:
        self._desk = desk
        self._people = people
        self._stored = stored
        self._places = places
        self._rules = rules

    async def booking(self, asked: NewBooking, call_id: str) -> tuple[str, str]:
        """Reference and how to put the objects out; raises ``ProblemError`` with rule, source and way to a person."""
        address = await self._address(asked.place)
        await self._judge(asked.items, address)
        draft = BookingDraft(
            call_id, address, asked.items, asked.day, asked.phone, asked.accepted, asked.created_by, email=asked.email
        )
        made = await self._desk.book(draft)
        if not isinstance(made, BookingFailed):
            return made.reference, made.put_out
        said, rule = _NOT_BOOKED[made.reason]
        territory = self._rules.territory_of(address.insee, asked.day)
        raise _no(said, territory.ground(rule) if territory else None)

    async def report(self, made: NewReport, call_id: str) -> str:
        """The id of a report; raises ``ProblemError`` for an unknown booking or address."""
        kind = ReportKind.FLY_TIP if made.code is ServiceCode.FLY_TIP else ReportKind.MISSED
        address = await self._address(made.place) if made.place else None
        if made.reference is not None:
            booking = await self._stored.booking(made.reference)
            if booking is None:
                raise unknown("Aucun rendez-vous n'a cette référence.")
            address = booking.address
        if any(line.item not in self._rules.catalogue for line in made.items):
            raise bad("attribute[items][] : un objet n'est pas dans le catalogue.")
        report = Report(call_id, kind, made.reference, address, made.items)
        await self._people.report(report)
        # Kept when this form was first sent, which may be a while ago.
        kept = await self._stored.reports_of_call(call_id)
        return next(report_id(stored) for stored in kept if is_same(stored.report, report))

    async def _judge(self, items: tuple[ItemLine, ...], address: StreetAddress) -> None:
        judged = await self._desk.judge(items, address.insee)
        for ruling in judged.rulings:
            if ruling.verdict is not Verdict.ACCEPTED:
                known = ruling.item in self._rules.catalogue
                thing = self._rules.catalogue[ruling.item].label if known else "un objet hors du catalogue"
                raise _no(f"Pas de rendez-vous pour : {thing}. {ruling.alternative}".strip(), ruling.ground)
        if judged.too_many:
            raise _no("C'est plus que ce qui est enlevé en une fois.", judged.ground)

    async def _address(self, place: Place) -> StreetAddress:
        if place.words is None:
            nearest = await self._places.nearest(place.point) if place.point else None
            if nearest is None:
                raise _no("Ce point est hors du territoire.", None)
            return nearest
        found = await self._places.find(place.words.reveal())
        best = found[0] if found else None
        if best is None or best.probability < SURE or best.number_check is NumberCheck.UNKNOWN:
            raise _no("Cette adresse n'est pas sûre ou est hors du territoire : écrivez-la en entier.", None)
        return best.address


def _no(said: str, ground: Ground | None) -> ProblemError:
    grounds = f" Règle : {ground.rule} (source : {ground.source})." if ground else ""
    return bad(f"{said}{grounds} {_PERSON}")
