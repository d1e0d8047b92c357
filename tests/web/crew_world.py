"""A crew with its page, over the database and the desk of the resident's page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx
from fastapi import FastAPI

from callbot.booking.completing import Completing
from callbot.booking.crew import CrewDesk
from callbot.domain.personal import Personal
from callbot.web.crew.links import CrewLinks
from callbot.web.crew.router import CrewDeps, crew_router
from callbot.web.rendering import STYLE, style_sheet
from tests.booking.sample import CATALOGUE, THURSDAY
from tests.web.resident_world import KEYS, PUBLIC, ResidentService, a_draft, a_photo

LINKS = CrewLinks(KEYS.index)


def crew_app(rdv: ResidentService, public_url: str = PUBLIC) -> FastAPI:
    """The crew's page alone."""
    desk = CrewDesk(rdv.storage, rdv.desk, CATALOGUE, {"centre": "Centre"})
    app = FastAPI()
    app.include_router(crew_router(CrewDeps(desk, LINKS, rdv.clock, public_url)))
    app.get(STYLE)(style_sheet)
    return app


async def booked(rdv: ResidentService, call_id: str, day: date = THURSDAY, *, photo: bool = False) -> str:
    """The reference of a new booking in the centre, with a note."""
    asked = a_draft(call_id, day)
    street = {"CA2": "Rue Dragon"}.get(call_id, "Rue de Rome")
    reference, _ = await rdv.booked(replace(asked, address=replace(asked.address, street=street)))
    completing = Completing(rdv.storage.unit_of_work, rdv.clock)
    await completing.note(reference, Personal("Portail bleu <b>"))
    if photo:
        await completing.add_photo(reference, a_photo())
    return reference


class Crew:
    """A phone without scripts that has the link of a sector's day."""

    def __init__(self, rdv: ResidentService, sector: str = "centre", day: date = THURSDAY) -> None:
        transport = httpx.ASGITransport(crew_app(rdv))
        self.client = httpx.AsyncClient(transport=transport, base_url=PUBLIC, headers={"origin": PUBLIC})
        self.link = LINKS.link(sector, day)

    async def get(self, rest: str = "") -> httpx.Response:
        return await self.client.get(self.link.path + rest)

    async def enter(self, reference: str, resultat: str, raison: str = "", **more: str) -> httpx.Response:
        form = {"jeton": self.link.form_token, "reference": reference, "resultat": resultat, "raison": raison, **more}
        return await self.client.post(self.link.path, data=form)
