"""What counts as right, as a false alarm and as a figure of the address benchmark."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from callbot.dialogue.address_policy import READ_BACK
from callbot.domain.addresses import StreetAddress
from tests.bench.addresses.answers import AnswerOutcome, answers, same_letters, same_name
from tests.bench.addresses.closed import ClosedOutcome, closed_answers
from tests.bench.addresses.corpus import Task, Utterance
from tests.bench.addresses.dialogues import DialogueOutcome, Ending
from tests.bench.addresses.intervals import Share
from tests.bench.addresses.line import Condition
from tests.bench.addresses.stages import (
    OURS,
    Guess,
    Listening,
    OursOutcome,
    RawOutcome,
    Scope,
    TimedOutcome,
    is_false_alarm,
    is_right,
    listenings,
)
from tests.bench.addresses.summary import (
    Streets,
    answer_figures,
    certainty,
    closed_figures,
    dialogue_figures,
    method_figures,
    method_rows,
    street_figures,
    time_figures,
)
from tests.bench.addresses.voices import Split

HOME = StreetAddress("Rue de l'Étoile", "13206", "Marseille 6e Arrondissement", "13006", 12, "bis")
SAID = Utterance(Task.ADDRESS, Split.DEV, "nobody", False, "Au douze bis rue de l'étoile.", HOME.line, 7, HOME)
NOWHERE = Utterance(Task.NO_ADDRESS, Split.DEV, "nobody", False, "Je ne sais pas.", "", 8)
CLEAN = Listening(SAID, Condition.CLEAN)
RIGHT = Guess("Rue de l'Étoile", "13206", 0.9, 12, "bis")
WRONG = Guess("Rue des Toiles", "13206", 0.8, 12, "bis")
ELSEWHERE = replace(RIGHT, insee="13201")


def both(*guesses: Guess) -> dict[Scope, tuple[Guess, ...]]:
    return dict.fromkeys(Scope, guesses)


def streets(*outcomes: tuple[Listening, tuple[Guess, ...]]) -> Streets:
    jobs = [job for job, _ in outcomes]
    raw = [RawOutcome({"raw + x": both(WRONG, RIGHT)})] * len(jobs)
    return Streets(jobs, raw, [OursOutcome(both(*guesses), "12 bis") for _, guesses in outcomes])


def test_a_street_is_right_by_its_name_and_where_known_by_its_arrondissement() -> None:
    assert is_right(replace(RIGHT, street="rue de l'etoile"), CLEAN, Scope.SECTOR)
    assert not is_right(WRONG, CLEAN, Scope.CITY)
    assert is_right(ELSEWHERE, CLEAN, Scope.CITY)
    assert not is_right(ELSEWHERE, CLEAN, Scope.SECTOR)
    assert not is_right(RIGHT, Listening(NOWHERE, Condition.CLEAN), Scope.CITY)


@pytest.mark.parametrize(("probability", "alarm"), [(READ_BACK, True), (READ_BACK - 0.001, False), (None, False)])
def test_it_is_an_alarm_from_where_it_would_be_read_back(probability: float | None, alarm: bool) -> None:
    assert is_false_alarm([replace(RIGHT, probability=probability)]) is alarm
    assert not is_false_alarm([])


def test_a_third_is_heard_in_loud_noise_too_and_always_the_same() -> None:
    said = [replace(SAID, text=str(seed), seed=seed) for seed in range(300)]
    jobs = listenings(said)
    counts = Counter(job.condition for job in jobs)
    assert counts[Condition.CLEAN] == counts[Condition.DB20] == 300
    assert counts[Condition.DB15] == counts[Condition.DB10]
    assert 70 < counts[Condition.DB10] < 130
    assert jobs == listenings(said)
    assert len({job.key for job in jobs}) == len(jobs)


def test_the_searched_place_is_the_city_or_the_callers_arrondissement() -> None:
    assert CLEAN.insee(Scope.CITY) == "13055"
    assert CLEAN.insee(Scope.SECTOR) == "13206"
    drawn = {Listening(replace(NOWHERE, seed=seed), Condition.CLEAN).insee(Scope.SECTOR) for seed in range(40)}
    assert drawn == {f"132{n:02}" for n in range(1, 17)}


def test_first_and_among_three_are_counted_by_method() -> None:
    measured = streets((CLEAN, (RIGHT,)), (Listening(replace(SAID, text="x"), Condition.CLEAN), (WRONG,)))
    assert measured.methods == ("raw + x", OURS)
    values = {each.what: each.measured.value for each in method_figures(measured)}
    assert values["sector known|main voices, clean|ours|top 1"] == 0.5
    assert values["sector known|main voices, clean|raw + x|top 1"] == 0.0
    assert values["sector known|main voices, clean|raw + x|top 3"] == 1.0
    rows = method_rows(method_figures(measured), Scope.CITY)
    assert list(rows) == ["main voices, clean (n=2)"]
    assert rows["main voices, clean (n=2)"][OURS].startswith("0.500 [")


def test_figures_of_streets_numbers_and_certainty() -> None:
    alarm = (Listening(NOWHERE, Condition.CLEAN), (replace(WRONG, probability=0.7),))
    measured = streets((CLEAN, (RIGHT,)), alarm)
    values = {each.what: each.measured for each in street_figures(measured)}
    assert values["street first, sector known, main voices, clean"].value == 1.0
    assert values["house number in an address, clean"].value == 1.0
    assert values["house number in an address, 20 dB"].total == 0
    assert values["no address, yet one read back, whole Marseille"].value == 1.0
    assert values["calibration error, sector known"].value == pytest.approx((0.1 + 0.7) / 2)
    assert [each.came_true.right for each in certainty(measured, Scope.CITY)] == [0, 1]


def test_a_house_number_is_wrong_without_its_bis_and_is_heard_even_where_no_street_is_found() -> None:
    def number(*guesses: Guess) -> float:
        figures = street_figures(streets((CLEAN, guesses)))
        return next(each.measured.value for each in figures if each.what == "house number in an address, clean")

    assert number(replace(RIGHT, repetition=None)) == 0.0
    assert number() == 1.0


def test_a_number_that_is_left_open_is_not_right_and_not_wrongly_named() -> None:
    left_open = (Listening(replace(SAID, text="x"), Condition.CLEAN), (replace(RIGHT, number=None, repetition=None),))
    figures = street_figures(streets((CLEAN, (RIGHT,)), left_open))
    values = {each.what: each.measured for each in figures}
    assert values["house number in an address, clean"] == Share(1, 2)
    assert values["house number in an address, where it is not asked, clean"] == Share(1, 1)


@pytest.mark.parametrize(
    ("best", "true"),
    [
        (RIGHT, True),
        (replace(RIGHT, number=None, repetition=None), True),
        (replace(RIGHT, number=2), False),
        (ELSEWHERE, False),
        (WRONG, False),
    ],
)
def test_what_is_stated_came_true_when_all_of_it_is_so(best: Guess, true: bool) -> None:
    (found,) = [each for each in certainty(streets((CLEAN, (best,))), Scope.CITY) if each.came_true.total]
    assert found.came_true.right == int(true)


def test_names_by_their_letters_and_by_their_accents() -> None:
    assert same_letters("lemaitre", "Lemaître")
    assert not same_name("Lemaitre", "Lemaître")
    assert same_name("LEMAÎTRE", "Lemaître")
    assert not same_letters("Lemètre", "Lemaître")
    assert not same_letters("", "Roux")


def test_figures_of_names_and_numbers() -> None:
    name = replace(SAID, task=Task.NAME_SPELLED, wanted="Lemaître", address=None)
    number = replace(SAID, task=Task.NUMBER, wanted="12 bis", address=None)
    jobs = answers([name, number, NOWHERE])
    outcomes = [AnswerOutcome("Lemaitre" if job.utterance is name else "12 bis") for job in jobs]
    values = {each.what: each.measured for each in answer_figures(jobs, outcomes)}
    assert len(jobs) == 4
    assert values["surname spelled, exact letters, clean"].value == 1.0
    assert values["surname spelled, with its accents, 20 dB"].value == 0.0
    assert values["house number alone, clean"].value == 1.0
    assert values["surname spoken, exact letters, clean"].total == 0


def test_figures_of_dialogues() -> None:
    asked = ("ask_address", "confirm_address")
    held = {
        CLEAN: DialogueOutcome(Ending.RIGHT, 2, asked),  # type: ignore[arg-type]
        Listening(SAID, Condition.DB20): DialogueOutcome(Ending.WRONG, 4, (*asked, *asked)),  # type: ignore[arg-type]
    }
    values = {each.what: each.measured.value for each in dialogue_figures(held)}
    assert values["whole address right, all"] == 0.5
    assert values["wrong and confirmed, 20 dB"] == 1.0
    assert values["caller turns, all"] == 3.0
    assert values["asked again, all"] == 0.5


def test_times_are_told_in_seconds_and_milliseconds_and_may_be_too_long() -> None:
    figures = time_figures([TimedOutcome(500.0, 4.0)] * 19 + [TimedOutcome(1500.0, 20.0)])
    assert [each.measured.value for each in figures] == [0.5, 0.5, 4.0, 4.0]
    assert [each.verdict for each in time_figures([TimedOutcome(1500.0, 20.0)])] == ["no", "no", "", "no"]


def test_figures_of_communes_and_phones() -> None:
    commune = replace(SAID, task=Task.COMMUNE, wanted="13005", address=None)
    phone = replace(SAID, task=Task.PHONE_PAIRS, wanted="0612345678", address=None)
    jobs = closed_answers([commune, phone, SAID])
    outcomes = [ClosedOutcome("13005" if job.utterance is commune else "") for job in jobs]
    values = {each.what: each.measured.value for each in closed_figures(jobs, outcomes)}
    assert values["commune right at once, by its name or by keys, clean"] == 1.0
    assert values["commune, wrong, 20 dB"] == 0.0
    assert values["phone, asked again, by keys or voice, clean"] == 1.0
