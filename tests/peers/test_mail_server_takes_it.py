"""aiosmtpd, a mail server nobody here wrote, takes our e-mail; the calendar in it is read back by icalendar."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import icalendar
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from callbot.domain.bookings import Author, Booking, BookingStatus
from callbot.domain.items import ItemLine
from callbot.domain.notices import Notice
from callbot.domain.personal import EmailAddress
from callbot.messages import BookingTexts, UndeliverableError
from callbot.messages.email import Email, EmailFailedError, SmtpSender
from callbot.settings import Email as EmailSettings
from tests.booking.sample import CATALOGUE, MOBILE, TEMPLATES, TERRITORY, TUESDAY, PinnedClock, address

pytestmark = pytest.mark.peer

TO = EmailAddress("camille@example.org")
BOOKING = Booking(
    "AC4KR", BookingStatus.BOOKED, TUESDAY, "centre", address(), (ItemLine("matelas", 2),), MOBILE, Author.BOT,
    datetime(2026, 11, 20, tzinfo=UTC), email=TO,
)  # fmt: skip


@dataclass
class Mailbox:
    """Keeps what the server took; refuses recipients with ``answer`` when there is one."""

    answer: str = ""
    mails: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def sender(mailbox: Mailbox) -> Iterator[SmtpSender]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings = EmailSettings(host="127.0.0.1", port=port, sender="encombrants@example.org", starttls=False)
    yield SmtpSender(settings, PinnedClock())
    server.stop()


def written(notice: Notice = Notice.CONFIRMATION) -> str:
    writer = BookingTexts(TEMPLATES, CATALOGUE, now=PinnedClock().now)
    return writer.email(notice, BOOKING, TERRITORY, "k3J9sQ2_xY7-bN4aW8cD")


def event_in(mail: bytes) -> icalendar.Event:
    (attached,) = read(mail).iter_attachments()
    calendar = attached.get_payload(decode=True)
    assert isinstance(calendar, bytes)
    (event,) = icalendar.Calendar.from_ical(calendar).events
    return event


def read(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


async def test_the_confirmation_arrives_with_its_calendar(sender: SmtpSender, mailbox: Mailbox) -> None:
    identity = await sender.send("confirmation:AC4KR:email", TO, written())
    message = read(mailbox.mails[0])
    assert (message["To"], message["Message-ID"]) == (TO.reveal(), identity)
    assert "AC4KR" in str(message["Subject"])
    body = message.get_body(("plain",))
    assert body is not None
    assert "deux matelas" in body.get_content()
    assert event_in(mailbox.mails[0]).start == TUESDAY


async def test_the_same_message_keeps_its_name_however_often_it_leaves(sender: SmtpSender, mailbox: Mailbox) -> None:
    names = [await sender.send("confirmation:AC4KR:email", TO, written()) for _ in range(2)]
    other = await sender.send("amendment:AC4KR:1:email", TO, written())
    assert names[0] == names[1] != other
    assert len(mailbox.mails) == 3


async def test_a_cancelled_pickup_is_cancelled_in_the_calendar(sender: SmtpSender, mailbox: Mailbox) -> None:
    await sender.send("cancellation:AC4KR:email", TO, written(Notice.CANCELLATION))
    assert str(event_in(mailbox.mails[0])["STATUS"]) == "CANCELLED"


async def test_no_line_of_a_subject_becomes_a_header(sender: SmtpSender, mailbox: Mailbox) -> None:
    hostile = Email("Bonjour\r\nBcc: tout-le-monde@example.org", "texte", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    await sender.send("confirmation:AC4KR:email", TO, hostile.to_json())
    assert read(mailbox.mails[0])["Bcc"] is None


@pytest.mark.parametrize(
    ("answer", "error"), [("550 unknown", UndeliverableError), ("450 try later", EmailFailedError)]
)
async def test_a_refusal_for_good_is_told_from_one_for_now(
    sender: SmtpSender, mailbox: Mailbox, answer: str, error: type[Exception]
) -> None:
    mailbox.answer = answer
    with pytest.raises(error):
        await sender.send("confirmation:AC4KR:email", TO, written())
    assert mailbox.mails == []


async def test_a_server_that_is_away_is_tried_later() -> None:
    away = SmtpSender(EmailSettings(host="127.0.0.1", port=1, starttls=False), PinnedClock())
    with pytest.raises(EmailFailedError):
        await away.send("confirmation:AC4KR:email", TO, written())
