"""One call over the media stream: frames in, events to the conversation, acts back as sound.

Everything that happens lands in one inbox and is dealt with in order by one task, so no two things ever race.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Sequence
from dataclasses import replace

import structlog

from callbot.calls.ports import OvertakenError
from callbot.dialogue.acts import Act, ChannelAct, HandOver, HangUp, Say
from callbot.domain.events import (
    CallerSpoke,
    EndReason,
    Event,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    PromptInterrupted,
)
from callbot.domain.meaning import Expectation
from callbot.telephony.call_parts import Broken, CallParts, Incoming, Limits, LineGone
from callbot.telephony.deadlines import MISSING_FRAMES, Deadlines, in_time, reached
from callbot.telephony.frames import Dtmf, Frame, Mark, Media, ProtocolFault, Stop, parse_frame
from callbot.telephony.hearing import Hearing, Noticed, ReadingDone, Utterance, interruptible, nodding
from callbot.telephony.keys import KeyPad
from callbot.telephony.playout import Playout, PlayoutNews, Prompt, PromptBegan, PromptFailed, PromptSent
from callbot.telephony.ports import Conversation, Heard
from callbot.telephony.timing import Answering, TimingPart, TurnTiming

__all__ = ["CallParts", "Incoming", "Limits", "MediaCall"]

_INBOX = 500
_HUMAN_KEY = "0"

log = structlog.get_logger(__name__)

_News = Frame | LineGone | PlayoutNews | ReadingDone


class MediaCall:
    """Runs one call from its ``start`` frame to its end."""

    def __init__(self, incoming: Incoming, conversation: Conversation, parts: CallParts) -> None:
        self._line = incoming.line
        self._order = incoming.order
        self._conversation = conversation
        self._ticket = incoming.ticket
        self._parts = parts
        self._clock = parts.clock
        self._inbox: asyncio.Queue[_News] = asyncio.Queue(_INBOX)
        self._hearing = hearing = Hearing(parts.new_ear(), parts.listener, parts.answers, self._inbox.put, parts.clock)
        self._playout = Playout(
            incoming.stream_sid, self._line.send, parts.voice, self._inbox.put, parts.clock, plays=hearing.plays
        )
        self._keypad = KeyPad()
        self._to_say: deque[Say] = deque()
        self._question: Say | None = None
        self._number = conversation.prompt_count
        self._ending: EndReason | None = None
        self._ended: LineGone | None = None
        self._voice_failed = False
        self._answering: Answering | None = None
        self._cut: list[Say] | None = None  # what a voice kept us from saying, until its words are known
        self._deadlines = Deadlines(parts.limits, parts.clock())
        self.over = asyncio.Event()
        self.left_open = False
        self.fell_silent = False

    async def run(self) -> EndReason:
        """The whole call; never raises, leaves no task behind and the conversation closed with a reason.

        After a broken stream it stays open (``left_open``): the call may come back, over another stream or by turns.
        So it does when the conversation asks to go on without the stream (``HangUp`` for a broken stream).
        """
        reader = asyncio.create_task(self._read_line(), name="line reader")
        try:
            self._ended = await self._converse()
        except OvertakenError:
            self._ended = LineGone(EndReason.BROKEN_STREAM, Broken.SUPERSEDED)
        except Exception as failure:  # noqa: BLE001 - the edge of a call: whatever fails in it, a person takes over
            log.error("call_failed", call=self._ticket.call_id, kind=type(failure).__name__)
            self._ended = LineGone(EndReason.FAILURE, "call_failed")
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)
            await self._playout.stop()
            await self._hearing.stop()
            ended = self._ended or LineGone(EndReason.BROKEN_STREAM, "cancelled")
            await self._close(ended)
            self.over.set()
        return ended.reason

    async def supersede(self) -> None:
        """The same call came back on another socket: leave it the conversation and end."""
        self._ended = LineGone(EndReason.BROKEN_STREAM, Broken.SUPERSEDED)
        with contextlib.suppress(asyncio.QueueFull):  # full: there is news enough to wake it
            self._inbox.put_nowait(self._ended)
        await self.over.wait()

    async def _close(self, ended: LineGone) -> None:
        log.info("stream_ended", call=self._ticket.call_id, reason=ended.reason.value, why=ended.why)
        self.fell_silent = ended.why == Broken.SILENT_STREAM
        self.left_open = ended.reason is EndReason.BROKEN_STREAM and ended.why != Broken.SUPERSEDED
        if ended.reason is EndReason.BROKEN_STREAM:  # it comes back, or another stream has it
            return
        try:
            await in_time(self._conversation.close(ended.reason))
        except Exception as failure:  # noqa: BLE001 - the edge of a call: the next one must not notice
            log.error("close_failed", call=self._ticket.call_id, kind=type(failure).__name__)

    # ---- what comes in ----

    async def _read_line(self) -> None:
        gone = LineGone(EndReason.BROKEN_STREAM, Broken.SOCKET_CLOSED)
        try:
            while (message := await in_time(self._line.receive(), self._parts.limits.silent_stream_s)) is not None:
                frame = parse_frame(message)
                self._order.admit(frame)
                await self._inbox.put(frame)
        except TimeoutError:
            gone = LineGone(EndReason.BROKEN_STREAM, Broken.SILENT_STREAM)
        except ProtocolFault as fault:
            gone = LineGone(EndReason.BROKEN_STREAM, fault.name)
        await self._inbox.put(gone)

    async def _converse(self) -> LineGone:
        ticket = self._ticket
        await self._do(self._conversation.begin(ticket.caller, resumed=ticket.resumed))
        await self._settle()
        while self._ended is None:
            news = await self._next_news()
            if news is None:
                await self._on_time()
            else:
                await self._on(news)
            await self._settle()
        return self._ended

    async def _next_news(self) -> _News | None:
        if not self._inbox.empty():  # under load there is: a frame comes every 20 ms, and a timer for each is dear
            return self._inbox.get_nowait()
        times = self._deadlines
        due = [times.hangs_at, times.missing_at, self._stuck_at, self._keypad.due, self._playout.next_due]
        first = min(moment for moment in due if moment is not None)
        with contextlib.suppress(TimeoutError):
            return await in_time(self._inbox.get(), max(0.0, first - self._clock()))
        return None

    async def _on(self, news: _News) -> None:
        match news:
            case Media(_, sound):
                await self._on_sound(sound)
            case Mark(_, name):
                await self._on_heard(self._playout.mark_returned(name))
            case Dtmf(_, key):
                await self._on_key(key)
            case ReadingDone():
                await self._on_reading(news)
            case PromptBegan() | PromptSent() | PromptFailed():
                await self._on_playout(news)
            case Stop():
                self._ended = LineGone(EndReason.CALLER_HUNG_UP, "stop")
            case LineGone():
                self._ended = news

    @property
    def _stuck_at(self) -> float | None:
        """When the conversation is told that nothing goes on; None while it is not the caller's turn."""
        if self._question is None or self._ending is not None or self._speaking or self._hearing.busy:
            return None
        return self._deadlines.stuck_at

    async def _on_time(self) -> None:
        now = self._clock()
        if now >= self._deadlines.hangs_at:
            self._ended = LineGone(EndReason.TOO_LONG, "longest_s")
            return
        if reached(self._deadlines.missing_at, now):
            self._deadlines.frame_came(now)
            if not self._deaf:
                await self._on_found(self._hearing.miss(MISSING_FRAMES))
        if reached(self._stuck_at, now):
            self._deadlines.progressed(now)
            await self._tell(NoProgress())
        for prompt in self._playout.overdue():
            log.warning("mark_missing", call=self._ticket.call_id, mark=prompt.mark)
            await self._on_heard(prompt)
        if (keys := self._keypad.tick(now)) is not None:
            await self._tell(KeysPressed(keys))

    # ---- the caller ----

    @property
    def _deaf(self) -> bool:
        """Nothing said now would change anything."""
        return self._ending is not None or not all(interruptible(prompt.say) for prompt in self._playout.unheard)

    async def _on_sound(self, sound: bytes) -> None:
        self._deadlines.frame_came(self._clock())
        if not self._deaf:
            self._hearing.bot_says(self._saying)
            await self._on_found(self._hearing.hear(sound))

    async def _on_found(self, news: Sequence[Noticed | Utterance]) -> None:
        for found in news:
            match found:
                case Noticed.BARGED_IN:
                    self._cut = await self._interrupt()
                case Noticed.STAYED_SILENT if not self._keypad.typing:
                    await self._tell(NothingHeard())
                case Utterance():
                    await self._on_utterance(found)

    async def _on_reading(self, done: ReadingDone) -> None:
        if (utterance := self._hearing.finished(done)) is not None:
            await self._on_utterance(utterance)
        elif self._ending is None and (heard := self._hearing.so_far(done)) is not None:
            self._conversation.foresee(_spoke(heard, done.reading.voiced_ms, decode_ms=0), heard.sound)

    async def _on_utterance(self, utterance: Utterance) -> None:
        if self._ending is not None:
            return
        if utterance.heard is None:
            log.error("speech_failed", call=self._ticket.call_id, kind=utterance.failure)
            await self._tell(PartFailed("speech"))
            return
        heard = utterance.heard
        if not heard.text.strip() or nodding(heard.text, utterance.over):
            await self._on_no_answer(utterance)
            return
        self._hearing.was_interrupted(falsely=False)
        self._cut = None
        if not self._deaf:
            await self._interrupt()  # a short answer over the question did not stop it yet
        self._answering = Answering(list(utterance.timing), utterance.ready_at)
        await self._tell(_spoke(heard, utterance.voiced_ms, utterance.decode_ms), heard.sound)

    async def _on_no_answer(self, utterance: Utterance) -> None:
        """A voice or a noise without words for us: what it stopped is said again, what it was heard over goes on."""
        cut, self._cut = self._cut, None
        if cut is not None:
            log.info("resumed_after_noise", call=self._ticket.call_id)
            self._hearing.was_interrupted(falsely=True)
            self._to_say.extend(cut)
        elif utterance.over is None:
            self._answering = Answering(list(utterance.timing), utterance.ready_at)
            await self._tell(NoWords())

    async def _on_key(self, key: str) -> None:
        self._cut = None
        if self._ending is not None:
            await self._on_key_at_the_end(key)
            return
        if key == _HUMAN_KEY or not self._deaf:
            await self._interrupt()
        expect = (self._question.expect if self._question else None) or Expectation.ANY
        if (keys := self._keypad.press(key, self._clock(), expect)) is not None:
            await self._tell(KeysPressed(keys))

    async def _on_key_at_the_end(self, key: str) -> None:
        """A person can be had until the line is closed: the reference and the goodbye are talked over.

        When nobody is there a question about a call-back comes back, and the call goes on. A stream without ears
        leaves it to the turns.
        """
        if key != _HUMAN_KEY or self._ending is EndReason.HANDED_OVER:
            return
        self._deadlines.progressed(self._clock())
        acts = await in_time(self._conversation.handle(KeysPressed(key)))
        if not acts or (self._ending is EndReason.BROKEN_STREAM and not _gives_to_a_person(acts)):
            return
        await self._interrupt()
        if any(isinstance(act, Say) and act.expect is not None for act in acts):
            self._ending = None
        self._take_up(acts)

    async def _interrupt(self) -> list[Say]:
        """Stop talking; gives what was not heard, from the sentence that was cut on."""
        if not self._speaking:
            return []
        unsaid = list(self._to_say)
        for say in unsaid:
            self._expect(say)
        self._to_say.clear()
        cuts = await self._playout.interrupt()
        for cut in cuts:
            await self._tell(PromptInterrupted(cut.prompt.say.act.value, cut.prompt.number, cut.heard_ms))
        return [*(replace(cut.prompt.say, parts=cut.rest) for cut in cuts if cut.rest), *unsaid]

    # ---- the bot ----

    @property
    def _speaking(self) -> bool:
        return bool(self._playout.unheard or self._to_say)

    @property
    def _saying(self) -> Say | None:
        """What the caller hears now, or is about to."""
        sounding = [prompt.say for prompt in self._playout.unheard] or self._to_say
        return sounding[0] if sounding else None

    async def _on_heard(self, prompt: Prompt | None) -> None:
        if prompt is not None:
            await self._tell(PromptHeard(prompt.say.act.value, prompt.number))

    async def _on_playout(self, news: PlayoutNews) -> None:
        match news:
            case PromptBegan(_, at):
                self._note_timing(news.prompt.say.act, at)
            case PromptFailed(prompt, kind):
                log.error("voice_failed", call=self._ticket.call_id, act=prompt.say.act.value, kind=kind)
                await self._on_voice_failure()

    async def _on_voice_failure(self) -> None:
        self._to_say.clear()
        if self._ending is EndReason.DONE:  # the reference may be among what was not said: a person says it
            self._ended = LineGone(EndReason.FAILURE, "voice")
        elif not self._voice_failed:
            self._voice_failed = True
            await self._tell(PartFailed("voice"))
        elif self._ending is None:
            self._ended = LineGone(EndReason.FAILURE, "voice")

    async def _tell(self, event: Event, sound: object | None = None) -> None:
        """Give ``event`` to the conversation, with the sound behind it, and do what it answers."""
        if self._ended is not None:
            return
        began = self._clock()
        if isinstance(event, CallerSpoke | KeysPressed):
            self._deadlines.progressed(began)
        await self._do(self._conversation.handle(event, sound))
        if self._answering is not None and isinstance(event, CallerSpoke | NoWords):
            self._answering.thought(began, self._clock())

    async def _do(self, answer: Awaitable[Sequence[ChannelAct]]) -> None:
        acts = await in_time(answer)
        if self._ending is None or (self._ending is not EndReason.HANDED_OVER and _gives_to_a_person(acts)):
            self._take_up(acts)

    def _take_up(self, acts: Sequence[ChannelAct]) -> None:
        for act in acts:
            match act:
                case Say():
                    self._to_say.append(act)
                case HandOver():
                    self._ending = EndReason.HANDED_OVER
                case HangUp(reason):
                    self._ending = reason

    async def _settle(self) -> None:
        """After each news: say what is to be said, end when all is said, else wait for the caller."""
        while self._ended is None and self._to_say and not self._playout.sending:
            await self._begin(self._to_say.popleft())
        if self._ended is not None or self._speaking:
            return
        if self._ending is not None:
            self._ended = LineGone(self._ending, "all_said")
        elif self._question is None:  # nothing to say and nothing to wait for: a person, not a silent line
            self._ended = LineGone(EndReason.FAILURE, "nothing_to_say")
        elif not self._hearing.busy and not self._hearing.waiting:
            self._hearing.ask(self._question)

    async def _begin(self, say: Say) -> None:
        self._number += 1
        self._playout.play(Prompt(say, self._number))
        self._hearing.bot_says(self._saying)
        self._expect(say)
        await self._tell(Prompted(say.act.value, self._number, say.text, say.entry))

    def _expect(self, say: Say) -> None:
        if say.expect is not None:
            self._question = say
            self._hearing.ask(say)

    def _note_timing(self, act: Act, first_frame_at: float) -> None:
        answering, self._answering = self._answering, None
        if answering is not None:
            parts = (*answering.parts, TimingPart("voice", (first_frame_at - answering.since) * 1000, "speech.voice"))
            self._parts.timings.add(TurnTiming(self._ticket.call_id, act.value, parts))


def _gives_to_a_person(acts: Sequence[ChannelAct]) -> bool:
    return any(isinstance(act, HandOver) for act in acts)


def _spoke(heard: Heard, voiced_ms: int, decode_ms: int) -> CallerSpoke:
    return CallerSpoke(
        heard.text, tuple(heard.hypotheses), heard.confidence, voiced_ms, decode_ms, language=heard.language
    )
