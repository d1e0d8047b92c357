"""Telephones the service may ring for people: never one that costs somebody more than a call."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from callbot.domain.personal import Personal, PhoneNumber

_ORDINARY: Final = re.compile(r"\+33[1-79][0-9]{8}|\+(?:262|590|594|596)[0-9]{9}", re.ASCII)
"""ARCEP: 01 to 07 and 09, and the overseas departments; not 08, where who is rung earns by it, nor other countries"""
_SIP: Final = re.compile(r"sip:[a-z0-9._+-]{1,64}@([a-z0-9.-]{1,190})", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " .-()\u00a0\u202f")


@dataclass(frozen=True, slots=True, repr=False)
class AgentLine(Personal):
    """An agent's telephone: a number in E.164 form, or ``sip:somebody@domain``."""

    @property
    def is_sip(self) -> bool:
        """True for a SIP address."""
        return self.value.startswith("sip:")


def is_ordinary(phone: PhoneNumber) -> bool:
    """True for a number that may be rung at the service's expense."""
    return bool(_ORDINARY.fullmatch(phone.reveal()))


@dataclass(frozen=True, slots=True)
class LineRules:
    """``sip_domains``: where SIP addresses may be; ``own``: numbers of the service, which would ring itself."""

    sip_domains: Collection[str] = ()
    own: Collection[str] = ()

    def read(self, text: str) -> AgentLine | None:
        """The telephone written in ``text``; None for what may not be rung."""
        written = text.strip().lower()
        if (sip := _SIP.fullmatch(written)) is not None:
            return AgentLine(written) if sip.group(1) in self.sip_domains else None
        number = written.translate(_SEPARATORS)
        if number.startswith("00"):
            number = "+" + number[2:]
        elif number.startswith("0"):
            number = "+33" + number[1:]
        return AgentLine(number) if _ORDINARY.fullmatch(number) and number not in self.own else None
