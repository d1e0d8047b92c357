"""A whole call for its page: each line with what the bot believed between it and the next one, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbot.dialogue.state import State, World
from callbot.dialogue.step import step
from callbot.domain.events import CallerSpoke, KeysPressed, Prompted, PromptHeard
from callbot.insight.figures.folding import is_question
from callbot.privacy import Known, MaskedLine, known_of
from callbot.review.beliefs import Belief, Naming, Row, belief_of, plain_row, seconds
from callbot.review.lines import TEXT, AskedEvent, Line, Numbered, line_of, with_questions
from callbot.review.questions import act_words
from callbot.review.standing import standing


@dataclass(frozen=True, slots=True)
class FieldRef:
    """One hidden piece: of which event, of which of its texts, the how manieth of that text's hidden pieces."""

    seq: int
    part: str
    index: int

    @property
    def text(self) -> str:
        """As forms carry it."""
        return f"{self.seq}.{self.part}.{self.index}"


def read_ref(text: str) -> FieldRef | None:
    """The reference in a form, None for anything else."""
    seq, _, rest = text.partition(".")
    part, _, index = rest.partition(".")
    fits = all(one.isascii() and one.isdigit() and len(one) <= 6 for one in (seq, index)) and part.isalnum()
    return FieldRef(int(seq), part, int(index)) if fits else None


@dataclass(frozen=True, slots=True)
class Moment:
    """A line and what followed it until the next one."""

    line: Line
    beliefs: tuple[Belief, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A call as its page shows it. ``known`` is what was masked."""

    call_id: str
    moments: tuple[Moment, ...]
    entries: tuple[str, ...]
    """knowledge entries used, each once"""
    known: Known = field(repr=False)

    def text_of(self, ref: FieldRef) -> MaskedLine | None:
        """The masked text that ``ref`` is in."""
        for moment in self.moments:
            if moment.line.seq == ref.seq and ref.part == TEXT:
                return moment.line.masked
            for belief in moment.beliefs:
                if belief.seq == ref.seq:
                    found = next((row.masked for row in belief.rows if row.part == ref.part), None)
                    if found is not None:
                        return found
        return None


def story_of(call_id: str, events: Sequence[Numbered], world: World, naming: Naming, plain: frozenset[str]) -> Story:
    """The story of a call: a fold over its events. ``plain``: folded names of communes, which are not masked."""
    known = known_of((each.event for each in events), plain)
    moments: list[Moment] = []
    waiting: list[Belief] = []
    state = State(call_id, world)
    clock = _Clock()
    for each in with_questions(events):
        line, told = line_of(each, known), belief_of(each, known, naming)
        beliefs = [told] if told else []
        beliefs += clock.passed(each)
        if _asks(each):
            beliefs.append(Belief(each.number, each.at, "Pourquoi cette question", _why(each, state, naming)))
        state, _ = step(state, each.event)
        if line is not None:
            moments.append(Moment(line, (*waiting, *beliefs)))
            waiting = []
        elif moments:
            moments[-1] = Moment(moments[-1].line, (*moments[-1].beliefs, *beliefs))
        else:
            waiting += beliefs
    return Story(call_id, tuple(moments), _entries(moments), known)


def _asks(each: AskedEvent) -> bool:
    return isinstance(each.event, Prompted) and is_question(each.event.act)


def _why(each: AskedEvent, state: State, naming: Naming) -> tuple[Row, ...]:
    act = each.event.act if isinstance(each.event, Prompted) else ""
    return (plain_row("Acte", act_words(act), act), *standing(state, naming))


def _entries(moments: Sequence[Moment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(moment.line.entry for moment in moments if moment.line.entry))


@dataclass(slots=True)
class _Clock:
    """What a caller waited for, part by part, as far as events tell: from the end of their words to the next prompt."""

    ended: datetime | None = None
    last: datetime | None = None
    parts: list[Row] = field(default_factory=list)

    def passed(self, each: AskedEvent) -> Iterator[Belief]:
        match each.event:
            case CallerSpoke(speech_ms=speech_ms, decode_ms=decode_ms):
                self.ended, self.last = each.at, each.at
                self.parts = [plain_row("Parole", seconds(speech_ms)), plain_row("Décodage", seconds(decode_ms))]
            case KeysPressed():
                self.ended, self.last, self.parts = each.at, each.at, []
            case Prompted() if self.ended is not None and self.last is not None:
                self._add("Réponse composée", each.at)
                total = (each.at - self.ended).total_seconds() * 1000
                yield Belief(
                    each.number,
                    each.at,
                    "Temps",
                    (*self.parts, plain_row("De la fin du tour à la réponse", seconds(total))),
                )
                self.ended = None
            case PromptHeard():
                pass
            case _ if self.ended is not None:
                self._add(_PARTS.get(type(each.event).__name__, type(each.event).__name__), each.at)

    def _add(self, label: str, at: datetime) -> None:
        if self.last is not None:
            self.parts.append(plain_row(label, seconds((at - self.last).total_seconds() * 1000)))
        self.last = at


_PARTS: Mapping[str, str] = {
    "Understood": "Compréhension",
    "AddressesFound": "Recherche d'adresse",
    "EarlierAddressFound": "Adresse précédente",
    "EarlierCallFound": "Appel précédent",
    "ItemsJudged": "Règles sur les objets",
    "DatesFound": "Dates",
    "DateHeld": "Place gardée",
    "Booked": "Enregistrement",
    "BookingsFound": "Rendez-vous",
    "PeopleChecked": "Conseillers",
    "HandedOver": "Passage à une personne",
}
