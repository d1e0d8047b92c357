"""Checks on how the assistant talks: commitments 1, 2, 3, 5, 12 and 20."""

from __future__ import annotations

from callbot.privacy.charter.evidence import Kind
from callbot.privacy.charter.grounds import Grounds, Said
from callbot.privacy.charter.measured import recent, rehearsed
from callbot.privacy.charter.verdicts import Check, Grounding, Proof, proof, unmeasured
from callbot.privacy.charter.words import listed, percent, several

_MACHINE = ("automatique", "intelligence artificielle")
NO_DATABASE = "Pas encore de base de données à lire."


def says_so(opening: tuple[Said, ...]) -> bool:
    """The first prompt tells that a machine speaks, before any question, and cannot be spoken over."""
    if not opening:
        return False
    first = opening[0]
    return all(word in first.text for word in _MACHINE) and not first.question and not first.interruptible


def machine(grounds: Grounds) -> tuple[Proof, ...]:
    """1: it says that it is a machine."""
    silent = [channel for channel, opening in grounds.code.openings.items() if not says_so(opening)]
    opened = several(len(grounds.code.openings), "canal ouvert", "canaux ouverts")
    told = f"{opened} : l'annonce vient d'abord, sans question et sans pouvoir être coupée."
    if silent:
        told = f"L'annonce manque, vient trop tard ou peut être coupée : {listed(silent)}."
    return (proof(Grounding.CODE, not silent and bool(grounds.code.openings), told), _announced(grounds))


def _announced(grounds: Grounds) -> Proof:
    database = grounds.database
    if database is None or database.calls_read == 0:
        told = NO_DATABASE if database is None else "Aucun appel relu pour l'instant : rien à compter."
        return unmeasured(Grounding.DATABASE, told, needed=False)
    share = 1 - database.unannounced / database.calls_read
    told = f"Appels annoncés : {percent(share)} de {several(database.calls_read, 'appel relu', 'appels relus')}."
    return proof(Grounding.DATABASE, database.unannounced == 0, told)


_PERSON = (
    "person_by_word_*", "key_zero*", "asks_for_human", "closed_hours_anonymous", "closed_hours_call_back_kept",
    "closed_hours_call_back_refused",
)  # fmt: skip


def person(grounds: Grounds) -> tuple[Proof, ...]:
    """2: a person, whenever asked for."""
    tried = rehearsed(grounds, "une personne demandée à chaque étape, par un mot puis par la touche zéro", _PERSON)
    database = grounds.database
    if database is None or database.asked == 0:
        return (tried, unmeasured(Grounding.DATABASE, "Aucune demande de conseiller à compter.", needed=False))
    told = f"Conseiller demandé dans {several(database.asked, 'appel', 'appels')}, sans suite : "
    kept = database.asked_in_vain == 0
    return (tried, proof(Grounding.DATABASE, kept, f"{told}{database.asked_in_vain}."))


def ladder(grounds: Grounds) -> tuple[Proof, ...]:
    """3: no endless loop."""
    said = grounds.code.ladder
    changed = len(said) == 4 and said[1].text != said[0].text and said[2].text not in (said[0].text, said[1].text)
    offered = len(said) == 4 and said[3].act == "offer_human"
    told = "Trois incompréhensions de suite : la question change à chaque fois, puis une personne est proposée."
    if not changed:
        told = "La question est répétée sans changer après une incompréhension."
    elif not offered:
        told = "Après trois incompréhensions, aucune personne n'est proposée."
    asked = rehearsed(
        grounds, "silences, bruit, accents", ("silent_at_*", "noise_only", "nothing_but_murmur", "foreign_accent"),
        needed=False,
    )  # fmt: skip
    return (proof(Grounding.CODE, changed and offered, told), asked)


