"""The three services one may ask for, and the attributes of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from callbot.domain.items import Catalogue


class ServiceCode(StrEnum):
    """``service_code`` of Open311."""

    BULKY = "encombrants"
    FLY_TIP = "depot-sauvage"
    MISSED = "ramassage-manque"


@dataclass(frozen=True, slots=True)
class Service:
    """A service; fields as GeoReport v2 names them."""

    code: ServiceCode
    name: str
    description: str
    keywords: str


SERVICES: dict[ServiceCode, Service] = {
    service.code: service
    for service in (
        Service(
            ServiceCode.BULKY,
            "Rendez-vous pour des encombrants",
            "Enlèvement d'objets encombrants au pied de l'adresse, à une date choisie.",
            "encombrants, rendez-vous, collecte",
        ),
        Service(
            ServiceCode.FLY_TIP,
            "Dépôt sauvage",
            "Objets ou déchets abandonnés sur la voie publique. Le texte libre n'est pas conservé.",
            "dépôt sauvage, propreté",
        ),
        Service(
            ServiceCode.MISSED,
            "Ramassage manqué",
            "Un rendez-vous pour lequel personne n'est passé.",
            "encombrants, réclamation",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute; ``values``: key and name of each choice, () where it is no list."""

    code: str
    datatype: str
    required: bool
    description: str
    hint: str = ""
    values: tuple[tuple[str, str], ...] = ()


def attributes_of(code: ServiceCode, catalogue: Catalogue) -> tuple[Attribute, ...]:
    """The attributes of a service, in order; its things are those of the catalogue."""
    things = tuple((kind.id, kind.label) for kind in catalogue.kinds)
    hint = "Identifiants du catalogue. Pour plusieurs objets du même genre : matelas:2."
    if code is ServiceCode.BULKY:
        return (
            Attribute("items", "multivaluelist", True, "Objets à enlever", hint, things),
            Attribute("date", "string", True, "Date du rendez-vous", "AAAA-MM-JJ"),
            Attribute(
                "accepted", "singlevaluelist", True, "Le récapitulatif a été relu et accepté", "", (("true", "Oui"),)
            ),
            Attribute(
                "created_by",
                "singlevaluelist",
                False,
                "Qui remplit la demande",
                "",
                (("agent", "Un agent"), ("resident", "L'habitant")),
            ),
        )
    if code is ServiceCode.MISSED:
        return (Attribute("reference", "string", True, "Référence du rendez-vous", "Cinq caractères"),)
    return (Attribute("items", "multivaluelist", False, "Objets abandonnés", hint, things),)
