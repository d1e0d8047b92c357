"""What an entry of the dictionary is, and what compares the dictionary with a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from callbot.privacy.retention import UNTIL_TAKEN_BACK, WITHOUT_PERSON, Rule


class Basis(StrEnum):
    """Why it may be kept (RGPD art. 6), in French."""

    MISSION = "mission d'intérêt public (art. 6.1.e)"
    CONSENT = "accord de la personne, qu'elle peut reprendre (art. 6.1.a)"
    DUTY = "obligation légale : sécurité et preuve (art. 6.1.c, art. 32)"
    NONE = "aucune donnée de personne"


class Readers(StrEnum):
    """Who may see it, in French."""

    AGENTS = "agents d'accueil et leurs responsables"
    CREWS = "agents d'accueil et équipes de collecte"
    REVIEW = "responsables de la relecture, texte masqué"
    OFFICERS = "délégué à la protection des données"
    ADMINISTRATORS = "administrateurs du service"
    PROGRAM = "le programme seul"
    EVERYBODY = "tout le monde"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table. ``columns``: why each is there (French), in the order of the table."""

    table: str
    about: str
    basis: Basis
    readers: Readers
    columns: Mapping[str, str]


def undocumented(dictionary: Iterable[TableEntry], columns: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Columns of a database, ``table.column``, that no entry explains."""
    known = {f"{entry.table}.{name}" for entry in dictionary for name, why in entry.columns.items() if why}
    there = [f"{table}.{name}" for table, names in columns.items() for name in names]
    return tuple(name for name in there if name not in known)


def unknown(dictionary: Iterable[TableEntry], columns: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Entries about columns that a database does not have."""
    there = {f"{table}.{name}" for table, names in columns.items() for name in names}
    known = [f"{entry.table}.{name}" for entry in dictionary for name in entry.columns]
    return tuple(name for name in known if name not in there)


def term_of(table: str, rules: Iterable[Rule]) -> str:
    """How long its rows are kept, in French, as the settings say; "" for a table nobody answers for."""
    terms = [f"{_days(rule.days)} après {rule.counted_from}" for rule in rules if table in rule.tables]
    if terms:
        return " ; ".join(dict.fromkeys(terms))
    if table in UNTIL_TAKEN_BACK:
        return "jusqu'à ce que la personne change d'avis"
    return "aucune limite : rien sur une personne" if table in WITHOUT_PERSON else ""


def _days(days: int) -> str:
    return "aussitôt" if days == 0 else f"{days} jour{'s' if days > 1 else ''}"
