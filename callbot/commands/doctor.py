"""``callbot doctor``: looks at every part a call needs and says what to do about what is missing."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from callbot.bootstrap import choose_voice_for
from callbot.bootstrap.bookings import channels_without_sender
from callbot.bootstrap.published import published_knowledge
from callbot.commands.ears import worker_line, worker_rows
from callbot.gazetteer import UnreadableBaseError, ensure_gazetteer, open_gazetteer
from callbot.knowledge import Filled, KnowledgeBase, KnowledgeError, Rule, coverage
from callbot.messages import MessageStatus
from callbot.privacy import KeyProblemError, KeyRing, load_key_ring
from callbot.privacy.hooks import HookState
from callbot.privacy.key_sources import unfit_for_the_public
from callbot.settings import EngineName, Settings, load_settings
from callbot.speech.models import MODELS, status
from callbot.speech.voice import VoiceUnavailableError
from callbot.speech.workers.wire import UnsafeWorkersError
from callbot.storage import Storage, StorageAwayError
from callbot.telephony.signatures import UnsafeSetupError, sign, signature_check
from callbot.web.scripts import Scripts


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    part: str
    health: Health
    text: str


def doctor(as_json: Annotated[bool, typer.Option("--json", help="findings as JSON")] = False) -> None:
    """Checks settings, keys, model files, databases, knowledge base, public address; says what to do."""
    findings = list(examine(load_settings()))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        console = Console()
        colours = {Health.OK: "green", Health.WARNING: "yellow", Health.FAILED: "red"}
        for finding in findings:
            mark = f"[{colours[finding.health]}]{finding.health:8}[/]"
            console.print(f"{mark} {finding.part}: {finding.text}", highlight=False, soft_wrap=True)
    if any(finding.health is Health.FAILED for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which a new user would mend them."""
    checks: dict[str, Callable[[Settings], Iterator[Finding]]] = {
        "models": _models,
        "speech workers": _workers,
        "voice": _voice,
        "knowledge base": examine_knowledge,
        "addresses": _gazetteer,
        "keys": _keys,
        "database": _database,
        "hooks": _hooks,
        "phone line": _line,
        "e-mail": _mail,
        "npm": _pages,
    }
    for part, check in checks.items():
        yield from _to_its_end(part, check(settings))


