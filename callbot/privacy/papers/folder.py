"""Which papers there are, and all of them for one configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callbot.privacy.papers import listings, narratives, rights
from callbot.privacy.register import RegisterSource


@dataclass(frozen=True, slots=True)
class Paper:
    """A file with its French title."""

    file: str
    title: str
    write: Callable[[RegisterSource], str]


PAPERS: Final = (
    Paper("registre_traitements.md", "Registre des traitements (article 30)", listings.processing),
    Paper("aipd.md", "Analyse d'impact, projet", narratives.impact),
    Paper("conservation.md", "Durées de conservation", listings.retention),
    Paper("dictionnaire_donnees.md", "Dictionnaire des données", listings.dictionary),
    Paper("sous_traitants.md", "Sous-traitants", listings.processors),
    Paper("procedure_incident.md", "Procédure en cas d'incident", narratives.incident),
    Paper("procedure_droits.md", "Demandes des personnes sur leurs données", rights.requests),
    Paper("notice_algorithme.md", "Notice de l'algorithme", narratives.notice),
)


def papers(source: RegisterSource) -> dict[str, str]:
    """The text of each paper by its file."""
    return {paper.file: paper.write(source) for paper in PAPERS}
