"""The public register: what the service is for, with what and by which rules it works, out of its configuration.

Belongs here: the register as data and its checksum. Does not belong here: reading settings or files, pages.
"""

from callbot.privacy.register.entry import Part, Register, Section, empty_sections, register_of
from callbot.privacy.register.source import ModelInUse, Outside, RegisterSource, RuleInForce, checksum

__all__ = [
    "ModelInUse",
    "Outside",
    "Part",
    "Register",
    "RegisterSource",
    "RuleInForce",
    "Section",
    "checksum",
    "empty_sections",
    "register_of",
]
