"""Words -> meaning: each finder takes its slot and hides its words from the next; the expectation sets the order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Intent, Meaning, YesNo
from callbot.understanding.addresses import corrected_number, find_address
from callbot.understanding.choices import find_choice
from callbot.understanding.communes import CommuneFinder
from callbot.understanding.dates import find_date
from callbot.understanding.french import annotated, pipeline
from callbot.understanding.instead import find_instead
from callbot.understanding.intents import find_intent, wants_human
from callbot.understanding.items import ItemFinder
from callbot.understanding.names import declines_name, find_name, name_said_anew
from callbot.understanding.numbers import units_of
from callbot.understanding.phones import find_phone
from callbot.understanding.sentence import Sentence, clean, words_of
from callbot.understanding.spelling import read_spelling
from callbot.understanding.topics import find_part, find_topic
from callbot.understanding.yes_no import find_yes_no

_CHANGING = frozenset({Intent.UNKNOWN, Intent.AMEND, Intent.BACK, Intent.BOOK})
"""intents beside which a thing named is a thing to change"""
_READ_AS = {Expectation.NUMBER: Expectation.ADDRESS, Expectation.PART: Expectation.YES_NO}
"""a number alone is read like an address, a part of one like the no that names it"""
_ASIDES = frozenset({Intent.REPEAT, Intent.WAIT, Intent.BACK, Intent.GOODBYE, Intent.EMERGENCY})
"""intents that answer no question: a bare word beside them is not the slot asked for"""


class Understander:
    """Reads one utterance at a time; holds no state of a call."""

    def __init__(self, catalogue: Catalogue, communes: Sequence[Commune]) -> None:
        self._items = ItemFinder(catalogue)
        self._communes = CommuneFinder(communes)

    def warm(self) -> None:
        """Load the French pipeline now (seconds) rather than at the first words of the first call."""
        pipeline()

    def understand(
        self, text: str, expect: Expectation, *, today: date, offered: Sequence[date] = (), insee: str | None = None
    ) -> Meaning:
        """The slots in ``text``; never raises, reads at most ``LONGEST`` characters."""
        sentence = read(text)
        line = " ".join(word.folded for unit in sentence.units for word in unit.words)
        human = wants_human(line)
        aside = human or find_intent(line, has_slots=False, has_items=False) in _ASIDES
        expect = _READ_AS.get(expect, expect)
        reading = Expectation.ANY if aside and expect is not Expectation.YES_NO else expect
        if reading is Expectation.NAME and (named_only := _name_alone(text, sentence)):
            return named_only
        whole = sentence
        phone, sentence = _phone(sentence)
        address, dated, sentence = self._places_and_dates(sentence, reading, today, offered, insee)
        name, sentence = find_name(sentence, Expectation.ANY if aside or find_yes_no(whole, reading) else reading)
        items, _ = self._items.find(sentence, only_clear=reading in (Expectation.ADDRESS, Expectation.NAME))
        yes_no = find_yes_no(whole, reading)
        if (
            address is None
            and yes_no is not YesNo.YES
            and expect is Expectation.YES_NO
            and not (dated or offered or phone)
        ):
            address = corrected_number(sentence)
        no_street, address = find_instead(line, reading, address)
        choice = find_choice(sentence, reading, offered)
        values = bool(items or address or dated or phone or name or choice)
        intent = find_intent(line, has_slots=values or yes_no is not None, has_items=bool(items))
        named = intent in _CHANGING and not (values or human) and reading in (Expectation.ANY, Expectation.YES_NO)
        return Meaning(
            intent=intent,
            yes_no=yes_no,
            items=items,
            address=address,
            date=_date_of_choice(dated, choice, offered),
            choice=choice,
            name=name,
            phone=phone,
            wants_human=human,
            topic=find_topic(line) if named else None,
            part=find_part(line) if reading is Expectation.YES_NO and address is None and not human else None,
            no_street=no_street,
        )

    def _places_and_dates(
        self, sentence: Sentence, expect: Expectation, today: date, offered: Sequence[date], insee: str | None
    ) -> tuple[HeardAddress | None, HeardDate | None, Sentence]:
        """A street is never a date; a number is the one or the other by what was asked."""
        if expect in (Expectation.DATE, Expectation.PHONE, Expectation.YES_NO):
            street, _ = find_address(sentence, Expectation.ANY, self._communes, insee)
            if street is None or street.street_heard is None:
                dated, sentence = find_date(sentence, expect, today, offered)
                address, sentence = find_address(sentence, Expectation.ANY, self._communes, insee)
                return address, dated, sentence
        address, sentence = find_address(sentence, expect, self._communes, insee)
        dated, sentence = find_date(sentence, expect, today, offered)
        return address, dated, sentence


def read(text: str) -> Sentence:
    """The utterance as every finder reads it."""
    text = clean(text)
    return Sentence(text, units_of(annotated(words_of(text))))


def _name_alone(text: str, sentence: Sentence) -> Meaning | None:
    """A spelled name, a name said in place of another, or none wanted: letters and refusals hold no other slot."""
    if spelled := read_spelling(text):
        return Meaning(name=spelled.name, spelled=spelled)
    if anew := name_said_anew(sentence):
        return Meaning(name=anew)
    return Meaning(yes_no=YesNo.NO) if declines_name(sentence) else None


def _phone(sentence: Sentence) -> tuple[str | None, Sentence]:
    words = tuple(word for unit in sentence.units for word in unit.words)
    found = find_phone(words)
    if found is None:
        return None, sentence
    number, (first, last) = found
    spoken = set(words[first:last])
    units = [index for index, unit in enumerate(sentence.units) if spoken.intersection(unit.words)]
    return number, sentence.without(units[0], units[-1] + 1)


def _date_of_choice(dated: HeardDate | None, choice: int | None, offered: Sequence[date]) -> HeardDate | None:
    """The date offered under the number chosen, where the words gave no date themselves."""
    if choice is None or not offered or dated is not None:
        return dated
    return HeardDate(offered[choice - 1], offered[choice - 1])
