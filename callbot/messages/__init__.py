"""SMS texts and the outbox that sends them.

Belongs here: what is written to residents and the worker that gets it out. Does not belong here: Twilio's SDK, SQL.
"""

from callbot.messages.console import ConsoleSender
from callbot.messages.ports import LeasedMessage, MessageStatus, OutboxStore, SmsSender, UndeliverableError
from callbot.messages.texts import BookingSms, CallBackSms, sms_segments
from callbot.messages.worker import OutboxWorker, Outcome

__all__ = [
    "BookingSms",
    "CallBackSms",
    "ConsoleSender",
    "LeasedMessage",
    "MessageStatus",
    "OutboxStore",
    "OutboxWorker",
    "Outcome",
    "SmsSender",
    "UndeliverableError",
    "sms_segments",
]
