"""Bookings on a caller's behalf: made, found, changed, cancelled."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import Request, Response

from callbot.desk import AgentDesk
from callbot.dialogue.state import State
from callbot.domain.bookings import Amendment, Author, Booking, BookingDraft, Changer
from callbot.domain.events import Booked, ChangeFailed
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.references import parse_reference
from callbot.web.desk import paths, views, words
from callbot.web.desk.booking_form import MOST_FIELDS, BookingForm, Filled, opened_form
from callbot.web.desk.calls import NOT_YOURS
from callbot.web.desk.ports import ReadsPhones, TakesBookings
from callbot.web.forms import plain_text, read_form
from callbot.web.problems import Problem, RefusedError
from callbot.web.rendering import go_to
from callbot.web.resident.words import written_items
from callbot.web.staff.guard import NOT_OURS, Visit
from callbot.web.staff.rendering import StaffPages

_SAID: Final = {
    "reserve": "Le rendez-vous est pris.",
    "modifie": "Le rendez-vous est modifié.",
    "annule": "Le rendez-vous est annulé.",
}
_OWN_ID: Final = re.compile(r"desk-[0-9a-f]{32}")
NO_BOOKING = Problem(
    HTTPStatus.NOT_FOUND,
    "Aucun rendez-vous avec cette référence",
    "Vérifiez la référence avec l'appelant : quatre caractères puis un de contrôle.",
)


@dataclass(frozen=True, slots=True)
class Bookings:
    """The handlers. A booking made for a call is that call's booking: asked twice it is made once."""

    desk: AgentDesk
    booking: TakesBookings
    form: BookingForm
    phones: ReadsPhones
    communes: Sequence[Commune]
    catalogue: Catalogue
    pages: StaffPages

    async def open(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/reserver``: empty, or filled with what the call ``?appel=`` has told."""
        call_id = request.query_params.get("appel", "")
        fields = {"demande": f"desk-{secrets.token_hex(16)}"}
        if call_id:
            fields |= {**_told(await self._state(call_id, visit)), "appel": call_id}
        return self._shown(visit, await self.form.read(fields, sent=False))

    async def book(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/reserver``: the form a step further, or the booking."""
        fields = await self._fields(request, visit)
        call_id = await self._request_id(fields, visit)
        filled = await self.form.read(fields)
        if not filled.agreed or filled.chosen is None or filled.day is None:
            return self._shown(visit, filled)
        draft = BookingDraft(
            call_id, filled.chosen.address, filled.items, filled.day, filled.phone,
            readback_accepted=True, created_by=Author.AGENT, email=filled.email,
        )  # fmt: skip
        made = await self.booking.book(draft)
        if not isinstance(made, Booked):
            return self._shown(visit, filled, words.NOT_BOOKED[made.reason])
        if fields.get("appel"):
            return go_to(f"{paths.of_call(paths.CALL, call_id)}?fait=reserve")
        return go_to(f"{paths.of_booking(paths.BOOKING, made.reference)}?fait=reserve")

    async def search(self, request: Request, visit: Visit) -> Response:
        """``GET`` and ``POST /desk/rendez-vous``: by reference or phone number, never in an address."""
        found: Sequence[Booking] | None = None
        asked, wrong = "", ""
        if request.method == "POST":
            fields = await self._fields(request, visit)
            asked = plain_text(fields.get("cherche", ""))
            reference = parse_reference(asked)
            phone = self.phones(asked)
            if phone is None and reference is None:
                wrong = "Écrivez une référence de cinq caractères, ou un numéro de téléphone."
            else:
                found = await self.desk.bookings_for(visit.account.id, phone, reference or "")
        lines = [views.booking_line(booking) for booking in found] if found is not None else None
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        return self.pages.page(
            "desk_search", "Chercher un rendez-vous", visit, paths.SEARCH, status, found=lines, asked=asked, wrong=wrong
        )

    async def show(self, request: Request, visit: Visit) -> Response:
        """``GET /desk/rendez-vous/{reference}``."""
        booking = await self._booking(request, visit)
        return self._one(booking, visit, said=_SAID.get(request.query_params.get("fait", ""), ""))

    async def change(self, request: Request, visit: Visit) -> Response:
        """``GET`` and ``POST /desk/rendez-vous/{reference}/modifier``."""
        booking = await self._booking(request, visit)
        if request.method != "POST":
            fields = opened_form(booking.address, booking.items, booking.phone, booking.day)
            return self._shown(visit, await self.form.read(fields, booking, sent=False), booking=booking)
        fields = await self._fields(request, visit)
        filled = await self.form.read(fields, booking)
        if not filled.agreed or filled.chosen is None or filled.day is None:
            return self._shown(visit, filled, booking=booking)
        made = await self.booking.amend(_amendment(booking, filled))
        if isinstance(made, ChangeFailed):
            return self._shown(visit, filled, words.NOT_CHANGED[made.reason], booking=booking)
        return go_to(f"{paths.of_booking(paths.BOOKING, booking.reference)}?fait=modifie")

    async def cancel(self, request: Request, visit: Visit) -> Response:
        """``POST /desk/rendez-vous/{reference}/annuler``, once the caller's agreement is ticked."""
        fields = await self._fields(request, visit)
        booking = await self._booking(request, visit)
        if fields.get("accord") != booking.reference:
            return self._one(booking, visit, wrong="Cochez l'accord de l'appelant pour annuler.")
        made = await self.booking.cancel(booking.reference, Changer.AGENT)
        if isinstance(made, ChangeFailed):
            return self._one(booking, visit, wrong=words.NOT_CHANGED[made.reason])
        return go_to(f"{paths.of_booking(paths.BOOKING, booking.reference)}?fait=annule")

    def _one(self, booking: Booking, visit: Visit, *, said: str = "", wrong: str = "") -> Response:
        phone = words.written_phone(booking.phone.reveal()) if booking.phone else ""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        items = written_items(booking.items, self.catalogue)
        return self.pages.page(
            "desk_booking", f"Rendez-vous {booking.reference}", visit, paths.SEARCH, status,
            line=views.booking_line(booking), items=items, phone=phone, said=said, wrong=wrong,
            note=booking.note.reveal() if booking.note else "",
        )  # fmt: skip

    def _shown(self, visit: Visit, filled: Filled, wrong: str = "", booking: Booking | None = None) -> Response:
        title = f"Modifier {booking.reference}" if booking else "Prendre un rendez-vous"
        bad = wrong or filled.wrong
        status = HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
        here = paths.of_booking(paths.CHANGE, booking.reference) if booking else paths.BOOK
        return self.pages.page(
            "desk_booking_form", title, visit, paths.HOME, status,
            filled=filled, wrong=wrong, action=here, communes=self.communes, booking=booking,
            kinds=sorted(self.catalogue.kinds, key=lambda kind: kind.label), catalogue=self.catalogue,
        )  # fmt: skip

    async def _booking(self, request: Request, visit: Visit) -> Booking:
        reference = parse_reference(str(request.path_params["reference"]))
        if reference is None:
            raise RefusedError(NO_BOOKING)
        found = await self.desk.bookings_for(visit.account.id, None, reference)
        if not found:
            raise RefusedError(NO_BOOKING)
        return found[0]

    async def _state(self, call_id: str, visit: Visit) -> State:
        dossier = await self.desk.dossier(call_id, visit.account.id)
        if dossier is None:
            raise RefusedError(NOT_YOURS)
        return dossier.state

    async def _request_id(self, fields: dict[str, str], visit: Visit) -> str:
        """What the booking is made for: a call this account has, or the form itself."""
        if call_id := fields.get("appel", ""):
            await self._state(call_id, visit)
            return call_id
        if not _OWN_ID.fullmatch(own := fields.get("demande", "")):
            raise RefusedError(NOT_OURS)
        return own

    async def _fields(self, request: Request, visit: Visit) -> dict[str, str]:
        fields = await read_form(request.headers, request.stream(), MOST_FIELDS)
        if not visit.form_ok(fields, request):
            raise RefusedError(NOT_OURS)
        return fields


def _told(state: State) -> dict[str, str]:
    """What the call has told, as the form writes it; what was doubtful is filled in too, to be asked again."""
    best = state.where.candidates[0].address if state.where.candidates and not state.where.choosing else None
    address = state.where.confirmed or best
    phone, day = state.contact.phone or state.caller, state.when.held or state.when.chosen
    fields = opened_form(address, state.items, phone, day)
    if address is None:
        heard = state.where
        number = " ".join(str(part) for part in (heard.number, heard.repetition) if part)
        fields |= {"numero": number, "rue": heard.street_heard or "", "commune": heard.insee or ""}
    return fields


def _amendment(booking: Booking, filled: Filled) -> Amendment:
    """Only what differs."""
    address = filled.chosen.address if filled.chosen else booking.address
    moved = (address.line, address.insee) != (booking.address.line, booking.address.insee)
    return Amendment(
        f"desk-{secrets.token_hex(16)}",
        booking.reference,
        items=filled.items if _counted(filled.items) != _counted(booking.items) else None,
        day=filled.day if filled.day != booking.day else None,
        phone=filled.phone if filled.phone != booking.phone else None,
        address=address if moved else None,
        readback_accepted=True,
        by=Changer.AGENT,
    )


def _counted(items: Sequence[ItemLine]) -> dict[str, int]:
    return {line.item: line.quantity for line in items}
