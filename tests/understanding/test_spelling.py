"""Names spelled over the telephone: the ways to say a letter, what Whisper makes of them, how sure each is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.domain.names import CLEAR, TELEPHONE, spoken_letters
from callbot.domain.surnames import SURNAMES
from callbot.understanding.letters import LETTER_NAMES
from callbot.understanding.sound import fold
from callbot.understanding.spelling import read_spelling

FORMS = [
    ("D U P O N T", "Dupont"),
    ("D U P O N T.", "Dupont"),
    ("d u p o n t", "Dupont"),
    ("D, U, P, O, N, T.", "Dupont"),
    ("D-U-P-O-N-T", "Dupont"),
    ("D-U-P-O-N-T.", "Dupont"),
    ("D.U.P.O.N.T.", "Dupont"),
    ("D. U. P. O. N. T.", "Dupont"),
    ("D / U / P / O / N / T", "Dupont"),
    ("DUPONT", "Dupont"),
    ("DU PO NT", "Dupont"),
    ("D-U, P-O, N-T", "Dupont"),
    ("dé u pé o enne té", "Dupont"),
    ("Dé, u, pé, o, haine, té.", "Dupont"),
    ("D comme Désiré, U comme Ursule, P comme Pierre, O comme Oscar, N comme Nicolas, T comme Thérèse", "Dupont"),
    ("D comme Daniel U comme usine P comme papa O comme olive N comme Noémie T comme Thomas", "Dupont"),
    ("D comme Delta, U comme Uniforme, P comme Papa", "Dup"),
    ("B comme Bernard, O, Y, E, R", "Boyer"),
    ("B comme Bernard, O comme Oscar, i grec, E comme Eugène, R comme Raoul", "Boyer"),
    ("B O i grec E R", "Boyer"),
    ("B O igrec E R", "Boyer"),
    ("B comme Bert, O comme Oscar, Ydraik, E comme Eugène, R comme Roule", "Boyer"),
    ("Boyer, B O Y E R", "Boyer"),
    ("Boyer. B, O, Y, E, R.", "Boyer"),
    ("B O Y E R, Boyer", "Boyer"),
    ("C'est Boyer, B O Y E R", "Boyer"),
    ("mon nom est Boyer B O Y E R", "Boyer"),
    ("je m'appelle Boyer, B-O-Y-E-R", "Boyer"),
    ("alors c'est B O Y E R", "Boyer"),
    ("B, euh, O, Y, E, R voilà", "Boyer"),
    ("B puis O puis Y puis E puis R", "Boyer"),
    ("la lettre B, la lettre O, Y, E, R", "Boyer"),
    ("B majuscule, O, Y, E, R", "Boyer"),
    ("B E N A deux L I", "Benalli"),
    ("B E N A 2 L I", "Benalli"),
    ("B E N A double L I", "Benalli"),
    ("B E N A deux fois L I", "Benalli"),
    ("B E N A L L I", "Benalli"),
    ("B E N A deux elle I", "Benalli"),
    ("B E N A deux L comme Louis I", "Benalli"),
    ("F, E, deux R, A, N, D", "Ferrand"),
    ("F E deux erre A N D", "Ferrand"),
    ("deux F, A, B, R, E", "Ffabre"),
    ("M O R E deux T I", "Moretti"),
    ("R O deux S I", "Rossi"),
    ("R comme Raoul, O comme Oscar, deux S comme Suzanne, I comme Irma", "Rossi"),
    ("P E accent aigu R E Z", "Pérez"),
    ("P, E accent aigu, R, E, Z", "Pérez"),
    ("P É R E Z", "Pérez"),
    ("P E accent grave R E Z", "Pèrez"),
    ("L E accent circonflexe V E Q U E", "Lêveque"),
    ("L E chapeau V E Q U E", "Lêveque"),
    ("S A I tréma D I", "Saïdi"),
    ("G O N C cédille A L V E S", "Gonçalves"),
    ("G O N Ç A L V E S", "Gonçalves"),
    ("M U tilde N O Z", "Mũnoz"),
    ("L E B O E dans l'O U F", "Lebœuf"),
    ("L E B O E U F", "Leboeuf"),
    ("D apostrophe A N G E L O", "D'Angelo"),
    ("L E espace G O deux F", "Le Goff"),
    ("L E nouveau mot G O F F", "Le Goff"),
    ("D U R tiret P O N T", "Dur-Pont"),
    ("D U R trait d'union P O N T", "Dur-Pont"),
    ("W A G N E R", "Wagner"),
    ("double V A G N E R", "Wagner"),
    ("double vé A G N E R", "Wagner"),
    ("V A deux V E", "Vavve"),
    ("X A V I E R", "Xavier"),
    ("ixe a vé i e erre", "Xavier"),
    ("Z I D A N E", "Zidane"),
    ("zède i dé a enne e", "Zidane"),
    ("K comme kilo, A comme Alpha, C comme Charlie, I comme India", "Kaci"),
    ("H comme hôtel, U comme Uniforme, E comme Écho, T comme Tango", "Huet"),
    ("Q comme Québec, U, E, R, E", "Quere"),
    ("M comme maman, A, M comme maman, A, N", "Maman"),
    ("N comme Maman, A, R, T, I, N", "Martin"),
    ("M comme Nicolas, O, E, L", "Noel"),
    ("E comme Irma, C comme Célestin, A, R, D", "Icard"),
    ("C comme Sélestin, A comme Anatol, R comme Roule, O comme Oscar", "Caro"),
    ("C comme C les Stins, A comme Anatol, R comme Roule, O comme Oscar", "Caro"),
    ("J'ai comme Gaston, A comme Anatole, L comme Louis", "Gal"),
    ("Est-ce comme Suzanne, a Comanatole, I Comirna, des comme Désiré", "Said"),
    ("R comme Raoul, Automuscar, deux S, I comme Irma", "Rossi"),
    ("N A R T I N E Z", "Martinez"),
    ("Martinie, N-A-R-T-I-N-E-Z.", "Martinez"),
    ("Martin, E, N-A-R-T-I-N-E-Z.", "Martinez"),
    ("Denali, D E N A L E", "Benali"),
    ("Petrouillant, C E T R O S S I A N", "Petrossian"),
    ("Xolotra, X O L O T R A", "Xolotra"),
    ("B A", "Ba"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), FORMS)
def test_a_spelled_name(text: str, name: str) -> None:
    spelled = read_spelling(text)
    assert spelled is not None
    assert spelled.name == name


@pytest.mark.parametrize(
    "text",
    ["", "Martin", "Madame Martin", "M. Dupont", "J. P. Martinez", "je m'appelle Ali", "c'est à Marseille", "oui",
     "non", "il y a Martin", "l'Hermite", "12", "C C C C C C C C", "un deux trois", "comme",
     "comme comme comme", "D'Angelo"],
)  # fmt: skip
def test_nothing_is_spelled(text: str) -> None:
    assert read_spelling(text) is None


def test_letters_said_with_a_word_are_clear_and_others_are_not() -> None:
    spelled = read_spelling("M comme Marcel, A, B comme Berthe, T")
    assert spelled is not None
    assert [letter.is_clear for letter in spelled.letters] == [True, False, True, False]
    assert spelled.doubtful == (3, 1)


def test_a_letter_said_with_its_word_is_never_weighed_against_frequent_names() -> None:
    spelled = read_spelling("N comme Nicolas, A, R, T, I, N, E, Z")
    assert spelled is not None
    assert spelled.name == "Nartinez"
    assert not spelled.known


def test_three_letters_are_taken_as_they_stand() -> None:
    spelled = read_spelling("R, O, N")
    assert spelled is not None
    assert spelled.name == "Ron"


def test_what_was_heard_stays_beside_what_was_made_of_it() -> None:
    spelled = read_spelling("N A R T I N E Z")
    assert spelled is not None
    assert spelled.heard == "NARTINEZ"
    assert spelled.known
    assert spelled.letters[0].certainty < min(letter.certainty for letter in spelled.letters[1:])


NAME_OF = {letter: name for name, letter in reversed(LETTER_NAMES.items()) if len(name) > 1 and letter not in "AEIOUW"}
NAME_OF |= {"W": "double vé", "A": "a", "E": "e", "I": "i", "O": "o", "U": "u", "Y": "i grec"}
SIGNS = {" ": "espace", "'": "apostrophe", "-": "trait d'union"}
MARKS = {"É": "E accent aigu", "È": "E accent grave", "Ç": "C cédille", "Ï": "I tréma", "Ë": "E tréma"}


def said(sign: str, way: int) -> str:
    """One sign of a name in one of the ways callers have."""
    if sign in SIGNS or sign in MARKS:
        return SIGNS.get(sign) or MARKS[sign]
    return (f"{sign} comme {TELEPHONE[sign]}", sign, NAME_OF[sign], f"{NAME_OF[sign]} comme {TELEPHONE[sign]}")[way]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SURNAMES), st.integers(0, 3), st.sampled_from([" ", ", ", ". "]), st.booleans())
def test_any_frequent_surname_comes_back_exactly(name: str, way: int, between: str, said_first: bool) -> None:
    letters = between.join(said(sign, way) for sign in name.upper())
    spelled = read_spelling(f"{name}, {letters}" if said_first else letters)
    assert spelled is not None
    assert spelled.name == name


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SURNAMES))
def test_what_we_read_back_would_be_understood(name: str) -> None:
    spelled = read_spelling(spoken_letters(name))
    assert spelled is not None
    assert spelled.name == name


@settings(max_examples=200, deadline=None)
@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12))
def test_any_letters_said_with_their_words_stand_whatever_name_they_make(letters: str) -> None:
    spelled = read_spelling(", ".join(f"{letter} comme {TELEPHONE[letter]}" for letter in letters))
    if any(letters.count(letter * 4) for letter in letters):
        assert spelled is None
        return
    assert spelled is not None
    assert spelled.name.upper() == letters
    assert all(letter.certainty >= CLEAR for letter in spelled.letters)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=200) | st.lists(st.sampled_from([*LETTER_NAMES, "comme", "deux", "accent", "aigu"])).map(" ".join)
)
def test_never_raises(text: str) -> None:
    spelled = read_spelling(text)
    assert spelled is None or fold(spelled.name)
