"""May we ask by SMS, once, how it was? Only who says so here is."""

from __future__ import annotations

from dataclasses import dataclass, field

from callbot.domain.events import ChangeFailed
from callbot.web.resident.asked import Form, Wrong
from callbot.web.resident.errands import Ask, Line, Manner, Opened, Proposal
from callbot.web.resident.ports import KeepsOpinions

_WANTED = {"oui": True, "non": False}
_WORDS = {True: "une question, après la collecte", False: "aucune question"}
_CHOOSE = Wrong("avis", "Choisissez une réponse.")


def may_be_asked(opened: Opened) -> bool:
    """An SMS reaches them, and the pickup is still to come."""
    phone = opened.booking.phone
    return phone is not None and phone.is_french_mobile and opened.booking.status.to_come


@dataclass(frozen=True, slots=True)
class Opinion:
    """One question by SMS after the pickup."""

    opinions: KeepsOpinions
    manner: Manner = field(
        default=Manner(
            "avis",
            "avis",
            "Donner votre avis par SMS",
            "Est-ce bien votre choix ?",
            "Oui, garder ce choix",
            "Votre choix est gardé.",
            "C'est déjà votre choix : rien n'a changé.",
            amends=False,
        ),
        init=False,
    )

    async def ask(self, opened: Opened, form: Form, *wrong: Wrong) -> Ask:
        """The present choice."""
        agreed = await self.opinions.agreed(opened.booking.reference)
        return Ask("resident_opinion", {"choice": form.get("avis", "oui" if agreed else "")}, wrong)

    async def read(self, opened: Opened, form: Form) -> Ask | Proposal:
        """The choice made."""
        choice, booking = form.get("avis", ""), opened.booking
        wanted, phone = _WANTED.get(choice), booking.phone
        if wanted is None or phone is None or (wanted and not may_be_asked(opened)):
            return await self.ask(opened, form, _CHOOSE)

        async def make(_request: str) -> ChangeFailed | None:
            if wanted:
                await self.opinions.agree(booking.reference, phone)
            else:
                await self.opinions.decline(booking.reference)
            return None

        agreed = await self.opinions.agreed(booking.reference)
        line = Line("Par SMS", _WORDS[agreed], _WORDS[wanted])
        return Proposal({"avis": choice}, (line,), make, agreed == wanted)
