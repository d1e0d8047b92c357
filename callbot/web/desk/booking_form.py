"""One form for a booking made or changed on a caller's behalf: read from the start at every step, nothing kept between.

What is booked is what was read to the caller: the agreement carries the name of the recap that was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.bookings import Booking
from callbot.domain.clock import Clock
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemLine, Verdict
from callbot.domain.personal import EmailAddress, PhoneNumber
from callbot.messages.texts import written_day
from callbot.web.desk.ports import LooksAtRoom, ReadsPhones, SearchesAddresses
from callbot.web.desk.words import written_phone
from callbot.web.resident.asked import QUANTITY, Form, Wrong, address_of, day_of, email_of, items_of
from callbot.web.resident.words import written_address, written_items

MOST_SHOWN = 5
MOST_FIELDS = 60
_PHONE = "telephone"


@dataclass(frozen=True, slots=True)
class Choice:
    """An address of the base that may be meant. ``key`` names it without its place in the list."""

    key: str
    address: StreetAddress
    text: str
    number_unknown: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as far as it is filled; ``recap`` empty while something is missing."""

    form: Form
    choices: tuple[Choice, ...] = ()
    chosen: Choice | None = None
    items: tuple[ItemLine, ...] = ()
    doubts: tuple[str, ...] = ()
    """what the rules say against the items: the agent decides"""
    days: tuple[date, ...] = ()
    day: date | None = None
    phone: PhoneNumber | None = None
    email: EmailAddress | None = None
    wrong: tuple[Wrong, ...] = ()
    recap: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """Names the recap."""
        return hashlib.sha256(json.dumps(self.recap).encode()).hexdigest()[:24]

    @property
    def agreed(self) -> bool:
        """The caller agreed to this very recap."""
        return bool(self.recap) and self.form.get("lu", "") == self.version

    @property
    def quantities(self) -> dict[str, str]:
        """How many of each thing, as the fields show it: what was sent where it could not be read."""
        if self.items:
            return {line.item: str(line.quantity) for line in self.items}
        sent = ((name, value) for name, value in self.form.items() if name.startswith(QUANTITY))
        return {name.removeprefix(QUANTITY): value for name, value in sent}

    def problem(self, name: str) -> str:
        """What is wrong with a field, empty for nothing."""
        return next((wrong.sentence for wrong in self.wrong if wrong.field == name), "")


