"""E-mail with a calendar file, over SMTP.

A mail server cannot be asked what it took, so a mail may leave twice when the line breaks at the wrong moment. Its
Message-ID is made of the key of the outbox and is the same both times, and so is the calendar entry: mailboxes and
calendars keep one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import smtplib
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from callbot.domain.clock import Clock
from callbot.domain.personal import Personal
from callbot.messages.ports import UndeliverableError
from callbot.settings import Email as EmailSettings

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Email:
    """What is written; ``calendar`` in iCalendar form."""

    subject: str
    text: str
    calendar: str

    def to_json(self) -> str:
        """As the outbox keeps it, sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)


class EmailFailedError(Exception):
    """Not known to be sent, worth another try. Never carries the address or the text."""


class SmtpSender:
    """``messages.ports.Sender`` for e-mail addresses."""

    def __init__(self, settings: EmailSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    async def send(self, message_key: str, to: Personal, body: str) -> str:
        """The Message-ID; ``UndeliverableError`` when the server refuses this recipient, ``EmailFailedError`` else."""
        message = self._message(message_key, to, Email(**json.loads(body)))
        try:
            await asyncio.to_thread(self._deliver, message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            if all(code >= 500 for code in codes):
                raise UndeliverableError("the mail server refuses this recipient") from None
            raise EmailFailedError("the recipient is refused for now") from None
        except (smtplib.SMTPException, OSError) as failure:
            raise EmailFailedError(type(failure).__name__) from None
        return str(message["Message-ID"])

    async def find(self, message_key: str, to: Personal, body: str, since: datetime) -> str | None:
        """None: a mail server cannot be asked."""
        return None

    def _message(self, message_key: str, to: Personal, email: Email) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = to.reveal()
        message["Subject"] = " ".join(email.subject.split())
        message["Date"] = format_datetime(self._clock.now())
        domain = self._settings.sender.rpartition("@")[2].rstrip(">")
        message["Message-ID"] = f"<{hashlib.sha256(message_key.encode()).hexdigest()[:32]}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(email.text)
        calendar = email.calendar.encode()
        message.add_attachment(calendar, maintype="text", subtype="calendar", filename="rendez-vous.ics")
        return message

    def _deliver(self, message: EmailMessage) -> None:
        settings = self._settings
        with smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S) as server:
            if settings.starttls:
                server.starttls()
            if settings.user:
                server.login(settings.user, settings.password.get_secret_value())
            server.send_message(message)
