"""The answers Twilio understands. Built by Twilio's own library, so that no text can become an instruction."""

from __future__ import annotations

from twilio.twiml.voice_response import Connect, VoiceResponse  # type: ignore[import-untyped]

LANGUAGE = "fr-FR"


def connect_stream(stream_url: str, action_url: str, token: str) -> str:
    """Open the media stream; when it ends Twilio asks ``action_url`` what comes next."""
    response = VoiceResponse()
    connect = Connect(action=action_url, method="POST")
    connect.stream(url=stream_url).parameter(name="token", value=token)
    response.append(connect)
    return str(response)


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def take_leave(sentence: str) -> str:
    """Say a French ``sentence``, then end the call."""
    response = VoiceResponse()
    response.say(sentence, language=LANGUAGE)
    response.hangup()
    return str(response)


def dial(number: str, action_url: str, sentence: str = "") -> str:
    """Put the caller through to ``number``, after a French ``sentence`` where one is given.

    When that is over, or nobody answers, Twilio asks ``action_url`` what comes next.
    """
    response = VoiceResponse()
    if sentence:
        response.say(sentence, language=LANGUAGE)
    response.dial(number, action=action_url, method="POST")
    return str(response)
