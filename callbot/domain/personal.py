"""Personal data typed at the source: a value that cannot be printed by accident."""

from __future__ import annotations

from dataclasses import dataclass

_COSTS_EXTRA = (
    # France: numbers at a surcharge (ARCEP numbering plan: 081, 082, 089)
    "+3381", "+3382", "+3389",
    # of no country (ITU-T E.164): satellites, worldwide networks, shared cost, universal and premium numbers
    "+870", "+881", "+882", "+883", "+808", "+878", "+888", "+979",
)  # fmt: skip
"""how numbers begin whose owner earns by every call or message to them"""


@dataclass(frozen=True, slots=True)
class Personal:
    """A text about a person. ``repr`` and ``str`` never show it; ask for ``reveal()`` where it is really needed."""

    value: str

    def reveal(self) -> str:
        """The text itself; every caller of this is a place where personal data leaves its wrapper."""
        return self.value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)


@dataclass(frozen=True, slots=True, repr=False)
class PersonName(Personal):
    """The name a caller left for a booking, as read back to them; nobody is ever looked up by it."""


@dataclass(frozen=True, slots=True, repr=False)
class PhoneNumber(Personal):
    """A phone number in E.164 form (``+33612345678``), already checked by whoever made it."""

    def last_digits(self, count: int = 4) -> str:
        """The last digits, enough for its owner to recognise it and too few for anybody else."""
        return self.value[-count:]

    @property
    def costs_extra(self) -> bool:
        """True for numbers that nobody rings or writes to on behalf of the service, whoever asks for it."""
        return self.value.startswith(_COSTS_EXTRA)

    @property
    def is_french_mobile(self) -> bool:
        """True for numbers that can take an SMS in metropolitan France: 06, 07 (ARCEP numbering plan)."""
        return self.value.startswith(("+336", "+337"))

    @property
    def is_french_landline(self) -> bool:
        """True for numbers of metropolitan France that take calls and no SMS: 01 to 05, 09 (ARCEP numbering plan)."""
        return self.value.startswith(("+331", "+332", "+333", "+334", "+335", "+339"))


@dataclass(frozen=True, slots=True, repr=False)
class EmailAddress(Personal):
    """An e-mail address (``somebody@example.org``), already checked by whoever made it."""
