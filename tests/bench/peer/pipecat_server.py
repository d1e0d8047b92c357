"""A voice bot of pipecat on Twilio's protocol: the same ears as ours, and a tone for an answer.

Runs on an interpreter of its own (``make peer``), where pipecat is installed and this project is not. Ears are what
pipecat brings: Silero's voice activity with its usual patience, Whisper by faster-whisper on the weights given, one
model for all calls (its own default loads one a call). Nothing is understood, looked up, stored or rendered: what is
measured is the way from a voice to a voice.

Usage: ``python pipecat_server.py PORT WEIGHTS``
"""

import math
import struct
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from faster_whisper import WhisperModel
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import Frame, OutputAudioRawFrame, TranscriptionFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.runner import PipelineRunner
from pipecat.pipeline.task import PipelineParams, PipelineTask
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport

RATE = 8_000
TONE = struct.pack(f"<{RATE}h", *(int(8_000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE)))
PORT, WEIGHTS = int(sys.argv[1]), sys.argv[2]

MODEL = WhisperModel(WEIGHTS, device="cpu", compute_type="int8", cpu_threads=1, num_workers=2, local_files_only=True)
app = FastAPI()


class SharedWhisper(WhisperSTTService):
    """One model for all calls."""

    def _load(self) -> None:
        self._model = MODEL


class Answer(FrameProcessor):
    """A second of a tone for every sentence that was heard."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Answers transcriptions, lets everything else pass."""
        await super().process_frame(frame, direction)
        if isinstance(frame, TranscriptionFrame):
            await self.push_frame(OutputAudioRawFrame(TONE, RATE, 1), direction)
        else:
            await self.push_frame(frame, direction)


@app.websocket("/")
async def call(socket: WebSocket) -> None:
    """One call."""
    await socket.accept()
    messages = socket.iter_json()
    start = {}
    async for message in messages:
        if message["event"] == "start":
            start = message["start"]
            break
    serializer = TwilioFrameSerializer(start["streamSid"], params=TwilioFrameSerializer.InputParams(auto_hang_up=False))
    transport = FastAPIWebsocketTransport(
        socket,
        FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=serializer),
    )
    whisper = SharedWhisper(
        device="cpu", compute_type="int8", settings=WhisperSTTService.Settings(model=WEIGHTS, language="fr")
    )
    ears = VADProcessor(vad_analyzer=SileroVADAnalyzer())
    pipeline = Pipeline([transport.input(), ears, whisper, Answer(), transport.output()])
    task = PipelineTask(pipeline, params=PipelineParams(audio_in_sample_rate=2 * RATE, audio_out_sample_rate=RATE))

    @transport.event_handler("on_client_disconnected")
    async def gone(_transport: FastAPIWebsocketTransport, _socket: WebSocket) -> None:
        await task.cancel()

    await PipelineRunner(handle_sigint=False).run(task)


if __name__ == "__main__":
    logger.remove()
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error")
