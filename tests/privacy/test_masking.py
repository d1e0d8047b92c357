"""Lines of transcripts: nothing known of a call survives masking, and ordinary sentences stay readable."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbot.dialogue.prompts import FIXED
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.events import AddressesFound, Booked, CallAnswered, KeysPressed, Understood
from callbot.domain.meaning import HeardAddress, Meaning
from callbot.domain.names import TELEPHONE
from callbot.domain.personal import PhoneNumber
from callbot.domain.references import ALPHABET, spoken_reference
from callbot.domain.surnames import SURNAMES
from callbot.knowledge import load_knowledge
from callbot.privacy import Asked, Known, known_of, mask, mask_keys
from callbot.privacy.spoken_numbers import numbers_at
from callbot.privacy.words import fold, words_of
from callbot.settings import load_settings
from tests.booking.sample import TUESDAY

COMMUNES = frozenset(("marseille", "aubagne", "martigues"))
NOBODY = Known(plain=COMMUNES)
FRAMES = ("{}", "Oui, {}.", "alors c'est {} voilà", "J'ai un matelas, {}, merci beaucoup.", "non {} pas autre chose")
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_TO_SIXTEEN = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_UNITS = _TO_SIXTEEN.split()


def said(number: int) -> str:
    """A number from 0 to 9,999 in words."""
    if number < 17:
        return _UNITS[number]
    if number < 20:
        return f"dix-{_UNITS[number - 10]}"
    if number < 100:
        tens = number // 10 - (number // 10 in (7, 9))
        rest = number - 10 * tens
        link = " et " if rest in (1, 11) and tens != 8 else "-"
        return f"{_TENS[tens]}{link}{said(rest)}" if rest else _TENS[tens]
    size, name = (1000, "mille") if number >= 1000 else (100, "cent")
    head = name if number // size == 1 else f"{said(number // size)} {name}"
    return f"{head} {said(number % size)}" if number % size else head


def bare(text: str) -> str:
    """The letters and digits of a text, folded, in a row."""
    return "".join(word.folded for word in words_of(unicodedata.normalize("NFC", text)))


CASES: tuple[Callable[[str], str], ...] = (
    str,
    str.lower,
    str.upper,
    str.title,
    fold,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "-"),
    lambda text: text.replace("-", " ").replace("'", " "),
)
NAMES = st.sampled_from([name for name in SURNAMES if len(name) > 2])
STREETS = st.sampled_from(
    ["Rue de Rome", "Boulevard Longchamp", "Avenue du Prado", "Rue des Trois Mages", "Traverse de la Gouffonne",
     "Cours Julien", "Rue d'Aubagne", "Chemin du Roucas Blanc", "Place Jean Jaurès", "Rue du 4 Septembre",
     "Montée des Accoules", "La Canebière", "Impasse Œillets"]
)  # fmt: skip
FRAME, CASE = st.sampled_from(FRAMES), st.sampled_from(CASES)
MOBILES = st.integers(0, 99_999_999).map(lambda rest: f"06{rest:08d}")


@given(NAMES, CASE, FRAME, st.sampled_from(Asked), st.booleans())
@example("Le Goff", str.lower, FRAMES[2], Asked.ANYTHING, False)
def test_a_known_name_never_survives(
    name: str, case: Callable[[str], str], frame: str, asked: Asked, caller: bool
) -> None:
    known = Known(names=frozenset({name}), plain=COMMUNES)
    masked = mask(frame.format(case(name)), known, asked, by_caller=caller).text
    assert bare(name) not in bare(masked)
    assert "[" in masked


@given(NAMES, st.sampled_from([" ", "-", ". ", ", "]), st.booleans())
def test_a_known_name_never_survives_its_spelling(name: str, between: str, examples: bool) -> None:
    letters = [letter for letter in fold(name).upper() if letter.isalpha()]
    spelled = between.join(f"{letter} comme {TELEPHONE[letter]}" if examples else letter for letter in letters)
    masked = mask(f"Ça s'écrit {spelled}, merci.", Known(names=frozenset({name}))).text
    assert bare(masked).removeprefix("casecrit").removesuffix("merci") in ("nom", "epele")


@pytest.mark.parametrize(
    "spelled", ["emme a erre té i enne", "M, A, R, T, I, N", "emme comme Marcel, a, r, t, i, n", "EMME, a, R. T. i N"]
)
def test_names_of_letters_are_letters(spelled: str) -> None:
    assert mask(f"C'est {spelled} voilà", Known(names=frozenset({"Martin"}))).text == "C'est [nom] voilà"


@given(STREETS, CASE, FRAME, st.sampled_from(Asked), st.booleans())
def test_a_known_street_never_survives(
    street: str, case: Callable[[str], str], frame: str, asked: Asked, caller: bool
) -> None:
    known = Known(streets=frozenset({street}), plain=COMMUNES)
    masked = bare(mask(frame.format(case(street)), known, asked, by_caller=caller).text)
    telling = [word.folded for word in words_of(street)][-1]
    assert telling not in masked


@given(st.integers(2, 9_999), FRAME, st.booleans(), st.sampled_from(Asked))
def test_a_known_house_number_never_survives(number: int, frame: str, in_words: bool, asked: Asked) -> None:
    text = said(number) if in_words else str(number)
    masked = mask(frame.format(text), Known(numbers=frozenset({number})), asked).text
    assert "[" in masked
    left = tuple(word.folded for word in words_of(masked))
    assert str(number) not in {digits for at in range(len(left)) for digits, _ in numbers_at(left, at)}


@given(st.integers(0, 9_999))
def test_numbers_in_words_are_read_as_they_are_said(number: int) -> None:
    words = tuple(word.folded for word in words_of(said(number)))
    assert (str(number), len(words)) in numbers_at(words, 0)


def _pairs(digits: str) -> list[str]:
    return [digits[at : at + 2] for at in range(0, len(digits), 2)]


def _spoken_pair(pair: str) -> str:
    return f"zéro {said(int(pair))}" if pair.startswith("0") else said(int(pair))


WAYS: tuple[Callable[[str], str], ...] = (
    str,
    lambda digits: " ".join(_pairs(digits)),
    lambda digits: ".".join(_pairs(digits)),
    lambda digits: f"+33 {digits[1:2]} {' '.join(_pairs(digits[2:]))}",
    lambda digits: ", ".join(_spoken_pair(pair) for pair in _pairs(digits)),
    lambda digits: " ".join(_UNITS[int(digit)] for digit in digits),
    lambda digits: " euh ".join(_spoken_pair(pair) for pair in _pairs(digits)),
)


@given(MOBILES, st.sampled_from(WAYS), FRAME, st.booleans(), st.booleans())
def test_a_phone_number_never_survives_known_or_not(
    digits: str, way: Callable[[str], str], frame: str, is_known: bool, caller: bool
) -> None:
    known = Known(digits=frozenset({digits})) if is_known else Known()
    masked = mask(frame.format(way(digits)), known, by_caller=caller).text
    assert masked.replace("+[", "[") == frame.format("[téléphone]")


@given(MOBILES, st.integers(0, 6), st.booleans())
def test_four_digits_in_a_row_of_a_known_phone_number_never_survive(digits: str, at: int, in_words: bool) -> None:
    part = digits[at : at + 4]
    text = " ".join(_UNITS[int(digit)] for digit in part) if in_words else f"{part[:2]} {part[2:]}"
    assert mask(f"Il finit par {text}.", Known(digits=frozenset({digits})), by_caller=False).text == (
        "Il finit par [téléphone]."
    )


@given(st.text(ALPHABET, min_size=5, max_size=5), st.sampled_from([str, str.lower, spoken_reference, " ".join]), FRAME)
def test_a_known_reference_never_survives(reference: str, way: Callable[[str], str], frame: str) -> None:
    masked = mask(frame.format(way(reference)), Known(references=frozenset({reference})), by_caller=False).text
    left = bare(masked)
    assert bare(reference) not in left
    assert bare(way(reference)) not in left


@pytest.mark.parametrize("text", ["karim.benali@example.org", "karim point benali arobase example point org"])
def test_an_email_never_survives(text: str) -> None:
    assert mask(f"mon mail c'est {text}, merci", NOBODY).text == "mon mail c'est [e-mail], merci"


@given(st.text(), st.sampled_from(Asked), st.booleans())
def test_any_text_can_be_masked_and_its_pieces_are_the_text(text: str, asked: Asked, caller: bool) -> None:
    masked = mask(text, NOBODY, asked, by_caller=caller)
    assert "".join(piece.text for piece in masked.pieces) == unicodedata.normalize("NFC", text)
    assert all(piece.text for piece in masked.pieces)


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("J'habite au 12 rue de Lyon à Marseille", Asked.ANYTHING, "J'habite au [numéro] rue de [voie] à Marseille"),
        ("Je m'appelle Karim Benali.", Asked.ANYTHING, "Je m'appelle [nom]."),
        ("Madame Durand au téléphone", Asked.ANYTHING, "Madame [nom] au téléphone"),
        ("le code c'est 45B12, troisième étage", Asked.ANYTHING, "le code c'est [numéro] étage"),
        ("sur la Canebière", Asked.ADDRESS, "sur la [voie]"),
        ("le douze", Asked.ADDRESS, "le [numéro]"),
        ("au un, rue du port", Asked.ADDRESS, "au [numéro], rue du [voie]"),
        ("Non, passez-moi un conseiller.", Asked.ADDRESS, "Non, passez-moi un conseiller."),
        ("dupont avec un t", Asked.NAME, "[nom] avec un [nom]"),
        ("le 26 novembre entre huit heures et midi", Asked.ANYTHING, "le 26 novembre entre huit heures et midi"),
        ("Marseille, dans le 6e", Asked.ADDRESS, "Marseille, dans le [numéro]"),
        ("deux matelas et 3 chaises", Asked.ANYTHING, "deux matelas et 3 chaises"),
    ],
)
def test_what_looks_personal_is_hidden_though_nothing_was_understood(text: str, asked: Asked, expected: str) -> None:
    assert mask(text, NOBODY, asked).text == expected


def test_keys_that_are_more_than_an_answer_to_a_menu_are_hidden() -> None:
    assert mask_keys("1", Asked.ANYTHING).text == "1"
    assert [mask_keys("12", Asked.ADDRESS).text, mask_keys("0612345678", Asked.ANYTHING).text] == ["[masqué]"] * 2


def test_what_a_call_knew_is_gathered_from_its_events() -> None:
    street = StreetAddress("Rue Dragon", "13206", "Marseille 6e", "13006", 8)
    heard = HeardAddress(number=18, street_heard="rue du dragon")
    known = known_of(
        [
            CallAnswered(PhoneNumber("+33612345678")),
            Understood(Meaning(name="Hagopian", address=heard), ("rue dragon",)),
            AddressesFound((AddressCandidate(street, 0.9, 0.8),)),
            KeysPressed("0491123456"),
            Booked("AC47K", TUESDAY, "", sms=True),
        ]
    )
    assert known.names == {"Hagopian"}
    assert known.digits == {"0612345678", "0491123456"}
    assert known.numbers == {8, 18}
    assert known.streets == {"Rue Dragon", "rue du dragon", "rue dragon"}
    assert known.references == {"AC47K"}
    assert "Hagopian" not in repr(known)


def test_ordinary_sentences_stay_readable() -> None:
    """Of every hundred words of ordinary questions, answers and prompts, less than one is hidden for nothing."""
    questions = load_knowledge(load_settings().knowledge_dir).questions
    lines = [(text, True) for entry in questions for text in entry.variants]
    lines += [(entry.answer, False) for entry in questions] + [(text, False) for text in FIXED]
    words = hidden = 0
    for text, caller in lines:
        words += len(words_of(text))
        hidden += sum(len(words_of(piece.text)) for piece in mask(text, NOBODY, by_caller=caller).fields)
    assert words > 5_000
    assert hidden / words < 0.012
