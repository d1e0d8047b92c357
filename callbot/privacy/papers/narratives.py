"""Papers that tell: the impact assessment, what to do in an incident, how the algorithm decides."""

from __future__ import annotations

from typing import Final

from callbot.privacy.charter import CHECKS
from callbot.privacy.papers.listings import MEASURES
from callbot.privacy.papers.markdown import TO_FILL, bullets, heading, page, steps, table
from callbot.privacy.register import RegisterSource

_FEARED: Final = (
    ("Accès illégitime à des données",
     "savoir qui habite où, quand des objets sont dehors, ce qui a été confié à l'assistant",
     "vol de la base ou d'une sauvegarde ; lien de rendez-vous deviné ; agent trop curieux",
     "chiffrement, clés à part, liens longs tirés au sort, essais comptés, consultations motivées et notées", (14, 19)),
    ("Copie ou effacement demandés par un autre",
     "données d'une personne lues ou effacées par quelqu'un qui se fait passer pour elle",
     "code deviné ou lu sur un téléphone prêté ; numéro d'appel usurpé",
     "code de six chiffres à dix minutes et trois essais, trois codes par numéro et par jour, rappel du numéro avant"
     " toute réponse, réponse toujours la même, chaque geste au journal", (14,)),
    ("Modification non voulue",
     "enlèvement annulé ou déplacé sans le savoir ; trace effacée",
     "appelant qui devine une référence ; agent ou intrus qui réécrit",
     "référence et commune demandées ensemble, relecture et oui, SMS à chaque changement, journal chaîné", (5, 14)),
    ("Disparition de données",
     "rendez-vous perdu, objets laissés sur le trottoir",
     "panne de disque ou de machine ; clé perdue",
     "écriture avant réponse, reprise d'appel, sauvegardes, clés gardées à part", (20,)),
    ("Mauvaise compréhension d'une voix",
     "personnes âgées, accents ou bruit moins bien servis",
     "modèle entraîné sur d'autres voix",
     "touches, SMS, écrit, personne à tout moment, écart entre groupes mesuré et plafonné", (2, 3, 10, 12)),
    ("Réponse inventée ou refus injuste",
     "déplacement inutile, amende, renoncement",
     "modèle qui devine, règle fausse ou ancienne",
     "réponses tirées de documents relus, règle et source dites, refus réservé à une personne", (4, 9, 13)),
    ("Donnée trop dite",
     "santé, deuil, numéro dicté par l'appelant de lui-même",
     "appelant qui raconte",
     "masquage à la source, original chiffré et bref, rien d'inutile demandé", (6, 7, 8)),
)  # fmt: skip


def impact(source: RegisterSource) -> str:
    """``aipd.md``: a draft for the data protection officer (RGPD article 35)."""
    return page(
        "Analyse d'impact relative à la protection des données (projet)",
        "Projet établi à partir du programme. Le délégué à la protection des données le complète, donne son avis, et"
        f" le responsable le valide : {TO_FILL}.",
        heading("Pourquoi une analyse"),
        "Technologie nouvelle (intelligence artificielle vocale) et grande échelle : les deux critères sont réunis.",
        heading("Le traitement"),
        bullets((
            f"Responsable : {source.authority}. Base : mission d'intérêt public.",
            "La voix devient du texte en mémoire, sur la machine du service, puis elle est oubliée.",
            "Le texte est compris par des règles ; un petit modèle de langue en français aide à le découper.",
            "Une adresse, des objets, une date et, si la personne le veut, un numéro de portable sont gardés.",
            *(f"{model.name} : {model.purpose}" for model in source.models),
        )),
        heading("Nécessité et proportion"),
        bullets((
            "Information dès les premiers mots, version longue en disant « données », page publique `/registre`.",
            "Nom facultatif ; ni date de naissance, ni pièce d'identité, ni empreinte vocale, ni émotion.",
            "Accès, rectification, effacement, limitation et opposition, par téléphone, par SMS et par une page ; la"
            " personne est reconnue par un code envoyé à son numéro ou un rappel, sans pièce : voir"
            " `procedure_droits.md`.",
            "Durées : voir `conservation.md`. Champs : voir `dictionnaire_donnees.md`.",
        )),
        heading("Risques et mesures"),
        table(
            ("Événement redouté", "Effets", "D'où il peut venir", "Mesures", "Engagements vérifiés", "Risque restant"),
            [
                (what, effect, cause, measures, ", ".join(map(str, numbers)), TO_FILL)
                for what, effect, cause, measures, numbers in _FEARED
            ],
        ),
        heading("Mesures en place"),
        bullets(MEASURES),
        heading("Comment elles sont vérifiées"),
        "`callbot charter` joue ces contrôles et publie le résultat sur `/registre/charte`, échecs compris.",
        table(
            ("Engagement", "Ce qui est regardé", "Ce qui est exigé"),
            [(str(check.number), check.measures, check.threshold) for check in CHECKS],
        ),
        heading("Avis"),
        bullets((
            f"Délégué à la protection des données : {TO_FILL}",
            f"Personnes concernées ou leurs représentants (Conseil des jeunes, associations) : {TO_FILL}",
            f"Décision du responsable et date de la prochaine révision : {TO_FILL}",
        )),
    )  # fmt: skip


