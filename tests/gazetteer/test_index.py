"""Each step of the search in the tables: the first cut by shared sounds, the alignment, the streets of a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbot.gazetteer import index
from callbot.gazetteer.alignment import (
    INSERTION,
    LEAST_INSERTION,
    MOST_UNEXPLAINED,
    SOUND_ALPHABET,
    UNEXPLAINED,
    pack,
    similarities,
)
from callbot.gazetteer.index import Match, StreetIndex
from callbot.gazetteer.profiles import LEFT_OUT, WEIGHTS, profile
from callbot.gazetteer.records import IndexedStreet, Street
from callbot.gazetteer.utterance import Characters, heard

STREETS = [
    ("Rue de Rome", "13201"),
    ("Rue de Rome", "13206"),
    ("Rue Paradis", "13206"),
    ("Boulevard du Docteur Périer", "13208"),
    ("Rue du Docteur Escat", "13206"),
    ("Impasse Crapelet", "13205"),
    ("Rue de la République", "13005"),
]


def tables(named: Sequence[tuple[str, str]]) -> StreetIndex:
    return StreetIndex(
        [
            IndexedStreet(Street(i, name, insee, "13000", None), profile(name))
            for i, (name, insee) in enumerate(named, start=1)
        ]
    )


def names(found: Sequence[Match]) -> list[tuple[str, str]]:
    return [(one.street.name, one.street.insee) for one in found]


def best(streets: StreetIndex, text: str, insee: frozenset[str] | None = None, limit: int = 9) -> list[Match]:
    return streets.search([heard(text)], insee, limit)[0]


def test_one_name_brings_all_its_streets_in_the_order_of_the_base() -> None:
    assert names(best(tables(STREETS), "rue de rhum"))[:2] == [("Rue de Rome", "13201"), ("Rue de Rome", "13206")]


def test_only_communes_of_the_scope_are_searched() -> None:
    streets = tables(STREETS)
    assert names(best(streets, "rue de rome", frozenset({"13206"})))[0] == ("Rue de Rome", "13206")
    assert {insee for _, insee in names(best(streets, "rue de rome", frozenset({"13206", "13005"})))} == {
        "13206",
        "13005",
    }
    assert best(streets, "rue de rome", frozenset({"75101"})) == []
    assert best(streets, "rue de rome", frozenset()) == []


def test_a_base_without_streets_finds_nothing() -> None:
    assert tables([]).search([heard("rue de rome"), heard("")], None, 5) == [[], []]


def test_as_many_as_asked_for() -> None:
    assert [len(best(tables(STREETS), "rue de rome", limit=limit)) for limit in (0, 1, 3)] == [0, 1, 3]


def test_readings_searched_together_find_what_each_finds_alone() -> None:
    streets, texts = tables(STREETS), ["rue de rhum", "", "bonjour c'est au 12 boulevard du docteur périer", "qu'e rap"]
    together = streets.search([heard(text) for text in texts], None, 5)
    for text, found in zip(texts, together, strict=True):
        alone = best(streets, text, limit=5)
        assert names(found) == names(alone)
        assert [one.score for one in found] == pytest.approx([one.score for one in alone], abs=1e-5)


def test_the_first_cut_keeps_the_name_that_shares_most_sounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SHORT_LIST", 1)
    found = best(tables(STREETS), "qu'e rap l'est")
    assert names(found) == [("Impasse Crapelet", "13205")]


def test_the_type_takes_part_in_the_first_cut_a_title_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "SHORT_LIST", 1)
    streets = tables([("Rue Zola", "13201"), ("Impasse Zola", "13201")])
    assert names(best(streets, "impasse zola")) == [("Impasse Zola", "13201")]
    assert names(best(streets, "rue zola")) == [("Rue Zola", "13201")]
    assert best(tables([("Docteur Docteur Zola", "13201"), ("Rue Gide", "13201")]), "docteur") == []


def test_letters_are_only_aligned_for_names_that_sound_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "ALIGNED_LETTERS", 2)
    assert names(best(tables(STREETS), "rue paradis"))[0] == ("Rue Paradis", "13206")
    assert len({name for name, _ in names(best(tables(STREETS), "rue paradis"))}) == 2


def test_a_name_of_no_sounds_is_never_found() -> None:
    assert names(best(tables([("!!!", "13201"), ("Rue de Rome", "13201")]), "rue de rome")) == [
        ("Rue de Rome", "13201")
    ]


# The alignment once more, character by character, as the module describes it.
def plain_similarity(sounds: str, roles: str, said: Characters) -> float:
    least = np.maximum(said.weights * INSERTION, LEAST_INSERTION)
    row = [_left(said.weights[:end]) for end in range(len(said.text) + 1)]
    for sound, role in zip(sounds, roles, strict=True):
        code, weight = SOUND_ALPHABET.codes[sound], WEIGHTS[role]
        missing = SOUND_ALPHABET.deletion[code] * weight * LEFT_OUT.get(role, 1)
        after = [row[0] + missing]
        for place, other in enumerate(said.text):
            swap = max(SOUND_ALPHABET.substitution[code, SOUND_ALPHABET.codes[other]], said.doubts[place]) * weight
            after.append(min(row[place] + swap, row[place + 1] + missing, after[place] + least[place]))
        row = after
    cost = min(here + _left(said.weights[end:]) for end, here in enumerate(row))
    return max(0.0, 1 - cost / sum(WEIGHTS[role] for role in roles))


def _left(weights: np.typing.NDArray[np.float32]) -> float:
    return float(MOST_UNEXPLAINED * (1 - np.exp(-float(weights.sum()) * UNEXPLAINED / MOST_UNEXPLAINED)))


WORDS = "rue de la rome euh boulevard docteur périer qu'e rap l'est à marseille rhum paradis au douze répu blique"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=9))
@example(["répu", "marseille", "marseille", "marseille", "blique"])
def test_the_table_finds_what_the_plain_alignment_finds(said: list[str]) -> None:
    utterance = heard(" ".join(said))
    keys = [profile(name) for name, _ in STREETS]
    packed = pack([k.sounds for k in keys], [k.sound_roles for k in keys], SOUND_ALPHABET, WEIGHTS, LEFT_OUT)
    (found,) = similarities([(packed, utterance.sounds)])
    plain = [plain_similarity(k.sounds, k.sound_roles, utterance.sounds) for k in keys]
    assert list(found) == pytest.approx(plain, abs=1e-4)


def test_names_are_compared_alike_in_any_number() -> None:
    """More names than share one table."""
    keys = [profile(f"Rue {'abcdefghij'[i % 10]}lorette {i}") for i in range(300)]
    packed = pack([k.sounds for k in keys], [k.sound_roles for k in keys], SOUND_ALPHABET, WEIGHTS, LEFT_OUT)
    said = heard("euh rue florette deux").sounds
    (found,) = similarities([(packed, said)])
    each = [float(similarities([(packed.take(np.array([row])), said)])[0][0]) for row in range(300)]
    assert list(found) == pytest.approx(each, abs=1e-5)


def test_no_jobs_no_similarities() -> None:
    assert similarities([]) == []