def read_back(grounds: Grounds) -> tuple[Proof, ...]:
    """5: nothing is booked that was not read back."""
    names = ("refuses_at_the_recap", "amend_refused_at_the_read_back", "wrong_address_corrected")
    tried = rehearsed(grounds, "refus et corrections à la relecture", names, needed=False)
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE), tried)
    held = "read_back" not in database.missing_constraints
    told = f"{several(database.bookings, 'rendez-vous', 'rendez-vous')}, sans relecture acceptée : "
    told += f"{database.unread_bookings}." + ("" if held else " La base n'en refuse plus.")
    return (proof(Grounding.DATABASE, held and database.unread_bookings == 0, told), tried)


_TWINS_AT_LEAST = 5


def twin(grounds: Grounds) -> tuple[Proof, ...]:
    """12: the same in writing."""
    written = proof(
        Grounding.CODE, says_so(grounds.code.openings.get("text", ())),
        "La conversation écrite est ouverte à toute heure, avec le même programme."
        if grounds.code.openings.get("text") else "La conversation écrite n'est pas ouverte.",
    )  # fmt: skip
    text, sound = recent(grounds, Kind.REHEARSAL_TEXT), recent(grounds, Kind.REHEARSAL_SOUND)
    if text is None or sound is None:
        missing = "par écrit" if text is None else "par la voix"
        return (written, unmeasured(Grounding.REHEARSALS, f"Pas d'appels d'essai récents {missing} à comparer."))
    outcomes = {row["name"]: row["outcome"] for row in text.result["scenarios"]}
    both = [row for row in sound.result["scenarios"] if row["name"] in outcomes]
    if len(both) < _TWINS_AT_LEAST:
        return (written, unmeasured(Grounding.REHEARSALS, "Trop peu d'appels d'essai faits des deux façons."))
    other = [row["name"] for row in both if row["outcome"] != outcomes[row["name"]]]
    told = f"{several(len(both), 'demande menée', 'demandes menées')} par la voix et par écrit, "
    told += f"fins différentes : {listed(other)}." if other else "mêmes fins."
    return (written, proof(Grounding.REHEARSALS, not other, told))


def dead_line(grounds: Grounds) -> tuple[Proof, ...]:
    """20: no dead line."""
    names = ("cut_off_and_calls_again", "cut_off_and_starts_afresh", "calls_back", "calls_again_too_late")
    tried = rehearsed(grounds, "appels coupés", names)
    database = grounds.database
    if database is None or database.calls == 0:
        return (tried, unmeasured(Grounding.DATABASE, "Aucun appel à compter.", needed=False))
    told = f"{several(database.calls, 'appel', 'appels')}, laissés sans suite par une panne : {database.dead_lines}."
    return (tried, proof(Grounding.DATABASE, database.dead_lines == 0, told))


CHECKS = (
    Check(1, "L'ordre et le contenu des premiers mots, sur chaque canal ; la part des appels annoncés.",
          (Grounding.CODE, Grounding.DATABASE), "100 % des appels", machine),
    Check(2, "Une personne demandée à chaque étape d'appels d'essai ; les vraies demandes restées sans suite.",
          (Grounding.REHEARSALS, Grounding.DATABASE), "tous les essais réussis, aucune demande sans suite", person),
    Check(3, "Trois incompréhensions de suite jouées au programme ; des appels d'essai difficiles.",
          (Grounding.CODE, Grounding.REHEARSALS),
          "une autre façon de demander à la deuxième, une personne proposée à la troisième", ladder),
    Check(5, "Les rendez-vous de la base et sa règle qui les refuse sans relecture ; des refus d'essai.",
          (Grounding.DATABASE, Grounding.REHEARSALS), "aucun rendez-vous sans relecture acceptée", read_back),
    Check(12, "Les mêmes demandes menées par la voix et par écrit.",
          (Grounding.CODE, Grounding.REHEARSALS), "mêmes fins pour toutes", twin),
    Check(20, "Des appels coupés exprès ; les vrais appels en panne que personne n'a repris.",
          (Grounding.REHEARSALS, Grounding.DATABASE), "aucun appel laissé sans suite", dead_line),
)  # fmt: skip
