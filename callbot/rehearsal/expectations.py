"""What must be in the database when a call is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from callbot.domain.data_rights import DataRight
from callbot.domain.people import ReportKind
from callbot.rehearsal.answers import Strict

E164: Final = r"^\+[1-9][0-9]{6,14}$"


class Days(Strict):
    """Days from today within which the pickup must be, both included."""

    first: int = Field(0, ge=0)
    last: int = Field(60, ge=0)


class WantedBooking(Strict):
    """The booking that must be there, once."""

    street: str
    insee: str = Field(pattern=r"^[0-9AB]{5}$")
    number: int | None
    items: Mapping[str, int]
    """ids of the knowledge base with their quantity, all of them and no other"""
    phone: str | None = Field(None, pattern=E164)
    sms: bool = True
    days: Days = Days()


class GivenAfterwards(Strict):
    """What has become of a booking that was ``given``; whatever is left out must be as it was."""

    status: Literal["booked", "cancelled"] | None = None
    items: Mapping[str, int] | None = None
    moved: bool = False
    """to another day"""
    days: Days | None = None
    phone: str | None = Field(None, pattern=E164)


def _tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


Words = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
"""one word or several"""


class Expect(Strict):
    """What must be in the database when the call is over. Whatever is left out is not looked at.

    ``given`` is the exception: without a word about them, bookings made before the call must be as they were.
    """

    booking: WantedBooking | Literal["none"] = "none"
    given: tuple[GivenAfterwards, ...] = ()
    ended: Words = ()
    """any one of these reasons (``EndReason``)"""
    hand_over: Words = ()
    """any one of these reasons (``HandOverReason``); [] with ``ended`` handed_over allows all"""
    call_back: bool | None = None
    """whether a call-back was kept"""
    report: ReportKind | Literal["none"] | None = None
    """the only report that was made"""
    data_right: DataRight | Literal["none"] | None = None
    """the only request about data that the register has of it"""
    answered: Words = ()
    """questions of the knowledge base whose answers were said"""
    gap: bool | None = None
    """whether a question was noted that the knowledge base cannot answer"""
    heard: Words = ()
    """acts that must have been heard, or the run shows nothing of what it is for"""
    not_heard: Words = ()
    """acts that must not have been heard"""
    most_turns: int | None = Field(None, ge=1)
    """turns of the caller"""
    twiml: Literal["hang_up", "dial", ""] = ""
    """what the phone company was told at the end"""
