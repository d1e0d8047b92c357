"""Accounts and what became of them, in French."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from callbot.access import Change, ChangeNote, NotDone, Role
from callbot.access.accounts import LONGEST_NAME
from callbot.access.changes import COMMAND, NOBODY, PROVIDER
from callbot.access.throttling import Burst
from callbot.settings import LOCAL_ZONE
from callbot.web.staff.rendering import ROLE_WORDS

_CHANGES: Final[Mapping[Change, str]] = {
    Change.MADE: "Compte créé",
    Change.ROLE: "Rôle changé",
    Change.LOCKED: "Compte verrouillé",
    Change.UNLOCKED: "Compte déverrouillé",
    Change.PASSWORD_RESET: "Mot de passe à usage unique donné",
    Change.PASSWORD_CHANGED: "Mot de passe changé par son titulaire",
    Change.SECOND_FACTOR_SET_UP: "Double authentification activée",
    Change.SECOND_FACTOR_RESET: "Double authentification retirée",
    Change.RECOVERY_CODES: "Codes de secours renouvelés",
    Change.RECOVERY_CODE_USED: "Code de secours utilisé",
    Change.SESSIONS_ENDED: "Sessions fermées",
    Change.FAILURES: "Série d'essais de connexion manqués",
}
_BURSTS: Final[Mapping[str, str]] = {
    Burst.OF_LOGIN: "cinq en un quart d'heure",
    Burst.OF_LOGIN_A_DAY: "vingt-cinq en un jour",
    Burst.OF_ADDRESS: "quarante depuis une même adresse en un quart d'heure",
}
_WHO: Final[Mapping[str, str]] = {
    COMMAND: "le service",
    PROVIDER: "l'annuaire de la métropole",
    NOBODY: "un identifiant qui n'existe pas",
}
NOT_DONE: Final[Mapping[NotDone, str]] = {
    NotDone.BAD_LOGIN: "L'identifiant a 3 à 64 lettres sans accent, chiffres, points, tirets ou arobases.",
    NotDone.BAD_NAME: f"Le nom affiché a 1 à {LONGEST_NAME} caractères.",
    NotDone.TAKEN: "Cet identifiant est déjà celui d'un compte.",
    NotDone.UNKNOWN: "Ce compte n'existe pas.",
    NotDone.EXTERNAL: "Ce compte entre par l'annuaire de la métropole : cela se change là-bas.",
    NotDone.OWN: "C'est votre propre compte. Demandez à une autre personne qui administre les comptes.",
    NotDone.LAST: "C'est le dernier compte d'administration ouvert. Créez-en ou déverrouillez-en un autre d'abord.",
}


def change_words(change: Change) -> str:
    """What happened."""
    return _CHANGES[change]


def said_detail(note: ChangeNote) -> str:
    """The rest of a note: roles, how many codes are left, how many attempts; empty where there is none."""
    if note.change is Change.RECOVERY_CODE_USED:
        return f"il en reste {note.detail.split()[0]}"
    if note.change is Change.FAILURES:
        return _BURSTS.get(note.detail, note.detail)
    if note.change in (Change.MADE, Change.ROLE):
        return " → ".join(_role(word) for word in note.detail.split(" -> "))
    return note.detail


def who_words(who: str, names: Mapping[str, str]) -> str:
    """Somebody named in a note: ``names`` of accounts by id, else the id, which is all that is left of them."""
    return _WHO.get(who) or names.get(who) or who


def _role(word: str) -> str:
    return ROLE_WORDS[Role(word)] if word in set(Role) else word


def written_moment(at: datetime) -> str:
    """« 23/11/2026, 10 h 04 », for tables."""
    local = at.astimezone(LOCAL_ZONE)
    return f"{local:%d/%m/%Y}, {local.hour}\u00a0h\u00a0{local.minute:02}"
