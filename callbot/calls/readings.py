"""One meaning out of several readings of the same words.

The speech engine gives five hypotheses. The first is right most often; where it does not answer what was asked, a later
one often does ("un fribot", then "un frigo"). Everything taken this way is read back before it counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from callbot.dialogue.completeness import holds_answer
from callbot.domain.events import Understood
from callbot.domain.french import LEFT_OUT
from callbot.domain.meaning import Expectation, HeardAddress, Intent, Language, Meaning

_FIRST_ONLY = frozenset({Expectation.YES_NO, Expectation.NAME})
"""a yes among five readings proves nothing, and names have no right or wrong"""
_AGREEING = 2
"""readings that must share a house number the first one does not have"""
_COUNT = re.compile(r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\b")
_SAID_IN = frozenset(language.value for language in Language) - {Language.FRENCH, Language.OTHER}
_WISHES = frozenset(
    {Intent.STATUS, Intent.MISSED, Intent.AMEND, Intent.CANCEL, Intent.FLY_TIP, Intent.ASSISTED, Intent.PROFESSIONAL,
     Intent.COMPLAINT, Intent.DATA_RIGHTS, Intent.LANGUAGE}
)  # fmt: skip
_MOST_RIVALS = 2
"""communes between which the caller is asked"""


def best_reading(
    text: str, hypotheses: Sequence[str], expect: Expectation, understand: Callable[[str], Meaning]
) -> Understood:
    """The meaning of ``text``, or of the first hypothesis that answers ``expect`` when ``text`` does not."""
    first = understand(text)
    if expect is Expectation.NAME and first.spelled and not first.spelled.known:
        return Understood(_known_name(first, [understand(other) for other in hypotheses if other != text]))
    if expect is Expectation.COMMUNE and first.address and first.address.insee:
        return Understood(_or_rival(first, [understand(other) for other in hypotheses if other != text]))
    if _settled(first, expect):
        return Understood(_with_more_items(first, text, hypotheses, understand), _streets([first]))
    others = [understand(other) for other in hypotheses if other != text]
    wish = None if holds_answer(first, expect) else _wish(others, expect)
    if wish is not None:
        return Understood(wish)
    if expect is Expectation.ADDRESS:
        chosen = _with_common_number(first, others)
    else:
        chosen = _agreed([other for other in others if holds_answer(other, expect)], first)
    return Understood(chosen, _streets([chosen, *others]))


def in_language(understood: Understood, code: str) -> Understood:
    """What was understood, or that the caller speaks the language ``code`` (ISO 639-1; "": French).

    A plea for a person or a danger counts in whatever language it was made out.
    """
    urgent = understood.meaning.wants_human or understood.meaning.intent is Intent.EMERGENCY
    if not code or urgent:
        return understood
    language = Language(code) if code in _SAID_IN else Language.OTHER
    return Understood(Meaning(intent=Intent.LANGUAGE, language=language))


def corrected(refusal: Meaning, correction: Meaning) -> Meaning:
    """A no with the new value in the same breath ("non, le 22"): numbers only, a street has to be named as one."""
    address = refusal.address
    if address is None and correction.address and correction.address.number:
        address = replace(correction.address, street_heard=None)
    named = refusal if refusal.name else correction
    return replace(
        refusal,
        address=address,
        phone=refusal.phone or correction.phone,
        name=named.name,
        spelled=named.spelled,
    )


def _known_name(first: Meaning, others: Sequence[Meaning]) -> Meaning:
    """The first reading whose letters make a frequent surname, or the name said with them; else the first of all.

    Of 556 readings of light-voice spellings under many prompts 328 were right by the first alone, 394 this way, and
    3 right ones were lost: names that are not frequent and that another reading shortens to one that is.
    """
    return next((other for other in others if other.spelled and other.spelled.known), first)


def _or_rival(first: Meaning, others: Sequence[Meaning]) -> Meaning:
    """The first reading's commune, in doubt where another reading names another: "sixième", "dixième"."""
    named = dict.fromkeys(each.address.insee for each in (first, *others) if each.address and each.address.insee)
    if len(named) < 2:
        return first
    doubt = tuple(insee for insee in named if insee)[:_MOST_RIVALS]
    return replace(first, address=replace(first.address or HeardAddress(), insee=None, commune_doubt=doubt))


