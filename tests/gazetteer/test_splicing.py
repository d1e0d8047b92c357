"""The street is found in what was said, and another one takes its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.gazetteer.splicing import before_street, with_street


@pytest.mark.parametrize(
    ("sentence", "street", "before"),
    [
        ("Au 12, rue de rhum, dans le sixième.", "rue de rhum", "Au 12, "),
        ("Rue de rhum, 12.", "Rue de rhum", ""),
        ("rue de rhum, oui rue de rhum", "rue de rhum", ""),
        ("au 3, rue de l’Arbre", "rue de l'Arbre", "au 3, "),
        ("au 3 promenade de la plage", "la plage", "au 3 "),
        ("au 12 bis, petite rue de rhum", "rue de rhum", "au 12 bis, "),
        ("3e étage, rue de rhum", "rue de rhum", "3e étage, "),
        ("13006 Marseille, rue de rhum", "rue de rhum", "13006 Marseille, "),
    ],
)
def test_the_street_that_was_understood_is_found_as_it_stands(sentence: str, street: str, before: str) -> None:
    assert before_street(sentence, street, "Boulevard Michelet") == before


@pytest.mark.parametrize("street", [None, "", "boulevard chave"])
@pytest.mark.parametrize(
    ("sentence", "before"),
    [
        ("Au 12, rue de rhome, dans le sixième.", "Au 12, "),
        ("C'est au 12 RUE DE ROME", "C'est au 12 "),
    ],
)
def test_what_was_not_understood_is_found_by_its_likeness_in_whole_words(
    sentence: str, street: str | None, before: str
) -> None:
    assert before_street(sentence, street, "Rue de Rome") == before


@pytest.mark.parametrize("street", [None, "rue de rome"])
def test_an_empty_sentence_has_no_street(street: str | None) -> None:
    assert before_street("", street, "Rue de Rome") == ""


@pytest.mark.parametrize("sentence", ["xxxx", "12", "?", "日本"])
def test_a_sentence_with_nothing_in_common_is_cut_somewhere(sentence: str) -> None:
    assert sentence.startswith(before_street(sentence, None, "Rue de Rome"))


WORDS = st.text(st.sampled_from("rue dom,.é'İß12"), max_size=40)


@given(WORDS | st.text(max_size=40), st.none() | WORDS, WORDS)
def test_what_stands_before_is_the_beginning_of_any_sentence(sentence: str, street: str | None, likely: str) -> None:
    assert sentence.startswith(before_street(sentence, street, likely))


@pytest.mark.parametrize(
    ("before", "name", "sentence"),
    [
        ("Au 12, ", "Rue de Rome", "Au 12, rue de Rome"),
        ("", "La Canebière", "la Canebière"),
        ("au ", "Île Gaby", "au île Gaby"),
        ("au ", "", "au "),
        ("J'habite escalier du ", "Escalier du Vallon", "J'habite escalier du Vallon"),
        ("Au 12, RUE ", "Rue de Rome", "Au 12, rue de Rome"),
        ("J'habite escalier du ", "Vallon des Auffes", "J'habite escalier du vallon des Auffes"),
        ("", "Rue", "rue"),
    ],
)
def test_another_street_begins_in_lower_case_after_the_same_words(before: str, name: str, sentence: str) -> None:
    assert with_street(before, name) == sentence
