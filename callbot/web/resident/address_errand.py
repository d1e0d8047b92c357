"""The address corrected: written, searched in the address base, chosen from what the base holds, read back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from callbot.booking.looking import Looking
from callbot.domain.addresses import AddressCandidate, NumberCheck, StreetAddress
from callbot.domain.bookings import Amendment
from callbot.domain.clock import Clock
from callbot.domain.geography import Commune, Point
from callbot.domain.items import Verdict
from callbot.domain.meaning import HeardAddress
from callbot.messages.texts import written_day
from callbot.web.resident import words
from callbot.web.resident.asked import Form, Wrong, address_of, day_of
from callbot.web.resident.errands import Ask, Line, Manner, Opened, Proposal, amending
from callbot.web.resident.ports import ChangesBookings, SearchesAddresses
from callbot.web.resident.whereabouts import from_here, sketch

MOST_SHOWN = 5
_WRITTEN = ("numero", "rue", "commune")


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate in the list. ``key`` names it without its place in the list, which may change."""

    key: str
    address: StreetAddress
    text: str
    where: str
    number_unknown: bool


@dataclass(frozen=True, slots=True)
class AnotherAddress:
    """The address as the base writes it, and another day where its sector needs one."""

    desk: ChangesBookings
    looking: Looking
    addresses: SearchesAddresses
    communes: Sequence[Commune]
    clock: Clock
    manner: Manner = field(
        default=Manner(
            "adresse",
            "rue",
            "Corriger l'adresse",
            "Est-ce la bonne adresse ?",
            "Oui, changer l'adresse",
            "L'adresse est changée. Un SMS vous le confirme si vous avez laissé un numéro de portable.",
            "C'est déjà l'adresse de votre rendez-vous : rien n'a changé.",
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """Number, street and commune; the commune stays what it is unless another one is chosen."""
        values = {
            "number": form.get("numero", ""),
            "street": form.get("rue", ""),
            "insee": form.get("commune", opened.booking.address.insee),
            "communes": self.communes,
        }
        return Ask("resident_address", values, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """What was written, then what was chosen, then the day where there has to be another one."""
        heard = address_of(form, {commune.insee for commune in self.communes})
        if isinstance(heard, Wrong):
            return await self.ask(opened, form, heard)
        choices = await self._choices(opened, heard)
        if not choices:
            nothing = "La base des adresses n'a rien qui ressemble à cette rue dans cette commune. Vérifiez-la."
            return await self.ask(opened, form, Wrong("rue", nothing))
        key = form.get("choix", "")
        chosen = next((choice for choice in choices if choice.key == key), None)
        if chosen is None:
            wrong = (Wrong("choix", "Choisissez une adresse de la liste."),) if "choisi" in form else ()
            return self._list(opened, form, choices, *wrong)
        return await self._placed(opened, form, choices, chosen)

    async def _choices(self, opened: Opened, heard: HeardAddress) -> tuple[Choice, ...]:
        found = await self.addresses.find(heard, ())
        here = opened.booking.address.point
        return tuple(_choice(candidate, here) for candidate in found[:MOST_SHOWN])

    def _list(self, opened: Opened, form: Form, choices: Sequence[Choice], *wrong: Wrong) -> Ask:
        shown = sketch(opened.booking.address.point, [choice.address.point for choice in choices])
        values = {
            "choices": choices, "sketch": shown, "written": _written(form), "chosen": form.get("choix", ""),
            "here": words.written_address(opened.booking.address),
        }  # fmt: skip
        return Ask("resident_choices", values, wrong)

    async def _placed(self, opened: Opened, form: Form, choices: Sequence[Choice], chosen: Choice) -> Ask | Proposal:
        booking, address = opened.booking, chosen.address
        if not self.looking.serves(address):
            text = (
                f"{chosen.text} : nous ne prenons pas de rendez-vous à cette adresse, ou ses règles ne sont pas"
                " connues. Votre rendez-vous n'a pas changé. Une personne peut vous dire ce qui est possible."
            )
            return self._list(opened, form, choices, Wrong("choix", text))
        judged = self.looking.judged(booking.items, address)
        if judged.too_many or any(ruling.verdict is not Verdict.ACCEPTED for ruling in judged.rulings):
            text = f"{chosen.text} : les règles n'y sont pas les mêmes pour vos objets. Une personne décide avec vous."
            return self._list(opened, form, choices, Wrong("choix", text))
        days = await self.looking.days(booking, address=address)
        fields = {**_written(form), "choix": chosen.key}
        if not days:
            text = f"{chosen.text} : il n'y a plus de place dans les semaines qui viennent. Rien n'a changé."
            return self._list(opened, form, choices, Wrong("choix", text))
        if booking.day in days and "jour" not in form:
            day = booking.day
        else:
            given = day_of(form, days, self.clock.now().date())
            if isinstance(given, Wrong):
                wrong = (given,) if "jour" in form or "date" in form else ()
                values = {"days": days, "written": fields, "text": chosen.text, "own": booking.day}
                return Ask("resident_address_day", values, wrong)
            day = given
        lines = [Line("Adresse", words.written_address(booking.address), chosen.text)]
        if day != booking.day:
            lines.append(Line("Date", written_day(booking.day), written_day(day)))
            fields["jour"] = day.isoformat()
        asked = Amendment("", booking.reference, address=address, day=day if day != booking.day else None)
        same = (address.line, address.insee, day) == (booking.address.line, booking.address.insee, booking.day)
        return Proposal(fields, tuple(lines), amending(self.desk, asked), same)


def _choice(candidate: AddressCandidate, here: Point | None) -> Choice:
    address = candidate.address
    key = hashlib.sha256(f"{address.insee}|{address.line}".encode()).hexdigest()[:16]
    unknown = candidate.number_check is NumberCheck.UNKNOWN
    return Choice(key, address, words.written_address(address), from_here(here, address.point), unknown)


def _written(form: Form) -> dict[str, str]:
    return {name: form.get(name, "") for name in _WRITTEN}
