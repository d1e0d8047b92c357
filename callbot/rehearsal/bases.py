"""Answers that scenarios share: whoever just wants what the goal says answers every question from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from callbot.rehearsal.answers import Answers
from callbot.rehearsal.goal import Goal
from callbot.speech.spoken import number_words

_READ: Final[TypeAdapter[dict[str, Answers]]] = TypeAdapter(dict[str, Answers])
_YES: Final = {
    "any": ["judge", {"judge": True, "right": "Oui."}, {"judge": True, "right": "Oui, c'est bien ça."},
            {"judge": True, "right": "C'est exact, oui."}],
}  # fmt: skip


def answers_of_base(base: str, goal: Goal) -> Mapping[str, Answers]:
    """All answers of a base; {} for ``none``."""
    return _READ.validate_python(_resident(goal)) if base == "resident" else {}


def _resident(goal: Goal) -> dict[str, Any]:
    """Somebody who knows what they want, answers what is asked, and uses the keys where words did not help."""
    number = goal.number if goal.number is not None else 0
    digits, words = f"{number}, {goal.street}.", f"{number_words(number)}, {goal.street}."
    house = {"any": [digits, words, f"C'est au {number_words(number)}, {goal.street}."]}
    wrong = {"judge": True, "wrong": f"Non, c'est le {number_words(number)}, {goal.street}."}
    things = goal.wants or "un canapé"
    return {
        "ask_need": {"any": [f"Bonjour, j'ai {things} à faire enlever.", f"Je voudrais faire enlever {things}.",
                             f"C'est pour {things} à enlever."]},
        "ask_items": {"any": [f"{things}.", f"J'ai {things}."]},
        **_place(goal),
        "ask_address": [house, f"{goal.street}.", f"{words}"],
        "ask_number": [f"{number_words(number)}.", {"keys": f"{number}#"}],
        "ask_part": words,
        "ask_initials": words,
        "ask_landmark": "Près de la pharmacie.",
        "choose_address": "judge",
        "confirm_address": wrong,
        "recall_address": "judge",
        "ask_whose": "Non.",
        "offer_add": "Non, c'est une autre demande.",
        "offer_reminder": {"any": ["Non merci.", "Non, ce n'est pas la peine."]},
        "offer_dates": [{"any": ["La première date.", "La première.", "La première, s'il vous plaît."]}, {"keys": "1"}],
        **_phone(goal),
        "confirm_phone": _YES,
        "recap": _YES,
        "ask_correction": ["Les objets.", "L'adresse."],
        "ask_more": {"any": ["Non merci, c'est tout.", "Non, c'est tout, merci.", "Non, merci, au revoir."]},
        "ask_satisfaction": {"any": ["Oui.", "Non, pas vraiment.", {"keys": "1"}, {"keys": "2"}]},
        "offer_booking": "Oui, je veux bien.",
        "offer_continue": "Oui.",
        "confirm_goal": "Oui.",
        "offer_human": "Non, continuons.",
        "ask_name": "Non.",
    }  # fmt: skip


def _place(goal: Goal) -> dict[str, Any]:
    if not goal.in_marseille:
        town = f"À {goal.commune}."
        return {"ask_commune": town, "check_commune": town, "confirm_commune": _YES}
    short = goal.commune.removesuffix(" arrondissement")
    said = {"any": [f"À Marseille, dans le {goal.commune}.", f"Marseille {short}.", f"Dans le {goal.commune}."]}
    keys = {"keys": str(int(goal.insee[3:]))} if goal.insee else said
    return {"ask_commune": [said, said, keys], "check_commune": [said, keys], "confirm_commune": _YES}


def _phone(goal: Goal) -> dict[str, Any]:
    if not goal.phone:
        return {"ask_phone": "Je n'ai pas de portable.", "ask_call_back_number": "Je n'en ai pas."}
    national = "0" + goal.phone.removeprefix("+33")
    pairs = [one + other for one, other in zip(national[::2], national[1::2], strict=True)]
    spoken = ", ".join(("zéro " if pair[0] == "0" else "") + number_words(int(pair)) for pair in pairs) + "."
    said = {"any": [" ".join(pairs) + ".", spoken]}
    return {"ask_phone": [said, {"keys": national}], "ask_call_back_number": [said, {"keys": national}]}
