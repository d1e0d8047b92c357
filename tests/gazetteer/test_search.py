"""What callers say, as speech recognition writes it, finds the street; what is no street finds nothing sure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbot.dialogue.address_policy import begins
from callbot.domain.addresses import NumberCheck
from callbot.domain.geography import Point
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import Gazetteer, ensure_gazetteer
from callbot.gazetteer.bench import Figures, alone, in_calls, in_their_sector, main, measure
from callbot.gazetteer.folding import fold
from callbot.gazetteer.probability import probabilities
from callbot.gazetteer.profiles import profile
from callbot.gazetteer.search import EXACT, MISSED, Ranked
from callbot.gazetteer.store import HouseNumber, Source, Store, StreetEntry, write_base, writing

SYLLABLES = [
    first + second
    for first in ("ba", "ko", "li", "mu", "ne", "pi", "ra")
    for second in ("dan", "fou", "ga", "jo", "sin", "tel", "vo")
]
SHARED = Path(__file__).parents[3] / "shared" / "data"


def heard(
    street: str, insee: str | None = None, number: int | None = None, repetition: str | None = None
) -> HeardAddress:
    return HeardAddress(number, repetition, street, insee)


@pytest.mark.parametrize(
    ("said", "street"),
    [
        ("rue sein féréol", "Rue Saint-Ferréol"),
        ("la canne bière", "La Canebière"),
        ("boulevard peut rier", "Boulevard Périer"),
        ("cour lieu tôt", "Cours Lieutaud"),
        ("avenue de mas argues", "Avenue de Mazargues"),
        ("place castel âne", "Place Castellane"),
        ("boulevard de plon bière", "Boulevard de Plombières"),
        ("corniche kennedy", "Corniche du Président John Fitzgerald Kennedy"),
        ("euh c'est au douze rue de rome", "Rue de Rome"),
        ("bonjour j'ai deux vieux matelas à jeter c'est au 7 boulevard bail", "Boulevard Baille"),
        ("saint ferréol", "Rue Saint-Ferréol"),
        ("avenue saint ferréol", "Rue Saint-Ferréol"),
        ("rue breteuille à marseille", "Rue Breteuil"),
        ("rue de la palue dans le premier arrondissement", "Rue de la Palud"),
        ("quai de rives neuves", "Quai de Rive-Neuve"),
        ("cours du quatre septembre", "Cours du 4 Septembre"),
        ("place jean jores", "Place Jean Jaurès"),
        ("boulevard saquakini", "Boulevard Sakakini"),
    ],
)
def test_hard_cases_are_found(sample: Gazetteer, said: str, street: str) -> None:
    best = sample.search(heard(said))[0]
    assert best.address.street == street
    assert best.score > 0.6


@pytest.mark.parametrize(
    "said",
    [
        "rue des champs élysées",
        "rue inventée de nulle part",
        "je voudrais jeter un canapé s'il vous plaît",
        "oui d'accord merci",
        "rue xqzw",
        "promenade des anglais à nice",
        "12",
    ],
)
def test_what_is_not_in_the_base_is_not_believed(sample: Gazetteer, said: str) -> None:
    assert all(one.probability < 0.3 for one in sample.search(heard(said)))


def test_a_street_of_another_town_is_not_believed_in_a_known_arrondissement(sample: Gazetteer) -> None:
    assert all(one.probability < 0.3 for one in sample.search(heard("place bellecour", "13206")))


@pytest.mark.parametrize("said", ["", "   ", "?!…", "🎵🎵", "日本"])
def test_no_words_find_nothing(sample: Gazetteer, said: str) -> None:
    assert sample.search(heard(said)) == ()
    assert sample.search(HeardAddress(), (said,)) == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, "13206", "13055", "13012", "75101", ""]), st.integers(0, 99999))
def test_nothing_that_is_heard_breaks_the_search(sample: Gazetteer, text: str, insee: str | None, number: int) -> None:
    found = sample.search(HeardAddress(number, "bis", text, insee), (text[::-1],))
    assert len(found) <= 5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert sum(one.probability for one in found) <= 1.001
    assert all(0 <= one.score <= 1 and 0 <= one.probability <= 1 for one in found)


def test_every_street_of_the_sample_is_found_by_its_own_name(sample: Gazetteer) -> None:
    for street in sample.index.streets:
        best = sample.search(heard(street.name, street.insee), limit=1)[0]
        assert (fold(best.address.street), best.address.insee) == (fold(street.name), street.insee)
        assert best.probability > 0.5


def test_the_sample_covers_every_arrondissement(sample: Gazetteer) -> None:
    counts = {c.insee: len(sample.street_names(c.insee, 99)) for c in sample.communes if c.arrondissement}
    assert len(counts) == 16
    assert min(counts.values()) >= 20
    assert sample.status.is_sample
    assert sample.status.streets >= 450
    assert sample.status.numbers == 0


def test_a_commune_without_streets_finds_nothing(sample: Gazetteer) -> None:
    assert sample.search(heard("rue de la république", "13012")) == ()
    assert sample.street_names("13012", 10) == ()


def test_the_commune_decides_between_streets_of_one_name(sample: Gazetteer) -> None:
    best = sample.search(heard("rue de la république", "13005"))
    assert best[0].address.commune == "Aubagne"
    assert {one.address.insee for one in best} == {"13005"}


def test_one_name_in_two_arrondissements_is_not_sure(sample: Gazetteer) -> None:
    first, second = sample.search(heard("rue de rome"))[:2]
    assert {first.address.insee, second.address.insee} == {"13201", "13206"}
    assert first.probability == second.probability < 0.6


def test_the_arrondissement_said_comes_first_others_stay_possible(sample: Gazetteer) -> None:
    first, second = sample.search(heard("rue de romme", "13206"))[:2]
    assert (first.address.insee, second.address.insee) == ("13206", "13201")
    assert first.probability > 2 * second.probability > 0
    assert second.why["elsewhere"] < 0


def test_a_doubtful_commune_limits_the_search(sample: Gazetteer) -> None:
    doubt = HeardAddress(street_heard="avenue jean jaurès", commune_doubt=("13054", "13039"))
    assert {one.address.insee for one in sample.search(doubt)} <= {"13054", "13039"}


def test_every_reading_of_a_view_counts_alike_and_the_best_one_counts(sample: Gazetteer) -> None:
    alone = sample.search(heard("rue sein féréol"))[0]
    second = sample.search(heard("rue ses fées rôle"), ("rue ses fées rôle", "rue sein féréol"))[0]
    assert (second.address, second.score, second.why) == (alone.address, alone.score, alone.why)


def by_street(ranked: Sequence[Ranked]) -> dict[int, Ranked]:
    return {one.street.id: one for one in ranked}


def test_each_view_keeps_its_best_reading_and_the_views_weigh_alike(sample: Gazetteer) -> None:
    views = (("rue ses fées rôle", "rue sein féréol"), ("rue sans ferré à l'eau", "saint ferréol"))
    single = [by_street(sample.ranked(HeardAddress(), (view,))) for view in views]
    both = by_street(sample.ranked(HeardAddress(), views))
    street = next(one.street.id for one in both.values() if one.street.name == "Rue Saint-Ferréol")
    assert both[street].views == (single[0][street].score, single[1][street].score)
    assert both[street].score == pytest.approx(sum(both[street].views) / 2)
    assert both[street].match.score == max(both[street].views)
    assert both[street].why | {"view 1": both[street].views[0], "view 2": both[street].views[1]} == both[street].why


def test_a_view_said_twice_changes_no_score(sample: Gazetteer) -> None:
    view = ("rue sein féréol",)
    once, twice = (by_street(sample.ranked(HeardAddress(), views)) for views in ((view,), (view, view)))
    assert {street: one.score for street, one in twice.items()} == pytest.approx(
        {street: one.score for street, one in once.items()}
    )


def test_a_street_that_a_view_missed_gets_a_little_less_than_the_last_one_found(base: Path) -> None:
    """More streets than a view keeps, each view with its own."""
    names = [f"Rue Martin {word}" for word in SYLLABLES] + [f"Boulevard Dupont {word}" for word in SYLLABLES]
    with writing(base):
        write_base(base, [StreetEntry(name, "13206", "13006", None, profile(name)) for name in names], [])
    gazetteer = Gazetteer(Store(base))
    views = (("rue martin",), ("boulevard dupont",))
    found = [{o.street.id: o.score for o in gazetteer.ranked(HeardAddress(), (view,))} for view in views]
    both = by_street(gazetteer.ranked(HeardAddress(), views))
    missed = [(one, place) for one in both.values() for place in (0, 1) if one.street.id not in found[place]]
    assert missed
    for one, place in missed:
        assert one.views[place] == pytest.approx(max(0.0, min(found[place].values()) - MISSED))


def test_a_view_without_words_is_no_view(sample: Gazetteer) -> None:
    alone = sample.ranked(HeardAddress(), (("rue sein féréol",),))
    beside = sample.ranked(HeardAddress(), ((), ("rue sein féréol",), ("",)))
    assert [one.views for one in beside] == [one.views for one in alone]
    assert sample.ranked(HeardAddress(), ((), ("",))) == []
    assert sample.ranked(HeardAddress(), ()) == []


def test_a_street_given_as_the_base_writes_it_was_not_heard(sample: Gazetteer) -> None:
    found = sample.search(heard("RUE SAINT-FERREOL", "13201"))
    assert found[0].probability == EXACT
    assert sum(one.probability for one in found) <= 1


@pytest.mark.parametrize(
    ("said", "insee"), [("rue saint-ferréol", None), ("rue saint-ferréol", "13206"), ("rue sein féréol", "13201")]
)
def test_without_its_commune_or_in_other_words_it_is_only_likely(
    sample: Gazetteer, said: str, insee: str | None
) -> None:
    """The model's word stands, as sure as it may be: nothing was read from the base."""
    found = sample.search(heard(said, insee), limit=200)
    fitted = probabilities([one.score for one in found])
    assert [one.probability for one in found] == pytest.approx(fitted, abs=3e-4)


