"""The document that Twilio reads when nothing of ours answers."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from callbot.rehearsal.twiml import Dial, parse_twiml
from callbot.settings import Twilio

DEPLOY = Path(__file__).parents[2] / "deploy"
FALLBACK = (DEPLOY / "twilio-fallback.xml").read_text(encoding="utf-8")


def test_the_fallback_puts_the_caller_through_to_people() -> None:
    assert parse_twiml(FALLBACK) == Dial(Twilio().agents_number)


def test_the_fallback_speaks_french_before_and_after_and_asks_nothing_of_us() -> None:
    verbs = list(ET.fromstring(FALLBACK))  # noqa: S314 - our own file
    assert [verb.tag for verb in verbs] == ["Say", "Dial", "Say", "Hangup"]
    assert {verb.get("language") for verb in verbs if verb.tag == "Say"} == {"fr-FR"}
    assert not any("url" in name.lower() or name == "action" for verb in verbs for name in verb.attrib)


def test_the_guide_names_every_address_that_twilio_is_given() -> None:
    guide = (DEPLOY / "twilio.md").read_text(encoding="utf-8")
    for path in ("/voice/incoming", "/voice/status", "/sms/incoming", "/voice/turn", "/voice/joined"):
        assert path in guide
