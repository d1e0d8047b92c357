"""What breaks. Each fault is a context: it breaks something, waits while callers talk, and mends it at its end."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from callbot.commands.doctor import Health, examine
from callbot.settings import Settings
from callbot.storage.migrate import known_versions, turn_back, version_of
from tests.bench.chaos.hosts import CannotError, Host, Site
from tests.bench.chaos.twilio import Mood, Twilio
from tests.deploy.balanced import HOST, ROOT, wait_until

AHEAD_S: Final = 20 * 60
"""of the host whose clock is wrong: twice as long as a place is kept for a call"""
_CLOCK_WRONG_S: Final = 20.0
_VERSIONS_BACK: Final = 5
_REFUSES_WITHIN_S: Final = 300.0


@dataclass
class Ground:
    """What faults happen to; ``note``: what else was seen, for the report."""

    site: Site
    twilio: Twilio
    note: str = ""
    wrong: str = ""
    """what should not have been seen"""


Breaks = Callable[[Ground], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """``hold_s``: so long it stays broken."""

    name: str
    title: str
    breaks: Breaks
    hold_s: float = 8.0


@asynccontextmanager
async def host_killed(ground: Ground) -> AsyncIterator[None]:
    """``kill -9`` of one of the two; started again, as systemd would."""
    await asyncio.to_thread(ground.site.serves[0].kill)
    yield
    ground.site.serves[0].start()


@asynccontextmanager
async def worker_killed(ground: Ground) -> AsyncIterator[None]:
    """``kill -9`` of the process that sends, and of the host that has just begun to."""
    await asyncio.to_thread(ground.site.worker.kill)
    yield
    ground.site.worker.start()


@asynccontextmanager
async def database_stopped(ground: Ground) -> AsyncIterator[None]:
    """PostgreSQL ends as in a crash, and comes back."""
    await asyncio.to_thread(ground.site.postgres.stop)
    yield
    await asyncio.to_thread(ground.site.postgres.start)


@asynccontextmanager
async def connections_cut(ground: Ground) -> AsyncIterator[None]:
    """Every connection to PostgreSQL ends, again and again."""
    for _ in range(4):
        await asyncio.to_thread(ground.site.postgres.cut_all)
        await asyncio.sleep(1)
    yield


@asynccontextmanager
async def disk_full(ground: Ground) -> AsyncIterator[None]:
    """PostgreSQL's disk is full, and has room again."""
    await asyncio.to_thread(ground.site.postgres.fill_disk)
    try:
        yield
    finally:
        await asyncio.to_thread(ground.site.postgres.free_disk)


def twilio_is(mood: Mood) -> Breaks:
    """The phone company's REST interface answers so."""

    @asynccontextmanager
    async def breaks(ground: Ground) -> AsyncIterator[None]:
        before, ground.twilio.mood = ground.twilio.asked, mood
        yield
        ground.twilio.mood = Mood.WELL
        ground.note = f"{ground.twilio.asked - before} requests met it"

    return breaks


@asynccontextmanager
async def clock_ahead(ground: Ground) -> AsyncIterator[None]:
    """A host's clock jumps ahead while it serves; started again so it must refuse; then the clock is right again."""
    library = await asyncio.to_thread(_skew_library, ground.site.folder)
    host, wrong = ground.site.serves[1], ground.site.folder / "clock-is-wrong"
    preloaded = {"LD_PRELOAD": str(library), "CHAOS_SKEW_S": str(AHEAD_S), "CHAOS_SKEW_IF": str(wrong)}
    await asyncio.to_thread(host.kill)
    host.start(**preloaded)
    await asyncio.to_thread(host.wait_ready)
    wrong.touch()
    await asyncio.sleep(_CLOCK_WRONG_S)
    seen = not await asyncio.to_thread(lambda: host.ready)
    await asyncio.to_thread(host.kill)
    host.start(**preloaded)
    said = await asyncio.to_thread(host.refuses_within, _REFUSES_WITHIN_S)
    ground.note = (
        f"not ready while wrong: {seen}; started again it said: {said.splitlines()[-1] if said else 'nothing'}"
    )
    ground.wrong = "" if seen and "NTP" in said else "a host with a wrong clock takes part"
    await asyncio.to_thread(host.kill)
    yield
    host.start()