def incident(_source: RegisterSource) -> str:
    """``procedure_incident.md``."""
    return page(
        "Procédure en cas d'incident",
        "Pour une fuite, une perte ou une modification de données, et pour un assistant qui se trompe en nombre.",
        heading("Dans la minute"),
        steps((
            "Envoyer tous les appels aux conseillers : `callbot switch off --reason \"...\"` ou `/admin/interrupteur`."
            " Les appels en cours finissent.",
            "Ne rien effacer. Noter l'heure, ce qui a été vu, par qui.",
        )),
        heading("Dans l'heure"),
        steps((
            f"Prévenir le délégué à la protection des données et la sécurité informatique : {TO_FILL}.",
            "Contrôler que le journal est entier : `callbot privacy journal verify`, avec le dernier code imprimé.",
            "Contrôler le service : `callbot doctor`, puis `callbot charter`.",
            "Fermer les comptes en cause : `callbot accounts disable`. Leurs sessions se ferment avec eux.",
            "Si une clé a pu sortir : en mettre une nouvelle en service, garder l'ancienne le temps de relire.",
        )),
        heading("Dans les 72 heures"),
        steps((
            "Mesurer : combien de personnes, quelles données (voir `dictionnaire_donnees.md`), lisibles ou chiffrées.",
            "Notifier la CNIL, sauf si aucun risque n'est probable pour les personnes (RGPD, article 33).",
            "Si le risque est élevé, prévenir les personnes, dans des mots simples (article 34).",
            "Sous-traitant en cause : lui demander par écrit ce qui s'est passé (article 28).",
        )),
        heading("Ensuite"),
        steps((
            "Inscrire l'incident au registre des violations, même sans notification.",
            "En faire un essai automatique qui échoue tant que la cause n'est pas réparée.",
            "Rouvrir l'assistant : `callbot switch on --reason \"...\"`, et publier une remarque avec les chiffres du"
            " mois.",
        )),
        heading("Exercice"),
        "Une fois par an au moins, de jour : `callbot switch off --reason \"exercice d'arrêt\"`, un appel d'essai, puis"
        " `callbot switch on`. Le contrôle de l'engagement 16 lit cette trace.",
    )  # fmt: skip


def notice(source: RegisterSource) -> str:
    """``notice_algorithme.md``: CRPA L. 311-3-1, R. 311-3-1-1, L. 312-1-3."""
    return page(
        "Notice de l'algorithme",
        "Ce que le code des relations entre le public et l'administration demande de publier. La version à jour, avec"
        " les règles de chaque territoire et les empreintes, est sur la page publique `/registre`.",
        heading("Mention"),
        "« Ce rendez-vous a été enregistré par un assistant automatique. Vous pouvez demander les règles appliquées et"
        " faire revoir la réponse par une personne. »",
        heading("Degré et mode de contribution"),
        "L'algorithme propose des dates et enregistre celle que la personne accepte. Il ne prend aucune décision de"
        " refus : quand une règle s'y oppose, il le dit avec sa source et propose une personne.",
        heading("Données traitées et leur source"),
        bullets((
            "ce que dit ou tape la personne : objets, adresse, date, numéro si elle le veut",
            "l'adresse officielle : Base Adresse Nationale",
            "les règles de collecte : base de connaissances, avec source, responsable et date de chaque entrée",
            "les places qui restent, jour par jour et secteur par secteur",
        )),
        heading("Paramètres"),
        table(("Paramètre", "Ce qu'il fait"), (
            ("`calendar`", "les jours où l'équipe passe dans le secteur, jours fériés et fermetures ôtés"),
            ("`capacity`", "la place de chaque jour : rendez-vous, objets, volume"),
            ("`cut_off`", "l'heure limite pour prendre, changer ou annuler"),
            ("`limits`", "ce qu'un rendez-vous prend au plus"),
            ("`household`", "ce qu'un foyer peut demander dans l'année"),
            ("`items`", "objet pris, renvoyé vers une autre voie, ou à voir avec une personne"),
        )),
        "Aucune pondération : aucune personne n'est notée, comparée ou classée. Le premier qui accepte une date l'a.",
        heading("Opérations"),
        steps((
            "retrouver l'adresse dans la commune dite, la relire",
            "juger chaque objet par la règle du territoire",
            "chercher les jours du secteur où il reste de la place et offrir les trois plus proches",
            "garder la place pendant l'appel, tout relire, enregistrer après un oui",
        )),
        heading("Modèles"),
        table(
            ("Modèle", "Rôle", "SHA-256"),
            [(model.name, model.purpose, f"`{model.sha256}`" if model.sha256 else "") for model in source.models],
        ),
        heading("Explication individuelle"),
        "La page du rendez-vous, dont le lien est dans le SMS, dit pourquoi cette date et quelles règles ont compté,"
        " avec leur nom, leur source et leur version.",
    )  # fmt: skip
