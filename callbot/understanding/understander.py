"""Words -> meaning: each finder takes its slot and hides its words from the next; the expectation sets the order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from callbot.domain.geography import Commune
from callbot.domain.items import Catalogue, ItemLine
from callbot.domain.meaning import Expectation, HeardAddress, HeardDate, Intent, Meaning, YesNo
from callbot.understanding.addresses import corrected_number, find_address
from callbot.understanding.asked import NOTHING, Questions, asks, asks_in_general, opens_a_question
from callbot.understanding.choices import find_choice
from callbot.understanding.communes import CommuneFinder
from callbot.understanding.corrections import other_number, takes_back
from callbot.understanding.data_rights import data_right
from callbot.understanding.dates import find_date
from callbot.understanding.french import annotated, pipeline
from callbot.understanding.instead import find_instead
from callbot.understanding.intents import find_intent, wants_human
from callbot.understanding.items import ItemFinder
from callbot.understanding.languages import asked_language, spoken_language
from callbot.understanding.lexicon import LOOSE_STREET_TYPES, STREET_TYPES
from callbot.understanding.names import declines_name, find_name, name_said_anew
from callbot.understanding.numbers import units_of
from callbot.understanding.phones import find_phone
from callbot.understanding.questions import QuestionPhrases
from callbot.understanding.references import ANNOUNCED, find_reference, has_none
from callbot.understanding.sentence import Sentence, clean, words_of
from callbot.understanding.sound import fold
from callbot.understanding.spelling import read_spelling
from callbot.understanding.topics import find_part, find_topic
from callbot.understanding.whys import asks_why
from callbot.understanding.yes_no import find_yes_no

_CHANGING = frozenset({Intent.UNKNOWN, Intent.AMEND, Intent.BACK, Intent.BOOK})
"""intents beside which a thing named is a thing to change"""
_READ_AS = {
    Expectation.NUMBER: Expectation.ADDRESS,
    Expectation.PART: Expectation.YES_NO,
    Expectation.REFERENCE: Expectation.ANY,
}
"""a number alone is read like an address, a part of one like the no that names it"""
_ASIDES = frozenset(
    {Intent.REPEAT, Intent.SLOWER, Intent.NOT_HEARING, Intent.WAIT, Intent.BACK, Intent.GOODBYE, Intent.EMERGENCY,
     Intent.LANGUAGE, Intent.INSULT, Intent.JOKE}
)  # fmt: skip
"""intents that answer no question: a bare word beside them is not the slot asked for"""
_OTHER_CALLS = frozenset(
    {Intent.DATA_RIGHTS, Intent.FLY_TIP, Intent.COMPLAINT, Intent.ASSISTED, Intent.PROFESSIONAL, Intent.OTHER_SERVICE}
)
_BARE_WORDS = frozenset({Expectation.ADDRESS, Expectation.COMMUNE, Expectation.NAME})
"""expectations that take any word for an answer; not those of another reason to call"""
_NOT_HEARD = frozenset({Intent.REPEAT, Intent.SLOWER, Intent.NOT_HEARING})
"""a no beside them is no answer: "non, j'ai pas compris" """
_NUMBERS_PLACES = frozenset({Expectation.COMMUNE, Expectation.ADDRESS})
"""expectations in which a bare number is a place, unless it is said what it counts"""
_NUMBERED = frozenset(
    {Expectation.ANY, Expectation.ITEMS, Expectation.COMMUNE, Expectation.ADDRESS, Expectation.YES_NO}
)
"""expectations in which "pas le 12, le 22" is a house number"""


_NUMBER_AFTER_WAIT = re.compile(
    r"^(?:(?:euh|non|oui|ah|attendez|attends|une? (?:seconde|instant|minute|moment)|#\d (?:secondes|minutes)|pardon) )+"
    r"(?:c est |le |au |plutot |en fait )*#\d"
)


@dataclass(frozen=True, slots=True)
class _Question:
    """What the words answer: ``expect`` was asked ``today``, with ``offered`` dates, in the commune ``insee``."""

    expect: Expectation
    today: date
    offered: Sequence[date]
    insee: str | None


class Understander:
    """Reads one utterance at a time; holds no state of a call."""

    def __init__(
        self, catalogue: Catalogue, communes: Sequence[Commune], questions: Sequence[QuestionPhrases] = ()
    ) -> None:
        self._items = ItemFinder(catalogue)
        self._communes = CommuneFinder(communes)
        self._questions = Questions(questions)

    def warm(self) -> None:
        """Load the French pipeline now (seconds) rather than at the first words of the first call."""
        pipeline()

    def understand(
        self, text: str, expect: Expectation, *, today: date, offered: Sequence[date] = (), insee: str | None = None
    ) -> Meaning:
        """The slots in ``text``; never raises, reads at most ``LONGEST`` characters."""
        sentence = read(text)
        line = _line(sentence)
        if expect not in (Expectation.NAME, Expectation.REFERENCE) and (language := spoken_language(line)):
            return Meaning(intent=Intent.LANGUAGE, language=language)
        reference, sentence = _reference(sentence, expect)
        slots = self._slots(text, sentence, _Question(_READ_AS.get(expect, expect), today, offered, insee))
        if reference:
            return replace(slots, references=(reference,))
        if expect is Expectation.REFERENCE and not slots.wants_human and has_none(line):
            return Meaning(yes_no=YesNo.NO)
        asked = replace(self._with_question(slots, text, line, expect), why=asks_why(line))
        return replace(asked, data_right=data_right(line)) if asked.intent is Intent.DATA_RIGHTS else asked

    def _slots(self, text: str, sentence: Sentence, question: _Question) -> Meaning:
        expect, offered = question.expect, question.offered
        line = _line(sentence)
        human = wants_human(line)
        aside = human or _is_aside(line, sentence, expect)
        reading = Expectation.ANY if aside and expect is not Expectation.YES_NO else expect
        if reading is Expectation.NAME and (named_only := _name_alone(text, sentence)):
            return named_only
        whole = sentence
        phone, sentence = _phone(sentence)
        stated, sentence = self._items.find_stated(sentence) if reading in _NUMBERS_PLACES else ((), sentence)
        address, dated, sentence = self._places_and_dates(sentence, replace(question, expect=reading))
        name, sentence = find_name(sentence, Expectation.ANY if aside or find_yes_no(whole, reading) else reading)
        items, rest = self._things(sentence, reading)
        items = stated or items
        yes_no = find_yes_no(whole, reading)
        another = other_number(whole) if reading in _NUMBERED and not (dated or offered or phone or items) else None
        if another:
            address = replace(address or HeardAddress(), number=another[0], repetition=another[1])
        elif (
            address is None
            and yes_no is not YesNo.YES
            and expect is Expectation.YES_NO
            and not (dated or offered or phone)
        ):
            address = corrected_number(rest)
        no_street, address = find_instead(line, reading, address)
        choice = find_choice(whole if reading is Expectation.COMMUNE else sentence, reading, offered)
        if choice and reading is Expectation.COMMUNE:
            address = None
        values = bool(items or address or dated or phone or name or choice)
        intent, yes_no = _intent(line, yes_no, values=values, items=bool(items))
        named = intent in _CHANGING and not (values or human) and reading in (Expectation.ANY, Expectation.YES_NO)
        topic = find_topic(line, of_booking=intent is Intent.AMEND) if named else None
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
            topic=topic,
            part=find_part(line) if reading is Expectation.YES_NO and address is None and not human else None,
            no_street=no_street,
            language=asked_language(line) if intent is Intent.LANGUAGE else None,
            correcting=bool(values or topic) and takes_back(whole),
        )

    def _things(self, sentence: Sentence, reading: Expectation) -> tuple[tuple[ItemLine, ...], Sentence]:
        only_clear = reading in (Expectation.ADDRESS, Expectation.NAME)
        return self._items.find(sentence, only_clear=only_clear, in_general=asks_in_general(_line(sentence)))

    def _with_question(self, slots: Meaning, text: str, line: str, expect: Expectation) -> Meaning:
        """``slots`` with the question asked beside them, where they do not answer ours."""
        question_form = slots.intent is Intent.QUESTION or asks(text, line)
        if slots.wants_human or _answered(slots, expect, question_form=question_form):
            return slots
        # Objects alone are a booking only where nothing is asked about them.
        plain = find_intent(line, has_slots=True, has_items=False) if slots.intent is Intent.BOOK else slots.intent
        asked = self._questions.asked(text, line, plain, items=bool(slots.items))
        if expect is Expectation.ANY and opens_a_question(line) and replace(slots, correcting=False).is_empty:
            slots = replace(slots, intent=Intent.QUESTION)
        if asked == NOTHING:
            return slots
        intent = asked.intent or slots.intent
        return replace(
            slots,
            intent=intent,
            wants_human=asked.human,
            question=asked.question,
            nearest=asked.nearest,
            language=asked_language(line) if intent is Intent.LANGUAGE else None,
            yes_no=None if expect is Expectation.YES_NO else slots.yes_no,
            address=_named_place(slots.address),
            name=None if expect is Expectation.NAME else slots.name,
        )

    def _places_and_dates(
        self, sentence: Sentence, question: _Question
    ) -> tuple[HeardAddress | None, HeardDate | None, Sentence]:
        """A street is never a date; a number is the one or the other by what was asked."""
        expect, today, offered, insee = question.expect, question.today, question.offered, question.insee
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


def _line(sentence: Sentence) -> str:
    return " ".join(word.folded for unit in sentence.units for word in unit.words)


def _is_aside(line: str, sentence: Sentence, expect: Expectation) -> bool:
    """True when the words are about something else than what was asked."""
    intent = find_intent(line, has_slots=False, has_items=False)
    if intent in (Intent.BACK, Intent.WAIT):
        # "je me suis trompé, c'est le 22", "attendez, le 22" go on with an answer.
        return not (takes_back(sentence) or _NUMBER_AFTER_WAIT.match(sentence.tags))
    return intent in _ASIDES or (intent in _OTHER_CALLS and expect in _BARE_WORDS)


def _intent(line: str, yes_no: YesNo | None, *, values: bool, items: bool) -> tuple[Intent, YesNo | None]:
    """The intent, and the yes or no that stays beside it."""
    if yes_no is YesNo.NO and not values:
        said = find_intent(line, has_slots=False, has_items=False)
        if said in _NOT_HEARD:
            return said, None
        if said is Intent.GOODBYE:
            return said, yes_no
    return find_intent(line, has_slots=values or yes_no is not None, has_items=items), yes_no


def _answered(slots: Meaning, expect: Expectation, *, question_form: bool) -> bool:
    """True when ``slots`` hold an answer to what was asked; a bare word in a question is none."""
    place = slots.address
    match expect:
        case Expectation.ADDRESS | Expectation.COMMUNE | Expectation.NUMBER:
            return place is not None and (place == _named_place(place) or not question_form)
        case Expectation.YES_NO | Expectation.PART:
            return bool(place or slots.date or slots.choice) or (slots.yes_no is not None and not question_form)
        case Expectation.DATE:
            return bool(slots.date or slots.choice or (slots.yes_no and not question_form))
        case Expectation.PHONE:
            return bool(slots.phone)
        case _:
            street = place is not None and (place.number is not None or place.street_heard is not None)
            return (street or bool(slots.phone or slots.name)) and not question_form


def _named_place(address: HeardAddress | None) -> HeardAddress | None:
    """The address unless it is only words that might be a street's, were they not asking something."""
    if address is None or address.number or address.insee or address.commune_doubt:
        return address
    words = fold(address.street_heard or "").split()
    return address if words and words[0] in STREET_TYPES | LOOSE_STREET_TYPES else None


def _reference(sentence: Sentence, expect: Expectation) -> tuple[str | None, Sentence]:
    words = tuple(word for unit in sentence.units for word in unit.words)
    found = find_reference(words, expect)
    if found is None:
        return None, sentence
    reference, (start, end) = found
    for at, unit in enumerate(sentence.units):
        if start <= unit.word.start < end or unit.tag in ANNOUNCED:
            sentence = sentence.without(at, at + 1)
    return reference, sentence


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
