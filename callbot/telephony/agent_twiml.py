"""What agents hear when the desk rings them, and how callers reach them. Built by Twilio's own library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, Number, Sip, VoiceResponse  # type: ignore[import-untyped]

from callbot.desk import AgentLine
from callbot.domain.personal import PhoneNumber
from callbot.telephony.twiml import LANGUAGE

AGENT_RING_S = 20
"""long enough to reach for a telephone, too short for most answering machines"""
RESIDENT_RING_S = 30
KEY_WAIT_S = 6
"""a person presses a key in this time after the summary; a machine never does"""


@dataclass(frozen=True, slots=True)
class Ring:
    """How an agent's telephone is rung from a caller's line. ``shown``: the number it shows."""

    shown: str
    screen_url: str
    """what the agent hears before the caller is on the line"""
    after_url: str


def ring_agent(line: AgentLine, ring: Ring, said: Sequence[str]) -> str:
    """``said`` to the caller, then the agent's telephone; who answers hears ``screen_url`` first."""
    response = VoiceResponse()
    _say(response, said)
    # Agents at home do not get residents' numbers on their own telephone: it shows the service's.
    dial = Dial(action=ring.after_url, method="POST", timeout=AGENT_RING_S, caller_id=ring.shown)
    noun = Sip if line.is_sip else Number
    dial.append(noun(line.reveal(), url=ring.screen_url, method="POST"))
    response.append(dial)
    return str(response)


def ask_for_a_key(said: Sequence[str], key_url: str) -> str:
    """``said``; any key goes on at ``key_url``, without one the line is closed."""
    response = VoiceResponse()
    gather = Gather(input="dtmf", num_digits=1, action=key_url, method="POST", timeout=KEY_WAIT_S)
    _say(gather, said)
    response.append(gather)
    response.hangup()
    return str(response)


def on_the_line() -> str:
    """Nothing more to hear: the caller comes on the line."""
    return str(VoiceResponse())


def into_conference(room: str, said: Sequence[str], after_url: str = "", *, leads: bool) -> str:
    """``said``, then the talk called ``room``: it begins with who ``leads`` and ends when either of the two leaves."""
    response = VoiceResponse()
    _say(response, said)
    dial = Dial(action=after_url, method="POST") if after_url else Dial()
    # Without a sound for these two: the sound says that somebody else comes in.
    dial.conference(room, beep="false", start_conference_on_enter=leads, end_conference_on_exit=True, wait_url="")
    response.append(dial)
    return str(response)


def listen(room: str) -> str:
    """Into the talk called ``room``, not heard there; a tone tells that somebody came, and another that they left."""
    response = VoiceResponse()
    dial = Dial()
    dial.conference(
        room, muted=True, beep="true", start_conference_on_enter=False, end_conference_on_exit=False, wait_url=""
    )
    response.append(dial)
    return str(response)


def ring_resident(number: PhoneNumber, shown: str, after_url: str, said: Sequence[str]) -> str:
    """``said`` to the agent, then the number that asked to be called back."""
    response = VoiceResponse()
    _say(response, said)
    dial = Dial(action=after_url, method="POST", timeout=RESIDENT_RING_S, caller_id=shown)
    dial.append(Number(number.reveal()))
    response.append(dial)
    return str(response)


def _say(parent: VoiceResponse | Gather, said: Sequence[str]) -> None:
    for text in said:
        parent.say(text, language=LANGUAGE)
