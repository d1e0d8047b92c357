"""Requests of people about their data, and what came of them."""

from __future__ import annotations

from typing import Final

from callbot.privacy.dictionary.entries import Basis, Readers, TableEntry

ABOUT_REQUESTS: Final = (
    TableEntry("data_requests", "le registre des demandes sur les données", Basis.DUTY, Readers.OFFICERS, {
        "id": "le numéro de la demande, dit à la personne",
        "source": "ne pas noter deux fois la même demande (empreinte)",
        "data_right": "ce qui est demandé : accès, rectification, effacement, limitation, opposition",
        "channel": "par téléphone, par SMS, par la page ou par courrier",
        "state": "où elle en est",
        "received_at": "le moment où le délai commence",
        "due_on": "le dernier jour pour répondre",
        "extended_at": "quand la personne a été prévenue d'un délai plus long",
        "extension_sealed": "le motif du délai plus long (chiffré)",
        "phone_sealed": "le numéro dont il s'agit (chiffré) ; vidé par l'effacement",
        "phone_index": "retrouver les demandes d'un numéro, sans lire le numéro",
        "call_id": "la conversation dans laquelle elle a été faite",
        "details_sealed": "ce qui est à corriger, en ses mots (chiffré) ; vidé par l'effacement",
        "known_by": "comment la personne a été reconnue : code par SMS ou rappel",
        "identified_at": "le moment où elle l'a été",
        "taken_by": "le compte qui s'en occupe, pour qu'un seul le fasse",
        "ended_at": "le moment de la réponse",
        "answer_sealed": "le motif d'un refus (chiffré)",
        "certificate": "le numéro du certificat d'effacement",
        "version": "combien de fois elle a changé, pour que deux comptes ne se gênent pas",
    }),
    TableEntry("data_codes", "les codes envoyés pour reconnaître une personne", Basis.DUTY, Readers.PROGRAM, {
        "id": "relier le code à sa page (empreinte)",
        "code_hash": "comparer le code, sans le garder",
        "phone_index": "compter les codes d'un numéro, sans le lire",
        "phone_sealed": "le numéro à qui il est envoyé (chiffré)",
        "data_right": "ce qui est demandé",
        "details_sealed": "ce qui est à corriger (chiffré)",
        "request_id": "la demande que ce code confirme",
        "sent_at": "le moment de l'envoi",
        "expires_at": "jusqu'à quand il vaut",
        "tries": "combien de codes faux ont été saisis",
        "used_at": "le moment où il a servi",
        "access_hash": "ouvrir la copie des données quelques minutes (empreinte)",
        "access_until": "jusqu'à quand",
    }),
    TableEntry("data_limits", "les numéros dont les données ne sont plus utilisées", Basis.DUTY, Readers.PROGRAM, {
        "phone_index": "reconnaître un numéro, sans le garder",
        "data_right": "limitation ou opposition",
        "request_id": "la demande dont elle vient",
        "since": "depuis quand",
    }),
)  # fmt: skip
