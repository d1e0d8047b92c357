"""A worker as ``callbot serve`` runs it, without ears and mouth, which tests may kill at any moment.

``worker.py DATA_DIR`` loads the facts once and then forks a worker for each line on its standard input, as servers
with several workers do: each is a process of its own, ready in a fraction of a second. It answers with ``PID PORT``.
A line is the URL of a database, and may name an event (``CallerSpoke``): that worker dies by SIGKILL right after it
has stored the next such event.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog
import uvicorn
from fastapi import FastAPI

from callbot.bootstrap import Facts, conversation_services, load_facts
from callbot.calls.conversation import Conversations
from callbot.calls.ports import KeepsCalls
from callbot.calls.summaries import Summaries
from callbot.dialogue.acts import Act, Say
from callbot.domain.events import Event
from callbot.domain.personal import PhoneNumber
from callbot.gazetteer import open_gazetteer
from callbot.privacy import load_key_ring
from callbot.settings import LOCAL_ZONE, Settings
from callbot.settings import Calls as CallSettings
from callbot.settings import Storage as StorageSettings
from callbot.storage import Storage
from callbot.storage.serialisation import kind_of
from callbot.telephony.router import Telephony, TelephonyDeps, TurnDeps
from callbot.telephony.tickets import SealedTickets
from tests.telephony.fakes import ScriptedVoice, Words, never_complete, new_ear

OPEN = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL_ZONE)
"""a Monday morning: agents answer"""


SPOKEN = {Act.ASK_NEED: "un canapé et deux matelas", Act.ASK_ADDRESS: "rue de Rome"}
"""what the caller says; everything else is said with keys"""


class OpenHours:
    """The wall clock stands still while agents answer."""

    def now(self) -> datetime:
        return OPEN


@dataclass(frozen=True)
class DeadlyLog:
    """The event log; the process is killed once an event of kind ``deadly`` is stored."""

    log: KeepsCalls
    deadly: str

    async def follow(self, call_id: str, event: Event, after: int) -> bool:
        stored = await self.log.follow(call_id, event, after)
        if kind_of(event) == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return stored

    async def events(self, call_id: str) -> list[Event]:
        return await self.log.events(call_id)

    async def cut_off(self, caller: PhoneNumber, since: datetime, but: str) -> str | None:
        return await self.log.cut_off(caller, since, but)


class KnowsTheAnswer:
    """Ears that hear what the caller of these tests says to each question, whatever the sound."""

    async def listen(self, audio: bytes, voiced_ms: int, question: Say | None) -> Words:
        return Words(SPOKEN.get(question.act, "") if question else "")


def telephony(settings: Settings, facts: Facts, storage: Storage, deadly: str) -> Telephony:
    """What a worker answers the phone company with."""
    wired = conversation_services(settings, facts, storage, OpenHours())
    services = replace(wired, log=DeadlyLog(wired.log, deadly))
    conversations = Conversations(services)
    return Telephony(
        TelephonyDeps(
            settings=settings,
            conversations=conversations,
            calls=storage.events,
            new_ear=new_ear,
            listener=KnowsTheAnswer(),
            answers=never_complete,
            voice=ScriptedVoice(part_s=0.02),
            ready=_ready,
            tickets=SealedTickets(storage.key_ring, storage.used_tickets, OpenHours().now),
            turns=TurnDeps(
                conversations=conversations,
                log=storage.events,
                summaries=Summaries(storage.events, services.world),
                call_backs=services.people,
                hand_overs=storage.hand_overs,
                now=OpenHours().now,
            ),
        )
    )


async def _ready() -> Mapping[str, bool]:
    return {}


async def work(settings: Settings, facts: Facts, deadly: str) -> None:
    """Serve on a free port until killed."""
    keys = await asyncio.to_thread(load_key_ring, settings)
    gazetteer = open_gazetteer(settings.gazetteer_file, sector_of=lambda insee, _: facts.knowledge.sector_of(insee))
    async with await Storage.open(settings.storage_url, keys, OpenHours().now) as storage:
        app = FastAPI()
        app.include_router(telephony(settings, replace(facts, gazetteer=gazetteer), storage, deadly).router)
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
        listening = config.bind_socket()
        listening.listen()  # whoever reads the port may ask at once
        sys.stdout.write(f"{os.getpid()} {listening.getsockname()[1]}\n")
        sys.stdout.flush()
        await uvicorn.Server(config).serve([listening])


def main(data_dir: Path) -> None:
    """Fork a worker for each line, until the input ends."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr), wrapper_class=structlog.make_filtering_bound_logger(40)
    )
    facts = load_facts(Settings(data_dir=data_dir))
    for line in sys.stdin:
        while _buried():
            continue
        if os.fork() == 0:
            url, _, deadly = line.strip().partition(" ")
            # without ears a host has room for every call: what is tried here is what becomes of them
            calls = CallSettings(most_at_once=100)
            settings = Settings(data_dir=data_dir, storage=StorageSettings(url=url), calls=calls)
            asyncio.run(work(settings, facts, deadly))


def _buried() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) != (0, 0)
    except ChildProcessError:
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
