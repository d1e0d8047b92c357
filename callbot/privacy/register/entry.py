"""The register as sections of plain French, for the page and for the documents."""

from __future__ import annotations

from dataclasses import dataclass

from callbot.privacy.register.source import ModelInUse, RegisterSource, checksum
from callbot.privacy.retention import Rule

CHARTER, FIGURES = "/registre/charte", "/registre/chiffres"


@dataclass(frozen=True, slots=True)
class Part:
    """A term and what there is to say about it; ``code``: shown letter by letter (a checksum)."""

    term: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, then parts, then links (address, words)."""

    key: str
    title: str
    sentences: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """The whole entry; ``checksum`` of the configuration it was made from."""

    authority: str
    sections: tuple[Section, ...]
    checksum: str


def register_of(source: RegisterSource) -> Register:
    """The entry for this configuration."""
    made = (
        _purpose(source), _owner(source), _basis(), _data(source), _models(source), _rules(source), _outside(source),
        _figures(), _risks(), _oversight(source), _rights(source), _contacts(source), _configuration(source),
    )  # fmt: skip
    return Register(source.authority, made, checksum(source))


def empty_sections(register: Register) -> tuple[str, ...]:
    """Headings under which nothing is said."""
    return tuple(
        section.title
        for section in register.sections
        if not any(section.sentences) or any(not (part.text or part.code) for part in section.parts)
    )


def _purpose(source: RegisterSource) -> Section:
    return Section("objet", "À quoi sert l'assistant", (
        "Un assistant automatique, qui utilise l'intelligence artificielle, répond au téléphone, par SMS et par écrit"
        " aux habitants qui veulent faire enlever des objets encombrants.",
        "Il propose des dates qui ont de la place, relit tout, réserve après un oui, et répond aux questions à partir"
        " de documents relus.",
        "Il peut accorder un rendez-vous. Il ne peut pas en refuser un pour de bon : une personne décide.",
        f"Programme en service : {source.program}.",
    ))  # fmt: skip


def _owner(source: RegisterSource) -> Section:
    return Section("responsable", "Qui en répond", (
        f"{source.authority} est responsable du service et du traitement des données.",
        "Chaque règle et chaque réponse de l'assistant a un responsable, nommé dans la base de connaissances.",
    ))  # fmt: skip


def _basis() -> Section:
    return Section("droit", "Sur quel droit il s'appuie", (
        "Mission d'intérêt public : la collecte des déchets (RGPD, article 6, paragraphe 1, e).",
        "Annonce d'une machine : règlement européen sur l'intelligence artificielle, article 50.",
        "Explication des décisions : code des relations entre le public et l'administration, articles L. 311-3-1 et"
        " L. 312-1-3.",
        "Aucune décision n'est prise par la machine seule contre une personne : loi Informatique et Libertés,"
        " article 47.",
    ))  # fmt: skip


def _data(source: RegisterSource) -> Section:
    name = "Un nom est demandé, que l'on peut taire." if source.asks_name else "Aucun nom n'est demandé."
    asked = (" Une question de satisfaction peut être posée à la fin.",) if source.asks_satisfaction else ()
    return Section("donnees", "Quelles données, et combien de temps", (
        "Pour un rendez-vous : l'adresse, les objets, la date, et un numéro de portable si vous voulez un SMS.",
        f"{name} Ni date de naissance, ni pièce d'identité, ni donnée de santé.",
        "La voix n'est pas enregistrée : elle devient du texte, puis elle est oubliée.",
        *asked,
    ), tuple(_term(rule) for rule in source.retention))  # fmt: skip


def _term(rule: Rule) -> Part:
    if rule.days:
        text = f"{rule.days} jour{'s' if rule.days > 1 else ''} après {rule.counted_from}"
    else:
        text = f"aussitôt après {rule.counted_from}" if rule.tables else rule.counted_from
    return Part(_capital(rule.data), _capital(text) + ".")


def _models(source: RegisterSource) -> Section:
    return Section("modeles", "Quels modèles", (
        "De petits modèles ouverts, qui tournent sur la machine du service. Aucun n'apprend de vos appels.",
    ), tuple(_model(model) for model in source.models))  # fmt: skip


def _model(model: ModelInUse) -> Part:
    optional = "" if model.always else " Pas utilisé avec les réglages en service."
    return Part(model.name, f"{model.purpose}{optional}", model.sha256)


def _rules(source: RegisterSource) -> Section:
    sample = (
        f"{source.samples} des {source.entries} entrées sont des exemples, que la collectivité n'a pas confirmés."
        if source.samples else f"Les {source.entries} entrées sont confirmées."
    )  # fmt: skip
    return Section("regles", "Quelles règles", (
        "L'assistant applique des règles écrites, les mêmes pour tous. Il ne note pas et ne classe pas les personnes.",
        "Les règles disent : si l'objet se prend, les jours de passage du secteur, la place qui reste, l'heure limite"
        " et les quantités. La page de votre rendez-vous dit lesquelles ont compté, avec leur source.",
        sample,
    ), tuple(
        Part(rule.territory, f"Règle {rule.rule}, version {rule.version}. {rule.source}" + (
            " Exemple, à confirmer." if rule.sample else ""))
        for rule in source.rules
    ))  # fmt: skip


def _outside(source: RegisterSource) -> Section:
    used = [one for one in source.outside if one.used]
    told = "Ces services extérieurs sont utilisés." if used else "Aucun service extérieur n'est utilisé."
    return Section(
        "exterieur", "Qui d'autre reçoit des données", (told,),
        tuple(Part(one.name, f"{one.purpose} {one.data}") for one in used),
    )  # fmt: skip


def _figures() -> Section:
    return Section("chiffres", "Ce qu'il réussit, ce qu'il rate", (
        "Les chiffres de chaque mois sont relus puis publiés, avec leur façon de compter et leur marge d'erreur.",
        "Les promesses de la charte sont vérifiées par le programme, et le résultat est public, échecs compris.",
    ), links=((FIGURES, "Les chiffres mois par mois"), (CHARTER, "La charte et sa dernière vérification")))  # fmt: skip


def _risks() -> Section:
    return Section("risques", "Quels risques, et ce qui est fait", (
        "Une intelligence artificielle se trompe. Voici ce qui peut mal aller.",
    ), (
        Part("Mal comprendre une adresse ou un objet", "Tout est relu, et rien n'est réservé sans un oui."),
        Part("Moins bien comprendre certaines voix", "Touches du clavier, SMS, écrit, et une personne à tout moment."),
        Part("Inventer une réponse", "Les réponses viennent de documents relus ; sinon l'assistant dit qu'il ne sait"
             " pas."),
        Part("Laisser quelqu'un sans réponse", "Une panne passe l'appel à une personne, ou il reprend où il en était."),
        Part("Laisser voir des données", "Données chiffrées, textes masqués, consultations notées, effacement à"
             " terme."),
    ))  # fmt: skip


def _oversight(source: RegisterSource) -> Section:
    by_itself = (
        "Tous les appels passent aux conseillers, sans que personne n'ait à le décider, quand : "
        + " ; ".join(source.thresholds) + "."
        if source.thresholds else "L'arrêt est décidé par une personne : aucun seuil automatique n'est réglé."
    )  # fmt: skip
    heard = (
        "Un responsable peut écouter l'échange avec un conseiller. Une phrase puis un signal sonore le disent, vous"
        " pouvez refuser, rien n'est enregistré, et chaque écoute est notée.",
    ) if source.listens else ()  # fmt: skip
    return Section("controle", "Qui le surveille", (
        "Des agents relisent des conversations masquées, notent les erreurs et corrigent les règles.",
        "Un administrateur peut envoyer tous les appels aux conseillers en quelques secondes.",
        by_itself,
        *heard,
    ))  # fmt: skip


def _rights(source: RegisterSource) -> Section:
    return Section("droits", "Vos droits", (
        "Vous pouvez demander à voir vos données, à les corriger, à les effacer, à limiter leur usage, ou vous"
        " opposer à leur traitement.",
        "Sur la page « Vos données », un code par SMS montre que le numéro est le vôtre : aucune pièce n'est demandée."
        " La copie s'ouvre aussitôt, à lire et en fichiers.",
        "Ou dites à l'assistant, par téléphone ou par SMS, « effacez mes données », « je m'oppose », « rectifiez mes"
        f" données » : c'est noté, et un conseiller rappelle le numéro. Ou appelez le {source.people_phone}.",
        "La réponse vient sous un mois. Si elle demande plus de temps, trois mois au plus, vous recevez le motif avant"
        " la fin du premier mois.",
        "Limiter ou s'opposer : vos conversations ne sont plus relues, vos appels plus comparés entre eux, aucun rappel"
        " de rendez-vous ne part, votre adresse n'est plus proposée. Un rendez-vous que vous gardez a lieu.",
        "Un effacement donne un certificat signé. Un rendez-vous à venir garde son adresse et ses objets jusqu'au"
        " lendemain.",
        "Vous pouvez demander l'explication d'une décision et la faire revoir par une personne.",
        "Vous pouvez écrire à la CNIL, 3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07.",
    ), links=(("/mes-donnees", "Voir, corriger ou effacer mes données"),))  # fmt: skip


def _contacts(source: RegisterSource) -> Section:
    return Section("contacts", "À qui parler", (
        f"Un conseiller, ou le délégué à la protection des données : {source.people_phone}.",
        "Par écrit, à toute heure, avec le même assistant.",
    ), links=(("/texte", "Parler à l'assistant par écrit"),))  # fmt: skip


def _configuration(source: RegisterSource) -> Section:
    return Section("empreintes", "Vérifier cette page", (
        "Cette page est fabriquée à partir des réglages en service. Deux empreintes permettent de le contrôler.",
    ), (
        Part("Réglages en service", "SHA-256", checksum(source)),
        Part("Base de connaissances", "SHA-256", source.knowledge_version),
    ))  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
