"""Addresses by ear on a scripted engine: how often the sound is read, with which hint, and what the decoder decides.

Fits differ by hundreds here, so that every model that lets the decoder speak at all decides alike.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from callbot.calls.address_hearing import MOST_FOUND, SURE, AddressHearing
from callbot.calls.address_search import FIRST_JUDGED, MOST_JUDGED
from callbot.calls.ports import RememberedSound
from callbot.domain.addresses import AddressCandidate
from callbot.domain.geography import Point
from callbot.domain.meaning import HeardAddress
from callbot.gazetteer import Gazetteer
from callbot.gazetteer.profiles import profile
from callbot.gazetteer.store import HouseNumber, Store, StreetEntry, write_base, writing
from callbot.speech.codec import SILENT_FRAME, Samples
from callbot.speech.engine import EarsAwayError, Encoding, Hints, Hypothesis, SpokenLanguage, Transcription
from callbot.speech.listening import HeardSound

VOICE, SILENCE = Encoding("voice", 300, 5), Encoding("silence", 100, 0)
SLOWED = Encoding("slowed", 345, 5)
AUDIO = SILENT_FRAME * 100
SOUND = HeardSound(VOICE, AUDIO)
HOUSE = Point(5.381, 43.291)
FITS_WELL, FITS_BADLY = -5.0, -500.0
SENTENCE = "Au 12, rue de rhum."
HEARD = HeardAddress(12, None, "rue de rhum", "13206")
ANYWHERE = HeardAddress(12, None, "rue de rhum")
"""without its commune: the street of this name in two arrondissements is in doubt, whatever the figures"""


@dataclass
class ScriptedEngine:
    """Reads ``plain`` without a hint and ``slowed`` in the slowed sound; scores a text by the name it ends with."""

    plain: str = "12 rue de rhum"
    slowed: str = "12 rue de rhum"
    fits: Mapping[str, float] = field(default_factory=dict)
    priors: Mapping[str, float] = field(default_factory=dict)
    readings: list[tuple[str, bool]] = field(default_factory=list)
    """of which sound, and with a hint or without"""
    encoded: list[int] = field(default_factory=list)
    scored: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def encode(self, samples: Samples) -> Encoding:
        self.encoded.append(len(samples))
        return SLOWED

    def language(self, encoding: Encoding) -> SpokenLanguage:
        return SpokenLanguage("fr", 1.0, 1.0)

    def silence(self) -> Encoding:
        return SILENCE

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        self.readings.append((str(encoding.states), bool(hints.prompt)))
        self.threads.add(threading.current_thread().name)
        text = self.plain if encoding is VOICE else self.slowed
        return Transcription(text, (Hypothesis(text, -0.5),), 0.0, 0.5, 0, 0)

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        self.scored.append((str(encoding.states), tuple(answers)))
        known = self.fits if encoding is VOICE else self.priors
        usual = FITS_BADLY if encoding is VOICE else -50.0
        return tuple(next((fit for end, fit in known.items() if text.endswith(end)), usual) for text in answers)

    def judged(self, states: str) -> list[tuple[str, ...]]:
        """Texts scored on the voice or on silence, call by call."""
        return [texts for on, texts in self.scored if on == states]

    def texts(self, states: str) -> list[str]:
        """The same in one list."""
        return [text for texts in self.judged(states) for text in texts]


@dataclass
class GatedEngine(ScriptedEngine):
    """Reads the sound named ``slow`` only once the gate is open."""

    gate: threading.Event = field(default_factory=threading.Event)
    slow: str = ""

    def transcribe(self, encoding: Encoding, hints: Hints) -> Transcription:
        if encoding.states == self.slow:
            self.gate.wait(10)
        return super().transcribe(encoding, hints)


@dataclass
class LostEngine(ScriptedEngine):
    """On another machine that goes away when it is asked to judge, or when it is sent the slowed sound."""

    judges: bool = False

    def encode(self, samples: Samples) -> Encoding:
        raise EarsAwayError

    def score(self, encoding: Encoding, answers: Sequence[str]) -> tuple[float, ...]:
        if not self.judges:
            raise EarsAwayError
        return super().score(encoding, answers)


def read(text: str, insee: str | None) -> HeardAddress | None:
    """What stands from "rue" on, and the figure before it."""
    if "rue" not in text.lower():
        return None
    at = text.lower().index("rue")
    figures = "".join(letter for letter in text[:at] if letter.isdigit())
    return HeardAddress(int(figures) if figures else None, None, text[at:].rstrip("."))


def base_of(path: Path, streets: Sequence[tuple[str, str]], houses: tuple[HouseNumber, ...] = ()) -> Gazetteer:
    entries = [StreetEntry(name, insee, f"130{insee[3:]}", None, profile(name), houses) for name, insee in streets]
    with writing(path):
        write_base(path, entries, [])
    return Gazetteer(Store(path))


STREETS = (
    ("Rue de Rome", "13206"), ("Rue de Rome", "13201"), ("Rue du Rhône", "13206"), ("Rue Paradis", "13206"),
    ("Boulevard Baille", "13206"),
)  # fmt: skip


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    return base_of(tmp_path / "gazetteer.db", STREETS)


async def find(
    gazetteer: Gazetteer,
    engine: ScriptedEngine,
    readers: ThreadPoolExecutor,
    *readings: str,
    heard: HeardAddress = HEARD,
) -> tuple[AddressCandidate, ...]:
    sound = RememberedSound(readings or (SENTENCE,), SOUND)
    return await AddressHearing(gazetteer, engine, readers, read).find(heard, (), sound)


def names(found: Sequence[AddressCandidate]) -> list[tuple[str, str]]:
    return [(one.address.street, one.address.insee) for one in found]


def sure_of(name: str) -> dict[str, float]:
    """Only this name fits."""
    return {name: FITS_WELL}


async def test_a_street_that_fits_the_sound_is_sure_after_one_more_reading_without_hint(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    found = await find(gazetteer, engine, readers)
    assert names(found)[0] == ("Rue de Rome", "13206")
    assert found[0].probability >= SURE
    assert (engine.readings, engine.encoded) == ([("voice", False)], [])


async def test_readings_made_while_listening_are_not_made_again(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    sound = RememberedSound((SENTENCE,), HeardSound(VOICE, AUDIO, ("12 rue de rome",)))
    found = await AddressHearing(gazetteer, engine, readers, read).find(HEARD, (), sound)
    assert names(found)[0] == ("Rue de Rome", "13206")
    assert engine.readings == []


async def test_below_sure_the_sound_is_slowed_and_read_with_and_without_hint(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    found = await find(gazetteer, engine, readers, heard=ANYWHERE)
    assert all(one.probability < SURE for one in found)
    assert engine.readings == [("voice", False), ("slowed", True), ("slowed", False)]
    (samples,) = engine.encoded
    assert samples == pytest.approx(2 * len(AUDIO) * 1.15, rel=0.01)


async def test_the_slowed_readings_are_views_of_their_own(gazetteer: Gazetteer, readers: ThreadPoolExecutor) -> None:
    fits = sure_of("rue de Rome")
    unlike = await find(gazetteer, ScriptedEngine(slowed="12 rue paradis", fits=fits), readers, heard=ANYWHERE)
    alike = await find(gazetteer, ScriptedEngine(slowed="12 rue de rome", fits=fits), readers, heard=ANYWHERE)
    scores = [next(one for one in found if one.address.street == "Rue de Rome") for found in (unlike, alike)]
    assert scores[0].score < scores[1].score
    assert {"view 1", "view 2", "view 3", "view 4"} <= scores[0].why.keys()


async def test_a_street_only_the_slowed_sound_has_is_found(gazetteer: Gazetteer, readers: ThreadPoolExecutor) -> None:
    said = "Euh."
    engine = ScriptedEngine(plain=said, slowed="12 rue paradis", fits=sure_of("rue Paradis"))
    found = await find(gazetteer, engine, readers, said, heard=HeardAddress(12, None, None, "13206"))
    assert names(found)[0] == ("Rue Paradis", "13206")


async def test_the_decoder_overturns_a_street_more_like_the_words(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue Paradis"))
    by_words = await gazetteer.find(HEARD, ())
    found = await find(gazetteer, engine, readers)
    assert names(by_words)[0] == ("Rue de Rome", "13206")
    assert names(found)[0] == ("Rue Paradis", "13206")
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert sum(one.probability for one in found) <= 1.001


async def test_a_name_that_is_written_whatever_is_said_wins_nothing_by_it(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    fits = {"rue de Rome": -20.0, "rue du Rhône": -20.0}
    chances = {}
    for usual in ("rue de Rome", "rue du Rhône"):
        engine = ScriptedEngine(plain="12 rue du rome", fits=fits, priors={usual: -1.0})
        found = await find(gazetteer, engine, readers)
        chances[usual] = next(one.probability for one in found if one.address.street == "Rue de Rome")
    assert chances["rue de Rome"] < chances["rue du Rhône"]


async def test_one_name_in_two_arrondissements_is_judged_once_and_the_one_said_comes_first(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    found = await find(gazetteer, engine, readers)
    judged = engine.texts("voice")
    assert sum(text.endswith("rue de Rome") for text in judged) == 1
    assert names(found)[:2] == [("Rue de Rome", "13206"), ("Rue de Rome", "13201")]
    assert found[0].why["fit"] == found[1].why["fit"] == FITS_WELL


async def test_names_are_judged_in_the_sentence_that_was_said_on_the_voice_and_on_silence(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    await find(gazetteer, engine, readers)
    judged = engine.texts("voice")
    assert judged[0] == "Au 12, rue de Rome"
    assert all(text.startswith("Au 12, ") for text in judged)
    assert engine.texts("silence") == judged


async def test_how_usual_a_name_is_is_asked_once_whatever_the_sentence(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    hearing = AddressHearing(gazetteer, engine, readers, read)
    for sentence in ("C'est au 3, rue de rhum.", "J'habite au 40 rue de rhum."):
        await hearing.find(HEARD, (), RememberedSound((sentence,), SOUND))
    assert {text.split(" rue")[0].rstrip(",") for text in engine.texts("voice") if "rue" in text} == {
        "C'est au 3", "J'habite au 40",
    }  # fmt: skip
    usual = engine.texts("silence")
    assert len(usual) == len(set(usual))
    assert all(text.startswith("Au 12, ") for text in usual)


async def test_why_holds_what_the_decoder_said(gazetteer: Gazetteer, readers: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine(fits={"rue de Rome": -5.0}, priors={"rue de Rome": -40.0})
    found = await find(gazetteer, engine, readers)
    rome = next(one for one in found if names([one]) == [("Rue de Rome", "13206")])
    assert (rome.why["fit"], rome.why["prior"]) == (-5.0, -40.0)
    assert {"text", "sound", "match", "view 1", "view 2"} <= rome.why.keys()


async def test_a_street_only_the_reading_without_hint_has_is_found(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(plain="12 rue paradis", fits=sure_of("rue Paradis"))
    found = await find(gazetteer, engine, readers, "Euh.", heard=HeardAddress(12, None, None, "13206"))
    assert names(found)[0] == ("Rue Paradis", "13206")


@pytest.mark.parametrize("sound", [None, RememberedSound((SENTENCE,), "what another engine made")])
async def test_without_a_sound_of_this_engine_the_words_decide(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor, sound: RememberedSound | None
) -> None:
    engine = ScriptedEngine()
    found = await AddressHearing(gazetteer, engine, readers, read).find(HEARD, ("rue de rome",), sound)
    assert found == gazetteer.search(HEARD, ("rue de rome",))
    assert found
    assert (engine.readings, engine.scored) == ([], [])


@pytest.mark.parametrize("said", ["?", "日本", "…"])
async def test_what_is_like_no_street_finds_none_and_asks_the_decoder_nothing(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor, said: str
) -> None:
    engine = ScriptedEngine(plain=said, slowed=said)
    assert await find(gazetteer, engine, readers, said, heard=HeardAddress(street_heard=said)) == ()
    assert len(engine.readings) == 3
    assert engine.scored == []


async def test_a_commune_without_streets_finds_none(gazetteer: Gazetteer, readers: ThreadPoolExecutor) -> None:
    assert await find(gazetteer, ScriptedEngine(), readers, heard=HeardAddress(12, None, "rue de rhum", "13005")) == ()


async def test_words_about_something_else_are_no_street_the_decoder_is_sure_of(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    said = "Je ne sais plus."
    engine = ScriptedEngine(plain=said, slowed=said, fits={"plus.": FITS_WELL, "plus": FITS_WELL, "sais": FITS_WELL})
    found = await find(gazetteer, engine, readers, said, heard=HeardAddress(insee="13206"))
    assert all(one.probability < SURE for one in found)


@pytest.fixture
def many(tmp_path: Path) -> Gazetteer:
    """Streets that only end differently, more than are judged."""
    begins, ends = ("ba", "ko", "li", "mu", "ne", "pi", "ro", "sa", "tu", "ve"), ("dan", "fou", "ga", "jo", "sin")
    return base_of(tmp_path / "many.db", [(f"Rue Martin {first}{last}", "13206") for first in begins for last in ends])


async def test_few_names_are_judged_at_first_more_again_none_twice(
    many: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine("rue martin", "rue martin")
    heard = HeardAddress(None, None, "rue martin", "13206")
    found = await find(many, engine, readers, "rue martin", heard=heard)
    judged = engine.texts("voice")
    assert len(engine.judged("voice")[0] + engine.judged("voice")[1]) == FIRST_JUDGED
    assert len(judged) == len(set(judged)) >= MOST_JUDGED
    assert len(found) == MOST_FOUND


async def test_the_street_in_a_reading_is_asked_for_with_the_commune_that_is_known(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    asked: list[tuple[str, str | None]] = []

    def noted(text: str, insee: str | None) -> HeardAddress | None:
        asked.append((text, insee))
        return read(text, insee)

    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    await AddressHearing(gazetteer, engine, readers, noted).find(HEARD, (), RememberedSound((SENTENCE,), SOUND))
    assert ("12 rue de rhum", "13206") in asked
    assert {insee for _, insee in asked} == {"13206"}


async def test_the_engine_works_on_the_threads_it_was_given(gazetteer: Gazetteer, readers: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine()
    await find(gazetteer, engine, readers)
    assert engine.threads == {"reader_0"}


@pytest.mark.parametrize("slow", ["voice", "slowed"])
async def test_who_hears_too_slowly_is_not_waited_for(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor, slow: str
) -> None:
    """What was found so far decides, the words alone where nothing was."""
    gate = threading.Event()
    engine = GatedEngine(gate=gate, slow=slow, fits=sure_of("rue de Rome"))
    hearing = AddressHearing(gazetteer, engine, readers, read, patience_s=1.0)
    found = await hearing.find(ANYWHERE, (), RememberedSound((SENTENCE,), SOUND))
    gate.set()
    assert names(found)[0][0] == "Rue de Rome"
    assert ("fit" in found[0].why) is (slow == "slowed")


async def test_names_judged_later_are_judged_in_the_same_words(many: Gazetteer, readers: ThreadPoolExecutor) -> None:
    engine = ScriptedEngine("rue martin", "rue martin")
    await find(many, engine, readers, "C'est la rue martin, là", heard=HeardAddress(None, None, None, "13206"))
    judged = engine.texts("voice")
    assert len(judged) > FIRST_JUDGED
    assert len({text.split(" rue Martin")[0] for text in judged if "Martin" in text}) == 1


async def test_while_others_wait_a_doubtful_sound_is_neither_read_anew_nor_slowed(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor
) -> None:
    engine = ScriptedEngine(fits=sure_of("rue de Rome"))
    hearing = AddressHearing(gazetteer, engine, readers, read, busy=lambda: True)
    found = await hearing.find(ANYWHERE, (), RememberedSound((SENTENCE,), SOUND))
    assert found
    assert (engine.readings, engine.encoded) == ([], [])


@pytest.mark.parametrize("judges", [False, True])
async def test_ears_that_go_away_meanwhile_leave_what_was_found_or_the_words(
    gazetteer: Gazetteer, readers: ThreadPoolExecutor, judges: bool
) -> None:
    found = await find(gazetteer, LostEngine(judges=judges), readers)
    assert ("Rue de Rome", "13206") in names(found)
    assert all(("fit" in one.why) is judges for one in found)