def test_every_score_keeps_its_parts(sample: Gazetteer) -> None:
    best = sample.search(heard("rue sein féréol", "13201", 12))[0]
    assert best.why["match"] == pytest.approx(0.4 * best.why["text"] + 0.6 * best.why["sound"], abs=1e-3)
    assert best.score == pytest.approx(best.why["match"], abs=1e-3)


def test_the_sector_comes_from_the_map_that_was_given(sample: Gazetteer) -> None:
    assert sample.search(heard("rue sein féréol"))[0].address.sector == "s13201"


async def test_find_is_search_in_a_thread(sample: Gazetteer) -> None:
    wanted = heard("rue sein féréol", "13201", 12)
    assert await sample.find(wanted, ["rue ses fées rôle"]) == sample.search(wanted, ["rue ses fées rôle"])


@pytest.fixture
def paradis(base: Path) -> Gazetteer:
    """Rue Paradis: low numbers in the 6th arrondissement, high ones in the 8th."""

    def street(name: str, insee: str, numbers: dict[tuple[int, str], Point]) -> StreetEntry:
        houses = tuple(HouseNumber(number, rep, point) for (number, rep), point in numbers.items())
        return StreetEntry(name, insee, f"130{insee[3:]}", Point(5.38, 43.28), profile(name), houses)

    low = {(12, ""): Point(5.3801, 43.2901), (12, "bis"): Point(5.3802, 43.2902), (14, ""): Point(5.3803, 43.2903)}
    entries = [
        street("Rue Paradis", "13206", low),
        street("Rue Paradis", "13208", {(400, ""): Point(5.3850, 43.2700)}),
        street("Rue Perdue", "13206", {}),
    ]
    with writing(base):
        write_base(base, entries, [Source(insee, "test", False, "2026-01-01") for insee in ("13206", "13208")])
    return Gazetteer(Store(base))


