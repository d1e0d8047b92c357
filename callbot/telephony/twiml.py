"""The answers Twilio understands. Built by Twilio's own library, so that no text can become an instruction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.messaging_response import MessagingResponse  # type: ignore[import-untyped]
from twilio.twiml.voice_response import (  # type: ignore[import-untyped]
    Connect,
    Dial,
    Enqueue,
    Gather,
    Number,
    VoiceResponse,
)

LANGUAGE = "fr-FR"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""what XML 1.0 cannot hold, not even as a reference: one such character and Twilio hears an error instead of words"""
TRANSFER_SENTENCE = "Un instant, je vous mets en relation avec une personne."


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something Twilio says. ``voice``: one of Twilio's voices; empty: its default for the language."""

    text: str
    language: str = LANGUAGE
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """How the caller's answer is taken. Times in seconds."""

    action_url: str
    speech: bool
    """words too, not keys alone: they are recognised by Twilio, which then hears them"""
    keys: int
    """keys of the longest answer: it is over with the last of them"""
    finish_key: str
    """ends an answer of several keys; empty: every key counts"""
    silence_s: int
    """nothing said and no key for so long is silence"""
    speech_pause_s: str = "auto"
    """words are over after such a pause"""
    hints: str = ""


@dataclass(frozen=True, slots=True)
class Agents:
    """Where people are reached: a queue where one is named, else a number.

    ``after_url`` is asked when the talk is over or nobody answered; ``wait_url``: what callers in the queue hear;
    ``whisper_url``: what the agent hears first, empty for nothing.
    """

    number: str
    after_url: str
    queue: str = ""
    wait_url: str = ""
    whisper_url: str = ""


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
    return say(Sentence(sentence), then_hang_up=True)


def say(*sentences: Sentence, then_hang_up: bool = False) -> str:
    """Say something; what comes next is up to the call this belongs to."""
    response = VoiceResponse()
    _say(response, sentences)
    if then_hang_up:
        response.hangup()
    return str(response)


def say_twice(text: str, voice: str) -> str:
    """A message for who picks up: after a moment, twice, then the call ends."""
    response = VoiceResponse()
    for _ in range(2):
        response.pause(length=1)
        _say(response, [Sentence(text, voice=voice)])
    response.hangup()
    return str(response)


def redirect(url: str) -> str:
    """Go on with what ``url`` answers."""
    response = VoiceResponse()
    response.redirect(url, method="POST")
    return str(response)


def transfer(agents: Agents, sentences: Sequence[Sentence] = ()) -> str:
    """Put the caller through to a person, after ``sentences``."""
    response = VoiceResponse()
    _say(response, sentences)
    response.append(_enqueue(agents) if agents.queue else _dial(agents))
    return str(response)


def wait(sentence: str, pause_s: int) -> str:
    """What a caller in the queue hears; Twilio asks again when it is over."""
    response = VoiceResponse()
    _say(response, (Sentence(sentence),))
    response.pause(length=pause_s)
    return str(response)


def leave_queue() -> str:
    """Take the caller out of the queue; Twilio asks what comes next."""
    response = VoiceResponse()
    response.leave()
    return str(response)


def ask(told: Sequence[Sentence], asked: Sequence[Sentence], listening: Listening) -> str:
    """Say ``told``, which only keys interrupt, then ``asked``, and take the answer to ``listening.action_url``."""
    response = VoiceResponse()
    if told:
        response.append(_keys_only(told, listening))
    gather = Gather(
        input="dtmf speech" if listening.speech else "dtmf",
        language=LANGUAGE,
        action=listening.action_url,
        method="POST",
        action_on_empty_result=True,
        timeout=listening.silence_s,
        finish_on_key=listening.finish_key,
        num_digits=listening.keys,
        **(_words(listening) if listening.speech else {}),
    )
    _say(gather, asked)
    response.append(gather)
    response.redirect(listening.action_url, method="POST")  # no answer is an answer too, however the gathering ends
    return str(response)


def last_words(said: Sequence[Sentence], listening: Listening) -> str:
    """Say the end of the conversation, a key still reaching ``listening.action_url``, then end the call."""
    response = VoiceResponse()
    if said:
        response.append(_keys_only(said, listening))
    response.hangup()
    return str(response)


def messages(*texts: str) -> str:
    """Answers to an SMS, none for none."""
    response = MessagingResponse()
    for text in texts:
        response.message(_writable(text))
    return str(response)


def _say(parent: VoiceResponse | Gather, sentences: Sequence[Sentence]) -> None:
    for sentence in sentences:
        parent.say(_writable(sentence.text), language=sentence.language, voice=sentence.voice or None)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def _words(listening: Listening) -> dict[str, object]:
    # Insults are heard as they are: an upset caller is offered a person.
    heard = {"speech_timeout": listening.speech_pause_s, "profanity_filter": False}
    return {**heard, "hints": _writable(listening.hints)} if listening.hints else heard


def _keys_only(said: Sequence[Sentence], listening: Listening) -> Gather:
    """Without a key Twilio goes on with the next verb, after ``timeout``."""
    gather = Gather(
        input="dtmf",
        action=listening.action_url,
        method="POST",
        timeout=1 if listening.keys == 1 else 2,
        finish_on_key=listening.finish_key,
        num_digits=listening.keys,
    )
    _say(gather, said)
    return gather


def _dial(agents: Agents) -> Dial:
    if not agents.whisper_url:
        return Dial(agents.number, action=agents.after_url, method="POST")
    dial = Dial(action=agents.after_url, method="POST")
    dial.append(Number(agents.number, url=agents.whisper_url, method="POST"))
    return dial


def _enqueue(agents: Agents) -> Enqueue:
    return Enqueue(
        agents.queue, action=agents.after_url, method="POST", wait_url=agents.wait_url, wait_url_method="POST"
    )
