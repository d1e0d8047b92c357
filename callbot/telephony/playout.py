"""Plays one prompt at a time to the caller, a little ahead of real time, and knows which prompts were heard.

Sent too late, sound stutters; sent all at once, hundreds of kilobytes wait at the phone company for a ``clear``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from callbot.dialogue.acts import Say
from callbot.speech.codec import FRAME_MS, frames, milliseconds
from callbot.speech.voice import Manner
from callbot.telephony.frames import clear_message, mark_message, media_message
from callbot.telephony.playback import PlaybackClock, unheard_rest
from callbot.telephony.ports import Renders

AHEAD_S = 0.4
"""at most so much sound waits at the phone company"""
BURST_S = 0.1
"""frames are sent in bursts of so much sound: five at a time"""
MARK_GRACE_S = 5.0
"""a mark still missing so long after its sound ended counts as returned: a call never hangs on one"""
RENDER_LIMIT_S = 10.0
"""a voice that takes longer has failed"""
_FRAME_S = FRAME_MS / 1000


@dataclass(frozen=True, slots=True)
class Prompt:
    """A ``Say`` with its number in the call."""

    say: Say
    number: int

    @property
    def mark(self) -> str:
        """The name of its mark, ``ACT:N``."""
        return f"{self.say.act.value}:{self.number}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A prompt that was stopped after ``heard_ms``; ``rest``: its words from the sentence that was cut on."""

    prompt: Prompt
    heard_ms: int
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromptBegan:
    """The first frame of ``prompt`` went out at ``at`` (monotonic seconds)."""

    prompt: Prompt
    at: float


@dataclass(frozen=True, slots=True)
class PromptSent:
    """Every frame of ``prompt`` and its mark went out."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class PromptFailed:
    """The voice could not speak ``prompt``, or only its beginning."""

    prompt: Prompt
    kind: str


@dataclass(slots=True)
class _Script:
    """The texts of one prompt: those rendered, with their ms, and those that are still to come."""

    unspoken: list[str]
    spoken: list[tuple[str, int]] = field(default_factory=list)

    def rendered(self, sound: bytes) -> None:
        """The next text has its sound."""
        self.spoken.append((self.unspoken.pop(0), milliseconds(sound)))


PlayoutNews = PromptBegan | PromptSent | PromptFailed


class Playout:
    """One call's mouth. ``tell`` receives the news, ``plays`` every frame; ``clock`` is monotonic, in seconds."""

    def __init__(
        self,
        stream_sid: str,
        send: Callable[[str], Awaitable[None]],
        voice: Renders,
        tell: Callable[[PlayoutNews], Awaitable[None]],
        clock: Callable[[], float],
        *,
        plays: Callable[[bytes], None] = lambda frame: None,
    ) -> None:
        self._stream_sid = stream_sid
        self._send = send
        self._voice = voice
        self._tell = tell
        self._clock = clock
        self._plays = plays
        self._playback = PlaybackClock()
        self._scripts: dict[int, _Script] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._playing: Prompt | None = None
        self._awaited: dict[str, tuple[Prompt, float]] = {}

    @property
    def unheard(self) -> list[Prompt]:
        """Prompts whose end the caller has not heard yet, the earliest first."""
        pending = [prompt for prompt, _ in self._awaited.values()]
        if self._playing is not None and self._playing.mark not in self._awaited:
            pending.append(self._playing)
        return pending

    @property
    def sending(self) -> bool:
        """True while a prompt still has frames to send."""
        return self._playing is not None

    @property
    def next_due(self) -> float | None:
        """When the earliest missing mark counts as returned."""
        return min((due for _, due in self._awaited.values()), default=None)

    def play(self, prompt: Prompt) -> None:
        """Begin ``prompt``; the one before must have been sent."""
        self._playing = prompt
        task = asyncio.create_task(self._play(prompt), name=f"playout {prompt.mark}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def mark_returned(self, name: str) -> Prompt | None:
        """The prompt heard to its end; None for a mark of a prompt that was cleared, as Twilio returns those too."""
        prompt, _ = self._awaited.pop(name, (None, 0.0))
        if prompt is not None:
            self._playback.mark_returned(prompt.number, self._clock())
            self._scripts.pop(prompt.number, None)
        return prompt

    def overdue(self) -> list[Prompt]:
        """Prompts whose mark never came back in time."""
        now = self._clock()
        late = [name for name, (_, due) in self._awaited.items() if due <= now]
        return [self._awaited.pop(name)[0] for name in late]

    async def interrupt(self) -> list[Cut]:
        """Stop at once: throw away what is not yet heard, here and at the phone company; gives those prompts."""
        now = self._clock()
        cut = [self._cut(prompt, now) for prompt in self.unheard]
        await self.stop()
        self._awaited.clear()
        self._scripts.clear()
        self._playback.cleared(now)
        await self._send(clear_message(self._stream_sid))
        return cut

    def _cut(self, prompt: Prompt, now: float) -> Cut:
        heard_ms = self._playback.heard_ms(prompt.number, now)
        script = self._scripts.get(prompt.number)
        rest = unheard_rest(script.spoken, script.unspoken, heard_ms) if script else prompt.say.parts
        return Cut(prompt, heard_ms, rest)

    async def stop(self) -> None:
        """Send nothing more."""
        tasks, self._playing = list(self._tasks), None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _play(self, prompt: Prompt) -> None:
        news: PlayoutNews = PromptSent(prompt)
        try:
            await self._send_sound(prompt)
        except Exception as failure:  # noqa: BLE001 - the edge to the voice: a failing engine must not silence the call
            news = PromptFailed(prompt, type(failure).__name__)
        if isinstance(news, PromptSent):
            # noted before it is sent, for the answer may come back while sending still waits
            self._awaited[prompt.mark] = (prompt, max(self._playback.until, self._clock()) + MARK_GRACE_S)
            await self._send(mark_message(self._stream_sid, prompt.mark))
        self._playing = None
        await self._tell(news)

    async def _send_sound(self, prompt: Prompt) -> None:
        manner = Manner(prompt.say.slow, prompt.say.language)
        texts = self._voice.breaths(prompt.say.parts, manner)
        script = self._scripts[prompt.number] = _Script(list(texts))
        began = False
        async for sound in self._rendered(texts, manner):
            script.rendered(sound)
            for frame in frames(sound):
                await self._keep_pace()
                await self._send(media_message(self._stream_sid, frame))
                self._plays(frame)
                self._playback.sent(prompt.number, FRAME_MS, self._clock())
                if not began:
                    began = True
                    await self._tell(PromptBegan(prompt, self._clock()))

    async def _rendered(self, parts: Sequence[str], manner: Manner) -> AsyncIterator[bytes]:
        """Each part's sound in order; the next one is rendered while one plays."""
        ahead: asyncio.Task[bytes] | None = None
        try:
            for place, part in enumerate(parts):
                sound = await (ahead or self._render(part, manner))
                following = parts[place + 1 : place + 2]
                ahead = asyncio.create_task(self._render(following[0], manner)) if following else None
                yield sound
        finally:
            if ahead is not None and not ahead.done():
                ahead.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await ahead

    async def _render(self, part: str, manner: Manner) -> bytes:
        async with asyncio.timeout(RENDER_LIMIT_S):
            return await self._voice.render(part, manner)

    async def _keep_pace(self) -> None:
        ahead = self._playback.until - self._clock()
        if ahead + _FRAME_S > AHEAD_S:
            await asyncio.sleep(ahead - (AHEAD_S - BURST_S))
