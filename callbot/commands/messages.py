"""``callbot messages``: what has not arrived, without whom it is for and what it says; how many SMS each text takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from callbot.bootstrap.bookings import channels_without_sender, notice_writer
from callbot.commands.lists import AsJson, opened, show
from callbot.commands.problems import told
from callbot.commands.published import published_base
from callbot.domain.notices import MessageChannel
from callbot.gazetteer.communes import communes
from callbot.messages.ringing import ring_number
from callbot.messages.segments import Segments, segments
from callbot.settings import LOCAL_ZONE, Settings, load_settings
from callbot.storage import Storage
from callbot.storage.outbox import TroubledMessage

NO_SENDER = {
    MessageChannel.EMAIL: "no mail server: set CALLBOT_EMAIL__HOST",
    MessageChannel.VOICE: "no number to ring from: set CALLBOT_TWILIO__SENDER to one",
    MessageChannel.WEBHOOK: "no receiver: set CALLBOT_OUTWARDS__WEBHOOK_URL",
    MessageChannel.SMS: "no sender of SMS",
}
"""why a message waits whose channel has nobody to send it"""
REASONS = {
    "AtNight": "waits for the morning",
    "CannotOpenError": "the key it was sealed with is gone",
    "EmailFailedError": "the mail server does not take it",
    "NotAtThisHourError": "nobody is rung at this hour",
    "OptedOutError": "the number answered STOP",
    "SendFailed": "the phone company did not take it",
    "TimeoutError": "no answer in time",
    "TooLate": "it came too late to say anything true",
    "UndeliverableError": "refused for good: no such number, address or receiver",
    "WebhookFailedError": "the receiver does not take it",
    "busy": "the line was busy",
    "canceled": "the call was taken back",
    "failed": "the network does not reach the number",
    "no_answer": "nobody answered",
}
"""kinds of failure in words"""


def register(root: typer.Typer) -> None:
    """Hang ``messages`` into the ``callbot`` command."""
    root.command()(messages)


def messages(
    as_json: AsJson = False,
    dead: Annotated[bool, typer.Option("--dead", help="only those nobody tries again, with their count")] = False,
    retry: Annotated[str, typer.Option("--retry", help="id or key of a message that was given up: try again")] = "",
    lengths: Annotated[bool, typer.Option("--segments", help="how many SMS each text is billed as")] = False,
) -> None:
    """Messages that were given up, were not delivered, have been tried in vain so far, or wait for a channel that
    nobody serves; oldest first.
    """
    with told("messages"):
        if lengths:
            table = segment_rows(load_settings())
            show([segment_row(row) for row in table], segment_lines(table), as_json=as_json)
            return
        again, found = asyncio.run(_looked_at(load_settings(), retry))
    if retry and not again:
        typer.echo("not tried again: no message of that id or key was given up, or it is too late for it", err=True)
        raise typer.Exit(1)
    rows = [message_row(message) for message in found if message.dead or not dead]
    show(rows, _lines(rows, count_them=dead), as_json=as_json)


def message_row(message: TroubledMessage) -> dict[str, Any]:
    """A message as JSON, since when in local time; ``ring``: which try a call was."""
    return {
        "id": message.id,
        "key": message.key,
        "channel": message.channel.value,
        "status": message.status.value,
        "delivery": message.delivery.value if message.delivery else None,
        "attempts": message.attempts,
        "ring": ring_number(message.key) if message.channel is MessageChannel.VOICE else None,
        "failure": message.failure,
        "reason": _reason(message),
        "since": message.queued_at.astimezone(LOCAL_ZONE).isoformat(timespec="seconds"),
    }


def _reason(message: TroubledMessage) -> str | None:
    if message.no_sender:
        return NO_SENDER[message.channel]
    return REASONS.get(message.failure, message.failure) if message.failure else None


def segment_rows(settings: Settings) -> list[Segments]:
    """The SMS that the texts of the knowledge base take, with the public address of these settings."""
    knowledge = published_base(settings, "messages")
    names = [commune.name for commune in communes()]
    writer = notice_writer(settings, knowledge)
    return list(segments(writer, knowledge.catalogue, knowledge.territories, names))


def segment_row(row: Segments) -> dict[str, Any]:
    """A line of the table as JSON."""
    return {
        "message": row.notice.value,
        "usual": row.usual,
        "longest": row.longest,
        "letters": row.letters,
        "most": row.most,
    }


def segment_lines(rows: Iterable[Segments]) -> Iterator[str]:
    """The table as text: SMS for an ordinary booking, for the longest one, and what is allowed."""
    yield f"{'message':14} {'usual':>5} {'longest':>7} {'letters':>7} {'most':>4}"
    for row in rows:
        over = "" if row.kept else "  more than is allowed"
        yield f"{row.notice.value:14} {row.usual:5} {row.longest:7} {row.letters:7} {row.most:4}{over}"


async def _looked_at(settings: Settings, retry: str) -> tuple[bool, list[TroubledMessage]]:
    async with opened(settings, "messages") as storage:
        return await _again(storage, retry), await storage.outbox.troubled(channels_without_sender(settings))


async def _again(storage: Storage, named: str) -> bool:
    return bool(named) and await storage.outbox.retry(named, datetime.now(UTC))


def _lines(rows: list[dict[str, Any]], *, count_them: bool) -> Iterator[str]:
    for row in rows:
        since = datetime.fromisoformat(row["since"])
        became = row["delivery"] or row["status"]
        tried = f"{row['ring'] or row['attempts']} x {row['reason'] or ''}".strip()
        yield f"{since:%Y-%m-%d %H:%M}  {row['id']}  {row['channel']}  {became}  {tried}  {row['key']}"
    if count_them:
        yield f"{len(rows)} given up or not delivered"
