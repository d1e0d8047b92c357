"""``callbot serve``, ``callbot worker``, ``callbot phrases``: what runs."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import typer
import uvicorn
from fastapi import FastAPI
from rich.console import Console
from rich.progress import Progress

from callbot.bootstrap import Service, SystemClock, choose_voice_for, open_service, senders
from callbot.bootstrap.chores import following_calls
from callbot.bootstrap.living import chores_in_force
from callbot.bootstrap.privacy import refuse_unfit_keys
from callbot.commands.problems import told
from callbot.dialogue.prompts import FIXED
from callbot.messages.worker import OutboxWorker
from callbot.privacy import load_key_ring
from callbot.settings import Settings, load_settings
from callbot.speech.phrases import PhraseBook
from callbot.storage import Storage
from callbot.telephony.router import Telephony

console = Console(stderr=True)
DRAIN_S = 600.0
"""seconds that calls going on may hold up the stop; a booking takes two or three minutes"""
QUIET_S = 3.0
"""a call answered just now opens its socket within this time, and what comes after a stream is asked within it"""
CLOSING_S = 5
"""seconds that open requests have once the service stops"""
MAX_MESSAGE = 128 * 1024
"""bytes of one socket message that are read at all; a frame of the phone company has some 300"""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers at ``url`` (http, loopback)."""

    url: str
    service: Service


@dataclass(frozen=True, slots=True)
class Stop:
    """``asked`` with the first SIGINT or SIGTERM, ``at_once`` with the second."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    at_once: asyncio.Event = field(default_factory=asyncio.Event)

    def ask(self) -> None:
        """One more signal."""
        (self.at_once if self.asked.is_set() else self.asked).set()


class _Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would cut every call at the first one."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def show_sms(number: str, body: str) -> None:
    """The SMS of the embedded set-up, on the console; the number comes masked."""
    console.print(f"[bold]SMS → {number}[/bold]\n{body}", highlight=False)


def server_config(app: FastAPI, host: str, port: int, proxies: str) -> uvicorn.Config:
    """How the service is served. ``proxies``: addresses and networks, with commas between, whose ``X-Forwarded-For``
    is believed: who starts too many conversations is told by their own address, not by that of the proxy before us.
    """
    return uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=CLOSING_S, ws_max_size=MAX_MESSAGE, ws_ping_interval=None,
        ws_per_message_deflate=False,  # sound in base64 hardly shrinks, and each call would keep two windows of zlib
    )  # fmt: skip


@asynccontextmanager
async def running(service: Service, host: str, port: int, proxies: str = "127.0.0.1") -> AsyncIterator[Running]:
    """Serves until the block ends; port 0 takes a free one. ``proxies``: as in ``server_config``."""
    config = server_config(service.app, host, port, proxies)
    server = _Server(config)
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
        settings = load_settings()
        refuse_unfit_keys(settings)
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    show = show_sms if not settings.twilio.configured else (lambda _number, _body: None)
    stop = stop_signals()
    async with (
        open_service(settings, show_sms=show) as service,
        running(service, settings.server.host, settings.server.port, settings.server.trusted_proxies) as up,
    ):
        console.print(f"callbot is listening at {up.url} — voice {service.voice_name}, stop with Ctrl-C")
        await stop.asked.wait()
        console.print(f"stopping: {service.telephony.unfinished} calls go on to their end, Ctrl-C again cuts them")
        await drain(service.telephony, stop.at_once)


async def drain(telephony: Telephony, at_once: asyncio.Event) -> None:
    """Sends new calls to a person and waits for those going on: until all is quiet, ``DRAIN_S``, or ``at_once``."""
    telephony.draining = True
    now = asyncio.get_running_loop().time
    latest, quiet_since = now() + DRAIN_S, now()
    while not at_once.is_set() and now() < min(latest, quiet_since + QUIET_S):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(at_once.wait(), 0.1)
        if telephony.unfinished:
            quiet_since = now()


def worker() -> None:
    """Messages and the chores of bookings alone, for set-ups in which they have a process of their own."""
    with told("worker"):
        asyncio.run(_worker(load_settings()))


async def _worker(settings: Settings) -> None:
    clock, stop = SystemClock(), stop_signals()
    keys = await asyncio.to_thread(load_key_ring, settings)
    async with (
        await Storage.open(settings.storage_url, keys) as storage,
        chores_in_force(settings, storage, clock),
    ):
        by = senders(settings, storage, clock, show_sms)
        async with following_calls(storage, by, clock):
            await OutboxWorker(storage.outbox, by, clock, clock_agrees=storage.clock_agrees).run(stop.asked)


def phrases() -> None:
    """Renders every fixed phrase once, so that no caller waits for them."""
    settings = load_settings()
    book = PhraseBook(choose_voice_for(settings), settings.phrases_dir)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("phrases", total=len(FIXED))
        book.render_fixed(FIXED, lambda done, total: progress.update(task, completed=done, total=total))
    console.print(f"{len(FIXED)} phrases ready, voice {book.voice.name}")


def stop_signals() -> Stop:
    """SIGINT and SIGTERM, from now on."""
    stop = Stop()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.ask)
    return stop


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for command in (serve, worker, phrases):
        app.command()(command)
