"""The listener on a scripted engine: closed answers, refusals, cancelling. And the hints."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from callbot.dialogue.acts import Act
from callbot.dialogue.prompts import CHOICES
from callbot.domain.meaning import Expectation, YesNo
from callbot.speech.closed_items import LONGEST_ITEMS_MS, ItemReader
from callbot.speech.codec import SILENT_FRAME, Samples
from callbot.speech.engine import Encoding, Hints, Hypothesis, SpokenLanguage, Transcription
from callbot.speech.guard import Refusal
from callbot.speech.hints import (
    CORRECTIONS,
    LONGEST_CLOSED_MS,
    LONGEST_PLAIN_MS,
    PROMPTS,
    closed_answers,
    hints_for,
    without_example,
)
from callbot.speech.listening import Heard, Listener
from callbot.speech.turns import LEAST_VOICED_MS

AUDIO = SILENT_FRAME * 20
YES_NO = hints_for(Expectation.YES_NO)
DATES = hints_for(Expectation.DATE, ("le mardi 24 novembre", "le jeudi 26 novembre"))


class ScriptedEngine:
    """Reads a fixed text and gives fixed scores; counts the encodings, and waits at ``gate``."""

    def __init__(
        self,
        text: str,
        log_prob: float = -0.2,
        scores: Mapping[str, float] | None = None,
        others: tuple[str, ...] = ("Autre lecture.",),
    ) -> None:
        self.text, self.log_prob, self.scores, self.others = text, log_prob, scores or {}, others
        self.asked: list[str] = []
        self.prompts: list[str] = []
        self.encoded = 0
        self.confidence = 0.8
        self.spoken_in = SpokenLanguage("fr", 0.9, 0.9)
        self.started, self.gate = threading.Event(), threading.Event()
        self.gate.set()

    def encode(self, samples: Samples) -> Encoding:
        self.encoded += 1
        self.started.set()
        assert self.gate.wait(10)
        return Encoding("voice", 100, 5)

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        self.asked.append("transcribe")
        self.prompts.append(hints.prompt)
        others = (Hypothesis(other, self.log_prob - 1) for other in self.others)
        return Transcription(
            self.text, (Hypothesis(self.text, self.log_prob), *others), 0.1, self.confidence, encoding.encode_ms, 20
        )

    def language(self, encoding: Encoding) -> SpokenLanguage:
        self.asked.append("language")
        return self.spoken_in

    def silence(self) -> Encoding:
        return Encoding("silence", 100, 0)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        self.asked.append("score")
        return tuple(self.scores.get(answer, -20.0) for answer in answers)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


async def listen(engine: ScriptedEngine, threads: ThreadPoolExecutor, hints: Hints, voiced_ms: int = 500) -> Heard:
    return await Listener(engine, threads).listen(AUDIO, voiced_ms, hints)


async def test_words_with_their_other_readings_and_times(executor: ThreadPoolExecutor) -> None:
    heard = await listen(ScriptedEngine("Un canapé."), executor, hints_for(Expectation.ITEMS))
    assert (heard.text, heard.hypotheses) == ("Un canapé.", ("Un canapé.", "Autre lecture."))
    assert (heard.refused, heard.closed, heard.timings.total_ms) == (None, None, 25)


@pytest.mark.parametrize("hints", [hints_for(Expectation.ADDRESS), YES_NO, DATES])
async def test_what_was_heard_stays_with_its_words_to_be_read_again(executor: ThreadPoolExecutor, hints: Hints) -> None:
    heard = await listen(ScriptedEngine("Oui, rue de Rome."), executor, hints)
    assert heard.refused is None
    assert heard.sound is not None
    assert (heard.sound.encoding, heard.sound.audio) == (Encoding("voice", 100, 5), AUDIO)
    assert "voice" not in repr(heard)


@pytest.mark.parametrize(
    ("expect", "voiced_ms", "plain"),
    [
        (Expectation.ADDRESS, 500, ("Oui, rue de Rome.", "Autre lecture.")),
        (Expectation.ANY, 2_000, ("Oui, rue de Rome.", "Autre lecture.")),
        (Expectation.ANY, 1_980, ()),
        (Expectation.ITEMS, 3_000, ()),
    ],
)
async def test_where_there_may_be_an_address_the_sound_is_read_without_a_hint_too(
    executor: ThreadPoolExecutor, expect: Expectation, voiced_ms: int, plain: tuple[str, ...]
) -> None:
    heard = await listen(ScriptedEngine("Oui, rue de Rome."), executor, hints_for(expect), voiced_ms)
    assert heard.sound is not None
    assert heard.sound.plain == plain
    assert "rue de Rome" not in repr(heard.sound)


@pytest.mark.parametrize(
    ("scores", "heard"),
    [
        ({"Pas de portable.": -4.0, "Non.": -7.0}, "Pas de portable."),
        ({"Non, j'ai que le fixe.": -4.0, "Je n'en ai pas.": -4.1}, "Non, j'ai que le fixe."),
        ({"Non.": -4.0, "Pas de portable.": -5.0}, "Dans le port."),
        ({"Zéro six.": -2.0}, "Dans le port."),
        ({"Sur ce portable.": -2.0, "Pas de portable.": -3.0}, "Dans le port."),
    ],
)
async def test_no_mobile_is_heard_where_only_figures_were_expected(
    executor: ThreadPoolExecutor, scores: Mapping[str, float], heard: str
) -> None:
    engine = ScriptedEngine("Dans le port.", log_prob=-0.5, scores=scores)
    asked = hints_for(Expectation.PHONE, CHOICES[Act.ASK_PHONE])
    assert asked.prompt == PROMPTS[Expectation.PHONE]
    assert (await listen(engine, executor, asked, LONGEST_CLOSED_MS)).text == heard
    assert (await listen(engine, executor, asked, LONGEST_CLOSED_MS + 20)).text == "Dans le port."
    assert (await listen(engine, executor, hints_for(Expectation.PHONE))).text == "Dans le port."


@pytest.mark.parametrize(("scores", "heard"), [({"Pas de portable.": -4.0}, "Pas de portable."), ({"Non.": -1.0}, "")])
async def test_no_mobile_is_heard_where_the_words_are_none(
    executor: ThreadPoolExecutor, scores: Mapping[str, float], heard: str
) -> None:
    invented = ScriptedEngine("Sous-titrage ST' 501", scores=scores)
    found = await listen(invented, executor, hints_for(Expectation.PHONE, CHOICES[Act.ASK_PHONE]))
    assert (found.text, found.refused is None) == (heard, bool(heard))


@pytest.mark.parametrize(
    ("text", "readings"),
    [("Non, c'est le 22.", 2), ("non c'est le 22", 2), ("Non, c'est le 23.", 1), ("Oui, merci.", 1)],
)
async def test_an_example_with_figures_that_comes_back_is_read_again_without_it(
    executor: ThreadPoolExecutor, text: str, readings: int
) -> None:
    engine = ScriptedEngine(text)
    hints = hints_for(Expectation.YES_NO, corrects=Expectation.ADDRESS, voiced_ms=2_000)
    await listen(engine, executor, hints, voiced_ms=2_000)
    assert len(engine.prompts) == readings
    assert ("c'est le 22" in engine.prompts[-1]) == (readings == 1)


def test_examples_lose_only_the_one_that_was_said() -> None:
    assert without_example("Au 3. Le 145. Numéro 27 bis.", "le 145") == "Au 3. Numéro 27 bis."
    assert without_example("Au 3. Le 145.", "Le 14") == "Au 3. Le 145."
    assert without_example("", "Le 14") == ""
    assert without_example("Au 3.  Le 145.Oui", "Le 14") == "Au 3.  Le 145.Oui"


async def test_things_are_chosen_where_things_are_asked_for_a_short_while(executor: ThreadPoolExecutor) -> None:
    class Things:
        def read(self, encoding: Encoding, words: Transcription) -> tuple[str, ...]:
            return ("Quatre tabourets.", words.text)

    async def heard(expect: Expectation, voiced_ms: int, *, busy: bool = False) -> str:
        listener = Listener(
            ScriptedEngine("Qu'as-tu bourré."), executor, busy=lambda: busy, items=cast(ItemReader, Things())
        )
        return (await listener.listen(AUDIO, voiced_ms, hints_for(expect))).text

    assert await heard(Expectation.ITEMS, LONGEST_ITEMS_MS) == "Quatre tabourets."
    assert await heard(Expectation.ITEMS, LONGEST_ITEMS_MS + 1) == "Qu'as-tu bourré."
    assert await heard(Expectation.ITEMS, 900, busy=True) == "Qu'as-tu bourré."
    assert await heard(Expectation.ANY, 900) == "Qu'as-tu bourré."


async def test_while_others_wait_an_address_is_read_once(executor: ThreadPoolExecutor) -> None:
    listener = Listener(ScriptedEngine("Oui, rue de Rome."), executor, busy=lambda: True)
    heard = await listener.listen(AUDIO, 500, hints_for(Expectation.ADDRESS))
    assert heard.text == "Oui, rue de Rome."
    assert heard.sound is not None
    assert heard.sound.plain == ()


async def test_a_turn_without_words_leaves_no_sound(executor: ThreadPoolExecutor) -> None:
    refused = await listen(ScriptedEngine("Sous-titrage ST' 501"), executor, YES_NO)
    silent = await listen(ScriptedEngine("Oui."), executor, YES_NO, LEAST_VOICED_MS - 1)
    assert (refused.sound, silent.sound) == (None, None)


async def test_too_little_voice_never_reaches_the_engine(executor: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("Oui.")
    heard = await listen(engine, executor, YES_NO, LEAST_VOICED_MS - 1)
    assert (heard.refused, heard.text, engine.encoded) == (Refusal.NO_VOICE, "", 0)


async def test_invented_words_are_not_handed_on(executor: ThreadPoolExecutor) -> None:
    heard = await listen(ScriptedEngine("Sous-titrage ST' 501"), executor, YES_NO)
    assert (heard.refused, heard.text, heard.hypotheses) == (Refusal.CREDIT_LINE, "", ())


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("C'est pas ça.", YesNo.NO),
        ("Oui, c'est ça.", YesNo.YES),
        ("C'est bien ça.", YesNo.YES),
        ("D'accord", YesNo.YES),
        ("Non.", YesNo.NO),
    ],
)
async def test_a_clear_text_wins_without_asking(executor: ThreadPoolExecutor, text: str, side: YesNo) -> None:
    engine = ScriptedEngine(text)
    heard = await listen(engine, executor, YES_NO)
    assert (heard.text, heard.closed, engine.asked) == (text, side, ["transcribe"])


@pytest.mark.parametrize(("text", "said", "side"), [("On.", "Non.", YesNo.NO), ("Ouïe", "Oui.", YesNo.YES)])
async def test_the_decoder_decides_where_the_text_says_neither(
    executor: ThreadPoolExecutor, text: str, said: str, side: YesNo
) -> None:
    heard = await listen(ScriptedEngine(text, scores={said: -2.0}), executor, YES_NO)
    assert (heard.text, heard.closed) == (said, side)
    assert heard.hypotheses[:2] == (said, text)


@pytest.mark.parametrize("scores", [{"Oui.": -4.0, "Non.": -5.0}, {"Oui.": -8.1}])
async def test_an_unsure_or_unlikely_answer_leaves_the_text(
    executor: ThreadPoolExecutor, scores: dict[str, float]
) -> None:
    heard = await listen(ScriptedEngine("Un conseiller.", scores=scores), executor, YES_NO)
    assert (heard.text, heard.closed, heard.refused) == ("Un conseiller.", None, None)


async def test_not_knowing_is_not_a_no(executor: ThreadPoolExecutor) -> None:
    heard = await listen(ScriptedEngine("Je ne sais pas.", scores={"Non.": -10.0}), executor, YES_NO)
    assert (heard.text, heard.closed, heard.refused) == ("Je ne sais pas.", None, None)


async def test_a_weak_yes_must_be_confirmed(executor: ThreadPoolExecutor) -> None:
    kept = await listen(ScriptedEngine("Oui.", -0.9, {"Oui.": -3.0}), executor, YES_NO)
    denied = await listen(ScriptedEngine("Oui.", -0.9, {"Non.": -3.0}), executor, YES_NO)
    assert (kept.closed, kept.refused) == (YesNo.YES, None)
    assert (denied.text, denied.refused) == ("", Refusal.UNSURE)


@pytest.mark.parametrize(
    ("text", "log_prob", "scores", "side"),
    [
        # readings lean by 1.5 * 0.5 to the side of the text
        ("Oui.", -0.31, {"Oui.": -5.0, "Non.": -6.3}, YesNo.YES),
        ("Oui.", -0.31, {"Oui.": -5.0, "Non.": -6.2}, None),
        ("Non.", -0.31, {"Oui.": -6.3, "Non.": -5.0}, YesNo.NO),
        ("Non.", -0.31, {"Oui.": -6.2, "Non.": -5.0}, None),
        ("Non.", -0.63, {"Oui.": -4.0, "Non.": -9.0}, None),
        ("Non.", -0.3, {"Oui.": -4.0, "Non.": -9.0}, YesNo.NO),
    ],
)
async def test_text_and_sound_must_agree_clearly_or_the_text_be_very_clear(
    executor: ThreadPoolExecutor, text: str, log_prob: float, scores: dict[str, float], side: YesNo | None
) -> None:
    heard = await listen(ScriptedEngine(text, log_prob, scores), executor, YES_NO)
    assert (heard.closed, heard.refused) == (side, None if side else Refusal.UNSURE)
    assert heard.text == (text if side else "")


async def test_readings_of_both_sides_weigh_against_each_other(executor: ThreadPoolExecutor) -> None:
    scores = {"Oui.": -5.0, "Non.": -6.3}
    torn = ScriptedEngine("Oui.", -0.5, scores, others=("Non.",))
    alone = ScriptedEngine("Oui.", -0.5, scores)
    assert (await listen(torn, executor, YES_NO)).refused is Refusal.UNSURE
    assert (await listen(alone, executor, YES_NO)).closed is YesNo.YES


async def test_yes_and_no_in_one_clear_sentence_is_left_to_who_understands_words(executor: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("Oui… enfin non.", -0.2, {"Oui.": -1.0})
    heard = await listen(engine, executor, YES_NO)
    assert (heard.text, heard.closed, engine.asked) == ("Oui… enfin non.", None, ["transcribe"])


async def test_who_changes_his_mind_in_a_weak_text_is_asked_again(executor: ThreadPoolExecutor) -> None:
    heard = await listen(ScriptedEngine("Oui… enfin non.", -0.31, {"Oui.": -1.0}), executor, YES_NO)
    assert (heard.text, heard.refused) == ("", Refusal.UNSURE)


@pytest.mark.parametrize("log_prob", [-0.2, -0.5])
async def test_a_text_that_contradicts_itself_is_decided_by_its_sound_or_refused(
    executor: ThreadPoolExecutor, log_prob: float
) -> None:
    sound = ScriptedEngine("Oui, c'est pas ça.", log_prob, {"Oui.": -5.0, "Non.": -9.0})
    unsure = ScriptedEngine("Oui, c'est pas ça.", log_prob, {"Oui.": -5.0, "Non.": -6.0})
    heard = await listen(sound, executor, YES_NO)
    assert (heard.text, heard.closed) == ("Oui.", YesNo.YES)
    assert (await listen(unsure, executor, YES_NO)).refused is Refusal.UNSURE


async def test_thanks_alone_are_no_yes(executor: ThreadPoolExecutor) -> None:
    refused = await listen(ScriptedEngine("Merci.", -0.2, {"Oui.": -6.0, "Non merci.": -5.0}), executor, YES_NO)
    assert (refused.text, refused.refused) == ("", Refusal.UNSURE)
    sound = await listen(ScriptedEngine("Merci.", -0.2, {"Oui.": -8.0, "Non merci.": -5.0}), executor, YES_NO)
    assert (sound.text, sound.closed) == ("Non merci.", YesNo.NO)


async def test_a_long_answer_is_not_pressed_into_yes_or_no(executor: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("Je voudrais changer la date.", -0.9, {"Oui.": -1.0})
    heard = await listen(engine, executor, YES_NO, voiced_ms=1_620)
    assert (heard.closed, engine.asked) == (None, ["transcribe"])


async def test_a_date_that_was_offered_is_chosen_by_its_sound(executor: ThreadPoolExecutor) -> None:
    heard = await listen(ScriptedEngine("Je dis vin six", scores={"Jeudi.": -3.0}), executor, DATES)
    assert (heard.text, heard.closed) == ("Jeudi.", 1)


async def test_a_day_named_in_words_wins_and_none_of_them_is_no_choice(executor: ThreadPoolExecutor) -> None:
    named = ScriptedEngine("Mardi c'est bien.", scores={"Jeudi.": -1.0})
    assert (await listen(named, executor, DATES)).text == "Mardi c'est bien."
    neither = ScriptedEngine("Une outre datte.", scores={"Une autre date.": -1.0})
    assert (await listen(neither, executor, DATES)).closed is None


async def test_cancelled_work_that_has_not_started_is_dropped(executor: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("Oui.")
    engine.gate.clear()
    listener = Listener(engine, executor)
    running = asyncio.create_task(listener.listen(AUDIO, 500, YES_NO))
    waiting = asyncio.create_task(listener.listen(AUDIO, 500, YES_NO))
    await asyncio.to_thread(engine.started.wait, 10)
    for task in (waiting, running):
        task.cancel()
    await asyncio.gather(running, waiting, return_exceptions=True)
    engine.gate.set()
    assert (await listener.listen(AUDIO, 500, YES_NO)).text == "Oui."
    assert running.cancelled()
    assert waiting.cancelled()
    assert engine.encoded == 2
    assert engine.asked == ["transcribe"]


def test_every_question_has_its_own_examples() -> None:
    assert set(PROMPTS) == set(Expectation)
    assert len(set(PROMPTS.values())) == len(PROMPTS)
    assert hints_for(Expectation.DATE, ["le mardi 24 novembre"]).prompt.endswith("le mardi 24 novembre.")


@pytest.mark.parametrize("corrects", [Expectation.ADDRESS, Expectation.PHONE, None])
def test_a_long_answer_to_a_read_back_is_read_as_a_correction(corrects: Expectation | None) -> None:
    at_most = hints_for(Expectation.YES_NO, corrects=corrects, voiced_ms=LONGEST_PLAIN_MS)
    longer = hints_for(Expectation.YES_NO, corrects=corrects, voiced_ms=LONGEST_PLAIN_MS + 20)
    assert at_most.prompt == PROMPTS[Expectation.YES_NO]
    assert longer == Hints(Expectation.YES_NO, CORRECTIONS[corrects])
    assert hints_for(Expectation.ITEMS, voiced_ms=9_000).prompt == PROMPTS[Expectation.ITEMS]


CORRECTION = hints_for(Expectation.ANY, CHOICES[Act.ASK_CORRECTION])


async def test_clear_words_are_no_choice(executor: ThreadPoolExecutor) -> None:
    scores = {"Les objets.": -1.0}
    clear = ScriptedEngine("Les chaises.", log_prob=-0.3, scores=scores)
    assert (await listen(clear, executor, CORRECTION)).text == "Les chaises."
    unclear = ScriptedEngine("Les chaises.", log_prob=-0.31, scores=scores)
    assert (await listen(unclear, executor, CORRECTION)).text == "Les objets."


def test_choices_of_an_open_question_are_not_put_into_the_mouth() -> None:
    assert CORRECTION.prompt == PROMPTS[Expectation.ANY]
    assert CORRECTION.offered == ("les objets", "l'adresse", "la date", "le téléphone")


@pytest.mark.parametrize(
    ("text", "scores", "heard"),
    [
        ("Lédate.", {"La date.": -4.0, "L'adresse.": -8.0}, ("La date.", 2)),
        ("Les chaises 12.", {"Les objets.": -1.0}, ("Les chaises 12.", None)),
        ("Lédate.", {"La date.": -4.0, "L'adresse.": -5.0}, ("Lédate.", None)),
        ("Lédate.", {"La date.": -8.1}, ("Lédate.", None)),
        ("Ouais ouais.", {"Oui.": -1.0}, ("Ouais ouais.", None)),
        ("Les objets et la date.", {"La date.": -1.0}, ("Les objets et la date.", None)),
    ],
)
async def test_what_an_open_question_offered_is_chosen_where_no_word_names_it(
    executor: ThreadPoolExecutor, text: str, scores: Mapping[str, float], heard: tuple[str, int | None]
) -> None:
    found = await listen(ScriptedEngine(text, log_prob=-0.5, scores=scores), executor, CORRECTION)
    assert (found.text, found.closed) == heard


def test_closed_answers_only_where_the_answers_are_few() -> None:
    assert closed_answers(hints_for(Expectation.ANY)) == closed_answers(hints_for(Expectation.PART)) == ()
    assert closed_answers(hints_for(Expectation.ADDRESS, ["rue de Rome"])) == ()
    assert closed_answers(hints_for(Expectation.DATE)) == ()
    meanings = {answer.said: answer.meaning for answer in closed_answers(DATES)}
    assert meanings["Mardi."] == 0
    assert meanings["Le jeudi 26 novembre."] == 1
    assert meanings["Une autre date."] is None


def test_two_dates_on_the_same_weekday_are_told_apart_by_their_day_only() -> None:
    answers = closed_answers(hints_for(Expectation.DATE, ("mardi 24 novembre", "mardi 1 décembre")))
    assert "Mardi." not in [answer.said for answer in answers]
    assert [answer.meaning for answer in answers[:2]] == [0, 1]


@pytest.mark.parametrize(
    ("confidence", "spoken", "language"),
    [
        (0.4, SpokenLanguage("en", 0.86, 0.01), "en"),
        (0.4, SpokenLanguage("en", 0.57, 0.01), ""),
        (0.4, SpokenLanguage("es", 0.8, 0.15), ""),
        (0.9, SpokenLanguage("en", 0.86, 0.01), ""),
    ],
)
async def test_another_language_is_told_where_french_is_read_badly_and_it_is_sure(
    executor: ThreadPoolExecutor, confidence: float, spoken: SpokenLanguage, language: str
) -> None:
    engine = ScriptedEngine("Je ne sais pas.")
    engine.confidence, engine.spoken_in = confidence, spoken
    assert (await listen(engine, executor, hints_for(Expectation.ANY))).language == language


async def test_nobody_is_asked_for_their_language_in_the_middle_of_a_booking(executor: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("Un canapé.")
    engine.confidence = 0.1
    await listen(engine, executor, hints_for(Expectation.ITEMS))
    assert "language" not in engine.asked