def _to_its_end(part: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings of one check; a file that cannot be used is one of them, the other checks still follow."""
    try:
        yield from findings
    except (OSError, UnreadableBaseError) as problem:
        yield Finding(part, Health.FAILED, str(problem))


def _models(settings: Settings) -> Iterator[Finding]:
    read_elsewhere = settings.speech.engine is EngineName.REMOTE
    for model in MODELS.values():
        if read_elsewhere and model.needed:
            continue
        state = status(settings.models_dir, model)
        if state.complete:
            yield Finding(f"model {model.name}", Health.OK, "there, SHA-256 right")
        elif model.needed:
            yield Finding(f"model {model.name}", Health.FAILED, "missing or broken: run 'callbot models fetch'")
        else:
            yield Finding(
                f"model {model.name}", Health.WARNING, f"not there ({model.purpose}): run 'make natural-voice'"
            )


def _workers(settings: Settings) -> Iterator[Finding]:
    """Each speech worker; one of them is enough for calls."""
    if settings.speech.engine is not EngineName.REMOTE:
        return
    try:
        rows = worker_rows(settings.speech)
    except UnsafeWorkersError as problem:
        yield Finding("speech workers", Health.FAILED, str(problem))
        return
    missing = Health.WARNING if any(row["answers"] for row in rows) else Health.FAILED
    for row in rows:
        yield Finding(f"speech worker {row['worker']}", Health.OK if row["answers"] else missing, worker_line(row))


def _voice(settings: Settings) -> Iterator[Finding]:
    try:
        yield Finding("voice", Health.OK, choose_voice_for(settings).name)
    except VoiceUnavailableError as problem:
        yield Finding("voice", Health.FAILED, str(problem))


def examine_knowledge(settings: Settings) -> Iterator[Finding]:
    """The base as it is published, and how much of it is established."""
    try:
        found = published_knowledge(settings)
    except KnowledgeError as error:
        for problem in error.problems:
            yield Finding("knowledge base", Health.FAILED, str(problem))
        return
    base = found.knowledge
    counts = f"{len(base.catalogue)} items, {len(base.questions)} questions, version {base.version[:12]}"
    over = f"published as number {found.number}" if found.number else "as delivered"
    yield Finding("knowledge base", Health.OK, f"{counts}, {over}")
    if found.problem:
        yield Finding("knowledge base", Health.WARNING, f"{found.problem}: the delivered files are in force")
    yield from _to_its_end("coverage", _coverage(settings, base))


def _coverage(settings: Settings, base: KnowledgeBase) -> Iterator[Finding]:
    ensure_gazetteer(settings.gazetteer_file)
    rows = coverage(base, list(open_gazetteer(settings.gazetteer_file).communes))
    for rule in Rule:
        counted = Counter(row.rules[rule] for row in rows)
        known = {state: counted[state] for state in Filled}
        health = Health.WARNING if known[Filled.MISSING] or known[Filled.SAMPLE] else Health.OK
        shares = ", ".join(f"{count} {state}" for state, count in known.items())
        yield Finding(f"coverage of {rule}", health, f"{shares} of {len(rows)} communes and arrondissements")
    yield Finding("coverage", Health.OK, "commune by commune: 'callbot knowledge coverage'")


def _gazetteer(settings: Settings) -> Iterator[Finding]:
    ensure_gazetteer(settings.gazetteer_file)
    base = open_gazetteer(settings.gazetteer_file).status
    if base.is_sample:
        advice = "a sample: import the national base with 'callbot gazetteer import adresses-13.csv.gz' (and 83, 84)"
        yield Finding("addresses", Health.WARNING, f"{base.streets} streets, {advice}")
    else:
        yield Finding("addresses", Health.OK, f"{base.streets} streets, {base.numbers} numbers")


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        unfit = unfit_for_the_public(settings, load_key_ring(settings))
    except KeyProblemError as problem:
        yield Finding("keys", Health.FAILED, str(problem))
        return
    public = bool(settings.server.public_url)
    for weakness in unfit:
        told = f"{weakness}; 'callbot serve' refuses a public address with it" if public else weakness
        yield Finding("keys", Health.FAILED if public else Health.WARNING, told)
    if not unfit:
        yield Finding("keys", Health.OK, "kept apart from the database, none is weak")


def _database(settings: Settings) -> Iterator[Finding]:
    kind = settings.storage_url.split(":", 1)[0]
    try:
        given_up, waiting = asyncio.run(_stuck_messages(settings, load_key_ring(settings)))
    except KeyProblemError:
        yield Finding("database", Health.FAILED, "not looked at: mend the keys first")
    except StorageAwayError as problem:
        yield Finding("database", Health.FAILED, str(problem))
    else:
        yield Finding("database", Health.OK, f"{kind}, at this version's schema")
        if given_up:
            advice = "'callbot messages --dead' says why; tell these residents in another way"
            yield Finding("messages", Health.WARNING, f"messages given up: {given_up}; {advice}")
        else:
            yield Finding("messages", Health.OK, "messages given up: 0")
        if waiting:
            text = f"{waiting} wait for a channel that nothing leaves by: 'callbot messages' says which"
            yield Finding("messages that wait", Health.WARNING, text)


async def _stuck_messages(settings: Settings, keys: KeyRing) -> tuple[int, int]:
    """How many messages nobody will send any more, and how many wait for a channel that these settings have not;
    opening the storage is what proves the database.
    """
    async with await Storage.open(settings.storage_url, keys) as storage:
        given_up = (await storage.outbox.counts())[MessageStatus.DEAD]
        return given_up, await storage.outbox.waiting(channels_without_sender(settings))


def _hooks(settings: Settings) -> Iterator[Finding]:
    if not settings.hooks:
        return
    try:
        states = asyncio.run(_states_of_hooks(settings, load_key_ring(settings)))
    except (KeyProblemError, StorageAwayError):
        yield Finding("hooks", Health.FAILED, "not looked at: mend keys and database first")
        return
    for state in states:
        text = f"{state.waiting} calls wait, {state.failing} after a failure; {state.set_aside} events set aside"
        bad = state.failing or state.set_aside
        advice = f"; 'callbot privacy hooks retry {state.name}'" if state.set_aside else ""
        yield Finding(f"hook {state.name}", Health.WARNING if bad else Health.OK, text + advice)


async def _states_of_hooks(settings: Settings, keys: KeyRing) -> list[HookState]:
    async with await Storage.open(settings.storage_url, keys) as storage:
        return [state for state in await storage.hooks.states() if state.name in settings.hooks]


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.email.host:
        yield Finding("e-mail", Health.OK, f"leaves by {settings.email.host}, from {settings.email.sender}")
    else:
        advice = "no mail server: e-mails asked for wait until CALLBOT_EMAIL__HOST is set"
        yield Finding("e-mail", Health.WARNING, advice)


def _line(settings: Settings) -> Iterator[Finding]:
    try:
        check = signature_check(settings.server, settings.twilio)
    except UnsafeSetupError as problem:
        yield Finding("phone line", Health.FAILED, str(problem))
        return
    if check.off:
        yield Finding("phone line", Health.WARNING, "loopback only, signatures not checked, SMS on the console")
        return
    if urlsplit(settings.server.public_url).scheme != "https":
        yield Finding("phone line", Health.FAILED, "CALLBOT_SERVER__PUBLIC_URL must be https: Twilio opens wss only")
        return
    path, form = "/voice/incoming", [("CallSid", "CA0")]
    key = settings.twilio.auth_token.get_secret_value()
    signed = sign(key, settings.server.public_url.rstrip("/") + path, form)
    good = check.accepts(path, {"x-twilio-signature": signed}, form)
    yield Finding(
        "phone line", Health.OK if good else Health.FAILED, "self-signed request accepted" if good else "refused"
    )


def _pages(settings: Settings) -> Iterator[Finding]:
    if shutil.which("npm") is None:
        yield Finding(
            "npm",
            Health.WARNING,
            "not there: the natural voice, scripts of pages and one outside peer in the tests want it",
        )
    if not Scripts.read(settings.data_dir).addresses:
        yield Finding(
            "scripts", Health.WARNING, "not brought: agents load their pages again by hand; run make setup where npm is"
        )


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command()(doctor)
