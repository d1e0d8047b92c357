"""The paper about requests of people on their data: who they are, until when, which moves, what each right does."""

from __future__ import annotations

from callbot.domain.data_rights import EXTENDED_MONTHS, FIRST_MONTHS, MOVES, SOON_DAYS, RequestState
from callbot.privacy.papers.markdown import TO_FILL, bullets, heading, page, table
from callbot.privacy.register import RegisterSource
from callbot.privacy.rights_desk.codes import DIGITS, LIFE, MOST_TRIES, OF_ALL_AN_HOUR, OF_NUMBER_A_DAY
from callbot.privacy.rights_desk.words import EFFECT_WORDS, RIGHT_WORDS, STATE_WORDS


def requests(source: RegisterSource) -> str:
    """``procedure_droits.md`` (RGPD articles 12 and 15 to 21)."""
    minutes = round(LIFE.total_seconds() / 60)
    return page(
        "Demandes des personnes sur leurs données",
        "Ce que le programme fait, écrit à partir de lui. Les demandes se traitent sur `/admin/droits` (rôle protection"
        " des données) ou par `callbot privacy requests`.",
        heading("Comment une demande arrive"),
        bullets((
            "Par téléphone, par SMS ou par écrit à l'assistant : « je veux savoir ce que vous avez sur moi », « effacez"
            " mes données », « je m'oppose », « rectifiez mes données ». Elle est notée, dite en deux phrases, et"
            " l'appel continue.",
            "Par la page `/mes-donnees`, liée depuis chaque rendez-vous et depuis la page écrite.",
            f"Par courrier ou au guichet, notée par un agent ; par téléphone au {source.people_phone}.",
        )),
        heading("Reconnaître la personne sans rien demander de plus"),
        bullets((
            f"Un code de {DIGITS} chiffres par SMS au numéro concerné : {minutes} minutes, {MOST_TRIES} essais,"
            f" {OF_NUMBER_A_DAY} codes par numéro et par jour, {OF_ALL_AN_HOUR} par heure en tout. Seule son empreinte"
            " est gardée.",
            "Ou un rappel du numéro par un agent. Aucune pièce d'identité, aucune question.",
            "La réponse est la même que le numéro soit connu ou non.",
        )),
        heading("Délais (article 12.3)"),
        bullets((
            f"{FIRST_MONTHS} mois à partir de la réception, même si la personne n'est pas encore reconnue ; le jour du"
            " même numéro, le dernier d'un mois plus court, le jour ouvré suivant s'il tombe un samedi, un dimanche ou"
            " un jour férié (règlement 1182/71, article 3).",
            f"{EXTENDED_MONTHS} mois, une seule fois, si la personne a reçu le motif avant la fin du premier.",
            f"« À répondre sous {SOON_DAYS} jours », puis « en retard » : dit en tête de la page, et"
            " `callbot privacy requests --alarm` échoue.",
        )),
        heading("Étapes permises"),
        table(
            ("État", "Peut devenir"),
            [
                (STATE_WORDS[state], ", ".join(STATE_WORDS[to] for to in RequestState if to in moves) or "rien : close")
                for state, moves in MOVES.items()
            ],
        ),
        "Une seule personne prend une demande, et elle seule y répond. Chaque geste est au journal, avec la demande ou"
        " pas du tout.",
        heading("Ce que fait chaque droit"),
        table(("Droit", "Effet"), [(RIGHT_WORDS[right], effect) for right, effect in EFFECT_WORDS.items()]),
        heading("À compléter"),
        bullets((
            f"Qui tient ce registre, et qui le remplace en son absence : {TO_FILL}",
            f"Adresse postale des demandes : {TO_FILL}",
        )),
    )  # fmt: skip
