"""Who works with the service, and what they did."""

from __future__ import annotations

from typing import Final

from callbot.privacy.dictionary.entries import Basis, Readers, TableEntry

ABOUT_STAFF: Final = (
    TableEntry("accounts", "les comptes des agents", Basis.MISSION, Readers.ADMINISTRATORS, {
        "id": "désigner le compte sans nommer la personne",
        "login_sealed": "l'identifiant (chiffré)",
        "login_index": "trouver le compte sans garder l'identifiant en clair",
        "subject_index": "reconnaître qui entre par l'annuaire de la collectivité",
        "name_sealed": "le nom montré aux collègues (chiffré)",
        "role": "ce que le compte peut faire",
        "password_hash": "vérifier le mot de passe sans le garder",
        "must_change_password": "faire changer un mot de passe donné par un autre",
        "key_sealed": "la clé des codes à usage unique (chiffrée)",
        "pending_key_sealed": "la clé pas encore confirmée (chiffrée)",
        "last_step": "refuser un code déjà servi",
        "created_at": "l'ouverture du compte",
        "disabled_at": "sa fermeture",
    }),
    TableEntry("recovery_codes", "les codes de secours des comptes", Basis.DUTY, Readers.PROGRAM, {
        "account_id": "le compte",
        "code_digest": "reconnaître un code une fois, sans le garder",
    }),
    TableEntry("agent_presence", "qui peut prendre un appel", Basis.MISSION, Readers.AGENTS, {
        "account_id": "le compte",
        "presence": "présent ou en pause",
        "since": "depuis quand ; aucun historique n'est gardé",
        "line_sealed": "le téléphone où le service fait sonner ce conseiller (chiffré) ; effacé dès qu'il le retire",
    }),
    TableEntry("staff_sessions", "les connexions ouvertes", Basis.DUTY, Readers.PROGRAM, {
        "token_digest": "reconnaître la connexion sans garder son témoin",
        "account_id": "le compte",
        "opened_at": "le début",
        "seen_at": "la dernière page demandée, pour fermer une connexion oubliée",
    }),
    TableEntry("sign_in_attempts", "les essais de connexion", Basis.DUTY, Readers.PROGRAM, {
        "id": "l'ordre des essais",
        "login_index": "freiner les essais sur un identifiant, sans le garder",
        "address_index": "freiner les essais d'une adresse, sans la garder",
        "at": "le moment",
    }),
    TableEntry("journal", "qui a vu ou décidé quoi, et pourquoi", Basis.DUTY, Readers.OFFICERS, {
        "number": "l'ordre, sans trou",
        "at": "le moment",
        "kind": "la sorte d'acte",
        "content_sealed": "qui, quoi, pourquoi (chiffré, clé détruite à terme)",
        "previous": "l'empreinte de la ligne d'avant",
        "hash": "l'empreinte de la ligne : un changement se voit",
    }),
    TableEntry("reveal_journal", "les consultations d'avant le journal chaîné", Basis.DUTY, Readers.OFFICERS, {
        "id": "l'ordre",
        "at": "le moment",
        "who": "le compte",
        "reason": "la raison donnée",
        "what": "ce qui a été montré",
    }),
)  # fmt: skip
