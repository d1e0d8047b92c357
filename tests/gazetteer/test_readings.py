"""One line, written or said, is taken apart."""

from __future__ import annotations

import pytest

from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import communes
from callbot.gazetteer.readings import read_address


@pytest.mark.parametrize(
    ("text", "number", "repetition", "insee"),
    [
        ("12 rue de Rome, 13006 Marseille", 12, None, "13206"),
        ("12 bis rue de Rome 13006", 12, "bis", "13206"),
        ("12b rue de Rome 13006", 12, "b", "13206"),
        ("euh c'est au douze rue de rome", 12, None, None),
        ("au quatre vingt douze ter rue de rome", 92, "ter", None),
        ("rue du 4 septembre", None, None, None),
        ("3 cours foch aubagne", 3, None, "13005"),
        ("3 cours Foch, La Penne sur Huveaune", 3, None, "13070"),
        ("rue de marseille", None, None, None),
        ("rue d'aubagne", None, None, None),
        ("5 place jules verne 13100", 5, None, None),
        ("5 place jules verne 13100 Le Tholonet", 5, None, "13109"),
        ("5 rue de rivoli 75001 Paris", 5, None, None),
        ("12", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_line_is_read(text: str, number: int | None, repetition: str | None, insee: str | None) -> None:
    heard = read_address(text, communes())
    assert (heard.number, heard.repetition, heard.insee) == (number, repetition, insee)


def test_nothing_is_nothing() -> None:
    assert read_address("  , ", communes()) == HeardAddress()
