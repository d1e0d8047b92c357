"""Family names for the benchmark, and the ways in which people spell them on the phone."""

from __future__ import annotations

from random import Random
from typing import Final

from tests.bench.addresses.voices import Split

BENCH_SURNAMES: Final = {
    Split.DEV: (
        "Marchetti", "Benyoucef", "Gauthier", "Lemaître", "Sarkissian", "Fernandes", "Abdallah", "Roux", "Paoli",
        "Nguyen", "Delacroix", "Boyer", "Pellegrino", "Haddad", "Ferrand", "Lhermitte", "Bonnefoy", "Zerbib",
    ),
    Split.TEST: (
        "Kowalczyk", "Bensaïd", "Lefèvre", "Manoukian", "Pereira", "Giordano", "Mohamed", "Blanc", "Casanova",
        "Tran", "Dubreuil", "Giraud", "Santucci", "Cherif", "Maréchal", "Hoarau", "Quilichini", "Gonzalez",
    ),
}  # fmt: skip
"""invented callers' names, of the origins that meet in Marseille"""

_LETTERS: Final = {
    "A": "a", "B": "bé", "C": "cé", "D": "dé", "E": "e", "F": "effe", "G": "gé", "H": "hache", "I": "i", "J": "ji",
    "K": "ka", "L": "elle", "M": "emme", "N": "enne", "O": "o", "P": "pé", "Q": "ku", "R": "erre", "S": "esse",
    "T": "té", "U": "u", "V": "vé", "W": "double vé", "X": "ixe", "Y": "i grec", "Z": "zède",
    "È": "e accent grave", "É": "e accent aigu", "Î": "i accent circonflexe", "Ï": "i tréma",
}  # fmt: skip
_WORDS: Final = {
    "A": "Anatole", "B": "Bernard", "C": "Célestin", "D": "Désiré", "E": "Eugène", "F": "François", "G": "Gaston",
    "H": "Henri", "I": "Irma", "J": "Joseph", "K": "Kléber", "L": "Louis", "M": "Marcel", "N": "Nicolas", "O": "Oscar",
    "P": "Pierre", "Q": "Quintal", "R": "Raoul", "S": "Suzanne", "T": "Thérèse", "U": "Ursule", "V": "Victor",
    "W": "William", "X": "Xavier", "Y": "Yvonne", "Z": "Zoé",
}  # fmt: skip
_CONFUSED: Final = frozenset("BCDPTVMNFSGJ")
"""letters that people explain with a word when they explain only some"""


def spelled(draw: Random, surname: str) -> str:
    """The name letter by letter: bare letters, letters with a word where they are confused, or with a word each."""
    explained = draw.choice((frozenset[str](), _CONFUSED, frozenset(_WORDS)))
    parts: list[str] = []
    letters = surname.upper()
    position = 0
    while position < len(letters):
        letter = letters[position]
        doubled = letters[position + 1 : position + 2] == letter
        said = _LETTERS[letter] + (f" comme {_WORDS[letter]}" if letter in explained else "")
        parts.append(f"deux {said}" if doubled else said)
        position += 2 if doubled else 1
    return ", ".join(parts) + "."
