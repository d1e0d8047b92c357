"""Reads ``opening_hours.yaml`` and ``messages.yaml``."""

from __future__ import annotations

from datetime import time
from string import Formatter

from callbot.domain.bookings import NotConform
from callbot.domain.gsm7 import BASIC, EXTENDED
from callbot.domain.notices import NEEDED, PLACES
from callbot.domain.opening import Span
from callbot.knowledge import provenance
from callbot.knowledge.base import Messages, MessageTemplate, OpeningHours
from callbot.knowledge.places import Weekday
from callbot.knowledge.problems import nearest
from callbot.knowledge.sheet import Entry, Value

_CALL_BACK = frozenset({"date", "first", "last"})
_OTHERS = {"call_back": _CALL_BACK, "stopped": frozenset[str](), "started": frozenset[str]()}
_PLACES = {**{notice.value: places for notice, places in PLACES.items()}, **_OTHERS}
"""messages the service sends, and the places each may hold"""
_NEEDED = {**{notice.value: places for notice, places in NEEDED.items()}, **_OTHERS}


def read_hours(root: Entry) -> OpeningHours:
    """The agents' hours: for each weekday a list of spans ``08:00-18:30``, an empty list when closed."""
    root.only("hours", "open_on_holidays", *provenance.KEYS)
    hours = root.entry("hours")
    by_weekday: dict[int, tuple[Span, ...]] = {}
    if hours is not None:
        hours.only(*Weekday)
        for day in Weekday:
            if day not in hours:
                hours.note(
                    f'missing key "{day}" in hours; expected a list of spans like "08:00-18:30", [] when closed',
                    f"« {day} » manque dans hours ; il faut une liste d'heures comme « 08:00-18:30 », [] si fermé",
                )
            by_weekday[day.number] = tuple(_span(text) for text in hours.texts(day))
    return OpeningHours(by_weekday, root.flag("open_on_holidays"), provenance.read_provenance(root))


def read_messages(root: Entry) -> Messages:
    """The texts sent to residents; every message the service sends, and every reason it may give, must be there."""
    root.only("defaults", "messages", "reasons")
    defaults = root.entry("defaults", optional=True)
    if defaults is not None:
        defaults.only(*provenance.KEYS)
    messages = {entry.name: _message(entry) for entry in root.children("messages", defaults)}
    for missing in (name for name in _PLACES if name not in messages):
        english, french = f'missing message "{missing}"; expected in messages', "il manque dans messages le texte"
        root.note(english, f"{french} « {missing} »", "messages")
    reasons = {entry.name: _reason(entry) for entry in root.children("reasons", defaults)}
    for missing in (why.value for why in NotConform if why.value not in reasons):
        english, french = f'missing reason "{missing}"; expected in reasons', "il manque dans reasons le motif"
        root.note(english, f"{french} « {missing} »", "reasons")
    return Messages(messages, reasons)


def _span(value: Value) -> Span:
    start, _, end = value.text.partition("-")
    try:
        span = Span(time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    except ValueError:
        span = Span(time.max, time.min)
    if span.start >= span.end:
        value.note(
            f'"{value.text}": expected hours like "08:00-18:30", the end after the start',
            f"« {value.text} » : il faut des heures comme « 08:00-18:30 », la fin après le début",
        )
    return span


def _message(entry: Entry) -> MessageTemplate:
    entry.only("text", *provenance.KEYS)
    known = _PLACES.get(entry.name)
    if known is None:
        hint, names = nearest(entry.name, [*_PLACES]), ", ".join(_PLACES)
        entry.note(
            f'unknown message "{entry.name}"; expected one of {names}{hint.english}',
            f"message inconnu : « {entry.name} » ; messages possibles : {names}{hint.french}",
        )
    text = entry.text("text")
    if text and known is not None:
        _check_places(entry, text, known)
    _check_letters(entry, text)
    return MessageTemplate(entry.name, text, provenance.read_provenance(entry))


def _reason(entry: Entry) -> MessageTemplate:
    """Why a crew left something there, as it goes on after "laissé sur place :"."""
    entry.only("text", *provenance.KEYS)
    known = [why.value for why in NotConform]
    if entry.name not in known:
        hint, names = nearest(entry.name, known), ", ".join(known)
        entry.note(
            f'unknown reason "{entry.name}"; expected one of {names}{hint.english}',
            f"motif inconnu : « {entry.name} » ; motifs possibles : {names}{hint.french}",
        )
    text = entry.text("text")
    if set("{}") & set(text):
        french = f"texte de {entry.name} : un motif n'a pas d'accolades"
        entry.note(f"text of {entry.name}: expected no place in a reason", french, "text")
    _check_letters(entry, text)
    return MessageTemplate(entry.name, text, provenance.read_provenance(entry))


def _check_letters(entry: Entry, text: str) -> None:
    foreign = sorted(set(text) - BASIC - EXTENDED)
    if foreign:
        signs = " ".join(foreign)
        entry.note(
            f"text of {entry.name}: {signs} does not fit an ordinary SMS; expected GSM letters",
            f"texte de {entry.name} : {signs} ne tient pas dans un SMS ordinaire ; choisissez d'autres lettres",
            "text",
        )


def _check_places(entry: Entry, text: str, known: frozenset[str]) -> None:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        french = f"texte de {entry.name} : chaque {{ doit être fermée par }}"
        entry.note(f"text of {entry.name}: expected every {{ closed by }}", french, "text")
        return
    names = [name for _, name, spec, conversion in parts if name is not None]
    if any(spec or conversion for _, _, spec, conversion in parts):
        french = f"texte de {entry.name} : il faut des places simples comme {{reference}}"
        entry.note(f"text of {entry.name}: expected plain places like {{reference}}", french, "text")
    for name in names:
        if name not in known:
            expected, places = ", ".join(sorted(known)) or "none", ", ".join(sorted(known)) or "aucune"
            hint = nearest(name, sorted(known))
            entry.note(
                f"unknown place {{{name}}} in {entry.name}; expected one of {expected}{hint.english}",
                f"place inconnue dans {entry.name} : {{{name}}} ; places possibles : {places}{hint.french}",
                "text",
            )
    for name in sorted(_NEEDED[entry.name]):
        if name not in names:
            french = f"texte de {entry.name} : il faut la place {{{name}}}"
            entry.note(f"text of {entry.name}: expected the place {{{name}}}", french, "text")
