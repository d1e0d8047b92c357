"""Papers that are tables: how long, which column for what, who else, the register of article 30."""

from __future__ import annotations

from callbot.privacy.dictionary import DICTIONARY, Basis, TableEntry, term_of
from callbot.privacy.papers.markdown import TO_FILL, bullets, heading, page, table
from callbot.privacy.register import RegisterSource
from callbot.privacy.retention import UNTIL_TAKEN_BACK, Rule

MEASURES = (
    "chiffrement des champs personnels (AES-256-GCM), clés avec identifiant, clé à part pour les recherches",
    "recherche par numéro au moyen d'une empreinte à clé, sans lire le numéro",
    "texte masqué pour la relecture ; voir un champ en clair demande une raison, qui est notée",
    "journal chaîné, ancré chaque jour, que la base refuse de modifier",
    "effacement quotidien avec rapport signé ; clés de période détruites, pour que les sauvegardes suivent",
    "comptes par rôle, mots de passe argon2, codes à usage unique, sessions qui expirent",
    "aucune donnée personnelle dans les journaux techniques, les adresses de pages et les messages d'erreur",
)


def retention(source: RegisterSource) -> str:
    """``conservation.md``."""
    return page(
        "Durées de conservation",
        "Ces durées sont celles des réglages livrés. Le délégué à la protection des données et le service des archives"
        " les valident ; le programme les applique et le prouve chaque jour par un rapport signé.",
        table(
            ("Données", "Durée", "À partir de", "Tables"),
            [
                (rule.data, _days(rule), rule.counted_from, ", ".join(rule.tables) or "aucune")
                for rule in source.retention
            ],
        ),
        heading("Sans limite de durée"),
        table(
            ("Table", "Raison"),
            [(name, "le refus vaut tant que la personne ne change pas d'avis") for name in UNTIL_TAKEN_BACK],
        ),
    )  # fmt: skip


def _days(rule: Rule) -> str:
    if rule.days == 0:
        return "aussitôt" if rule.tables else "aucune"
    return f"{rule.days} jour{'s' if rule.days > 1 else ''}"


def dictionary(source: RegisterSource) -> str:
    """``dictionnaire_donnees.md``."""
    count = sum(len(entry.columns) for entry in DICTIONARY)
    return page(
        "Dictionnaire des données",
        f"{len(DICTIONARY)} tables, {count} champs. Un index est une empreinte à clé : il retrouve sans lire.",
        *(_entry(entry, source.retention) for entry in DICTIONARY),
    )


def _entry(entry: TableEntry, rules: tuple[Rule, ...]) -> str:
    facts = bullets((
        f"Base : {entry.basis.value}",
        f"Durée : {term_of(entry.table, rules)}",
        f"Lu par : {entry.readers.value}",
    ))  # fmt: skip
    columns = table(("Champ", "À quoi il sert"), [(f"`{name}`", why) for name, why in entry.columns.items()])
    return f"## `{entry.table}` : {entry.about}\n\n{facts}\n\n{columns}"


def processors(source: RegisterSource) -> str:
    """``sous_traitants.md``."""
    return page(
        "Sous-traitants et autres destinataires",
        "Le service tourne sur la machine que la collectivité choisit. Il n'a besoin d'aucun service d'intelligence"
        " artificielle extérieur. Ces services ne servent que si les réglages les nomment.",
        table(
            ("Qui", "Pour quoi", "Ce qu'il reçoit", "Avec les réglages livrés"),
            [(one.name, one.purpose, one.data, "utilisé" if one.used else "pas utilisé") for one in source.outside],
        ),
        heading("À joindre pour chacun"),
        bullets((
            f"contrat de sous-traitance (RGPD, article 28) : {TO_FILL}",
            f"lieu de traitement et, hors de l'Union européenne, garanties du transfert : {TO_FILL}",
        )),
    )  # fmt: skip


def processing(source: RegisterSource) -> str:
    """``registre_traitements.md``: RGPD article 30."""
    tables = [entry for entry in DICTIONARY if entry.basis is not Basis.NONE]
    return page(
        "Registre des activités de traitement (RGPD, article 30)",
        table(("Rubrique", "Contenu"), (
            ("Traitement", "Prise de rendez-vous d'enlèvement d'encombrants par un assistant vocal"),
            ("Responsable", source.authority),
            ("Délégué à la protection des données", TO_FILL),
            ("Finalités", "prendre, suivre, changer et annuler des rendez-vous ; répondre aux questions ; passer à une"
             " personne ; mesurer et améliorer le service"),
            ("Base", "mission d'intérêt public (article 6.1.e) ; accord pour les photos et la satisfaction"),
            ("Personnes", "habitants qui appellent ou écrivent ; agents du service"),
            ("Destinataires", "agents d'accueil, équipes de collecte, relecteurs (texte masqué), administrateurs"),
            ("Hors Union européenne", "rien avec les réglages livrés ; voir les sous-traitants"),
            ("Décision automatisée", "aucune contre une personne : l'assistant accorde, une personne seule refuse"),
            ("Données sensibles", "aucune recherchée ; ce qui est dit de la santé est masqué"),
        )),
        heading("Données"),
        table(
            ("Table", "Contenu", "Base", "Durée"),
            [(f"`{one.table}`", one.about, one.basis.value, term_of(one.table, source.retention)) for one in tables],
        ),
        heading("Mesures de sécurité"),
        bullets(MEASURES),
    )  # fmt: skip
