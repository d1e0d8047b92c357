"""What an agent is told before a caller is put through: why the call, what is known. Nothing that names the caller."""

from __future__ import annotations

from typing import Final

from callbot.calls.conversation import folded
from callbot.calls.ports import KeepsCalls
from callbot.dialogue.state import State, World
from callbot.dialogue.wording import spoken_commune, spoken_date, spoken_items
from callbot.domain.events import HandedOver, HandOverReason

REASONS: Final[dict[HandOverReason, str]] = {
    HandOverReason.ASKED: "demande à parler à une personne",
    HandOverReason.NOT_UNDERSTOOD: "n'a pas été bien compris",
    HandOverReason.NO_ANSWER: "ne répond plus",
    HandOverReason.RULE_UNKNOWN: "est dans une commune dont les règles manquent",
    HandOverReason.ITEM_DOUBT: "a un objet à vérifier",
    HandOverReason.ADDRESS_DOUBT: "a une adresse introuvable",
    HandOverReason.NO_DATE: "n'a pas trouvé de date",
    HandOverReason.OTHER_REQUEST: "a une autre demande",
    HandOverReason.TECHNICAL: "a subi une panne",
    HandOverReason.TOO_LONG: "est en ligne depuis longtemps",
    HandOverReason.EMERGENCY: "signale un danger",
    HandOverReason.STATUS: "cherche où en est son rendez-vous",
    HandOverReason.MISSED: "signale un passage manqué",
    HandOverReason.AMEND: "veut changer un rendez-vous",
    HandOverReason.CANCEL: "veut annuler un rendez-vous",
    HandOverReason.ASSISTED: "a besoin d'aide pour sortir ses objets",
    HandOverReason.PROFESSIONAL: "est un professionnel ou un syndic",
    HandOverReason.COMPLAINT: "fait une réclamation",
    HandOverReason.LANGUAGE: "ne parle pas français",
    HandOverReason.NOT_KNOWN: "pose une question sans réponse",
    HandOverReason.HOUSEHOLD_LIMIT: "a déjà eu tous les enlèvements prévus par foyer",
    HandOverReason.UPSET: "est en colère",
    HandOverReason.DIVERTED: "n'a pas eu l'assistant, qui est arrêté",
}
"""why a person has the call, as "l'appelant..." goes on"""


class Summaries:
    """Reads the events of a call for the agent who takes it."""

    def __init__(self, log: KeepsCalls, world: World) -> None:
        self._log = log
        self._world = world

    async def summary(self, call_id: str) -> str:
        """At most two French sentences, without name, telephone number or house number."""
        events = await self._log.events(call_id)
        reasons = [event.reason for event in events if isinstance(event, HandedOver)]
        why = f"L'appelant {REASONS[reasons[-1]]}." if reasons else "Appel du service des encombrants."
        known = _known(folded(call_id, events, self._world))
        return f"{why} {known}" if known else why


def _known(state: State) -> str:
    booking = state.errand.booking
    if booking is not None:
        return f"Rendez-vous du {spoken_date(booking.day)}, référence {booking.reference}."
    parts = [spoken_items(state.items, state.world.catalogue)] if state.items else []
    if commune := state.world.communes.get(state.insee or ""):
        parts.append(spoken_commune(commune))
    if parts:
        parts.append("adresse confirmée" if state.where.confirmed else "adresse à chercher")
    return f"Déjà noté : {', '.join(parts)}." if parts else ""
