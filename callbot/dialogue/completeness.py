"""Whether words answer a question in full: then nobody waits for more of them."""

from __future__ import annotations

from callbot.domain.meaning import Expectation, Meaning

_HANGING = frozenset(
    {"et", "de", "du", "des", "la", "le", "les", "à", "au", "aux", "un", "une", "deux", "trois", "euh", "avec", "dans",
     "rue", "avenue", "boulevard", "numéro", "plus", "aussi", "mais", "ou", "c'est", "donc"}
)  # fmt: skip
"""last words of a sentence that goes on"""


def answers_in_full(text: str, meaning: Meaning, expect: Expectation) -> bool:
    """True when ``meaning`` holds all that ``expect`` asks for and the sentence does not hang."""
    words = text.lower().rstrip(" .!?").split()
    if not words or words[-1].rstrip(",") in _HANGING or text.rstrip().endswith(("…", "...", ",")):
        return False
    if meaning.spelled:
        return meaning.wants_human  # nobody but the caller knows which letter is the last
    return meaning.wants_human or holds_answer(meaning, expect)


def holds_answer(meaning: Meaning, expect: Expectation) -> bool:
    """True when ``meaning`` holds all that ``expect`` asks for."""
    address = meaning.address
    match expect:
        case Expectation.YES_NO:
            return meaning.yes_no is not None
        case Expectation.ITEMS | Expectation.ANY:
            return bool(meaning.items)
        case Expectation.COMMUNE:
            return bool(address and (address.insee or address.commune_doubt))
        case Expectation.ADDRESS:
            return bool(address and address.number and address.street_heard)
        case Expectation.NUMBER:
            return bool(address and address.number)
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
