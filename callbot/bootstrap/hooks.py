"""Hooks wired: which there are by the settings, what each is given, the chore that delivers."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC
from functools import cache
from typing import Final

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal
from callbot.gazetteer import communes
from callbot.messages.webhooks import WebhookSender, WebhookSettingsError, webhook_sender
from callbot.privacy.hooks import BadHookError, Delivery, Told
from callbot.privacy.hooks.delivering import Reads
from callbot.privacy.hooks.program import Program
from callbot.privacy.journal import SYSTEM, Noted
from callbot.privacy.patterns import plain_words
from callbot.review.handed_out import handed_out
from callbot.settings import Hook, Settings
from callbot.storage import Storage
from callbot.storage.serialisation import to_json

Chore = Callable[[str, Callable[[], Awaitable[object]], float], AbstractAsyncContextManager[None]]
HOOKS_EVERY_S: Final = 5.0
"""how soon a hook hears of an event"""
_NOBODY: Final = Personal("")


async def hooks_of(settings: Settings, storage: Storage, clock: Clock, stack: AsyncExitStack) -> list[Delivery]:
    """Every hook of the settings, its program started and tried; raises ``BadHookError``."""
    owner = f"{os.getpid()}-{secrets.token_hex(6)}"
    found = []
    for name, hook in settings.hooks.items():
        take = await _program(hook, stack) if hook.entry else _webhook(name, hook, clock)
        reads = _reads(name, storage, unmasked=bool(hook.unmasked_because))
        found.append(Delivery(name, storage.hooks, reads, take, owner=owner, now=lambda: clock.now().astimezone(UTC)))
    return found


@asynccontextmanager
async def hook_chores(
    settings: Settings,
    storage: Storage,
    clock: Clock,
    chore: Chore,
) -> AsyncIterator[None]:
    """Delivers to every hook as long as the block runs, each by itself: a slow one delays no other."""
    async with AsyncExitStack() as stack:
        deliveries = await hooks_of(settings, storage, clock, stack)
        await note_unmasked(settings, storage)
        for delivery in deliveries:
            await stack.enter_async_context(chore(f"hook_{delivery.name}", delivery.sweep, HOOKS_EVERY_S))
        yield


async def note_unmasked(settings: Settings, storage: Storage) -> None:
    """The journal says which hook gets words as they were said, and why, each time that changes."""
    noted = {entry.what: entry.reason for entry in reversed(await storage.journal.entries(Noted.HOOKS))}
    for name, hook in settings.hooks.items():
        what = f"unmasked: {name}"
        reason = hook.unmasked_because or "masked again"
        if noted.get(what) != reason and (hook.unmasked_because or what in noted):
            await storage.journal.note(Noted.HOOKS, SYSTEM, reason, what)


async def _program(hook: Hook, stack: AsyncExitStack) -> Callable[[Told], Awaitable[None]]:
    program = Program(hook.entry)
    await program.check()
    stack.push_async_callback(program.close)
    return program.take


def _webhook(name: str, hook: Hook, clock: Clock) -> Callable[[Told], Awaitable[None]]:
    try:
        sender: WebhookSender = webhook_sender(hook.url, hook.secret.get_secret_value(), clock)
    except WebhookSettingsError:
        where = f"CALLBOT_HOOKS__{name.upper()}__URL and __SECRET"
        raise BadHookError(f"{where} have to be https and base64 of 24 bytes or more (whsec_ before it)") from None

    async def take(told: Told) -> None:
        await sender.send(told.id, _NOBODY, json_of(told))

    return take


def json_of(told: Told) -> str:
    """The body of a webhook."""
    return json.dumps({"id": told.id, **told.body}, ensure_ascii=False)


@cache
def _plain() -> frozenset[str]:
    """Names of communes, which are not masked. Blocking the first time."""
    return plain_words([commune.name for commune in communes()])


def _reads(name: str, storage: Storage, *, unmasked: bool) -> Reads:
    async def read(call_id: str, after: int, until: int | None) -> Sequence[Told]:
        events = (await storage.events.numbered({call_id: 0}))[call_id]
        # Masking a long call takes tens of milliseconds, and callers wait on this loop.
        found = await asyncio.to_thread(
            lambda: handed_out(call_id, events, after, _plain(), to_json, unmasked=unmasked)
        )
        return [Told(f"{name}:{body['call']}:{seq}", seq, body) for seq, body in found if until is None or seq <= until]

    return read