def _skew_library(folder: Path) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        raise CannotError("no C compiler to shift a process's clock with")
    made = folder / "skew.so"
    source = Path(__file__).with_name("skew.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source)], check=True)
    return made


@asynccontextmanager
async def model_broken(ground: Ground) -> AsyncIterator[None]:
    """One host is started again while bytes in the middle of its Whisper weights are wrong: it must refuse."""
    host, data = ground.site.serves[1], ground.site.folder / "broken"
    await asyncio.to_thread(_broken_data, data)
    await asyncio.to_thread(host.kill)
    host.start(CALLBOT_DATA_DIR=str(data))
    said = await asyncio.to_thread(host.refuses_within, _REFUSES_WITHIN_S)
    clear = "models fetch" in said and "Traceback" not in said
    doctor = await asyncio.to_thread(_doctor_says, data)
    ground.note = f"serve said: {said.splitlines()[-1] if said else 'nothing'}; doctor: {doctor}"
    ground.wrong = "" if clear and doctor else "no clear refusal of a broken model"
    await asyncio.to_thread(host.kill)
    yield
    host.start()


def _broken_data(data: Path) -> None:
    var = ROOT / "var"
    if data.exists():
        return
    shutil.copytree(var / "models" / "whisper-base", data / "models" / "whisper-base")
    shutil.copy(var / "gazetteer.db", data)
    (data / "phrases").symlink_to(var / "phrases")
    with (data / "models" / "whisper-base" / "model.bin").open("r+b") as weights:
        weights.seek(20_000_000)
        weights.write(bytes(1_000_000))


def _doctor_says(data: Path) -> str:
    """The line of ``callbot doctor`` about the weights when it calls them broken, else nothing."""
    for finding in examine(Settings(data_dir=data)):
        if finding.part == "model whisper-base":
            return finding.text if finding.health is Health.FAILED else ""
    return ""


@asynccontextmanager
async def migration_interrupted(ground: Ground) -> AsyncIterator[None]:
    """An upgrade: tables of an earlier version, a host dies while it brings them up, all start again."""
    site = ground.site
    for host in (*site.serves, site.worker):
        await asyncio.to_thread(host.end)
    version = known_versions()[-_VERSIONS_BACK]
    await asyncio.to_thread(turn_back, site.postgres.url, version)
    site.serves[0].start()
    caught = await asyncio.to_thread(_migrates, site)
    await asyncio.to_thread(site.serves[0].kill)
    left = await asyncio.to_thread(version_of, site.postgres.url)
    ground.note = f"killed {'in the middle' if caught and left == version else 'when it was over'}; {version} -> {left}"
    yield
    for host in (*site.serves, site.worker):
        host.start()


def _migrates(site: Site) -> bool:
    """Waits for the lock under which tables are brought up."""
    with psycopg.connect(site.postgres.dsn(), autocommit=True) as looks:

        def locked() -> bool:
            found = looks.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted").fetchone()
            return found is not None

        try:
            wait_until(locked, "tables are brought up", 90)
        except AssertionError:
            return False
    return True


@asynccontextmanager
async def addresses_away(ground: Ground) -> AsyncIterator[None]:
    """One host asks an addok whose Redis hangs: it takes connections and never answers; then nobody listens at all."""
    host: Host = ground.site.serves[1]
    with socket.create_server((HOST, 0)) as hanging:
        domain = f"{HOST}:{hanging.getsockname()[1]}"
        await asyncio.to_thread(host.kill)
        host.start(CALLBOT_GAZETTEER__GEOCODER="addok", CALLBOT_GAZETTEER__ADDOK_DOMAIN=domain)
        await asyncio.to_thread(host.wait_ready)
        await asyncio.sleep(15)
    yield
    await asyncio.to_thread(host.kill)
    host.start()


FAULTS: Final = (
    Fault("host", "kill -9 of one of two hosts", host_killed),
    Fault("worker", "kill -9 of the worker", worker_killed),
    Fault("database", "PostgreSQL crashes and comes back", database_stopped),
    Fault("connections", "every PostgreSQL connection ended, four times", connections_cut, 1.0),
    Fault("disk", "PostgreSQL's disk (tmpfs of its own) is full", disk_full),
    Fault("twilio-slow", "Twilio takes SMS and answers after 25 s", twilio_is(Mood.SLOW), 30.0),
    Fault("twilio-cut", "the line to Twilio breaks, before or after an SMS is taken", twilio_is(Mood.CUT), 15.0),
    Fault("twilio-429", "Twilio answers 429", twilio_is(Mood.TOO_MANY), 15.0),
    Fault("twilio-500", "Twilio answers 500, every other time after taking the SMS", twilio_is(Mood.FAILING), 15.0),
    Fault("clock", "one host's clock jumps 20 minutes ahead", clock_ahead, 1.0),
    Fault("model", "one host restarts on a broken Whisper model", model_broken, 1.0),
    Fault("migration", "all restart for an upgrade, kill -9 in the middle of it", migration_interrupted, 2.0),
    Fault("addok", "one host's addok takes connections and hangs, then is gone", addresses_away, 15.0),
)
