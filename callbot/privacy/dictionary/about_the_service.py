"""The service itself: keys, rules, figures made public, proofs of deletion."""

from __future__ import annotations

from typing import Final

from callbot.privacy.dictionary.entries import Basis, Readers, TableEntry

ABOUT_THE_SERVICE: Final = (
    TableEntry("journal_head", "où finit le journal", Basis.NONE, Readers.PROGRAM, {
        "id": "une seule ligne",
        "number": "le numéro de la dernière ligne",
        "hash": "son empreinte",
        "mark": "une marque que seule la clé peut faire",
    }),
    TableEntry("period_keys", "les clés d'un jour ou d'un mois", Basis.DUTY, Readers.PROGRAM, {
        "id": "le nom de la clé",
        "purpose": "ce qu'elle protège",
        "first_day": "le premier jour de sa période",
        "key_sealed": "la clé (chiffrée) ; vide une fois détruite",
        "destroyed_at": "le moment de sa destruction",
    }),
    TableEntry("used_tickets", "les jetons déjà utilisés", Basis.NONE, Readers.PROGRAM, {
        "mark": "l'empreinte d'un jeton",
        "expires_at": "quand personne ne le prendrait plus",
    }),
    TableEntry("chore_leases", "quel processus fait quelle tâche de fond", Basis.NONE, Readers.PROGRAM, {
        "name": "la tâche",
        "owner": "le processus qui s'en occupe",
        "leased_until": "jusqu'à quand",
    }),
    TableEntry("hooks", "les programmes qui lisent les faits des conversations", Basis.NONE, Readers.PROGRAM, {
        "name": "le nom du programme",
        "since": "depuis quand il lit",
        "clean_at": "le dernier moment où il n'avait rien à rattraper",
        "delivered_at": "le dernier fait qu'il a pris",
        "owner": "le processus qui s'en occupe",
        "leased_until": "jusqu'à quand",
    }),
    TableEntry("hook_cursors", "où en est chacun de ces programmes", Basis.DUTY, Readers.PROGRAM, {
        "hook": "le programme",
        "call_id": "la conversation",
        "seq": "le dernier fait pris",
        "tries": "combien d'essais pour le suivant",
        "failed_at": "le premier essai manqué",
        "next_try_at": "le prochain essai",
    }),
    TableEntry("hook_set_aside", "les faits qu'un de ces programmes n'a pas su prendre", Basis.DUTY, Readers.PROGRAM, {
        "hook": "le programme",
        "call_id": "la conversation",
        "seq": "le fait",
        "at": "le moment où il a été mis de côté",
        "tries": "combien d'essais",
        "error": "la sorte d'erreur",
        "wanted": "un nouvel essai est demandé",
    }),
    TableEntry("retention_runs", "les effacements d'appels", Basis.NONE, Readers.OFFICERS, {
        "id": "l'ordre",
        "started_at": "le début",
        "reason": "pourquoi",
        "finished_at": "la fin",
    }),
    TableEntry("retention_reports", "les rapports d'effacement signés", Basis.NONE, Readers.OFFICERS, {
        "at": "le moment",
        "report": "les comptes",
        "signature": "la preuve qu'il n'a pas été changé",
    }),
    TableEntry("service_switches", "quand les appels vont aux conseillers", Basis.NONE, Readers.ADMINISTRATORS, {
        "id": "l'ordre",
        "to_people": "vers les conseillers ou vers l'assistant",
        "made_by": "le compte, ou « automatic »",
        "reason": "pourquoi",
        "at": "le moment",
    }),
    TableEntry("knowledge_versions", "les versions de la base de connaissances", Basis.NONE, Readers.ADMINISTRATORS, {
        "number": "le numéro de version",
        "at": "le moment",
        "published_by": "le compte qui l'a publiée",
        "reason": "pourquoi",
        "files": "les textes changés",
        "hash": "l'empreinte de la base ainsi publiée",
        "proposal": "la proposition dont elle vient",
        "restores": "la version à laquelle elle revient",
    }),
    TableEntry("knowledge_proposals", "les changements proposés", Basis.NONE, Readers.ADMINISTRATORS, {
        "id": "le numéro",
        "kind": "une entrée ou un fichier",
        "file": "le fichier",
        "text": "le texte proposé",
        "base": "l'empreinte du texte d'avant",
        "owner": "le responsable du contenu",
        "note": "pourquoi",
        "made_by": "le compte qui propose",
        "made_at": "le moment",
        "status": "en attente, publiée, refusée, retirée",
        "decided_by": "le compte qui a décidé",
        "decided_at": "le moment de la décision",
        "override": "pourquoi un essai raté n'a pas compté",
        "rehearsal": "où en sont les appels d'essai",
        "rehearsed_at": "le moment des essais",
        "report": "ce que les essais ont donné",
    }),
    TableEntry("signed_months", "les mois publiés", Basis.NONE, Readers.EVERYBODY, {
        "month": "le mois",
        "signed_by": "le compte qui l'a publié",
        "signed_at": "le moment",
        "figures": "les chiffres, tels que publiés",
        "remark": "la remarque publique",
    }),
)  # fmt: skip
