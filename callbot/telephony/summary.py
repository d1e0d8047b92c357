"""What an agent hears before a caller is put through: why, and what is known. No name, no number, no house number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from callbot.calls.conversation import folded
from callbot.dialogue.state import State, World
from callbot.dialogue.wording import spoken_commune, spoken_date, spoken_items
from callbot.domain.events import HandedOver, HandOverReason
from callbot.telephony.ports import ReadsCalls

MOTIVES: Mapping[HandOverReason, str] = {
    HandOverReason.ASKED: "La personne demande un conseiller",
    HandOverReason.NOT_UNDERSTOOD: "L'assistant n'a pas bien compris",
    HandOverReason.NO_ANSWER: "La personne n'a pas répondu à l'assistant",
    HandOverReason.RULE_UNKNOWN: "Les règles de la commune ne sont pas connues",
    HandOverReason.ITEM_DOUBT: "Un objet est à vérifier",
    HandOverReason.ADDRESS_DOUBT: "L'adresse n'a pas été trouvée",
    HandOverReason.NO_DATE: "Il n'y a plus de date disponible",
    HandOverReason.OTHER_REQUEST: "La demande est d'une autre sorte",
    HandOverReason.TECHNICAL: "L'assistant a eu un souci technique",
    HandOverReason.TOO_LONG: "L'appel dure depuis trop longtemps",
    HandOverReason.EMERGENCY: "Une urgence : le 18 et le 112 ont été donnés",
    HandOverReason.STATUS: "Question sur un rendez-vous",
    HandOverReason.MISSED: "Un enlèvement n'a pas eu lieu",
    HandOverReason.AMEND: "Un rendez-vous est à changer",
    HandOverReason.CANCEL: "Un rendez-vous est à annuler",
    HandOverReason.ASSISTED: "La personne a besoin d'aide pour sortir ses objets",
    HandOverReason.PROFESSIONAL: "Demande d'un professionnel",
    HandOverReason.COMPLAINT: "Réclamation",
    HandOverReason.LANGUAGE: "La personne parle une autre langue",
    HandOverReason.NOT_KNOWN: "L'assistant n'a pas la réponse à une question",
    HandOverReason.UPSET: "La personne est mécontente",
}
NOTHING_KNOWN = "Rien n'a encore été noté."


@dataclass(frozen=True, slots=True)
class Summaries:
    """Summaries of stored calls; ``turn_ports.Summarises``."""

    calls: ReadsCalls
    world: World

    async def summary(self, call_id: str) -> str:
        """Two sentences; "" for a call that is not known."""
        events = await self.calls.events(call_id)
        reasons = [event.reason for event in events if isinstance(event, HandedOver)]
        reason = reasons[-1] if reasons else HandOverReason.TECHNICAL
        return summary_of(folded(call_id, events, self.world), reason) if events else ""


def summary_of(state: State, reason: HandOverReason) -> str:
    """Why ``state`` is handed over, and what the caller need not say again."""
    known = ", ".join(part for part in (_items(state), _place(state), _day(state)) if part)
    return f"{MOTIVES[reason]}. {known[0].upper()}{known[1:]}." if known else f"{MOTIVES[reason]}. {NOTHING_KNOWN}"


def _items(state: State) -> str:
    return spoken_items(state.items, state.world.catalogue) if state.items else ""


def _place(state: State) -> str:
    commune = state.world.communes.get(state.insee or "")
    if commune is None:
        return ""
    return f"{spoken_commune(commune)}, adresse {'confirmée' if state.where.confirmed else 'à préciser'}"


def _day(state: State) -> str:
    if state.booked:
        return f"réservé pour le {spoken_date(state.booked.day)}"
    return f"date retenue : {spoken_date(state.when.held)}" if state.when.held else ""
