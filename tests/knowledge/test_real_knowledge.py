"""The knowledge base that ships: how much it holds, whom it covers, and that it keeps its own rules."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.calls.written import written
from callbot.dialogue.acts import Act
from callbot.dialogue.prompts import sentence_by_sentence
from callbot.domain.geography import Commune
from callbot.domain.items import Certainty, ItemKind, Verdict
from callbot.domain.territories import BookingMode
from callbot.knowledge import Filled, KnowledgeBase, Rule, coverage, load_knowledge, plain

REAL = Path(__file__).parents[2] / "knowledge_base"
OFFICIAL = Path(__file__).parents[3] / "shared" / "data" / "metropole_amp_communes.json"
KB = load_knowledge(REAL)
ARRONDISSEMENTS = frozenset(str(13200 + number) for number in range(1, 17))


def forms_of(kind: ItemKind) -> tuple[str, ...]:
    return (kind.label, kind.plural, *kind.synonyms)


def test_it_holds_what_was_promised(real: KnowledgeBase) -> None:
    verdicts = Counter(kind.ruling.verdict for kind in real.catalogue.kinds)
    assert len(real.catalogue) >= 150
    assert len(real.questions) >= 40
    assert verdicts[Verdict.ACCEPTED] >= 100
    assert verdicts[Verdict.REFUSED] >= 30
    assert verdicts[Verdict.ASK_HUMAN] >= 20
    assert sum(len(kind.synonyms) for kind in real.catalogue.kinds) >= 600
    assert all(3 <= len(question.variants) <= 16 for question in real.questions)


@pytest.mark.parametrize(
    ("said", "item"),
    [
        ("frigo", "refrigerateur"), ("frigidaire", "refrigerateur"), ("machine à laver", "lave_linge"),
        ("clic-clac", "canape_lit"), ("convertible", "canape_lit"), ("sommier", "sommier"), ("télé", "television"),
        ("gazinière", "cuisiniere"), ("cuisinière", "cuisiniere"), ("congélo", "congelateur"),
        ("matelas deux places", "matelas"), ("gravats", "gravats"), ("bouteille de gaz", "bouteille_gaz"),
        ("punaise de lit", "punaises"), ("canapé d'angle", "canape_angle"),
    ],
)  # fmt: skip
def test_what_people_really_say_is_known(real: KnowledgeBase, said: str, item: str) -> None:
    assert plain(said) in {plain(form) for form in forms_of(real.catalogue[item])}


@given(st.sampled_from(KB.catalogue.kinds), st.sampled_from(KB.catalogue.kinds))
def test_every_spoken_form_belongs_to_one_item(one: ItemKind, other: ItemKind) -> None:
    shared = {plain(form) for form in forms_of(one)} & {plain(form) for form in forms_of(other)}
    assert not shared or one == other


def test_every_spoken_form_belongs_to_one_item_counted(real: KnowledgeBase) -> None:
    owners = Counter(form for kind in real.catalogue.kinds for form in {plain(form) for form in forms_of(kind)})
    assert [form for form, count in owners.items() if count > 1] == []


def test_words_of_another_talk_are_no_items(real: KnowledgeBase) -> None:
    """Words callers say of themselves or their street; as items they would send people away for nothing."""
    forms = {plain(form) for kind in real.catalogue.kinds for form in forms_of(kind)}
    others = {
        "encombrant",
        "encombrants",
        "téléphone",
        "portable",
        "voiture",
        "porte",
        "terre",
        "machine",
        "cage",
        "jarre",
        "aiguille",
    }
    assert not forms & {plain(word) for word in others}


def test_no_dead_end(real: KnowledgeBase) -> None:
    for kind in real.catalogue.kinds:
        for ruling in (kind.ruling, *kind.by_territory.values()):
            assert ruling.alternative or ruling.verdict is Verdict.ACCEPTED, kind.id
            assert ruling.alternative.endswith("."), kind.id


def test_whatever_is_said_no_to_has_a_source_worded_for_callers(real: KnowledgeBase) -> None:
    for kind in real.catalogue.kinds:
        for ruling in (kind.ruling, *kind.by_territory.values()):
            assert ruling.ground is None or ruling.ground.spoken, kind.id
    for territory in real.territories:
        assert territory.mode is not BookingMode.APPOINTMENT or territory.spoken_source, territory.id


def test_weights_are_usual_ones_and_unknown_where_models_differ(real: KnowledgeBase) -> None:
    known = {kind.id: kind.weight_kg for kind in real.catalogue.kinds if kind.weight_kg is not None}
    assert len(known) > 100
    assert all(real.provenance[f"weight/{item}"].certainty is Certainty.INFERRED for item in known)
    assert not known.keys() & {"armoire", "canape_angle", "meuble", "jouet", "ferraille", "debarras"}
    for kind in real.catalogue.kinds:
        weight = kind.weight_kg
        assert weight is None or 5 <= weight / kind.volume_m3 <= 700, (kind.id, "kilograms a cubic metre")


def test_what_is_heavier_than_the_limit_is_for_a_person_to_decide(real: KnowledgeBase) -> None:
    territory = real.territory_of("13206")
    assert territory is not None
    assert territory.max_weight_kg == 80
    accepted = [kind for kind in real.catalogue.kinds if kind.ruling.verdict is Verdict.ACCEPTED]
    heavy = [kind.id for kind in accepted if kind.weight_kg is not None and kind.weight_kg > territory.max_weight_kg]
    assert heavy == ["frigo_americain"]


def test_the_sample_calls_itself_a_sample(real: KnowledgeBase) -> None:
    for name, provenance in real.provenance.items():
        assert provenance.sample or provenance.certainty is Certainty.SOURCED, name
        assert provenance.source, name
        assert provenance.owner, name
    assert real.out_of_date(date(2026, 12, 1)) == ()


def test_the_six_territories_share_out_the_92_communes(real: KnowledgeBase) -> None:
    sizes = {territory.id: len(territory.communes - ARRONDISSEMENTS) for territory in real.territories}
    assert sizes == {
        "marseille_provence": 18,
        "pays_d_aix": 36,
        "pays_salonais": 17,
        "pays_d_aubagne": 12,
        "istres_ouest_provence": 6,
        "pays_de_martigues": 3,
    }
    every = [insee for territory in real.territories for insee in territory.communes]
    assert len(every) == len(set(every)) == 92 + 16


def test_the_communes_are_the_official_ones(real: KnowledgeBase) -> None:
    if not OFFICIAL.is_file():
        pytest.skip("the official list of communes is not beside the project (../shared/data): nothing to compare with")
    official = {row["code"] for row in json.loads(OFFICIAL.read_text(encoding="utf-8"))}
    assert {insee for territory in real.territories for insee in territory.communes} == official


def test_only_marseille_provence_takes_appointments(real: KnowledgeBase) -> None:
    modes = {territory.id: territory.mode for territory in real.territories}
    assert modes.pop("marseille_provence") is BookingMode.APPOINTMENT
    assert modes.pop("pays_de_martigues") is BookingMode.CALENDAR
    assert set(modes.values()) == {BookingMode.UNKNOWN}


def test_every_commune_of_marseille_provence_has_a_sector_with_days(real: KnowledgeBase) -> None:
    territory = real.territory_of("13201")
    assert territory is not None
    assert territory.cut_off is not None
    assert territory.put_out is not None
    unserved = {insee for insee in territory.communes if real.sector_of(insee) is None}
    assert unserved == {"13055"}, "Marseille as a whole is served by arrondissement"
    assert all(len(sector.weekdays) >= 3 and 20 <= sector.capacity <= 40 for sector in territory.sectors)


def test_martigues_refuses_what_its_source_says(real: KnowledgeBase) -> None:
    for item in ("dechets_verts", "platre", "peinture", "carton"):
        ruling = real.catalogue[item].ruling_in("pays_de_martigues")
        assert (ruling.verdict, ruling.certainty) == (Verdict.REFUSED, Certainty.SOURCED)


def test_old_fines_are_not_told(real: KnowledgeBase) -> None:
    answers = " ".join(question.answer for question in real.questions)
    assert "135 euros" in answers
    assert "jusqu'à 750 euros" in answers
    assert "450" not in answers
    assert " 68 " not in answers


def test_answers_never_blame_nor_use_tu(real: KnowledgeBase) -> None:
    for question in real.questions:
        words = set(plain(question.answer).split())
        assert not {"tu", "toi", "faute", "infraction", "erreur"} & words, question.id


LONGEST_SENTENCE = 110
"""letters; the voice says some fourteen a second, and nobody listens to a prompt of more than eight seconds"""


def test_an_answer_is_two_short_sentences_at_most(real: KnowledgeBase) -> None:
    for question in real.questions:
        sentences = [say.text for say in sentence_by_sentence(Act.ANSWER, question.answer)]
        assert len(sentences) <= 2, question.id
        assert all(len(sentence) <= LONGEST_SENTENCE for sentence in sentences), question.id


def test_answers_fit_the_phone_the_page_and_sms_alike(real: KnowledgeBase) -> None:
    for question in real.questions:
        words = set(plain(written(question.answer)).split())
        assert not {"dites", "tapez", "voix", "vocal", "raccrochez", "ecoute", "repete", "repeter", "zero"} & words, (
            question.id
        )


def test_answers_promise_what_there_is(real: KnowledgeBase) -> None:
    """There is no number to follow a complaint, and by the time objects are gone a booking cannot be cancelled."""
    answers = {question.id: plain(question.answer) for question in real.questions}
    assert "suivi" not in answers["reclamation"]
    assert "annuler" not in answers["objet_disparu"]
    assert "conseiller" in answers["objet_disparu"]
    assert "texte" in answers["donnees_personnelles"]


def test_the_confirmation_has_all_its_places(real: KnowledgeBase) -> None:
    territory = real.territory_of("13206")
    assert territory is not None
    assert territory.put_out is not None
    put_out = territory.put_out
    values = {"reference": "AC4KR", "date": "mardi 1er décembre", "address": "12 bis rue de Rome, 13006 Marseille"}
    text = real.messages["confirmation"].render(
        values | {"items": "un canapé, deux matelas", "put_out": put_out.spoken, "link": ""}
    )
    assert "{" not in text
    assert all(value in text for value in values.values())
    assert len(text) <= 306, "two SMS at most"


def test_coverage_is_honest_about_the_sample(real: KnowledgeBase) -> None:
    communes = [Commune(insee, insee, ()) for insee in ("13055", "13206", "13001", "13056")]
    marseille, sixth, aix, martigues = (row.rules for row in coverage(real, communes))
    assert marseille == sixth
    assert sixth[Rule.MODE] is Filled.FILLED
    assert {sixth[rule] for rule in Rule if rule is not Rule.MODE} == {Filled.SAMPLE}
    assert {rule for rule in Rule if aix[rule] is not Filled.MISSING} == {Rule.ITEMS}
    assert {rule for rule in Rule if martigues[rule] is Filled.FILLED} == {Rule.MODE}
