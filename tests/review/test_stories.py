"""A call as its page shows it: masked throughout, with what was believed at each step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbot.dialogue.acts import Act
from callbot.domain.events import Amended, EndReason, Event, HandOverReason
from callbot.domain.meaning import Intent
from callbot.insight.figures.facts import Motive, Outcome
from callbot.privacy import Hidden
from callbot.privacy.patterns import plain_words
from callbot.review.beliefs import Naming
from callbot.review.digest import digest_of
from callbot.review.lines import Speaker
from callbot.review.questions import act_words
from callbot.review.search import asked_stems, stems
from callbot.review.story import FieldRef, Story, read_ref, story_of
from callbot.review.words import END_WORDS, HAND_OVER_WORDS, INTENT_WORDS
from tests.dialogue.world import COMMUNES, WORLD
from tests.review.sample import ADDRESS_LINE, QUICK, SECRETS, WRONG_ADDRESS, kept

NAMING = Naming({"canape": "canapé"}, COMMUNES)
PLAIN = plain_words([commune.name for commune in COMMUNES.values()])


def told(events: Sequence[Event] = WRONG_ADDRESS) -> Story:
    return story_of("CA1", kept(events), WORLD, NAMING, PLAIN)


def shown(story: Story) -> str:
    """Everything a page may show of it."""
    texts = [moment.line.masked.text for moment in story.moments]
    for moment in story.moments:
        for belief in moment.beliefs:
            texts += [f"{belief.title} {row.label} {row.masked.text} {row.detail}" for row in belief.rows]
    return "\n".join(texts)


def rows(story: Story, title: str) -> dict[str, str]:
    """The rows of the first belief with this title, by label."""
    found = next(one for moment in story.moments for one in moment.beliefs if one.title == title)
    return {row.label: f"{row.masked.text} {row.detail}".strip() for row in found.rows}


def test_lines_say_who_spoke_what_they_answered_and_how_sure_the_words_were() -> None:
    story = told()
    spoken = [(moment.line.speaker, moment.line.act) for moment in story.moments]
    assert spoken[0] == (Speaker.BOT, "notice")
    assert (Speaker.CALLER, "ask_address") in spoken
    assert spoken[-1] == (Speaker.SERVICE, "")
    line = next(moment.line for moment in story.moments if moment.line.seq == ADDRESS_LINE)
    assert line.masked.text == "[numéro] [voie]."
    assert line.confidence == pytest.approx(0.41)


def test_nothing_known_of_the_call_is_shown_anywhere() -> None:
    page = shown(told())
    assert not [secret for secret in SECRETS if secret.casefold() in page.casefold()]
    assert "canapé" in page


def test_beliefs_say_what_was_heard_understood_found_and_why_the_next_question_came() -> None:
    story = told()
    assert rows(story, "Compris") == {"Intention": "prendre rendez-vous", "Objets": "1 × canapé"}
    found = rows(story, "Adresses trouvées")
    assert found["Suite prévue"] == "relire la première"
    assert found["Candidat 1"].startswith("[numéro] [voie], Marseille 6e probabilité 0,71")
    assert rows(story, "Règles sur les objets")["canapé"] == "accepté Règlement de collecte (habituel, à confirmer)"
    heard = next(m.beliefs[0] for m in story.moments if m.line.seq == ADDRESS_LINE)
    assert [row.label for row in heard.rows] == ["Confiance", "Hypothèse 1", "Hypothèse 2"]
    assert rows(story, "Pourquoi cette question")["Acte"].endswith(" ask_need")
    assert rows(story, "Temps")["Décodage"] == "0,3 s"


def test_the_last_question_knows_the_address_it_reads_back() -> None:
    reasons = [one for moment in told().moments for one in moment.beliefs if one.title == "Pourquoi cette question"]
    last = {row.label: row.masked.text for row in reasons[-1].rows}
    assert last["Commune"] == "Marseille 6e"
    assert last["Adresse"].startswith("à confirmer, probabilité 0,71")


def test_entries_used_are_named() -> None:
    assert told(QUICK).entries == ("prix",)


def test_one_hidden_field_is_found_by_its_reference() -> None:
    story = told()
    candidate = story.text_of(FieldRef(14, "candidate1", 0))
    assert candidate is not None
    assert [(piece.text, piece.hidden) for piece in candidate.fields] == [
        ("12", Hidden.NUMBER),
        ("Rue Dragon", Hidden.STREET),
    ]
    assert story.text_of(FieldRef(14, "candidate7", 0)) is None
    assert story.text_of(FieldRef(999, "text", 0)) is None


@given(st.text())
def test_any_text_can_be_read_as_a_reference(text: str) -> None:
    found = read_ref(text)
    assert found is None or read_ref(found.text) == found


def test_references_of_forms_are_read_back() -> None:
    assert read_ref("14.candidate1.0") == FieldRef(14, "candidate1", 0)
    assert [read_ref(text) for text in ("", "14", "x.text.0", "1.te-xt.0", "1.text.-1")] == [None] * 5


SURPRISE = Amended("AC47K", date(2026, 12, 1), sms=True)
"""a change where there is no booking to change"""


@given(st.lists(st.sampled_from([*WRONG_ADDRESS, *QUICK, SURPRISE]), min_size=1, max_size=30))
@example([SURPRISE, *QUICK])
def test_events_in_any_order_make_a_story_and_a_digest_of_the_same_lines(events: list[Event]) -> None:
    digest = digest_of("CA1", kept(events), PLAIN, lambda _insee: None)
    assert [line.seq for line in digest.lines] == [moment.line.seq for moment in told(events).moments]


def test_a_digest_knows_what_the_list_filters_by_and_no_word_that_was_hidden() -> None:
    digest = digest_of("CA1", kept(), PLAIN, {"13206": "marseille"}.get)
    facts = digest.facts
    assert (facts.motive, facts.outcome, facts.territory) == (Motive.BOOK, Outcome.HANDED_OVER, "marseille")
    assert facts.asked_person
    assert digest.unsure
    assert digest.first_words == "Bonjour, j'ai un canapé à faire enlever."
    assert {"canape", "conseiller", "marseille"} <= digest.words
    assert not digest.words & {"dragon", "rome", "voie"}


def test_words_are_looked_up_without_accents_plurals_and_small_words() -> None:
    assert stems("Les vieux canapés, et le Frigo n° 12") == ("vieu", "canape", "frigo")
    assert asked_stems(" ".join(f"mot{chr(97 + i)}" for i in range(20))) == stems(
        "mota motb motc motd mote motf motg moth"
    )


def test_everything_that_can_happen_has_french_words() -> None:
    assert set(END_WORDS) == set(EndReason)
    assert set(HAND_OVER_WORDS) == set(HandOverReason)
    assert set(INTENT_WORDS) == set(Intent)
    assert all(act_words(act.value) for act in Act)
    assert act_words("no such act") == "no such act"
