"""What the dialogue knows at one moment: a fold over the events of the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from callbot.dialogue.acts import Act, Say
from callbot.domain.addresses import AddressCandidate, StreetAddress
from callbot.domain.calendar import PickupDate
from callbot.domain.events import Booked
from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate
from callbot.domain.personal import PhoneNumber


@dataclass(frozen=True, slots=True)
class World:
    """Facts that stay the same during a call: how items and communes are called."""

    catalogue: Catalogue
    communes: Mapping[str, Commune]
    """by INSEE code"""


@dataclass(frozen=True, slots=True)
class Where:
    """The address as far as it is known. ``candidates`` are what the base found for ``heard``; ``confirmed`` ends it."""

    heard: HeardAddress = HeardAddress()
    readings: tuple[str, ...] = ()
    anywhere: bool = False
    """the caller does not know the arrondissement: all of them are searched"""
    searched: bool = False
    candidates: tuple[AddressCandidate, ...] = ()
    refused: frozenset[str] = frozenset()
    """lines the caller has said no to"""
    choosing: bool = False
    """several candidates are offered at once"""
    number_doubted: int | None = None
    """a number the base does not know and that was asked again: said twice, it stands"""
    confirmed: StreetAddress | None = None


@dataclass(frozen=True, slots=True)
class When:
    """The date as far as it is known; ``held`` is kept for this call."""

    wish: HeardDate | None = None
    after: date | None = None
    searched: bool = False
    offered: tuple[PickupDate, ...] = ()
    chosen: date | None = None
    held: date | None = None
    taken: bool = False
    """the chosen date filled up in the meantime"""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the confirmation goes; ``declined``: nowhere, the reference said aloud is enough."""

    phone: PhoneNumber | None = None
    confirmed: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The whole state of one conversation."""

    call_id: str
    world: World = field(repr=False, compare=False)
    caller: PhoneNumber | None = None
    greeted: bool = False
    need_known: bool = False
    items: tuple[ItemLine, ...] = ()
    judged: bool = False
    """the rules have spoken on ``items`` for the commune known now"""
    noted: bool = False
    """the caller has been told which items were noted"""
    where: Where = Where()
    when: When = When()
    contact: Contact = Contact()
    recap_accepted: bool = False
    booked: Booked | None = None
    asked: Say | None = None
    """the question that waits for an answer"""
    misses: int = 0
    """consecutive misunderstandings or silences on this question"""
    ever_understood: bool = False
    prompts: int = 0
    over: bool = False
    """handed over or hung up: nothing more is said"""

    @property
    def asked_act(self) -> Act | None:
        """The act of the pending question."""
        return self.asked.act if self.asked else None

    @property
    def insee(self) -> str | None:
        """The commune, when certain."""
        return self.where.heard.insee
