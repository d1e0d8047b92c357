"""The four things every entry carries: source, certainty, owner, validity; and what calls itself a sample."""

from __future__ import annotations

from datetime import date

from callbot.domain.items import Certainty
from callbot.knowledge.base import Provenance
from callbot.knowledge.sheet import Entry

KEYS = ("source", "spoken_source", "certainty", "owner", "valid_from", "valid_to", "sample")
_LONGEST_SPOKEN = 90
"""characters of a source that is said inside a sentence"""
_ENDS = (".", "!", "?", ";", ":", ",")


def read_provenance(entry: Entry) -> Provenance:
    """The provenance of an entry, its keys taken from the entry or from the defaults of its file.

    What is typical, general or inferred (T, G, I) may only be there as a sample (domain facts, "Marks").
    """
    valid_from = entry.day("valid_from") or date.min
    valid_to = entry.day("valid_to", optional=True)
    if valid_to is not None and valid_to < valid_from:
        entry.note(
            '"valid_to" comes before "valid_from"; expected the same day or later',
            "« valid_to » vient avant « valid_from » ; il faut le même jour ou plus tard",
            "valid_to",
        )
    certainty = entry.choice("certainty", Certainty)
    sample = entry.flag("sample", default=False)
    if certainty is not Certainty.SOURCED and not sample:
        entry.note(
            f'certainty {certainty}: expected "sample: true" beside it, only S may do without',
            f"certainty {certainty} : il faut « sample: true » à côté, seul S s'en passe",
            "certainty",
        )
    source, owner = entry.text("source"), entry.text("owner")
    return Provenance(source, certainty, owner, valid_from, valid_to, sample, _spoken_source(entry))


def _spoken_source(entry: Entry) -> str:
    """The source as it goes on after "d'après": ``la presse locale de 2021, à confirmer``.

    An entry with a source of its own does not take over how that of its file is said.
    """
    if "source" in entry.values and "spoken_source" not in entry.values:
        return ""
    spoken = entry.text("spoken_source", default="")
    if len(spoken) > _LONGEST_SPOKEN or spoken.endswith(_ENDS):
        entry.note(
            f'"spoken_source" in {entry.name}: expected at most {_LONGEST_SPOKEN} characters that end without a mark,'
            ' as they are said after "d\'après"',
            f"« spoken_source » dans {entry.name} : il faut au plus {_LONGEST_SPOKEN} caractères, sans signe à la fin :"
            " ils sont dits après « d'après »",
            "spoken_source",
        )
    return spoken
