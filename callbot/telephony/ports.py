"""What a phone call needs from the other rooms, as protocols; ``bootstrap`` says who provides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from callbot.dialogue.acts import ChannelAct, Say
from callbot.dialogue.completeness import Completeness
from callbot.domain.events import CallerSpoke, EndReason, Event
from callbot.domain.personal import PhoneNumber
from callbot.speech.turn_taking import Patience
from callbot.speech.turns import EarEvent
from callbot.speech.voice import PLAIN, Manner


class Conversation(Protocol):
    """One conversation: events in, acts out; it stores each event before it answers."""

    @property
    def call_id(self) -> str:
        """Twilio's id of the call."""
        ...

    @property
    def prompt_count(self) -> int:
        """Prompts said so far, those before a broken stream included."""
        ...

    async def begin(self, caller: PhoneNumber | None, *, resumed: bool = False) -> list[ChannelAct]:
        """The line is open."""
        ...

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        """What to do about ``event``; ``sound``: the utterance as the speech engine holds it, to be read again."""
        ...

    def foresee(self, spoke: CallerSpoke, sound: object) -> None:
        """The caller paused after these words: begin what takes long. They may go on, nothing is to be stored."""
        ...

    async def close(self, reason: EndReason) -> None:
        """The call is over; a place held is given back. Closing twice changes nothing."""
        ...


class OpensCalls(Protocol):
    """The conversations, new and known."""

    async def open(self, call_id: str) -> Conversation:
        """The conversation of this call: continued from its events when it is known."""
        ...


class ReadsCalls(Protocol):
    """The event log of calls, read only."""

    async def events(self, call_id: str) -> list[Event]:
        """All events of a call in order, [] for an unknown one."""
        ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """What ``/voice/incoming`` knows and the socket needs; a one-shot token stands for it on the wire."""

    call_id: str
    caller: PhoneNumber | None
    resumed: bool = False


class Tickets(Protocol):
    """One-shot tokens."""

    async def issue(self, ticket: Ticket) -> str:
        """A token that cannot be guessed."""
        ...

    async def redeem(self, token: str) -> Ticket | None:
        """The ticket, once; None for a token unknown, used or too old."""
        ...


class Renders(Protocol):
    """The voice."""

    async def render(self, text: str, manner: Manner = PLAIN) -> bytes:
        """``text`` spoken, mu-law 8 kHz; raises when the voice fails."""
        ...

    def breaths(self, parts: Sequence[str], manner: Manner = PLAIN) -> tuple[str, ...]:
        """The parts of a prompt as this voice says them best: a fast voice speaks whole sentences."""
        ...


class Ear(Protocol):
    """Hears when the caller speaks; one for each call (``speech.turns.CallerEar``)."""

    bot_speaking: bool
    barge_in_ms: int
    """accumulated voice that interrupts what the bot says now"""

    def hear(self, frame: bytes | None) -> tuple[EarEvent, ...]:
        """The next 20 ms (None: the frame did not come) and what it brought about."""
        ...

    def plays(self, frame: bytes) -> None:
        """The bot says ``frame`` now or within half a second."""
        ...

    def expect(self, patience: Patience | None) -> None:
        """What the caller is given from now on; None: silence is no answer to anything."""
        ...

    def end_pause_after(self, silence_ms: int) -> None:
        """The pause the caller makes now ends the turn after so much silence."""
        ...


class Heard(Protocol):
    """Words of one utterance; ``text`` empty when there are none that can be trusted."""

    @property
    def text(self) -> str:
        """The most likely reading."""
        ...

    @property
    def hypotheses(self) -> Sequence[str]:
        """All readings, best first."""
        ...

    @property
    def confidence(self) -> float:
        """0..1."""
        ...

    @property
    def sound(self) -> object | None:
        """The utterance as the speech engine holds it."""
        ...

    @property
    def language(self) -> str:
        """ISO 639-1, where it is surely not French; "" otherwise."""
        ...


class Listens(Protocol):
    """Sound -> words."""

    async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Heard:
        """The words in ``audio`` (mu-law), an answer to ``question``; raises when the engine fails."""
        ...


JudgesAnswers = Callable[[str, Say], Completeness]
"""Whether words answer a question in full (a clear yes, ten digits...), so that nobody waits for more, or break off"""


class Rescues(Protocol):
    """A way to reach the phone company other than the socket."""

    async def rescue(self, call_id: str) -> bool:
        """Have the phone company ask what comes next; True when it took the call back. Never raises."""
        ...


class Line(Protocol):
    """The socket of one call."""

    async def receive(self) -> str | bytes | None:
        """The next message; None once the other side has closed."""
        ...

    async def send(self, message: str) -> None:
        """One message; after the other side closed it does nothing."""
        ...
