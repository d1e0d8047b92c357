"""Items and quantities."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callbot.understanding.items import ItemFinder
from callbot.understanding.sentence import Sentence

Read = Callable[[str], Sentence]


def found(text: str, finder: ItemFinder, read: Read) -> dict[str, int]:
    return {line.item: line.quantity for line in finder.find(read(text))[0]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deux matelas", {"mattress": 2}),
        ("J'ai 2 matelas et 1 canapé d'angle", {"mattress": 2, "sofa_corner": 1}),
        ("un canapé", {"sofa": 1}),
        ("une vieille machine à laver", {"washer": 1}),
        ("une machine à laver le linge", {"washer": 1}),
        ("deux machines à laver", {"washer": 2}),
        ("un lave linge", {"washer": 1}),
        ("mon frigo", {"fridge": 1}),
        ("le frigidaire", {"fridge": 1}),
        ("des chaises", {"chair": 2}),
        ("les chaises", {"chair": 2}),
        ("quelques chaises", {"chair": 3}),
        ("plusieurs chaises", {"chair": 3}),
        ("pas mal de chaises", {"chair": 3}),
        ("une paire de fauteuils", {"armchair": 2}),
        ("une dizaine de chaises", {"chair": 10}),
        ("une demi-douzaine de chaises", {"chair": 6}),
        ("une douzaine de vieilles chaises", {"chair": 12}),
        ("vingt et une chaises", {"chair": 21}),
        ("deux ou trois chaises", {"chair": 3}),
        ("des vieux fauteuils", {"armchair": 2}),
        ("deux beaux grands bureaux", {"desk": 2}),
        ("canapés", {"sofa": 2}),
        ("canapé, frigo, chaises", {"sofa": 1, "fridge": 1, "chair": 2}),
        ("des chaises, il y en a quatre", {"chair": 4}),
        ("des chaises j'en ai six", {"chair": 6}),
        ("une chaise et deux chaises de cuisine", {"chair": 3}),
        ("deux matelas, non trois matelas", {"mattress": 3}),
        ("un canapé, le canapé est vieux", {"sofa": 1}),
        ("des gravats", {"rubble": 1}),
        ("une table de nuit avec un miroir", {"nightstand": 1, "mirror": 1}),
        ("trois tables basses", {"table": 3}),
        ("deux tables de chevet", {"nightstand": 2}),
        ("un clic clac", {"sofa": 1}),
        ("un réfrigerateur americain", {"fridge": 1}),
        ("un matelas 2 places", {"mattress": 1}),
        ("la télé", {"tv": 1}),
        ("un sommié et une machine à lavé", {"base": 1, "washer": 1}),
        ("une vieille armoir", {"wardrobe": 1}),
        ("un table et quatre saises", {"table": 1, "chair": 4}),
        ("quatre saises", {"chair": 4}),
        ("des zèses", {"chair": 2}),
        ("saises", {}),
        ("quatre seize", {}),
        ("un désert", {}),
        ("une saise à trois", {"chair": 1}),
        ("un refrigirateur", {"fridge": 1}),
        ("deux kanapés", {"sofa": 2}),
        ("999 chaises", {"chair": 99}),
        ("un frigo neuf deux chaises", {"fridge": 1, "chair": 2}),
        ("un matla", {"mattress": 1}),
        ("deux lits superposés", {"bed": 2}),
        ("une bouteille de gaz", {"gas": 1}),
        ("J'AI UN CANAPÉ !", {"sofa": 1}),
    ],
)
def test_items(text: str, expected: dict[str, int], item_finder: ItemFinder, sentence: Read) -> None:
    assert found(text, item_finder, sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pas le canapé mais les chaises", {"chair": 2}),
        ("pas de canapé", {}),
        ("sans le frigo", {}),
        ("tout sauf la table", {}),
        ("ni table ni chaise", {}),
        ("à part le lit", {}),
        ("un canapé et une table, enfin non pas la table", {"sofa": 1}),
        ("non pas, le canapé", {"sofa": 1}),
        ("pas seulement le canapé", {"sofa": 1}),
        ("ce n'est pas un canapé, c'est un lit", {"bed": 1}),
    ],
)
def test_negation(text: str, expected: dict[str, int], item_finder: ItemFinder, sentence: Read) -> None:
    assert found(text, item_finder, sentence) == expected


@pytest.mark.parametrize(
    "text", ["", "il lit un livre", "je porte un manteau", "un bibelot", "bonjour madame", "une cable", "c'est la vie"]
)
def test_nothing_is_invented(text: str, item_finder: ItemFinder, sentence: Read) -> None:
    assert found(text, item_finder, sentence) == {}


def test_heard_is_what_the_caller_said(item_finder: ItemFinder, sentence: Read) -> None:
    lines, rest = item_finder.find(sentence("Deux vieilles Machines à lavé, merci"))
    assert [line.heard for line in lines] == ["Machines à lavé"]
    assert rest.tags.endswith("merci")
    assert "machines" not in rest.tags


def test_only_clear_items_need_a_count_and_the_exact_word(item_finder: ItemFinder, sentence: Read) -> None:
    clear = [line.item for line in item_finder.find(sentence("un canapé"), only_clear=True)[0]]
    assert clear == ["sofa"]
    assert item_finder.find(sentence("Sommié"), only_clear=True)[0] == ()
    assert item_finder.find(sentence("Table"), only_clear=True)[0] == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un canapé, non, deux fauteuils", {"armchair": 2}),
        ("J'ai un canapé, non, deux fauteuils à faire enlever.", {"armchair": 2}),
        ("un frigo, euh non, une machine à laver", {"washer": 1}),
        ("un matelas, pardon, un sommier", {"base": 1}),
        ("un frigo enfin plutôt une table", {"table": 1}),
        ("une table, je veux dire un bureau", {"desk": 1}),
        ("une table ou plutôt un bureau", {"desk": 1}),
        ("un canapé, une table, non pardon une armoire", {"sofa": 1, "wardrobe": 1}),
        ("une table, non, un canapé et deux chaises", {"sofa": 1, "chair": 2}),
        ("un canapé et une table, non, deux tables", {"sofa": 1, "table": 2}),
    ],
)
def test_an_item_corrected_in_one_breath(
    text: str, expected: dict[str, int], item_finder: ItemFinder, sentence: Read
) -> None:
    assert found(text, item_finder, sentence) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un canapé, non c'est bon, et deux fauteuils", {"sofa": 1, "armchair": 2}),
        ("un canapé, non je crois que c'est tout, ah si une armoire", {"sofa": 1, "wardrobe": 1}),
        ("un canapé, pardon, et une table", {"sofa": 1, "table": 1}),
        ("un canapé, et finalement une table", {"sofa": 1, "table": 1}),
        ("non, un canapé, une table", {"sofa": 1, "table": 1}),
        ("un canapé, un lit", {"sofa": 1, "bed": 1}),
    ],
)
def test_a_no_that_takes_nothing_back_drops_no_item(
    text: str, expected: dict[str, int], item_finder: ItemFinder, sentence: Read
) -> None:
    assert found(text, item_finder, sentence) == expected
