"""What the forms of the page ask for: hostile text into values, or a sentence to show beside the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from callbot.domain.items import Catalogue, ItemKind, ItemLine
from callbot.domain.meaning import HeardAddress
from callbot.domain.personal import EmailAddress, Personal
from callbot.web.forms import plain_text, small_number

Form = Mapping[str, str]

LONGEST_NOTE = 250
"""visible characters of a note for the crew"""
MOST_LINES = 20
"""kinds of things in one form"""
QUANTITY, ADDED, HOW_MANY, SEARCHED = "n_", "ajouter", "combien", "cherche"
_LONGEST_EMAIL, _LONGEST_STREET = 254, 80
_NUMBER = re.compile(r"(\d{1,4}) ?(bis|ter|quater|quinquies|[a-z])?", re.ASCII | re.IGNORECASE)
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64})*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
    re.ASCII,
)
"""a plain address as people have them: no quotes, no comments, no address of a machine"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form: beside which field, in words; ``source``: the rule behind a "no", empty for none."""

    field: str
    sentence: str
    source: str = ""


def day_of(form: Form, days: Collection[date], today: date) -> date | Wrong:
    """The day chosen among ``days``."""
    given = form.get("jour", "")
    if not given:
        return Wrong("jour", "Choisissez une date dans la liste.")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return Wrong("jour", "Cette date n'existe pas. Choisissez une date dans la liste.")
    if day < today:
        return Wrong("jour", "Cette date est passée. Choisissez une date dans la liste.")
    if day not in days:
        return Wrong("jour", "Il n'y a pas ou plus de place ce jour-là. Choisissez une autre date dans la liste.")
    return day


def items_of(form: Form, catalogue: Catalogue, present: Sequence[ItemLine]) -> tuple[ItemLine, ...] | Wrong:
    """The things wanted: those of the booking and of the form by their numbers (0: none of it), and the one added."""
    known = {line.item: line for line in present}
    wanted: dict[str, ItemLine] = {}
    for name, given in form.items():
        if not name.startswith(QUANTITY):
            continue
        item = name.removeprefix(QUANTITY)
        if item not in catalogue and item not in known:
            return Wrong(ADDED, "Un objet de la liste n'est pas connu. Choisissez-le à nouveau.")
        count = small_number(given.strip())
        if count is None:
            return Wrong(name, "Écrivez un nombre entier, par exemple 2. Pour enlever cet objet de la liste : 0.")
        if count:
            wanted[item] = replace(known.get(item, ItemLine(item, count)), quantity=count)
    if added := form.get(ADDED, ""):
        count = small_number(form.get(HOW_MANY, "1").strip() or "1")
        if added not in catalogue:
            return Wrong(ADDED, "Cet objet n'est pas dans la liste. Choisissez-en un autre, ou appelez-nous.")
        if not count:
            return Wrong(HOW_MANY, "Écrivez un nombre entier à partir de 1.")
        before = wanted[added].quantity if added in wanted else 0
        wanted[added] = replace(wanted.get(added, ItemLine(added, count)), quantity=before + count)
    if len(wanted) > MOST_LINES:
        return Wrong(ADDED, f"Une liste a {MOST_LINES} sortes d'objets au plus.")
    return tuple(wanted.values())


def kinds_like(text: str, catalogue: Catalogue) -> tuple[ItemKind, ...]:
    """The kinds whose names hold every word of ``text``, all of them for an empty one; by name."""
    words = folded(text).split()
    found = (
        kind
        for kind in catalogue.kinds
        if all(word in folded(" ".join((kind.label, kind.plural, *kind.synonyms))) for word in words)
    )
    return tuple(sorted(found, key=lambda kind: folded(kind.label)))


def folded(text: str) -> str:
    """Without accents and capitals: ``Étagère`` -> ``etagere``."""
    apart = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def note_of(form: Form) -> Personal | Wrong | None:
    """The note, None for an empty one."""
    text = plain_text(unicodedata.normalize("NFC", form.get("note", "")))
    if len(text) > LONGEST_NOTE:
        return Wrong("note", f"Votre note a {len(text)} caractères. Raccourcissez-la à {LONGEST_NOTE} au plus.")
    return Personal(text) if text else None


def email_of(form: Form) -> EmailAddress | Wrong | None:
    """The e-mail address, None for an empty field."""
    text = form.get("courriel", "").strip()
    if not text:
        return None
    if len(text) > _LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        return Wrong("courriel", "Cette adresse ne peut pas être utilisée. Vérifiez-la : nom@exemple.fr.")
    return EmailAddress(text)


def address_of(form: Form, communes: Collection[str]) -> HeardAddress | Wrong:
    """The address to look for; ``communes``: the INSEE codes of the list."""
    number = plain_text(form.get("numero", ""))
    found = _NUMBER.fullmatch(number)
    if number and found is None:
        return Wrong("numero", "Écrivez le numéro seul, par exemple 12 ou 12 bis.")
    street = plain_text(form.get("rue", ""))
    if len(street) < 2:
        return Wrong("rue", "Écrivez le nom de la rue, par exemple : rue de Rome.")
    if len(street) > _LONGEST_STREET:
        return Wrong("rue", f"Ce nom est trop long. Écrivez seulement la rue, en {_LONGEST_STREET} caractères au plus.")
    insee = form.get("commune", "")
    if insee not in communes:
        return Wrong(
            "commune",
            "Nous ne prenons de rendez-vous que dans les communes de la liste. Ailleurs, demandez à votre mairie.",
        )
    repetition = (found[2] or "").lower() or None if found else None
    return HeardAddress(int(found[1]) if found else None, repetition, street, insee)
