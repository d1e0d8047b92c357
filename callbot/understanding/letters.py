"""How letters are said in French, as Whisper writes them: their names, and the words of "B comme Bernard"."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Final

from rapidfuzz import fuzz

from callbot.domain.names import TELEPHONE
from callbot.understanding.sound import fold, sound

BARE: Final[dict[str, float]] = {
    **dict.fromkeys("AO", 0.85), **dict.fromkeys("KHJWXYZQ", 0.85), **dict.fromkeys("RL", 0.8),
    **dict.fromkeys("EIU", 0.65), **dict.fromkeys("BCDGPTV", 0.6), **dict.fromkeys("MNFS", 0.6),
}  # fmt: skip
"""certainty of a letter said alone over the telephone. Of 60 light-voice clips, M was read as N nearly always, B, P,
D, T and C as one another about one time in three, I as E; K, R, Z almost never wrong. None is ``CLEAR``"""

_NEAR_FAMILIES: Final = ("BCDGPTV", "MN", "FSX", "GJ", "IY", "EIU", "QU", "AKH")
_FARTHER: Final = ("EA", "RL", "OU", "SC", "ZS", "OA")
NEAR_COST: Final = 0.5
FARTHER_COST: Final = 0.9

_NAMES: Final[dict[str, str]] = {
    "A": "a ah", "B": "bé bee bey bè", "C": "cé cée", "D": "dé dés dée", "E": "e eu", "F": "f effe eff", "G": "gé",
    "H": "h ache hache hash", "I": "i hi", "J": "j ji jy gi", "K": "k ka kah cas", "L": "l elle ell aile",
    "M": "m emme aime em", "N": "n enne haine en hen", "O": "o oh eau haut", "P": "p pé pée", "Q": "q cu ku qu",
    "R": "r erre air ère er", "S": "s esse ess", "T": "t té thé tée", "U": "u hue", "V": "v vé vée",
    "W": "w", "X": "x ixe iks ix", "Y": "y igrec idraik ydraik hydraik hydrique idric ydric dric drick grec",
    "Z": "z zède zed zedd",
}  # fmt: skip
LETTER_NAMES: Final = {name: letter for letter, names in _NAMES.items() for name in names.split()}
"""letter names as they may be written, accents kept: "de" is no D, "dé" is one"""
PAIRS: Final = {
    ("i", "grec"): "Y", ("y", "grec"): "Y", ("y", "drake"): "Y", ("y", "dric"): "Y", ("double", "v"): "W",
    ("double", "ve"): "W", ("double", "vee"): "W", ("double", "vie"): "W", ("doubles", "v"): "W", ("est", "ce"): "S",
    ("j", "ai"): "G", ("c", "est"): "C",
}  # fmt: skip
"""two words that are one letter; all but W and Y only before "comme" """

_WORDS: Final = """
Alpha Albert Alain André Arthur Antoine Anne Alice Avion Arbre Abricot Amour Ananas
Bravo Bernard Bruno Bruxelles Bertrand Benoît Béatrice Bordeaux Bateau Ballon Bébé Banane Bonjour
Charlie Camille Charles Claude Catherine Caroline Christian Christophe Cécile Canada Cheval Citron Chat Cerise Céline
Delta David Daniel Denis Didier Dominique Delphine Dimanche Dentiste Danielle Domino
Echo Émile Édouard Éric Emma Emmanuel Étienne Élise Élodie Espagne École Éléphant Été Étoile
Foxtrot Fernand Frédéric Francis Fabien Fabrice Florence France Fatima Famille Fleur Fromage Femme Farine
Golf Georges Gérard Guy Gilbert Gilles Gabriel Géraldine Guillaume Grégoire Garage Gâteau Gare Girafe
Hôtel Hubert Hélène Hervé Hugo Horloge Herbe Hiver Homme Huit Habib
India Isabelle Isidore Italie Irène Igor Ibrahim Image Indien Iris
Juliette Jean Jacques Julien Julie Jérôme Jeanne Jardin Jules Janvier Jeudi Joël
Kilo Karim Karine Kevin Kangourou Kiwi Kayak Képi Koala Karaté
Lima Lucien Laurent Lucie Léon Lundi Lion Lune Lyon Lapin Luc Lucas Laure
Mike Marie Maman Martin Michel Marc Maurice Mathieu Marseille Mohamed Maison Mardi Mercredi Mère Monique Madame
November Noémie Nathalie Noël Nicole Nadine Nice Nantes Nuit Neige Novembre Nadia Navire
Olivier Octave Odile Orange Omar Orléans Oiseau Oui Olive Ours
Papa Paul Patrick Philippe Pascal Paris Parapluie Pomme Papillon Paulette Patricia Père Poire
Québec Quentin Quatre Quinze Question Quille
Roméo Robert René Raymond Richard Roger Rachel Rita Rouge Rome Rose Radio Route Renard
Sierra Simone Sophie Sébastien Serge Samuel Samedi Sarah Stéphane Soleil Serpent Sylvie Sandrine Salade
Tango Thomas Théodore Tony Thierry Théo Tomate Table Train Tournesol Tonton Tante Tartine
Uniforme Ursuline Uranus Usine Ulysse Univers Unité Urgence
Vincent Véronique Valérie Valentin Vendredi Valise Vélo Voiture Vache Vanille Victoire Vert
Whisky Wagon Walter Western Wallon Week Wifi
Xylophone Xénia
Yankee Yves Yvette Yaourt Yann Yoga Yacine Yoann
Zulu Zorro Zébulon Zèbre Zéro Zénith Zidane Zinedine Zigzag
"""
_INITIALS: Final = {fold(word): fold(word)[0].upper() for word in chain(TELEPHONE.values(), _WORDS.split())}
_BY_SOUND: Final = {sound(word): initial for word, initial in reversed(_INITIALS.items())}
_CODE_WORDS: Final = {fold(word): letter for letter, word in TELEPHONE.items()}
_LEAST_LIKE: Final = 0.74
_SAME_LETTER, _NEAR_LETTER = 0.08, 0.04
_PHRASES: Final = {
    f"{fold(name)}com{fold(TELEPHONE[letter])}": letter
    for letter, names in _NAMES.items()
    for name in names.split()[:3]
}
_LEAST_PHRASE: Final = 0.72
_SHORTEST_PHRASE: Final = 7


def near(one: str, other: str) -> float | None:
    """What it costs to take letter ``one`` for ``other`` (folded capitals); None when ears do not confuse them."""
    if one == other:
        return 0.0
    if any(one in family and other in family for family in _NEAR_FAMILIES):
        return NEAR_COST
    return FARTHER_COST if any(one in family and other in family for family in _FARTHER) else None


@lru_cache(maxsize=4_000)
def word_initial(word: str, heard: str | None) -> tuple[str, float] | None:
    """The letter a folded word stands for and how like a known word it is (1: the word itself); None for another word.

    A word that is only like a known one ("sélestin", "roule") is one of the telephone alphabet, sooner that of the
    letter ``heard`` before it.
    """
    if word in _INITIALS:
        return _INITIALS[word], 1.0
    key = sound(word)
    if len(key) > 2 and key in _BY_SOUND:
        return _BY_SOUND[key], 0.98
    scored = [(likeness(word, known) + _heard_bonus(letter, heard), letter) for known, letter in _CODE_WORDS.items()]
    best, letter = max(scored)
    return (letter, min(best, 0.95)) if best >= _LEAST_LIKE else None


def _heard_bonus(letter: str, heard: str | None) -> float:
    if heard is None or (cost := near(heard, letter)) is None:
        return 0.0
    return _SAME_LETTER if cost == 0 else _NEAR_LETTER


def is_code_word(word: str) -> bool:
    """True for a folded word that callers use to name a letter."""
    return word in _INITIALS


def phrase_letter(word: str) -> str | None:
    """The letter of a whole "O comme Oscar" written as one word ("automuscar"); None when it is none."""
    if len(word) < _SHORTEST_PHRASE or word in _INITIALS:
        return None
    best, letter = max((likeness(word, phrase), letter) for phrase, letter in _PHRASES.items())
    return letter if best >= _LEAST_PHRASE else None


def likeness(one: str, other: str) -> float:
    """How alike two folded words are, written or by ear, 0 to 1."""
    return float(max(fuzz.ratio(one, other), fuzz.ratio(sound(one), sound(other)))) / 100
