"""The four things every entry carries: source, certainty, owner, validity; and what calls itself a sample."""

from __future__ import annotations

from datetime import date

from callbot.domain.items import Certainty
from callbot.knowledge.base import Provenance
from callbot.knowledge.sheet import Entry

KEYS = ("source", "certainty", "owner", "valid_from", "valid_to", "sample")


def read_provenance(entry: Entry) -> Provenance:
    """The provenance of an entry, its keys taken from the entry or from the defaults of its file.

    What is typical, general or inferred (T, G, I) may only be there as a sample (domain facts, "Marks").
    """
    valid_from = entry.day("valid_from") or date.min
    valid_to = entry.day("valid_to", optional=True)
    if valid_to is not None and valid_to < valid_from:
        entry.note('"valid_to" comes before "valid_from"; expected the same day or later', "valid_to")
    certainty = entry.choice("certainty", Certainty)
    sample = entry.flag("sample", default=False)
    if certainty is not Certainty.SOURCED and not sample:
        entry.note(f'certainty {certainty}: expected "sample: true" beside it, only S may do without', "certainty")
    return Provenance(entry.text("source"), certainty, entry.text("owner"), valid_from, valid_to, sample)