@pytest.mark.parametrize(
    ("number", "repetition", "check", "point"),
    [
        (12, None, NumberCheck.KNOWN, Point(5.3801, 43.2901)),
        (12, "bis", NumberCheck.KNOWN, Point(5.3802, 43.2902)),
        (12, "BIS", NumberCheck.KNOWN, Point(5.3802, 43.2902)),
        (14, "ter", NumberCheck.UNKNOWN, Point(5.3803, 43.2903)),
        (13, None, NumberCheck.UNKNOWN, Point(5.38, 43.28)),
        (None, None, NumberCheck.NOT_CHECKED, Point(5.38, 43.28)),
    ],
)
def test_house_numbers(
    paradis: Gazetteer, number: int | None, repetition: str | None, check: NumberCheck, point: Point
) -> None:
    best = paradis.search(heard("rue paradis", "13206", number, repetition))[0]
    assert (best.number_check, best.address.point, best.address.insee) == (check, point, "13206")


def test_a_street_without_numbers_in_the_base_is_not_checked(paradis: Gazetteer) -> None:
    assert paradis.search(heard("rue perdue", "13206", 3))[0].number_check is NumberCheck.NOT_CHECKED


def test_the_number_leads_to_the_next_arrondissement(paradis: Gazetteer) -> None:
    best = paradis.search(heard("rue paradis", "13206", 400))[0]
    assert (best.address.insee, best.number_check) == ("13208", NumberCheck.KNOWN)


