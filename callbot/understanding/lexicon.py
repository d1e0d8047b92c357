"""French word lists that several finders share, folded."""

from __future__ import annotations


def vocabulary(words: str) -> frozenset[str]:
    """The words of a line as a set."""
    return frozenset(words.split())


STREET_TYPES = vocabulary(
    "rue avenue boulevard impasse traverse chemin allee allees quai square rocade ruelle bd bld boul av ave chem imp"
    " all trav venelle sentier corniche esplanade promenade autoroute"
)
"""words that begin a street name whatever stands around them"""

LOOSE_STREET_TYPES = vocabulary(
    "place placette cours course passage voie montee route parc port domaine villa villas clos mas quartier cite"
    " residence residences lotissement hameau rond vallon escalier escaliers grand grande petite ancien vieux"
    " vieille camp jardin jardins cour galerie pont port descente"
)
"""words that begin a street name only where a street is awaited, or after a house number"""

MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8,
    "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip

WEEKDAYS = {
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
}  # fmt: skip

HESITATIONS = vocabulary("euh heu hum hein ben bah beh hmm mmh eh ah oh")

FILLERS = HESITATIONS | vocabulary(
    "oui non ouais bonjour bonsoir allo alors donc voila merci s il vous plait svp c est ce ca cest a au aux en dans"
    " sur la le les l j je suis habite mon ma mes notre nos adresse et ok d accord pour moi de du des bien enfin"
    " d'accord madame monsieur mademoiselle exactement bon alors serait chez nous y on demeure loge reside vis"
    " fait finalement plutot"
)
"""words that carry no address and no name of their own"""


def alternation(words: frozenset[str] | dict[str, int]) -> str:
    """The words as a pattern, longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
