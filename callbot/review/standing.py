"""How a call stood when a question was put: why this question and no other."""

from __future__ import annotations

from collections.abc import Iterator

from callbot.dialogue.state import State, Where
from callbot.review.beliefs import Naming, Row, plain_row
from callbot.review.words import decimal

_GOALS = {
    "book": "prendre rendez-vous",
    "status": "suivre un rendez-vous",
    "missed": "signaler un oubli",
    "amend": "modifier un rendez-vous",
    "cancel": "annuler un rendez-vous",
    "fly_tip": "signaler un dépôt sauvage",
}


def standing(state: State, naming: Naming) -> tuple[Row, ...]:
    """What was sure, doubtful or missing, in the order in which the bot asks for it. Nothing personal is in it."""
    return tuple(_standing(state, naming))


def _standing(state: State, naming: Naming) -> Iterator[Row]:
    yield plain_row("But de l'appel", _GOALS.get(state.errand.goal.value, state.errand.goal.value))
    noted = ", ".join(f"{line.quantity} × {naming.item(line.item)}" for line in state.items)
    yield plain_row("Objets notés", noted or "pas encore", "jugés par les règles" if noted and state.judged else "")
    yield plain_row("Commune", naming.commune(state.insee) if state.insee else _doubt(state.where, naming))
    yield plain_row("Adresse", _address(state.where))
    yield plain_row("Date", _date(state))
    yield plain_row("Numéro pour le SMS", _contact(state))
    if state.misses or state.setbacks:
        yield plain_row("Incompréhensions de suite", str(state.misses), f"relectures refusées : {state.setbacks}")
    if state.no is not None:
        yield plain_row("Dernier refus dit", state.no.rule, f"d'après {state.no.source}" if state.no.source else "")


def _doubt(where: Where, naming: Naming) -> str:
    if where.doubt:
        return f"en doute : {', '.join(naming.commune(insee) for insee in where.doubt[:3])}"
    return "pas encore"


def _address(where: Where) -> str:
    if where.confirmed is not None:
        return "confirmée par l'appelant"
    if where.choosing:
        return f"{len(where.candidates)} adresses proposées"
    if where.candidates:
        return f"à confirmer, probabilité {decimal(where.candidates[0].probability)}"
    if where.searched:
        return f"non trouvée, {where.rounds} essais"
    return "rue entendue, pas encore cherchée" if where.street_heard else "pas encore"


def _date(state: State) -> str:
    when = state.when
    if when.held is not None:
        return f"{when.held:%d/%m/%Y}, place gardée"
    if when.chosen is not None:
        return f"{when.chosen:%d/%m/%Y}, choisie"
    return f"{len(when.offered)} dates proposées" if when.offered else "pas encore"


def _contact(state: State) -> str:
    contact = state.contact
    if contact.declined:
        return "l'appelant n'en veut pas"
    if contact.phone is None:
        return "pas encore"
    return "confirmé" if contact.confirmed else "à confirmer"
