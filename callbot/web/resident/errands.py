"""What can be asked on the page: an errand reads a form and proposes a change, read back before it is made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from callbot.booking.looking import Looking, Standing
from callbot.domain.bookings import Amendment, Booking, BookingStatus, Changer
from callbot.domain.clock import Clock
from callbot.domain.events import ChangeFailed
from callbot.domain.items import Catalogue, ItemLine, Verdict
from callbot.messages.texts import written_day
from callbot.web.resident import words
from callbot.web.resident.asked import (
    ADDED,
    HOW_MANY,
    QUANTITY,
    SEARCHED,
    Form,
    Wrong,
    day_of,
    items_of,
    kinds_like,
)
from callbot.web.resident.links import Link
from callbot.web.resident.ports import ChangesBookings


@dataclass(frozen=True, slots=True)
class Opened:
    """A booking whose link was shown."""

    link: Link
    booking: Booking
    standing: Standing

    @property
    def version(self) -> str:
        """Names the booking as it is now."""
        return self.link.version(self.booking)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changes, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to be read back. ``fields``: what the confirmation sends again, and is checked again from the start.

    ``already``: it is so now. ``make`` is given the name of the request and makes the change.
    """

    fields: Mapping[str, str]
    lines: tuple[Line, ...]
    make: Callable[[str], Awaitable[ChangeFailed | None]]
    already: bool = False
    photo: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A form to show, with what is wrong with what was sent."""

    page: str
    values: Mapping[str, object]
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """How an errand is spoken of. ``path``: behind the link's own; ``field``: where to say what is wrong with it as a
    whole; ``amends``: only until the cut-off."""

    path: str
    field: str
    title: str
    question: str
    yes: str
    done: str
    already: str
    amends: bool = True


class Errand(Protocol):
    """One thing that can be asked."""

    @property
    def manner(self) -> Manner:
        """Its words."""
        ...

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask | Proposal:
        """The form, filled with what was sent before; the proposal itself where nothing has to be filled in."""
        ...

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The change that is asked for, or the form again."""
        ...


_CONFIRMED = "Un SMS vous le confirme si vous avez laissé un numéro de portable."


