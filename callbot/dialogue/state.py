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
    """The address as far as it is known; ``confirmed`` ends it."""

    number: int | None = None
    repetition: str | None = None
    street_heard: str | None = None
    readings: tuple[str, ...] = ()
    """the street as each hypothesis of the speech engine has it"""
    insee: str | None = None
    doubt: tuple[str, ...] = ()
    """communes the words could mean, best first"""
    anywhere: bool = False
    """the caller does not know the arrondissement: all of them are searched"""
    searched: bool = False
    candidates: tuple[AddressCandidate, ...] = ()
    """what the base found and the caller has not said no to, best first"""
    refused: frozenset[tuple[str, str]] = frozenset()
    """communes (INSEE) and lines the caller has said no to"""
    rounds: int = 0
    """how often the caller has said no to all that was found"""
    choosing: bool = False
    """several candidates are offered at once"""
    number_doubted: int | None = None
    """a number the base does not know and that was asked again: said twice, it stands"""
    confirmed: StreetAddress | None = None

    @property
    def heard(self) -> HeardAddress:
        """What to look up."""
        return HeardAddress(self.number, self.repetition, self.street_heard, self.insee, self.doubt)

    @property
    def in_marseille(self) -> bool:
        """Marseille for sure, the arrondissement unknown."""
        return len(self.doubt) > 1 and all(insee.startswith("132") for insee in self.doubt)


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
    caller_refused: bool = False
    """the number that calls is not the one to write to"""
    no_sms: bool = False
    """a number was given that takes no SMS"""


@dataclass(frozen=True, slots=True)
class State:
    """The whole state of one conversation."""

    call_id: str
    world: World = field(repr=False, compare=False)
    caller: PhoneNumber | None = None
    greeted: bool = False
    need_known: bool = False
    items: tuple[ItemLine, ...] = ()
    refused_all: bool = False
    """nothing of what was asked can be taken: is there anything else?"""
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
    setbacks: int = 0
    """read-backs answered no and searches that found nothing, since the last thing that was confirmed"""
    ever_understood: bool = False
    prompts: int = 0
    over: bool = False
    """handed over or taken leave: nothing more is asked"""
    handed: bool = False
    """a person has the call"""
    ended: bool = False

    @property
    def asked_act(self) -> Act | None:
        """The act of the pending question."""
        return self.asked.act if self.asked else None

    @property
    def insee(self) -> str | None:
        """The commune, when certain."""
        return self.where.insee
