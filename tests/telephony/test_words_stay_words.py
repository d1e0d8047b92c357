"""Whatever a caller says or a file holds: in TwiML it is words, never a verb, and never breaks the document."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbot.telephony import twiml
from tests.fuzzing import tries

URL = "https://bot.example.fr/voice/turn?n=1&e=any"
VERBS = {"Response", "Say", "Gather", "Redirect", "Hangup", "Pause", "Dial", "Number", "Enqueue", "Message"}
SPOKEN = [
    "<Dial>+33899000000</Dial>", "</Say><Dial>+33899000000</Dial><Say>", "]]><Hangup/>", "<!--", "&lt;Dial&gt;",
    '" url="https://evil.example', "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<phoneme alphabet='ipa' ph='x'>y</phoneme>", "a\x00b", "\x1b[2J", "\ufffe\uffff", "\ud800", "\u202e",
    "&#60;", "{{ 7*7 }}", "%s%n",
]  # fmt: skip
WORDS = st.one_of(st.sampled_from(SPOKEN), st.text(min_size=1), st.text(st.characters(max_codepoint=40), min_size=1))


def answers(text: str, number: str) -> list[str]:
    """Every document that holds words."""
    sentence = twiml.Sentence(text)
    listening = twiml.Listening(URL, True, 10, "#", 5, hints=text)
    agents = twiml.Agents(number, URL, whisper_url=URL)
    return [
        twiml.say(sentence, then_hang_up=True),
        twiml.say_twice(text, ""),
        twiml.take_leave(text),
        twiml.wait(text, 3),
        twiml.transfer(agents, [sentence]),
        twiml.transfer(twiml.Agents(number, URL, "agents", URL), [sentence]),
        twiml.ask([sentence], [sentence], listening),
        twiml.last_words([sentence], listening),
        twiml.messages(text, text),
    ]


@tries(60)
@example("a\x00b")
@example("\ud800")
@given(WORDS)
def test_words_are_words(text: str) -> None:
    plain = [ET.fromstring(answer) for answer in answers("mots", "+33491000000")]  # noqa: S314 - our own answers
    spoken = [ET.fromstring(answer) for answer in answers(text, "+33491000000")]  # noqa: S314 - our own answers
    for before, after in zip(plain, spoken, strict=True):
        verbs = [node.tag for node in after.iter()]
        assert verbs == [node.tag for node in before.iter()]
        assert set(verbs) <= VERBS
        assert [sorted(node.attrib) for node in after.iter()] == [sorted(node.attrib) for node in before.iter()]
        for node in after.iter():
            if node.tag in ("Say", "Message") and text.isprintable():
                assert (node.text or "") == text


@pytest.mark.parametrize("text", SPOKEN)
def test_what_a_document_cannot_hold_is_left_out_and_the_rest_is_said(text: str) -> None:
    said = ET.fromstring(twiml.say(twiml.Sentence(f"Bonjour {text} merci")))[0].text or ""  # noqa: S314 - our own answer
    assert said.startswith("Bonjour ")
    assert said.endswith(" merci")
    assert not {"\x00", "\x1b", "\ud800", "\ufffe"} & set(said)
