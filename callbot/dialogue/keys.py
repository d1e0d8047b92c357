"""Keys of the phone as answers: the same meaning as the words they stand for."""

from __future__ import annotations

from callbot.dialogue.acts import Act, Say
from callbot.dialogue.state import State
from callbot.domain.geography import Commune
from callbot.domain.meaning import Expectation, HeardAddress, Intent, Meaning, Topic, YesNo
from callbot.domain.references import references_on_keys

HUMAN = "0"
REPEAT = "*"
NONE_OF_THESE = "9"

_ALWAYS = {HUMAN: Meaning(wants_human=True), REPEAT: Meaning(intent=Intent.REPEAT)}
_DECLINED_BY_HASH = frozenset(
    {Act.ASK_PHONE, Act.ASK_NAME, Act.ASK_NAME_SPELLED, Act.ASK_CALL_BACK_NUMBER, Act.ASK_REFERENCE}
)
_NOTHING = "2"
"""to the question what to change of a booking: its address is not among it"""
_NEEDS = {"1": Intent.BOOK, "2": Intent.STATUS}
_TOPICS = {"1": Topic.ITEMS, "2": Topic.ADDRESS, "3": Topic.DATE, "4": Topic.PHONE}


def meaning_of_keys(state: State, pressed: str) -> Meaning:
    """What the keys say to the pending question; an empty meaning when they say nothing to it."""
    if pressed and not pressed.strip(HUMAN):  # "000" is an impatient 0
        return _ALWAYS[HUMAN]
    if pressed in _ALWAYS:
        return _ALWAYS[pressed]
    asked = state.asked
    if asked is None:
        return Meaning()
    keys = pressed.rstrip("#")
    if asked.act is Act.ASK_SATISFACTION:
        return Meaning(choice=_small(keys))
    if asked.expect is Expectation.YES_NO:
        return Meaning(yes_no={"1": YesNo.YES, "2": YesNo.NO}.get(keys))
    if pressed == "#" and asked.act in _DECLINED_BY_HASH:
        return Meaning(yes_no=YesNo.NO)
    return _value(state, asked, keys)


def _value(state: State, asked: Say, keys: str) -> Meaning:
    """A number, a place in a list, letters: what the question takes."""
    match asked.act:
        case Act.OFFER_DATES | Act.CHOOSE_ADDRESS | Act.CHOOSE_BOOKING | Act.ASK_PART:
            return _choice(keys, asked.expect)
        case Act.ASK_NUMBER | Act.ASK_ADDRESS:
            return _number(keys)
        case Act.ASK_INITIALS:
            return _initials(keys)
        case Act.ASK_COMMUNE | Act.CHECK_COMMUNE:
            return _commune(keys, tuple(state.world.communes.values()))
        case Act.ASK_PHONE | Act.ASK_CALL_BACK_NUMBER:
            return Meaning(phone=_french(keys))
        case Act.ASK_REFERENCE:
            return Meaning(references=references_on_keys(keys))
        case Act.ASK_NEED:
            return Meaning(intent=_NEEDS.get(keys, Intent.UNKNOWN))
        case Act.ASK_CHANGE if keys == _NOTHING:
            return Meaning(yes_no=YesNo.NO)
        case Act.ASK_CORRECTION | Act.ASK_CHANGE:
            return Meaning(topic=_TOPICS.get(keys))
        case _:
            return Meaning()


def _choice(keys: str, expect: Expectation | None) -> Meaning:
    """One key is a place in the list; where house numbers are offered, several are the number itself."""
    if keys == NONE_OF_THESE:
        return Meaning(yes_no=YesNo.NO)
    return _number(keys) if expect is Expectation.NUMBER and len(keys) > 1 else Meaning(choice=_small(keys))


def _number(keys: str) -> Meaning:
    number = _small(keys, 4)
    return Meaning(address=HeardAddress(number=number, number_typed=True)) if number else Meaning()


def _initials(keys: str) -> Meaning:
    """Letters are on the keys 2 to 9; one alone says too little."""
    plausible = len(keys) > 1 and keys.isascii() and keys.isdigit() and not set(keys) & {"0", "1"}
    return Meaning(address=HeardAddress(initials=keys)) if plausible else Meaning()


def _small(keys: str, longest: int = 1) -> int | None:
    return int(keys) if keys.isascii() and keys.isdigit() and len(keys) <= longest and int(keys) > 0 else None


def _french(keys: str) -> str | None:
    """E.164 of ten national digits."""
    plausible = keys.isascii() and keys.isdigit() and len(keys) == 10 and keys[0] == "0" and keys[1] != "0"
    return f"+33{keys[1:]}" if plausible else None


def _commune(keys: str, communes: tuple[Commune, ...]) -> Meaning:
    """One or two digits are an arrondissement of Marseille, five a postcode (several communes may share it)."""
    if len(keys) <= 2:
        found = [each.insee for each in communes if each.arrondissement == _small(keys, 2) is not None]
    else:
        found = [each.insee for each in communes if keys in each.postcodes]
    arrondissements = [insee for insee in found if insee.startswith("132")]
    found = arrondissements or found
    if not found:
        return Meaning()
    if len(found) == 1:
        return Meaning(address=HeardAddress(insee=found[0]))
    return Meaning(address=HeardAddress(commune_doubt=tuple(found)))
