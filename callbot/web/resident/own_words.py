"""Errands that change nothing a crew plans by: a note, an e-mail address, a photo taken away."""

from __future__ import annotations

from dataclasses import dataclass, field

from callbot.booking.completing import Completed, Completing
from callbot.domain.bookings import NotChanged
from callbot.domain.events import ChangeFailed
from callbot.domain.personal import EmailAddress, Personal
from callbot.web.forms import small_number
from callbot.web.resident import words
from callbot.web.resident.asked import Form, Wrong, email_of, note_of
from callbot.web.resident.errands import Ask, Line, Manner, Opened, Proposal
from callbot.web.resident.ports import KeepsBookings

_NONE = "rien"


@dataclass(frozen=True, slots=True)
class Note:
    """What the crew should know."""

    completing: Completing
    manner: Manner = field(
        default=Manner(
            "note",
            "note",
            "Écrire une note pour l'équipe",
            "Est-ce la bonne note ?",
            "Oui, garder cette note",
            "Votre note est gardée. L'équipe la lira.",
            "C'est déjà votre note : rien n'a changé.",
            amends=False,
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """The present note."""
        present = opened.booking.note.reveal() if opened.booking.note else ""
        return Ask("resident_note", {"text": form.get("note", present)}, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The note written; an empty one takes the present one away."""
        note, before = note_of(form), opened.booking.note
        if isinstance(note, Wrong):
            return await self.ask(opened, form, note)

        async def make(_request: str) -> ChangeFailed | None:
            return _failure(await self.completing.note(opened.booking.reference, note))

        line = Line("Note pour l'équipe", _shown(before), _shown(note))
        return Proposal({"note": note.reveal() if note else ""}, (line,), make, note == before)


@dataclass(frozen=True, slots=True)
class Mail:
    """Where messages go with a calendar file."""

    completing: Completing
    manner: Manner = field(
        default=Manner(
            "courriel",
            "courriel",
            "Donner une adresse de courriel",
            "Est-ce la bonne adresse ?",
            "Oui, garder cette adresse",
            "C'est gardé. Les prochains messages sur ce rendez-vous suivront ce choix.",
            "C'est déjà cette adresse : rien n'a changé.",
            amends=False,
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """An empty field: the present address is shown masked only."""
        present = words.masked(opened.booking.email) if opened.booking.email else ""
        return Ask("resident_email", {"text": form.get("courriel", ""), "present": present}, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The address written, in full: this once it has to be checked by its owner."""
        email, before = email_of(form), opened.booking.email
        if isinstance(email, Wrong):
            return await self.ask(opened, form, email)

        async def make(_request: str) -> ChangeFailed | None:
            return _failure(await self.completing.email(opened.booking.reference, email))

        line = Line("Courriel", words.masked(before) if before else _NONE, _shown(email))
        return Proposal({"courriel": email.reveal() if email else ""}, (line,), make, email == before)


@dataclass(frozen=True, slots=True)
class PhotoAway:
    """A photo the crew should not see any more."""

    completing: Completing
    bookings: KeepsBookings
    manner: Manner = field(
        default=Manner(
            "photos/retirer",
            "photo",
            "Retirer une photo",
            "Voulez-vous retirer cette photo ?",
            "Oui, retirer la photo",
            "La photo est retirée et effacée.",
            "Cette photo est déjà retirée.",
            amends=False,
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """The photos there are."""
        photos = sorted(await self.bookings.photos(opened.booking.reference))
        return Ask("resident_photos", {"photos": photos, "heading": self.manner.title}, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The photo of this number."""
        number = small_number(form.get("numero", ""))
        if number is None:
            return await self.ask(opened, form, Wrong("photo", "Choisissez la photo à retirer."))

        async def make(_request: str) -> ChangeFailed | None:
            return _failure(await self.completing.remove_photo(opened.booking.reference, number))

        there = number in await self.bookings.photos(opened.booking.reference)
        line = Line("Photo", f"photo {number}", "effacée")
        return Proposal({"numero": str(number)}, (line,), make, not there, number)


def _shown(value: Personal | EmailAddress | None) -> str:
    return value.reveal() if value else _NONE


def _failure(completed: Completed) -> ChangeFailed | None:
    return None if completed is Completed.DONE else ChangeFailed(NotChanged.OVER)
