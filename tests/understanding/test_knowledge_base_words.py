"""The catalogue and the communes that ship, through the finders."""

from __future__ import annotations

from datetime import date

import pytest

from callbot.domain.items import Catalogue
from callbot.domain.meaning import Expectation
from callbot.gazetteer.communes import read_communes
from callbot.knowledge import load_knowledge
from callbot.settings import load_settings
from callbot.understanding import Understander


@pytest.fixture(scope="module")
def kinds() -> Catalogue:
    return load_knowledge(load_settings().knowledge_dir).catalogue


@pytest.fixture(scope="module")
def shipped(kinds: Catalogue) -> Understander:
    return Understander(kinds, read_communes())


def heard(shipped: Understander, text: str, expect: Expectation = Expectation.ITEMS) -> list[tuple[str, int]]:
    meaning = shipped.understand(text, expect, today=date(2026, 11, 20))
    return [(line.item, line.quantity) for line in meaning.items]


def test_every_label_means_its_own_item(shipped: Understander, kinds: Catalogue) -> None:
    wrong = {}
    for kind in kinds.kinds:
        items = heard(shipped, f"{'une' if kind.feminine else 'un'} {kind.label}")
        if [item for item, _ in items] != [kind.id]:
            wrong[kind.label] = items
    assert wrong == {}


@pytest.mark.parametrize("quantity", [2, 7])
def test_every_plural_is_counted(shipped: Understander, kinds: Catalogue, quantity: int) -> None:
    wrong = {
        kind.plural: got
        for kind in kinds.kinds
        if (got := heard(shipped, f"{quantity} {kind.plural}")) != [(kind.id, quantity)]
    }
    assert wrong == {}


def test_every_commune_by_name(shipped: Understander) -> None:
    wrong = {}
    for commune in read_communes():
        address = shipped.understand(commune.name, Expectation.COMMUNE, today=date(2026, 11, 20)).address
        if commune.insee != "13055" and (address is None or address.insee != commune.insee):
            wrong[commune.name] = address
    assert wrong == {}


@pytest.mark.parametrize(
    "text",
    [
        "bonjour madame", "oui c'est ça", "je ne sais pas", "dans le sixième arrondissement", "jeudi prochain le matin",
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit", "je voudrais parler à un conseiller",
        "il est très grand et très lourd", "c'est au troisième étage", "vous êtes toujours là ?", "merci au revoir",
        "non c'est tout", "j'habite à Aix-en-Provence", "le plus tôt possible", "combien ça coûte",
        "attendez je regarde",
    ],
)  # fmt: skip
def test_no_item_in_what_names_none(shipped: Understander, text: str) -> None:
    assert heard(shipped, text) == []
