"""Scenario files: those that ship, and how a broken one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbot.rehearsal.answers import HangUp, Judge, Noise, Press, Say, Silence
from callbot.rehearsal.scenario import (
    SCENARIOS_DIR,
    Means,
    ScenarioError,
    fictional_number,
    load_scenario,
    load_scenarios,
)

GOOD = """
name: one
title: Un essai
caller: "+33612345678"
goal: {street: Rue de Rome, number: 12, phone: "+33612345678"}
calls:
  - answers:
      ask_need: ["Un canapé.", silence, {keys: "0"}, {noise: 2}, hang_up, judge, {say: ["C'est", 800, "ici"]}]
    expect: {booking: none}
"""


def written(folder: Path, text: str, name: str = "one.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_answers_in_all_their_forms(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD))
    answers = scenario.calls[0].answers["ask_need"]
    assert [type(each) for each in answers] == [Say, Silence, Press, Noise, HangUp, Judge, Say]
    assert scenario.clips >= {"Un canapé.", "C'est", "ici", "Oui, c'est ça.", "Non.", "Je ne sais pas.", "Aucune."}
    assert answers[-1] == Say(say=("C'est", 800, "ici"))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("title:", "titel:", r"one.yaml: title: Field required.*titel: Extra inputs"),
        ('"+33612345678"\ngoal', '"0612"\ngoal', r"one.yaml: caller: .*pattern"),
        ("{noise: 2}", "{noice: 2}", r"answers.ask_need.3.*one of: say, keys, silence"),
        ("{noise: 2}", "{noise: 60}", r"ask_need.3.noise.*less than or equal to 30"),
        ("{noise: 2}", '{keys: "12A"}', r"ask_need.3.keys"),
        ("booking: none", "booking: some", r"calls.0.expect.booking"),
        ("name: one", "name: two", r"name: expected 'one'"),
        ("goal:", "gaol:", r"gaol: Extra"),
        ("name: one", "- name", r"not YAML"),
    ],
)
def test_a_typo_is_told_with_its_place(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in GOOD
    with pytest.raises(ScenarioError, match=told):
        load_scenario(written(tmp_path, GOOD.replace(before, after)))


def test_what_is_no_mapping_or_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="expected a mapping"):
        load_scenario(written(tmp_path, "- a\n- b\n"))
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(tmp_path / "nothing.yaml")
    with pytest.raises(ScenarioError, match=r"there are: .*silence"):
        load_scenarios(("unknown",))


@pytest.mark.parametrize("act", ["confirm_address", "confirm_phone"])
def test_a_judgement_needs_a_goal(tmp_path: Path, act: str) -> None:
    text = GOOD.replace("ask_need", act).replace('goal: {street: Rue de Rome, number: 12, phone: "+33612345678"}', "")
    text = text.replace('"+33612345678"', "anonymous")
    with pytest.raises(ScenarioError, match="'judge' needs goal"):
        load_scenario(written(tmp_path, text))


def test_the_scenarios_that_ship() -> None:
    scenarios = load_scenarios()
    assert {scenario.name for scenario in scenarios} >= {
        "booking_in_one_breath", "booking_step_by_step", "wrong_address_corrected", "refused_item", "another_date",
        "landline_gives_mobile", "hesitant_caller", "silence", "noise_only", "asks_for_human", "hangs_up", "calls_back",
    }  # fmt: skip
    assert len(scenarios) == len(list(SCENARIOS_DIR.rglob("*.yaml")))
    assert [each.name for each in load_scenarios(("silence", str(next(SCENARIOS_DIR.rglob("noise_only.yaml")))))] == [
        "silence", "noise_only",
    ]  # fmt: skip


def test_what_callers_want_is_what_the_judge_expects() -> None:
    for scenario in load_scenarios():
        for call in scenario.calls:
            wanted = call.expect.booking
            if wanted == "none":
                continue
            assert (wanted.street, wanted.number) == (scenario.goal.street, scenario.goal.number), scenario.name
            assert (wanted.phone or "") == scenario.goal.phone, scenario.name


RESIDENT = """
name: one
title: Un essai
base: resident
goal: {street: Rue de Rome, number: 12, insee: "13206", wants: deux lits, things: {lit: 2}}
calls: [{expect: {booking: {days: {last: 9}}}}]
"""


def test_what_the_goal_says_goes_without_saying(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, RESIDENT))
    wanted = scenario.calls[0].expect.booking
    assert not isinstance(wanted, str)
    assert (wanted.street, wanted.number, wanted.insee, wanted.items) == ("Rue de Rome", 12, "13206", {"lit": 2})
    assert wanted.phone == scenario.goal.phone == scenario.caller == fictional_number("one")
    assert wanted.days.last == 9
    assert scenario.goal.commune == "sixième arrondissement"
    assert {"12, Rue de Rome.", "douze, Rue de Rome.", "deux lits."} <= scenario.clips
    assert set(scenario.answers(0)) >= {"ask_need", "confirm_address", "offer_dates", "recap", "ask_more"}


def test_an_answer_of_its_own_wins_over_the_base(tmp_path: Path) -> None:
    text = RESIDENT.replace("[{expect", "[{answers: {ask_items: silence}, expect")
    assert load_scenario(written(tmp_path, text)).answers(0)["ask_items"] == (Silence(silence=True),)


def test_a_landline_is_nothing_to_send_an_sms_to(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, RESIDENT.replace("base:", 'caller: "+33491000000"\nbase:')))
    assert scenario.goal.phone == ""
    assert scenario.answers(0)["ask_phone"] == (Say(say=("Je n'ai pas de portable.",)),)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("base: resident", "base: tourist", r"one.yaml: base: .*'none' or 'resident'"),
        ("street: Rue de Rome, ", "", r"street.*Field required|goal.street"),
        ("booking: {days: {last: 9}}", "given: [{status: cancelled}]", r"expect.given: expected one entry for each of"),
        ("[{expect", '[{answers: {ask_need: {any: ["Oui."]}}, expect', r"ask_need.0.any.*at least 2"),
        ("[{expect", "[{answers: {ask_need: {any: [{noice: 1}, a]}}, expect", r"any.*one of: say, keys"),
        ("[{expect", '[{answers: {a: "{reference_1}"}, expect', r"expected channels: text"),
        ("base:", "channels: smoke\nbase:", r"channels.*'text' or 'sound'"),
        ("base:", "manners: {styles: rude}\nbase:", r"manners.styles.*'hesitant'"),
        ("base:", "manners: {mishearing: 2}\nbase:", r"manners.mishearing.*less than or equal to 0.5"),
        ("base:", "given: [{day: 1}]\nbase:", r"given.0.items: Field required"),
        ("base:", "at: tomorrow\nbase:", r"at: Input should be a valid datetime"),
    ],
)
def test_a_mistake_in_the_newer_words_is_told_with_its_place(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    assert before in RESIDENT
    with pytest.raises(ScenarioError, match=told):
        load_scenario(written(tmp_path, RESIDENT.replace(before, after, 1)))


def test_names_are_unique_over_all_folders(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, RESIDENT)
    with pytest.raises(ScenarioError, match="'one' is taken by a"):
        load_scenarios(folder=tmp_path)


def test_scenarios_of_every_kind_are_many_enough_and_share_no_number() -> None:
    scenarios = load_scenarios()
    assert len(scenarios) >= 80
    groups = {each.group for each in scenarios}
    assert groups == {"bookings", "changes", "manners", "people", "questions", "reports"}
    given = [each for each in scenarios if each.given]
    assert all(each.base == "resident" for each in given)
    assert sum(Means.SOUND in each.means for each in scenarios) >= 80
