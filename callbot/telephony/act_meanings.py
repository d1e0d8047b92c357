"""What each dialogue act means, in French, for ``GET /voice/acts``."""

from __future__ import annotations

from collections.abc import Mapping

from callbot.dialogue.acts import Act

ACT_MEANINGS: Mapping[Act, str] = {
    Act.NOTICE: "annonce légale : machine, transcription, une personne à tout moment",
    Act.ASK_NEED: "demande ce qui amène l'appelant",
    Act.ASK_ITEMS: "demande quels objets sont à enlever",
    Act.TELL_RULING: "dit ce qui est accepté ou refusé, avec l'autre solution",
    Act.ASK_COMMUNE: "demande la commune ou l'arrondissement",
    Act.CONFIRM_COMMUNE: "fait confirmer la commune",
    Act.ASK_ADDRESS: "demande le numéro et la rue",
    Act.CHOOSE_ADDRESS: "propose plusieurs adresses proches",
    Act.CONFIRM_ADDRESS: "relit l'adresse pour confirmation",
    Act.ASK_NUMBER: "demande le numéro dans la rue",
    Act.OFFER_DATES: "propose des dates où il reste de la place",
    Act.ASK_PHONE: "demande un numéro pour le SMS de confirmation",
    Act.CONFIRM_PHONE: "relit le numéro de téléphone",
    Act.RECAP: "récapitule tout et demande un oui explicite",
    Act.ASK_CORRECTION: "demande ce qu'il faut corriger",
    Act.GIVE_REFERENCE: "donne la référence de la réservation",
    Act.PUT_OUT: "dit quand et où sortir les objets",
    Act.OFFER_HUMAN: "propose de parler à une personne",
    Act.HAND_OVER: "annonce le transfert à une personne",
    Act.EMERGENCY: "renvoie vers les secours",
    Act.GOODBYE: "prend congé",
    Act.RESUME: "reprend l'appel après une coupure",
}
