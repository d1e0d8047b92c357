"""The routes of the desk, each behind the guard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from callbot.access import Right
from callbot.desk import AgentDesk, LiveCalls, Presence, Switchboard
from callbot.desk.ports import TellsCalls
from callbot.domain.clock import Clock
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, Certainty
from callbot.messages.texts import written_day
from callbot.web.desk import paths
from callbot.web.desk.booking_form import BookingForm
from callbot.web.desk.bookings import Bookings
from callbot.web.desk.calls import Calls
from callbot.web.desk.lists import AsksSwitch, Lists, the_bot_answers
from callbot.web.desk.ports import (
    LooksAtRoom,
    NotesErrors,
    ReadsPhones,
    SearchesAddresses,
    SearchesKnowledge,
    TakesBookings,
)
from callbot.web.desk.telephone import Telephone
from callbot.web.forms import plain_text
from callbot.web.scripts import Scripts
from callbot.web.staff.guard import StaffGuard, StaffHandler, Visit
from callbot.web.staff.rendering import STAFF_HEADERS, StaffPages, staff_templates
from callbot.web.staff.theme import Theme

_NAMES = (
    "desk_base", "desk_parts", "desk_home", "desk_lists", "desk_call", "desk_call_back", "desk_booking_form",
    "desk_search", "desk_booking", "desk_knowledge", "desk_listening",
)  # fmt: skip
_CERTAINTIES = {
    Certainty.SOURCED: "source citée",
    Certainty.TYPICAL: "usage courant, à confirmer",
    Certainty.GENERAL: "savoir général, à confirmer",
    Certainty.INFERRED: "déduit, à confirmer",
}
_LONGEST_SEARCH = 80
_VALUES = {
    "PATHS": paths, "of_call": paths.of_call, "of_booking": paths.of_booking, "Presence": Presence,
    "CERTAINTIES": _CERTAINTIES, "written_day": written_day,
}  # fmt: skip
_LISTENS = "; script-src 'self'; connect-src 'self'; media-src 'self'"
_QUIET = staff_templates(_NAMES, _VALUES)
_LIVE = staff_templates(
    _NAMES, _VALUES, {"Content-Security-Policy": STAFF_HEADERS["Content-Security-Policy"] + _LISTENS}
)
"""for where scripts are: they come from here, and listen to nobody else"""


@dataclass(frozen=True, slots=True)
class DeskDeps:
    """What ``bootstrap`` hands over."""

    desk: AgentDesk
    switchboard: Switchboard
    live: LiveCalls
    booking: TakesBookings
    looking: LooksAtRoom
    addresses: SearchesAddresses
    phones: ReadsPhones
    knowledge: SearchesKnowledge
    errors: NotesErrors
    told: TellsCalls
    communes: Sequence[Commune]
    catalogue: Catalogue
    clock: Clock
    guard: StaffGuard
    theme: Theme
    scripts: Scripts
    switched: AsksSwitch = the_bot_answers
    """whether all new calls go to people (``editing.switch``)"""


def desk_router(deps: DeskDeps) -> APIRouter:
    """Every page of the desk."""
    templates = _LIVE if deps.scripts.addresses else _QUIET
    pages = StaffPages(templates, deps.theme, {"SCRIPTS": deps.scripts.addresses})
    lists = Lists(
        deps.desk, deps.switchboard, deps.live, pages, deps.guard,
        script=bool(deps.scripts.addresses), switched=deps.switched,
    )  # fmt: skip
    calls = Calls(deps.desk, deps.switchboard, deps.errors, deps.told, pages)
    telephone = Telephone(deps.desk, deps.switchboard, pages)
    form = BookingForm(deps.addresses, deps.looking, deps.communes, deps.catalogue, deps.phones, deps.clock)
    bookings = Bookings(deps.desk, deps.booking, form, deps.phones, deps.communes, deps.catalogue, pages)
    router = APIRouter(include_in_schema=False)

    def get(path: str, handler: StaffHandler, *, counts: bool = True) -> None:
        router.add_route(path, deps.guard.guarded(handler, Right.DESK, counts=counts), methods=["GET"])

    def post(path: str, handler: StaffHandler, right: Right = Right.DESK) -> None:
        router.add_route(path, deps.guard.guarded(handler, right), methods=["POST"])

    get(paths.HOME, lists.home)
    get(paths.LIVE, lists.stream, counts=False)
    get(paths.SOUND, lists.sound, counts=False)
    post(paths.PRESENCE, lists.say)
    get(paths.CALL, calls.show)
    post(paths.TAKE, calls.take)
    post(paths.PUT_BACK, calls.put_back)
    post(paths.FINISH, calls.finish)
    post(paths.WRONG, calls.wrong)
    post(paths.GIVE_BACK, calls.give_back)
    get(paths.CALL_BACK, calls.show_call_back)
    post(paths.TAKE_CALL_BACK, calls.take_call_back)
    post(paths.END_CALL_BACK, calls.end_call_back)
    post(paths.PUT_THROUGH, calls.put_through)
    post(paths.RING_BACK, telephone.ring_back)
    post(paths.REFUSE_LISTENING, telephone.refuse_listening)
    router.add_route(paths.TALKS, deps.guard.guarded(telephone.talks, Right.LISTEN), methods=["GET"])
    post(paths.LISTEN, telephone.listen, Right.LISTEN)
    get(paths.BOOK, bookings.open)
    post(paths.BOOK, bookings.book)
    get(paths.SEARCH, bookings.search)
    post(paths.SEARCH, bookings.search)
    get(paths.BOOKING, bookings.show)
    get(paths.CHANGE, bookings.change)
    post(paths.CHANGE, bookings.change)
    post(paths.CANCEL, bookings.cancel)
    get(paths.KNOWLEDGE, _knowledge(deps, pages))
    return router


def _knowledge(deps: DeskDeps, pages: StaffPages) -> StaffHandler:
    async def knowledge(request: Request, visit: Visit) -> Response:
        """``GET /desk/documents?q=``: a search of ours, nothing a caller said."""
        asked = plain_text(request.query_params.get("q", ""))[:_LONGEST_SEARCH]
        found = deps.knowledge.find(asked) if asked else None
        return pages.page("desk_knowledge", "Chercher dans les documents", visit, paths.HOME, asked=asked, found=found)

    return knowledge
