"""What the officers' pages say of each right, in French."""

from __future__ import annotations

from typing import Final

from callbot.domain.data_rights import DataRight, Identity, Urgency

HOW: Final = {
    DataRight.ACCESS: (
        "Lisez ou téléchargez la copie, et remettez-la à la personne : de vive voix, au guichet ou par courrier"
        " recommandé. Elle peut aussi l'ouvrir elle-même sur la page « Mes données »."
    ),
    DataRight.RECTIFICATION: (
        "Corrigez avec la personne, depuis l'accueil d'appels ou la page de son rendez-vous. La copie montre ce qui est"
        " gardé."
    ),
    DataRight.ERASURE: (
        "Tout est effacé ; un rendez-vous à venir garde son adresse et ses objets jusqu'au lendemain de la collecte."
        " Annulez-le d'abord si la personne n'en veut plus."
    ),
    DataRight.LIMITATION: (
        "Ses conversations ne se trouvent plus à la relecture, ses appels ne sont plus comparés entre eux, aucun rappel"
        " de rendez-vous ne part, l'assistant ne propose plus son adresse. La conservation n'est pas prolongée."
    ),
    DataRight.OBJECTION: "Comme une limitation : ses données ne servent plus qu'aux rendez-vous qu'elle prend.",
}
"""what the officer does, and what the machine does at the click"""
ANSWERS: Final = {
    DataRight.ACCESS: "La copie est remise",
    DataRight.RECTIFICATION: "C'est corrigé",
    DataRight.ERASURE: "Effacer, avec certificat",
    DataRight.LIMITATION: "Limiter maintenant",
    DataRight.OBJECTION: "Appliquer l'opposition",
}
FACES: Final = {
    Urgency.OVERDUE: "doubtful", Urgency.SOON: "likely", Urgency.IN_TIME: "confirmed", Urgency.CLOSED: "",
}  # fmt: skip
"""the colour that goes with the words, never alone"""
IDENTITIES: Final = {
    Identity.CODE: "par un code envoyé à son numéro",
    Identity.CALL_BACK: "rappelée à son numéro",
}
TOO_LATE: Final = "Cette demande n'en est plus là : quelqu'un d'autre l'a peut-être fait avancer. Voici où elle en est."
NO_CODE: Final = "Aucun code ne peut partir : ce numéro a répondu STOP, ou a eu trop de codes aujourd'hui. Rappelez-le."
WRONG_CODE: Final = "Ce code n'est pas le bon, ou il ne vaut plus. Après trois erreurs, envoyez-en un nouveau."
NOT_SURE: Final = "Cochez « Effacer pour de bon » : rien ne peut être rétabli."
NO_NUMBER: Final = "Écrivez le numéro que vous avez rappelé, comme 06 12 34 56 78."
_TOLD: Final = "Un SMS le dit à la personne si ce numéro en reçoit ; sinon, rappelez-la."
DONE: Final = {
    "rappele": "La personne est reconnue.",
    "code": "Le code est envoyé. Il vaut dix minutes.",
    "lu": "Le code est le bon : la personne est reconnue.",
    "inconnu": "La demande est close.",
    "prendre": "Vous vous occupez de cette demande.",
    "repondre": f"C'est fait. {_TOLD}",
    "prolonger": f"Le délai est prolongé. {_TOLD}",
    "refuser": f"La demande est refusée. {_TOLD}",
    "retirer": "La demande est retirée.",
    "lever": "Les données peuvent servir à nouveau.",
    "notee": "La demande est notée.",
}
"""by the name of the move"""
