"""TwiML as the phone company reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbot.rehearsal.twiml import ConnectStream, Dial, HangUp, TwimlError, Verb, parse_twiml

STREAM = (
    '<Connect action="https://a.example/voice/after-stream"><Stream url="wss://a.example/voice/stream">'
    '<Parameter name="token" value="x&amp;y"/></Stream></Connect>'
)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        (
            f'<?xml version="1.0" encoding="UTF-8"?><Response>{STREAM}</Response>',
            ConnectStream(
                "wss://a.example/voice/stream", "https://a.example/voice/after-stream", {"token": "x&y"}
            ),
        ),
        ("<Response><Hangup/></Response>", HangUp()),
        ("<Response/>", HangUp()),
        ("<Response><Say>Un instant.</Say><Dial>+33800949408</Dial></Response>", Dial("+33800949408")),
        ("<Response><Dial><Number> +33800949408 </Number></Dial></Response>", Dial("+33800949408")),
    ],
)  # fmt: skip
def test_verbs(text: str, verb: Verb) -> None:
    assert parse_twiml(text) == verb


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<Response><Hangup/>", "not XML"),
        ("<html/>", "expected <Response>"),
        ("<Response><Dial/></Response>", "without a number"),
        ("<Response><Enqueue/></Response>", "unknown verb"),
        ("<Response><Connect/></Response>", "Stream url"),
        ('<Response><Connect><Stream url="https://a"/></Connect></Response>', "ws or wss"),
        ('<Response><Connect><Stream url="wss://a/s?token=1"/></Connect></Response>', "query"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><Response>&a;</Response>', "declarations"),
        ("<Response>" + " " * 70_000 + "</Response>", "longer"),
    ],
)
def test_what_is_no_twiml(text: str, reason: str) -> None:
    with pytest.raises(TwimlError, match=reason):
        parse_twiml(text)


@given(st.text(max_size=200))
def test_anything_is_a_verb_or_an_error(text: str) -> None:
    try:
        verb = parse_twiml(text)
    except TwimlError:
        return
    assert isinstance(verb, ConnectStream | Dial | HangUp)