def _wish(others: Sequence[Meaning], expect: Expectation) -> Meaning | None:
    """A wish the first reading missed. One reading of a danger is enough: to put somebody through in vain costs less
    than not to. A plea for a person, and where any wish is asked for another one, is in two readings at least.
    """
    danger = next((each for each in others if each.intent is Intent.EMERGENCY), None)
    if danger is not None:
        return danger
    pleas = [each for each in others if each.wants_human]
    if len(pleas) >= _AGREEING or expect is not Expectation.ANY:
        return pleas[0] if len(pleas) >= _AGREEING else None
    wishes = Counter(each.intent for each in others if each.intent in _WISHES)
    agreed = [intent for intent, votes in wishes.most_common(1) if votes >= _AGREEING]
    return next((each for each in others if each.intent in agreed), None)


def _settled(meaning: Meaning, expect: Expectation) -> bool:
    """No need to look at other readings: the answer is there, or the words are about something else."""
    if expect in _FIRST_ONLY and meaning.address is None:
        return True
    if meaning.address is not None and meaning.address.street_heard:
        return False
    return about_something_else(meaning) or holds_answer(meaning, expect)


def about_something_else(meaning: Meaning) -> bool:
    """The words want a person, or anything but a pickup or an answer."""
    return meaning.wants_human or meaning.intent not in (Intent.UNKNOWN, Intent.BOOK, Intent.QUESTION)


def _agreed(answers: Sequence[Meaning], first: Meaning) -> Meaning:
    """The first of ``answers`` when all of them say the same; readings that differ prove nothing.

    Whisper fills doubtful sound with words of its prompt: "Armoire." among five readings of "un matelas".
    """
    said = {
        (
            frozenset(line.item for line in answer.items),
            answer.address.insee or answer.address.commune_doubt if answer.address else None,
            answer.address.number if answer.address else None,
            answer.date,
            answer.choice,
            answer.phone,
            answer.references,
        )
        for answer in answers
    }
    return answers[0] if len(said) == 1 else first


def _with_more_items(
    first: Meaning, text: str, hypotheses: Sequence[str], understand: Callable[[str], Meaning]
) -> Meaning:
    """The first reading with what two others count beside its things: "une table 4-6", "une table et quatre chaises".

    A thing is easily lost, its count hardly ever: only where a count was said, others are looked at; and none where
    something was left out on purpose: readings that missed the "pas" would bring it back.
    """
    if not first.items or not _COUNT.search(text.lower()) or LEFT_OUT.search(text):
        return first
    fuller = [other for other in map(understand, hypotheses) if _counted(other) > _counted(first)]
    agreed, votes = Counter(map(_counted, fuller)).most_common(1)[0] if fuller else (frozenset(), 0)
    if votes < _AGREEING:
        return first
    return replace(first, items=next(other.items for other in fuller if _counted(other) == agreed))


def _counted(meaning: Meaning) -> frozenset[tuple[str, int]]:
    return frozenset((line.item, line.quantity) for line in meaning.items)


def _with_common_number(first: Meaning, others: Sequence[Meaning]) -> Meaning:
    """The first reading, its house number found in other readings when it has none and two of them agree."""
    if first.address and first.address.number:
        return first
    counted = Counter(
        (other.address.number, other.address.repetition) for other in others if other.address and other.address.number
    )
    if not counted:
        return first
    (number, repetition), votes = counted.most_common(1)[0]
    if votes < _AGREEING:
        return first
    return replace(first, address=replace(first.address or HeardAddress(), number=number, repetition=repetition))


def _streets(meanings: Sequence[Meaning]) -> tuple[str, ...]:
    """The street as each reading has it, best first."""
    heard = [meaning.address.street_heard for meaning in meanings if meaning.address]
    return tuple(dict.fromkeys(street for street in heard if street))