@dataclass(frozen=True, slots=True)
class BookingForm:
    """Reads the form. ``sent`` False: it is opened, and nothing missing is a mistake yet."""

    addresses: SearchesAddresses
    looking: LooksAtRoom
    communes: Sequence[Commune]
    catalogue: Catalogue
    phones: ReadsPhones
    clock: Clock

    async def read(self, form: Form, booking: Booking | None = None, *, sent: bool = True) -> Filled:
        """Every part that can be read; the first that is missing stops those that need it."""
        wrong: list[Wrong] = []
        choices, chosen = await self._address(form, wrong)
        filled = Filled(
            form,
            choices,
            chosen,
            self._items(form, booking, wrong),
            phone=self._phone(form, wrong),
            email=_email(form, wrong),
        )
        if chosen is not None and filled.items:
            filled = await self._dated(filled, chosen, booking, wrong)
        return replace(filled, wrong=tuple(wrong)) if sent else filled

    async def _dated(self, filled: Filled, chosen: Choice, booking: Booking | None, wrong: list[Wrong]) -> Filled:
        """With the days that have room, the one that was chosen, and the recap once nothing is missing."""
        days = await self._days(chosen.address, filled.items, booking)
        doubts = self._doubts(chosen.address, filled.items)
        filled = replace(filled, days=days, doubts=doubts)
        day = day_of(filled.form, days, self.clock.now().date())
        if isinstance(day, Wrong):
            wrong.append(day if days else Wrong("jour", "Il n'y a plus de place dans les semaines qui viennent."))
            return filled
        recap = () if wrong else _recap(filled, chosen, day, self.catalogue)
        return replace(filled, day=day, recap=recap)

    def _items(self, form: Form, booking: Booking | None, wrong: list[Wrong]) -> tuple[ItemLine, ...]:
        items = items_of(form, self.catalogue, booking.items if booking else ())
        if isinstance(items, Wrong):
            wrong.append(items)
            return ()
        if not items:
            wrong.append(Wrong("ajouter", "Ajoutez au moins un objet."))
        return items

    async def _address(self, form: Form, wrong: list[Wrong]) -> tuple[tuple[Choice, ...], Choice | None]:
        heard = address_of(form, {commune.insee for commune in self.communes})
        if isinstance(heard, Wrong):
            wrong.append(heard)
            return (), None
        found = await self.addresses.find(heard, ())
        choices = tuple(_choice(candidate) for candidate in found[:MOST_SHOWN])
        if not choices:
            wrong.append(Wrong("rue", "La base des adresses n'a rien qui ressemble à cette rue dans cette commune."))
            return (), None
        chosen = next((choice for choice in choices if choice.key == form.get("choix", "")), None)
        if chosen is None:
            wrong.append(Wrong("choix", "Choisissez l'adresse dans la liste."))
        elif not self.looking.serves(chosen.address):
            wrong.append(Wrong("choix", "Nous ne prenons pas de rendez-vous à cette adresse, ou ses règles manquent."))
            return choices, None
        return choices, chosen

    def _phone(self, form: Form, wrong: list[Wrong]) -> PhoneNumber | None:
        text = form.get(_PHONE, "").strip()
        if not text:
            return None
        phone = self.phones(text)
        if phone is None:
            wrong.append(Wrong(_PHONE, "Ce numéro n'existe pas. Écrivez ses dix chiffres, ou laissez vide."))
        return phone

    async def _days(
        self, address: StreetAddress, items: tuple[ItemLine, ...], booking: Booking | None
    ) -> tuple[date, ...]:
        if booking is None:
            return await self.looking.free_days(address, items)
        return await self.looking.days(booking, address=address, items=items)

    def _doubts(self, address: StreetAddress, items: tuple[ItemLine, ...]) -> tuple[str, ...]:
        judged = self.looking.judged(items, address)
        told = [
            f"{self.catalogue[ruling.item].label} : {ruling.alternative or 'à vérifier'}"
            for ruling in judged.rulings
            if ruling.verdict is not Verdict.ACCEPTED and ruling.item in self.catalogue
        ]
        return (*told, *(["C'est plus que ce qui est pris en une fois."] if judged.too_many else []))


def opened_form(
    address: StreetAddress | None,
    items: Sequence[ItemLine] = (),
    phone: PhoneNumber | None = None,
    day: date | None = None,
    email: EmailAddress | None = None,
) -> dict[str, str]:
    """The fields as what is known fills them."""
    fields = {f"{QUANTITY}{line.item}": str(line.quantity) for line in items}
    if address is not None:
        number = " ".join(str(part) for part in (address.number, address.repetition) if part)
        fields |= {"numero": number, "rue": address.street, "commune": address.insee, "choix": _key(address)}
    if phone is not None:
        fields[_PHONE] = written_phone(phone.reveal())
    if day is not None:
        fields["jour"] = day.isoformat()
    if email is not None:
        fields["courriel"] = email.reveal()
    return fields


def _email(form: Form, wrong: list[Wrong]) -> EmailAddress | None:
    email = email_of(form)
    if isinstance(email, Wrong):
        wrong.append(email)
        return None
    return email


def _recap(filled: Filled, chosen: Choice, day: date, catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    phone = written_phone(filled.phone.reveal()) if filled.phone else "aucun : la référence est dite à l'appelant"
    told = [
        ("Objets", ", ".join(written_items(filled.items, catalogue))),
        ("Adresse", chosen.text),
        ("Date", written_day(day)),
        ("Téléphone", phone),
    ]
    if filled.email is not None:
        told.append(("Courriel", filled.email.reveal()))
    return tuple(told)


def _choice(candidate: AddressCandidate) -> Choice:
    address = candidate.address
    return Choice(_key(address), address, written_address(address), candidate.number_check is NumberCheck.UNKNOWN)


def _key(address: StreetAddress) -> str:
    return hashlib.sha256(f"{address.insee}|{address.line}".encode()).hexdigest()[:16]