@dataclass(frozen=True, slots=True)
class AnotherDay:
    """Another date; the present one stays among the choices."""

    desk: ChangesBookings
    looking: Looking
    clock: Clock
    manner: Manner = field(
        default=Manner(
            "date",
            "jour",
            "Changer la date",
            "Est-ce la bonne date ?",
            "Oui, changer la date",
            f"La date est changée. {_CONFIRMED}",
            "C'est déjà la date de votre rendez-vous : rien n'a changé.",
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """The days with room."""
        days = await self.looking.days(opened.booking)
        own = opened.booking.day
        shown = sorted({own, *days})
        return Ask("resident_date", {"days": shown, "chosen": form.get("jour", own.isoformat()), "own": own}, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The day chosen."""
        booking = opened.booking
        days = {booking.day, *await self.looking.days(booking)}
        day = day_of(form, days, self.clock.now().date())
        if isinstance(day, Wrong):
            return await self.ask(opened, form, day)
        asked = Amendment("", booking.reference, day=day)
        line = Line("Date", written_day(booking.day), written_day(day))
        return Proposal({"jour": day.isoformat()}, (line,), amending(self.desk, asked), day == booking.day)


@dataclass(frozen=True, slots=True)
class OtherItems:
    """Another list of things, judged by the rules of the address."""

    desk: ChangesBookings
    looking: Looking
    catalogue: Catalogue
    manner: Manner = field(
        default=Manner(
            "objets",
            "ajouter",
            "Changer les objets",
            "Est-ce la bonne liste ?",
            "Oui, changer la liste",
            f"La liste est changée. {_CONFIRMED}",
            "C'est déjà votre liste : rien n'a changé.",
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """The present things with their numbers, and the catalogue to add from."""
        present = {f"{QUANTITY}{line.item}": str(line.quantity) for line in opened.booking.items}
        sent = {name: given for name, given in form.items() if name.startswith(QUANTITY)}
        rows = [
            (name, item, self.catalogue[item].label, given)
            for name, given in (sent or present).items()
            if (item := name.removeprefix(QUANTITY)) in self.catalogue
        ]
        searched = form.get(SEARCHED, "")
        kinds = kinds_like(searched, self.catalogue)
        if searched and not kinds:
            missing = "Aucun objet de la liste ne porte ce nom. Essayez un autre mot, ou appelez-nous."
            wrong = (*wrong, Wrong(SEARCHED, missing))
        territory = opened.standing.territory
        values = {
            "rows": rows,
            "kinds": kinds or kinds_like("", self.catalogue),
            "searched": searched if kinds else "",
            "added": kinds[0].id if searched and len(kinds) == 1 else form.get(ADDED, ""),
            "how_many": form.get(HOW_MANY, "1"),
            "limits": words.limits(territory) if territory else "",
        }
        return Ask("resident_items", values, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The list, where the rules take all of it; what they do not take is explained beside its line."""
        booking = opened.booking
        step = form.get("etape", "")
        if step == "chercher":
            return await self.ask(opened, form)
        items = items_of(form, self.catalogue, booking.items)
        if isinstance(items, Wrong):
            return await self.ask(opened, form, items)
        listed = {f"{QUANTITY}{line.item}": str(line.quantity) for line in items}
        wrong = self._not_taken(opened, items)
        if wrong:
            return await self.ask(opened, {**form, **listed, ADDED: ""}, *wrong)
        if step == "ajouter":
            return await self.ask(opened, listed)
        before, after = (", ".join(words.written_items(lines, self.catalogue)) for lines in (booking.items, items))
        asked = Amendment("", booking.reference, items=items)
        same = {(line.item, line.quantity) for line in items} == {(line.item, line.quantity) for line in booking.items}
        return Proposal(listed, (Line("Objets", before, after),), amending(self.desk, asked), same)

    def _not_taken(self, opened: Opened, items: tuple[ItemLine, ...]) -> tuple[Wrong, ...]:
        if not items:
            return (Wrong(ADDED, "Il ne reste aucun objet. Pour ne plus rien faire enlever, annulez le rendez-vous."),)
        judged = self.looking.judged(items, opened.booking.address)
        wrong = []
        for line, ruling in zip(items, judged.rulings, strict=True):
            if ruling.verdict is not Verdict.ACCEPTED:
                told = words.refusal(ruling, self.catalogue)
                wrong.append(Wrong(f"{QUANTITY}{line.item}", f"{told.title} : {told.text}", told.source))
        territory = opened.standing.territory
        if judged.too_many:
            text = f"C'est plus que ce qu'un rendez-vous prend. {words.limits(territory) if territory else ''}".strip()
            source = words.named(judged.ground) if judged.ground else ""
            wrong.append(Wrong(ADDED, text, source))
        return tuple(wrong)


@dataclass(frozen=True, slots=True)
class Cancelling:
    """No pickup after all."""

    desk: ChangesBookings
    catalogue: Catalogue
    manner: Manner = field(
        default=Manner(
            "annuler",
            "",
            "Annuler le rendez-vous",
            "Voulez-vous vraiment annuler ce rendez-vous ?",
            "Oui, annuler le rendez-vous",
            f"Le rendez-vous est annulé. Ne sortez rien, s'il vous plaît. {_CONFIRMED}",
            "Ce rendez-vous est déjà annulé.",
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Proposal:
        """Nothing has to be filled in."""
        booking = opened.booking
        things = ", ".join(words.written_items(booking.items, self.catalogue))
        lines = (
            Line("Date", written_day(booking.day), "plus de passage"),
            Line("Objets", things, "rien n'est enlevé"),
        )

        async def make(_request: str) -> ChangeFailed | None:
            return _failure(await self.desk.cancel(booking.reference, Changer.RESIDENT))

        return Proposal({}, lines, make, booking.status is BookingStatus.CANCELLED)

    async def read(self, opened: Opened, form: Form) -> Proposal:
        """The same."""
        return await self.ask(opened, form)


def amending(desk: ChangesBookings, asked: Amendment) -> Callable[[str], Awaitable[ChangeFailed | None]]:
    """Makes ``asked`` once it was read back and agreed to: only a confirmation calls it."""

    async def make(request: str) -> ChangeFailed | None:
        agreed = Amendment(
            request,
            asked.reference,
            items=asked.items,
            day=asked.day,
            address=asked.address,
            readback_accepted=True,
            by=Changer.RESIDENT,
        )
        return _failure(await desk.amend(agreed))

    return make


def _failure(outcome: object) -> ChangeFailed | None:
    return outcome if isinstance(outcome, ChangeFailed) else None
