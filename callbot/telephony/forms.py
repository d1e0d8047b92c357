"""Twilio's webhook forms: hostile until parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request, status

from callbot.domain.personal import PhoneNumber
from callbot.messages.ringing import Rang

MAX_FORM_BYTES = 32_768
MAX_FIELDS = 100
MAX_VALUE_CHARS = 2_048
_FORM_TYPE = "application/x-www-form-urlencoded"
_CALL_ID = re.compile(r"[A-Za-z0-9_-]{2,64}", re.ASCII)
_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")

# Twilio writes a withheld caller as one of these words, or as "+" and the word typed on a phone's letters.
_WITHHELD_WORDS = ("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNKNOWN", "UNAVAILABLE")
_WITHHELD_NUMBERS = frozenset("+" + word.translate(_KEYPAD) for word in _WITHHELD_WORDS)

Form = tuple[tuple[str, str], ...]


class CallStatus(StrEnum):
    """Where a call is in its life, as Twilio writes it."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def is_final(self) -> bool:
        """True once nobody is on the line any more."""
        return self in _FINAL


RANG: Mapping[CallStatus, Rang] = {
    CallStatus.COMPLETED: Rang.HEARD,
    CallStatus.BUSY: Rang.BUSY,
    CallStatus.NO_ANSWER: Rang.NO_ANSWER,
    CallStatus.FAILED: Rang.FAILED,
    CallStatus.CANCELED: Rang.CANCELED,
}
"""how a call with a message ended, in the words of the outbox"""
_FINAL = {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}

LOST_MESSAGE = frozenset({"failed", "undelivered", "canceled"})
_MESSAGE_STATUSES = LOST_MESSAGE | {"accepted", "scheduled", "queued", "sending", "sent", "delivered", "read"}


class Transfer(StrEnum):
    """How the attempt to put a caller through ended."""

    TALKED = "talked"
    LEFT = "left"
    """the caller hung up before anybody answered"""
    NOBODY = "nobody"
    REDIRECTED = "redirected"
    """the desk took the caller out of the queue: their line goes on elsewhere already"""


_TALKED = frozenset({"completed", "answered"})
_LEFT_QUEUE = {
    "bridged": Transfer.TALKED,
    "redirected-from-bridged": Transfer.TALKED,
    "hangup": Transfer.LEFT,
    "redirected": Transfer.REDIRECTED,
}
_KEYS = re.compile(r"[0-9*#]{1,32}", re.ASCII)


async def read_form(request: Request) -> Form:
    """The pairs of the posted form; ``HTTPException`` 413, 415 or 400 for anything else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        raise HTTPException(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, f"expected {_FORM_TYPE}")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, "form too large")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "not a form") from None
    if any(len(name) > MAX_VALUE_CHARS or len(value) > MAX_VALUE_CHARS for name, value in pairs):
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "field too long")
    return tuple(pairs)


def call_id_of(form: Form) -> str:
    """``CallSid``; 400 when it is missing, given twice or no id."""
    call_id = _only(form, "CallSid")
    if not _CALL_ID.fullmatch(call_id):
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "CallSid is not a call id")
    return call_id


def caller_of(form: Form) -> PhoneNumber | None:
    """``From`` when it is a telephone number in E.164 form, None for a withheld or strange one, and for one at a
    surcharge: ``From`` can be forged, and what we send or ring there would pay whoever did."""
    given = [value for name, value in form if name == "From"]
    if len(given) != 1 or given[0] in _WITHHELD_NUMBERS or not _E164.fullmatch(given[0]):
        return None
    number = PhoneNumber(given[0])
    return None if number.costs_extra else number


def status_of(form: Form) -> CallStatus:
    """``CallStatus``; 400 for a word Twilio does not use."""
    try:
        return CallStatus(_only(form, "CallStatus"))
    except ValueError:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "CallStatus is not a status") from None


def is_over(form: Form) -> bool:
    """True when ``CallStatus`` is given and final; 400 for a word Twilio does not use."""
    return bool(_all(form, "CallStatus")) and status_of(form).is_final


def transfer_of(form: Form) -> Transfer:
    """What became of a ``<Dial>`` or an ``<Enqueue>``; any word that is not known means that nobody answered."""
    dialled, queued = _one(form, "DialCallStatus"), _one(form, "QueueResult")
    if dialled in _TALKED:
        return Transfer.TALKED
    if queued in _LEFT_QUEUE:
        return _LEFT_QUEUE[queued]
    return Transfer.LEFT if is_over(form) else Transfer.NOBODY


def talk_of(form: Form) -> timedelta | None:
    """``DialCallDuration``: how long the caller and a person talked; None when Twilio does not say (a queue)."""
    given = _one(form, "DialCallDuration")
    known = given.isascii() and given.isdigit() and len(given) < 6
    return timedelta(seconds=int(given)) if known else None


def never_bridged(form: Form) -> bool:
    """True where Twilio says that the two never were on one line: somebody, or a machine, answered and did not want
    the call."""
    return _one(form, "DialBridged").lower() == "false"


def dialled_of(form: Form) -> CallStatus | None:
    """``DialCallStatus`` where it is one of a call's; ``answered`` is written for a talk that is over, too."""
    given = _one(form, "DialCallStatus")
    given = CallStatus.COMPLETED.value if given == "answered" else given
    return CallStatus(given) if given in set(CallStatus) else None


def queue_seconds_of(form: Form) -> int:
    """Seconds the caller has been in the queue, 0 when Twilio does not say."""
    given = _one(form, "QueueTime")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


def keys_of(form: Form) -> str:
    """``Digits``: the keys pressed, "" for none or what is no key."""
    given = _one(form, "Digits")
    return given if _KEYS.fullmatch(given) else ""


def words_of(form: Form) -> tuple[str, float]:
    """``SpeechResult`` and its ``Confidence`` from 0 to 1, which is 1 when Twilio does not say."""
    try:
        confidence = float(_one(form, "Confidence") or 1.0)
    except ValueError:
        confidence = 1.0
    return _one(form, "SpeechResult").strip(), confidence if 0.0 <= confidence <= 1.0 else 1.0


def message_of(form: Form) -> tuple[str, str]:
    """``MessageSid`` and ``Body`` of an SMS that came in; 400 when its id is missing or no id."""
    message = _only(form, "MessageSid")
    if not _CALL_ID.fullmatch(message):
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "MessageSid is not a message id")
    return message, _one(form, "Body").strip()


def has_media(form: Form) -> bool:
    """True for a message with pictures or sound."""
    return _one(form, "NumMedia") not in ("", "0")


def opt_out_type(form: Form) -> str:
    """``STOP``, ``START`` or ``HELP`` for a message that Twilio answers by itself, "" for any other."""
    return _one(form, "OptOutType").upper()


def message_status_of(form: Form) -> tuple[str, str]:
    """``MessageSid`` and ``MessageStatus``; 400 when they are missing or look like neither."""
    message, became = _only(form, "MessageSid"), _only(form, "MessageStatus")
    if not _CALL_ID.fullmatch(message) or became not in _MESSAGE_STATUSES:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, "not the status of a message")
    return message, became


def _all(form: Form, name: str) -> Sequence[str]:
    return [value for key, value in form if key == name]


def _one(form: Form, name: str) -> str:
    """The value of a field that may be missing; one given twice counts as missing."""
    values = _all(form, name)
    return values[0] if len(values) == 1 else ""


def _only(form: Form, name: str) -> str:
    values = _all(form, name)
    if len(values) != 1:
        raise HTTPException(status.HTTP_400_BAD_REQUEST, f"{name} expected once")
    return values[0]