def test_hints_name_the_longest_streets_first(paradis: Gazetteer) -> None:
    assert paradis.street_names("13206", 5) == ("Rue Paradis", "Rue Perdue")
    assert paradis.street_names("13206", 1) == ("Rue Paradis",)
    assert paradis.street_names("13055", 9) == ("Rue Paradis", "Rue Perdue")


def test_nearest_is_a_house_then_a_street_then_nothing(paradis: Gazetteer) -> None:
    house, street, sea = (
        paradis.nearest(point) for point in (Point(5.3849, 43.2701), Point(5.38, 43.281), Point(4.9, 43.0))
    )
    assert house is not None
    assert house.line == "400 Rue Paradis"
    assert street is not None
    assert street.number is None
    assert sea is None


def test_figures_on_noisy_names(sample: Gazetteer) -> None:
    pairs = [("rue sein féréol", "Rue Saint-Ferréol"), ("la canne bière", "Rue de Rome")]
    figures = measure(sample, alone(pairs))
    assert isinstance(figures, Figures)
    assert (figures.pairs, figures.top1, figures.short_list) == (2, 0.5, 0.5)


def test_the_bench_prints_its_figures(base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ensure_gazetteer(base)
    pairs = tmp_path / "pairs.json"
    pairs.write_text(json.dumps([["hand", "rue sein féréol", "Rue Saint-Ferréol", ""]]), encoding="utf-8")
    main(str(base), str(pairs))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("1 misheard names: first 1.000, among ten 1.000" in line for line in lines)


def test_the_bench_searches_as_calls_do(sample: Gazetteer) -> None:
    pairs = [("rue sein féréol", "Rue Saint-Ferréol"), ("rue de nulle part", "Rue de Nulle Part")]
    (first, _), (known,) = in_calls(pairs), in_their_sector(sample, pairs)
    assert len(set(first.hypotheses)) == 5
    assert (known.heard.insee, known.heard.number) == ("13201", 12)
    assert measure(sample, [first, known]).top1 == 1


@pytest.mark.process
def test_accuracy_on_the_shared_noisy_names(tmp_path: Path) -> None:
    noisy, streets = SHARED / "noisy_streets_dev.json", SHARED / "marseille_streets_osm.csv"
    if not (noisy.exists() and streets.exists()):
        pytest.skip("../shared/data with noisy_streets_dev.json and marseille_streets_osm.csv is not here")
    rows = [line.split(",") for line in streets.read_text(encoding="utf-8").splitlines()[1:] if '"' not in line]
    entries = {(row[1], row[0]): StreetEntry(row[0], row[1], row[2], None, profile(row[0])) for row in rows}
    with writing(tmp_path / "marseille.db"):
        write_base(tmp_path / "marseille.db", entries.values(), [])
    gazetteer = Gazetteer(Store(tmp_path / "marseille.db"))
    names = {name for _, name in entries}
    pairs = [(said, street) for _, said, street, _ in json.loads(noisy.read_text(encoding="utf-8")) if street in names]
    assert len(pairs) > 150
    assert measure(gazetteer, alone(pairs)).top1 >= 0.9


def typed(keys: str, street: str | None = None) -> HeardAddress:
    return HeardAddress(12, None, street, "13206", initials=keys)


def test_letters_typed_leave_only_the_streets_that_begin_so(sample: Gazetteer) -> None:
    found = sample.search(typed("766"), ("rue de raum",))
    assert found[0].address.street == "Rue de Rome"
    assert found[0].probability > 0.6
    assert {one.address.insee for one in found} == {"13206"}
    assert all(begins(one.address.street, "766") for one in found)


def test_a_street_that_was_not_understood_at_all_is_among_those_typed(sample: Gazetteer) -> None:
    by_letters = sample.search(typed("766"), ("et se fâchent dans l'esprit",))
    without_words = sample.search(typed("766"))
    for found in (by_letters, without_words):
        assert "Rue de Rome" in {one.address.street for one in found}
        assert sum(one.probability for one in found) <= 1.001


def test_letters_that_no_street_begins_with_find_none(sample: Gazetteer) -> None:
    assert sample.search(typed("9999"), ("rue de rome",)) == ()
