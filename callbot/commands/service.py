"""``callbot serve``, ``callbot worker``, ``callbot phrases``: what runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import typer
import uvicorn
from rich.console import Console
from rich.progress import Progress

from callbot.bootstrap import Service, SystemClock, choose_voice_for, open_service, sms_sender
from callbot.commands.problems import told
from callbot.dialogue.prompts import FIXED
from callbot.messages.worker import OutboxWorker
from callbot.privacy import load_key_ring
from callbot.settings import Settings, load_settings
from callbot.speech.phrases import PhraseBook
from callbot.storage import Storage

console = Console(stderr=True)
DRAIN_S = 5
MAX_MESSAGE = 128 * 1024
"""bytes of one socket message that are read at all; a frame of the phone company has some 300"""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers at ``url`` (http, loopback)."""

    url: str
    service: Service


def show_sms(number: str, body: str) -> None:
    """The SMS of the embedded set-up, on the console; the number comes masked."""
    console.print(f"[bold]SMS → {number}[/bold]\n{body}", highlight=False)


@asynccontextmanager
async def running(service: Service, host: str, port: int) -> AsyncIterator[Running]:
    """Serves until the block ends; port 0 takes a free one."""
    config = uvicorn.Config(
        service.app, host=host, port=port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=DRAIN_S, ws_max_size=MAX_MESSAGE, ws_ping_interval=None,
    )  # fmt: skip
    server = uvicorn.Server(config)
    sockets = [config.bind_socket()]
    bound = sockets[0].getsockname()[1]
    serving = asyncio.create_task(server.serve(sockets))
    try:
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.01)
        yield Running(f"http://{host}:{bound}", service)
    finally:
        server.should_exit = True
        await serving


def serve() -> None:
    """The web service: webhooks, socket, pages; the outbox worker runs inside."""
    with told("serve"):
        asyncio.run(_serve(load_settings()))


async def _serve(settings: Settings) -> None:
    show = show_sms if not settings.twilio.configured else (lambda _number, _body: None)
    stop = _stop_signal()
    async with (
        open_service(settings, show_sms=show) as service,
        running(service, settings.server.host, settings.server.port) as up,
    ):
        console.print(f"callbot is listening at {up.url} — voice {service.voice_name}, stop with Ctrl-C")
        await stop.wait()


def worker() -> None:
    """The outbox worker alone, for set-ups in which it has a process of its own."""
    with told("worker"):
        asyncio.run(_worker(load_settings()))


async def _worker(settings: Settings) -> None:
    clock, stop = SystemClock(), _stop_signal()
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with await Storage.open(settings.storage_url, keys) as storage:
        await OutboxWorker(storage.outbox, sms_sender(settings, storage, clock, show_sms), clock).run(stop)


def phrases() -> None:
    """Renders every fixed phrase once, so that no caller waits for them."""
    settings = load_settings()
    book = PhraseBook(choose_voice_for(settings), settings.phrases_dir)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("phrases", total=len(FIXED))
        book.render_fixed(FIXED, lambda done, total: progress.update(task, completed=done, total=total))
    console.print(f"{len(FIXED)} phrases ready, voice {book.voice.name}")


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    return stop


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for command in (serve, worker, phrases):
        app.command()(command)
