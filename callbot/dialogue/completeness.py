"""Whether words answer a question in full, or break off: then nobody waits for more, or longer for the rest."""

from __future__ import annotations

from enum import StrEnum

from callbot.domain.meaning import Expectation, HeardAddress, Intent, Meaning, YesNo

_HANGING = frozenset(
    {"et", "de", "du", "des", "la", "le", "les", "à", "au", "aux", "un", "une", "deux", "euh", "avec", "dans",
     "rue", "avenue", "boulevard", "numéro", "plus", "aussi", "mais", "ou", "c'est", "donc"}
)  # fmt: skip
"""last words of a sentence that goes on"""
_NUMERALS = frozenset({"un", "une", "deux"})
"""of these, the ones that may end an answer made of figures"""
_FIGURES = frozenset(
    {Expectation.PHONE, Expectation.NUMBER, Expectation.REFERENCE, Expectation.COMMUNE, Expectation.DATE}
)
_WISHES = frozenset(
    {
        Intent.STATUS,
        Intent.MISSED,
        Intent.CANCEL,
        Intent.EMERGENCY,
        Intent.LANGUAGE,
        Intent.DATA_RIGHTS,
        Intent.COMPLAINT,
    }
)
"""wishes that are whole as soon as they are said, where any is asked for"""
_PLACES = frozenset({Expectation.COMMUNE, Expectation.ADDRESS, Expectation.NUMBER})
_OPEN_ENDS = ("…", "...", ",")


class Completeness(StrEnum):
    """How far the words so far answer what was asked."""

    COMPLETE = "complete"
    OPEN = "open"
    """nothing tells whether more comes"""
    HANGING = "hanging"
    """the sentence breaks off: "au douze de la\""""


def completeness_of(text: str, meaning: Meaning, expect: Expectation) -> Completeness:
    """Whether a caller who pauses after ``text`` has answered what ``expect`` asks for; "" is open."""
    if hangs(text, expect):
        return Completeness.HANGING
    return Completeness.COMPLETE if answers_in_full(text, meaning, expect) else Completeness.OPEN


def of_read_back(completeness: Completeness, meaning: Meaning) -> Completeness:
    """The same where what was read back may be corrected: after a bare no the right value often follows a pause."""
    bare = meaning.yes_no is YesNo.NO and not (meaning.address or meaning.phone or meaning.name or meaning.part)
    return Completeness.HANGING if bare else completeness


def hangs(text: str, expect: Expectation) -> bool:
    """True when ``text`` ends where no sentence ends."""
    words = text.lower().rstrip(" .!?").split()
    if not words:
        return False
    last = words[-1].rstrip(",")
    ending_word = last in _HANGING and not (last in _NUMERALS and expect in _FIGURES)
    return ending_word or text.rstrip().endswith(_OPEN_ENDS)


def answers_in_full(text: str, meaning: Meaning, expect: Expectation) -> bool:
    """True when ``meaning`` holds all that ``expect`` asks for and the sentence does not hang."""
    if not text.strip(" .!?") or hangs(text, expect):
        return False
    if meaning.spelled:
        return meaning.wants_human  # nobody but the caller knows which letter is the last
    wish = expect is Expectation.ANY and meaning.intent in _WISHES
    return meaning.wants_human or wish or holds_answer(meaning, expect)


def holds_answer(meaning: Meaning, expect: Expectation) -> bool:
    """True when ``meaning`` holds all that ``expect`` asks for."""
    address = meaning.address
    if expect in _PLACES:
        return address is not None and _holds_place(address, expect)
    match expect:
        case Expectation.YES_NO:
            return meaning.yes_no is not None
        case Expectation.PART:
            return bool(meaning.part or meaning.choice or (address and (address.number or address.street_heard)))
        case Expectation.DATE:
            return bool(meaning.date or meaning.choice or meaning.yes_no)
        case Expectation.PHONE:
            return bool(meaning.phone)
        case Expectation.NAME:
            return bool(meaning.name)
        case Expectation.REFERENCE:
            return bool(meaning.references)
        case _:
            return bool(meaning.items)


def _holds_place(address: HeardAddress, expect: Expectation) -> bool:
    match expect:
        case Expectation.COMMUNE:
            return bool(address.insee or address.commune_doubt)
        case Expectation.ADDRESS:
            return bool(address.number and address.street_heard)
        case _:
            return bool(address.number)
