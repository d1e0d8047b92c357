"""A conversation in turns: webhooks of the phone company, SMS, the text page, rehearsals on text.

Each turn takes one event and gives all that is said until the next question. What is said counts as heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from callbot.dialogue.acts import ChannelAct, HandOver, HangUp, Say
from callbot.domain.events import (
    CallerSpoke,
    Channel,
    EndReason,
    Event,
    HandOverReason,
    KeysPressed,
    NothingHeard,
    Prompted,
    PromptHeard,
)
from callbot.domain.personal import PhoneNumber

LONGEST = 600
"""characters of one message that are read"""


class Converses(Protocol):
    """What is needed of a conversation (``calls.conversation.Conversation``)."""

    @property
    def prompt_count(self) -> int:
        """Prompts said so far."""
        ...

    async def begin(
        self, caller: PhoneNumber | None, channel: Channel = Channel.PHONE, *, resumed: bool = False
    ) -> list[ChannelAct]:
        """The first words."""
        ...

    async def handle(self, event: Event, sound: object | None = None) -> list[ChannelAct]:
        """What to do about ``event``."""
        ...

    async def close(self, reason: EndReason) -> None:
        """The conversation is over."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is said in one turn. ``hand_over``: a person takes it from here; ``ended``: why it is over, if it is."""

    said: tuple[Say, ...]
    hand_over: HandOverReason | None = None
    ended: EndReason | None = None

    @property
    def question(self) -> Say | None:
        """What the caller is asked; None when nothing is."""
        return next((say for say in reversed(self.said) if say.expect is not None), None)

    @property
    def text(self) -> str:
        """Everything said as one text."""
        return " ".join(say.text for say in self.said)


class TurnByTurn:
    """Takes the caller's turns. Closes the conversation itself when it ends."""

    def __init__(self, conversation: Converses) -> None:
        self._conversation = conversation

    async def begin(self, caller: PhoneNumber | None, channel: Channel, *, resumed: bool = False) -> Answer:
        """The greeting and the first question; after a break the question that waited."""
        return await self._answer(await self._conversation.begin(caller, channel, resumed=resumed))

    async def say(self, text: str, *, confidence: float = 1.0) -> Answer:
        """The caller's words."""
        return await self.take(CallerSpoke(text[:LONGEST], (text[:LONGEST],), confidence))

    async def press(self, keys: str) -> Answer:
        """Keys of the phone, all that were pressed in this turn."""
        return await self.take(KeysPressed(keys))

    async def stay_silent(self) -> Answer:
        """Nothing came."""
        return await self.take(NothingHeard())

    async def leave(self) -> None:
        """The caller is gone."""
        await self._conversation.close(EndReason.CALLER_HUNG_UP)

    async def take(self, event: Event, sound: object | None = None) -> Answer:
        """Any other event; ``sound`` as the ears keep it, where there is one."""
        return await self._answer(await self._conversation.handle(event, sound))

    async def _answer(self, acts: Sequence[ChannelAct]) -> Answer:
        said: list[Say] = []
        hand_over: HandOverReason | None = None
        ended: EndReason | None = None
        for act in acts:
            match act:
                case Say():
                    said.append(act)
                    await self._said(act)
                case HandOver(reason):
                    hand_over, ended = reason, EndReason.HANDED_OVER
                case HangUp(reason):
                    ended = reason
        if ended is not None:
            await self._conversation.close(ended)
        return Answer(tuple(said), hand_over, ended)

    async def _said(self, say: Say) -> None:
        number = self._conversation.prompt_count + 1
        await self._conversation.handle(Prompted(say.act.value, number, say.text, say.entry))
        await self._conversation.handle(PromptHeard(say.act.value, number))
