"""The words of messages and the outbox that sends them, by whatever channel.

Belongs here: what is written to residents and the worker that gets it out. Does not belong here: Twilio's SDK, SQL.
"""

from callbot.messages.console import ConsoleSender
from callbot.messages.ports import Delivery, LeasedMessage, MessageStatus, OutboxStore, Sender, UndeliverableError
from callbot.messages.texts import BookingTexts, CallBackSms, sms_segments
from callbot.messages.worker import OutboxWorker, Outcome

__all__ = [
    "BookingTexts",
    "CallBackSms",
    "ConsoleSender",
    "Delivery",
    "LeasedMessage",
    "MessageStatus",
    "OutboxStore",
    "OutboxWorker",
    "Outcome",
    "Sender",
    "UndeliverableError",
    "sms_segments",
]
