"""Checks on data: commitments 6, 7, 8, 14 and 19."""

from __future__ import annotations

from datetime import timedelta

from callbot.privacy.charter.evidence import Kind
from callbot.privacy.charter.grounds import DatabaseFacts, Grounds
from callbot.privacy.charter.measured import recent
from callbot.privacy.charter.talking import NO_DATABASE
from callbot.privacy.charter.verdicts import Check, Grounding, Proof, proof, unmeasured
from callbot.privacy.charter.words import listed, percent, several

FORBIDDEN = ("birth", "naissance", "identity", "passport", "gender", "income", "health")
"""what no column may be about"""
SPEAKER_OR_MOOD = (
    "pyannote", "speechbrain", "resemblyzer", "opensmile", "deepface", "nemo-toolkit", "silero-emotion", "audeering",
)  # fmt: skip
"""beginnings of the names of packages that recognise a speaker or a mood"""
SECRETS_HIDDEN, HIDDEN_RIGHTLY = 0.98, 0.9
"""least shares of labelled secrets that are hidden, and of hidden words that are secrets"""
PURGED_WITHIN = timedelta(days=2)


def only_needed(grounds: Grounds) -> tuple[Proof, ...]:
    """6: only the data that is needed."""
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE),)
    fields = [f"{table}.{column}" for table, columns in database.columns.items() for column in columns]
    foreign = [name for name in fields if any(word in name for word in FORBIDDEN)]
    unexplained = sorted({*grounds.register.undocumented, *foreign})
    told = f"{several(len(fields), 'champ', 'champs')} dans la base, chacun expliqué dans le dictionnaire des données."
    if unexplained:
        told = f"Champs sans explication ou sans raison d'être : {listed(unexplained)}."
    name = "L'assistant demande un nom, que l'on peut taire." if grounds.configuration.asks_name else ""
    return (proof(Grounding.DATABASE, not unexplained, f"{told} {name}".strip()), _masked(grounds))


def _masked(grounds: Grounds) -> Proof:
    kept = recent(grounds, Kind.MASKING)
    if kept is None:
        told = "Pas de mesure récente du masquage des notes d'appel."
        return unmeasured(Grounding.BENCHMARK, told, needed=False)
    found = kept.result
    hidden = int(found["hidden"]) / max(1, int(found["secrets"]))
    rightly = int(found["words_hidden_rightly"]) / max(1, int(found["words_hidden"]))
    told = f"Masquage essayé sur {several(int(found['sentences']), 'phrase', 'phrases')} : {percent(hidden)} des noms, "
    told += f"numéros, adresses et mots sur la santé cachés ; {percent(rightly)} des mots cachés devaient l'être."
    return proof(Grounding.BENCHMARK, hidden >= SECRETS_HIDDEN and rightly >= HIDDEN_RIGHTLY, told)


def no_recording(grounds: Grounds) -> tuple[Proof, ...]:
    """7: no recording, no voice print, no emotions."""
    sounds = grounds.configuration.sounds_kept
    told = f"Sons trouvés sur le disque : {listed(sounds)}." if sounds else "Aucun son d'appel sur le disque."
    found = [name for name in grounds.code.components if name.startswith(SPEAKER_OR_MOOD)]
    installed = several(len(grounds.code.components), "composant installé", "composants installés")
    parts = f"{installed}, aucun ne reconnaît une personne ou une humeur."
    if found:
        parts = f"Composants qui reconnaissent une personne ou une humeur : {listed(found)}."
    return (proof(Grounding.CONFIGURATION, not sounds, told), proof(Grounding.CODE, not found, parts))


def in_time(grounds: Grounds) -> tuple[Proof, ...]:
    """8: deleted in time."""
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE),)
    limits = grounds.configuration.limits
    late = [
        table for table, oldest in database.oldest.items()
        if table in limits and grounds.now - oldest > timedelta(days=limits[table] + PURGED_WITHIN.days)
    ]  # fmt: skip
    told = f"{several(len(limits), 'durée', 'durées')} de conservation comparées à la donnée la plus ancienne"
    told += f", dépassées : {listed(late)}." if late else ", aucune dépassée."
    return (proof(Grounding.DATABASE, not late, told), _purged(grounds, database))


def _purged(grounds: Grounds, database: DatabaseFacts) -> Proof:
    last = database.last_purge
    if last is None:
        return unmeasured(Grounding.DATABASE, "Aucun rapport d'effacement signé pour l'instant.")
    kept = grounds.now - last <= PURGED_WITHIN
    return proof(Grounding.DATABASE, kept, f"Dernier rapport d'effacement signé : {last:%d/%m/%Y}.")


def traced(grounds: Grounds) -> tuple[Proof, ...]:
    """14: a trace that nobody rewrites."""
    database = grounds.database
    if database is None:
        return (unmeasured(Grounding.DATABASE, NO_DATABASE),)
    open_to_change = database.unguarded
    told = "La base refuse tout changement des notes d'appel et de l'historique."
    if open_to_change:
        told = f"La base ne protège plus : {listed(open_to_change)}."
    guarded = proof(Grounding.DATABASE, not open_to_change, told)
    if database.journal_holds is None:
        return (guarded, unmeasured(Grounding.DATABASE, "Le journal chaîné n'a pas pu être relu."))
    lines = several(database.journal_entries, "ligne", "lignes")
    chain = f"Journal chaîné : {lines}, " + (
        "aucune changée ni retirée." if database.journal_holds else "la chaîne est rompue."
    )
    return (guarded, proof(Grounding.DATABASE, database.journal_holds, chain))


def sheltered(grounds: Grounds) -> tuple[Proof, ...]:
    """19: data kept safe."""
    weak = grounds.configuration.weak_keys
    keys = "Les clés de chiffrement sont propres à cette installation."
    if weak:
        keys = f"{several(len(weak), 'défaut', 'défauts')} des clés de chiffrement, à corriger."
    ring = proof(Grounding.CONFIGURATION, not weak, keys)
    database = grounds.database
    if database is None:
        return (ring, unmeasured(Grounding.DATABASE, NO_DATABASE))
    told = "Aucun champ personnel lisible sans la clé dans la base."
    if database.readable:
        told = f"Champs personnels lisibles sans la clé : {listed(database.readable)}."
    return (ring, proof(Grounding.DATABASE, not database.readable, told))


CHECKS = (
    Check(6, "Chaque champ de la base face au dictionnaire des données ; le masquage des notes d'appel, essayé.",
          (Grounding.DATABASE, Grounding.CONFIGURATION, Grounding.BENCHMARK),
          "aucun champ sans explication ; 98 % des secrets cachés, 90 % des mots cachés à raison", only_needed),
    Check(7, "Les sons présents sur le disque ; la liste des composants installés.",
          (Grounding.CONFIGURATION, Grounding.CODE), "aucun son d'appel, aucun composant de ce genre", no_recording),
    Check(8, "La donnée la plus ancienne de chaque sorte, et le dernier rapport d'effacement signé.",
          (Grounding.DATABASE,), "aucune durée dépassée, un rapport de moins de deux jours", in_time),
    Check(14, "Les verrous de la base sur les notes d'appel ; le journal chaîné relu du début à la fin.",
          (Grounding.DATABASE,), "tous les verrous en place, aucune rupture", traced),
    Check(19, "Les champs personnels tels qu'ils sont écrits dans la base ; les clés.",
          (Grounding.CONFIGURATION, Grounding.DATABASE), "aucun champ lisible, aucune clé faible", sheltered),
)  # fmt: skip
