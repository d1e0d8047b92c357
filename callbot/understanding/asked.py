"""What a caller asks of the knowledge base, where the words ask something and answer nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Intent
from callbot.understanding.questions import LEAST_SCORE, QuestionFinder, QuestionPhrases

SERVED_BY: Final = {
    "annuler": Intent.CANCEL, "ajouter_objet": Intent.AMEND, "changer_date": Intent.AMEND, "danger": Intent.EMERGENCY,
    "depot_sauvage": Intent.FLY_TIP, "droits_donnees": Intent.DATA_RIGHTS, "langue": Intent.LANGUAGE,
    "passage_oublie": Intent.MISSED, "prendre_rendez_vous": Intent.BOOK, "reclamation": Intent.COMPLAINT,
    "suivi": Intent.STATUS, "autre_service": Intent.OTHER_SERVICE,
}  # fmt: skip
"""entries of the knowledge base that are things to do, and the intents that do them"""
HUMAN: Final = "humain"
"""the entry that is a wish for a person"""
OF_ITEMS: Final = frozenset(
    {"quels_objets", "objets_refuses", "gravats", "dechets_verts", "pneus", "produits_dangereux", "gaz_amiante",
     "petits_appareils", "poids_maximum"}
)  # fmt: skip
"""entries about objects: where one is named, the rules answer for it"""
_MAY_ASK: Final = frozenset({Intent.UNKNOWN, Intent.QUESTION, Intent.BOOK})
"""intents beside which something may be asked"""
_SURE_BESIDE_BOOKING: Final = 0.4
"""score (0..1) a question needs in words that ask for a booking anyway"""
_NEAREST: Final = 3
_QUESTION_FORM: Final = re.compile(
    r"\?|\b(?:est ce que?|combien|pourquoi|comment|quand|quel(?:le)?s?|qu est ce|a partir de|jusqu a quand)\b"
    r"|\b(?:ou|qui) (?:est|sont|je|on|puis|faut|c est)\b|\bc est (?:ou|quoi|quand|payant|gratuit|qui)\b"
)
_LEAD: Final = (
    r"^(?:(?:et|mais|euh|oui|non|bonjour|bonsoir|alors|donc|dites?(?: moi)?|excusez moi|pardon|monsieur|madame|au fait"
    r"|s il vous plait|je (?:voudrais|voulais|veux|aimerais) savoir|(?:j ai )?une question|vous savez|savez vous) )*"
)
_INTERROGATIVE: Final = re.compile(
    _LEAD + r"(?:(?:a|de|d|en|pour|par|dans|sur|avec|depuis|jusqu a|vers) )?"
    r"(?:quel(?:le)?s?(?! (?:horreur|honte|galere|bazar|bordel|dommage|catastrophe|malheur|plaisir|surprise|histoire))"
    r"|qui|combien|pourquoi(?! pas$)|comment(?! (?:allez|ca va|vas?|dire)\b)|quand(?! meme)"
    r"|est ce qu\w?|qu est ce|l[ae]quel(?:le)?"
    r"|ou (?:est|sont|se|je|j|on|puis|peut|faut|c|vous|il|elle)) \w+"
    r"|\bc est (?:quel(?:le)?s?|qui|quoi|combien|comment|pourquoi)\b"
)
_MEASURED: Final = re.compile(
    r"\b(?:(?:pese|pesent|mesure|mesurent) combien|combien (?:pese|pesent|mesure|mesurent)"
    r"|(?:poids|taille|longueur|hauteur)(?: (?:moyen|total|maximum))?) "
    r"(?:une?|la|les?|l|de la|de l|du|des|d une?|votre|vos|de vos|de votre) (?P<thing>\w+)"
    r"|\b(?P<first>\w+) (?:(?:ca|il|elle) )?(?:pese|mesure) combien"
)
"""what is measured: an entry that never speaks of it does not know its measure"""
_OF_TAKING: Final = re.compile(
    r"\b(?:vous|on) (?:(?:les?|la|l|en) )?(?:pren(?:ez|d)|accept\w+|ramass\w+|recuper\w+|enlev\w+|collect\w+"
    r"|emport\w+)\b"
    r"|\b(?:prenez|acceptez|ramassez|recuperez|enlevez|collectez) vous\b"
    r"|\b(?:est|sont) (?:repris|pris|accept|ramass|refus|interdit)\w*"
)
_OWNED: Final = re.compile(
    r"\b(?:j ai|j en ai|on a|nous avons|y a|mes|nos|venir|voudrais|veux|faudrait|besoin|pourriez|pouvez)\b"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``question``: the entry that answers; ``nearest``: those that come near where none surely does."""

    question: str | None = None
    nearest: tuple[str, ...] = ()
    intent: Intent | None = None
    """what is asked to be done; of a plain question ``QUESTION``, or ``BOOK`` where a booking is asked for as well"""
    human: bool = False


NOTHING: Final = Asked()


class Questions:
    """The questions of the knowledge base; holds no state of a call."""

    def __init__(self, entries: Sequence[QuestionPhrases]) -> None:
        self._finder = QuestionFinder(entries) if entries else None

    def asked(self, text: str, line: str, intent: Intent, *, items: bool) -> Asked:
        """What ``text`` (folded: ``line``) asks beside its plain ``intent``; for ``items`` the rules answer."""
        if self._finder is None or intent not in _MAY_ASK:
            return NOTHING
        ranked = self._finder.ranked(text, _NEAREST)
        best = ranked[0] if ranked else None
        measured = next((group for group in found.groups() if group), "") if (found := _MEASURED.search(line)) else ""
        if best and measured and not self._finder.speaks_of(best.id, measured):
            best = None
        if best and best.score >= (_SURE_BESIDE_BOOKING if intent is Intent.BOOK else LEAST_SCORE):
            if items and best.id in OF_ITEMS:
                return Asked(intent=Intent.QUESTION if intent is Intent.UNKNOWN else intent)
            if items and (best.id in SERVED_BY or best.id == HUMAN):
                return NOTHING
            return _found(best.id, intent)
        open_question = (intent is Intent.QUESTION or asks(text, line)) and intent is not Intent.BOOK
        return Asked(nearest=tuple(each.id for each in ranked)) if open_question and not items else NOTHING


def asks(text: str, line: str) -> bool:
    """True for words in the form of a question."""
    return bool(_QUESTION_FORM.search(line)) or text.rstrip().endswith("?")


def opens_a_question(line: str) -> bool:
    """True for words that begin as a question does, whatever it is about."""
    return bool(_INTERROGATIVE.search(line))


def asks_in_general(line: str) -> bool:
    """True for words that ask whether a kind of thing is taken, and tell of none that is there."""
    return bool(_OF_TAKING.search(line)) and not _OWNED.search(line)


def _found(entry: str, intent: Intent) -> Asked:
    if entry == HUMAN:
        return Asked(human=True)
    if entry in SERVED_BY:
        return Asked(intent=SERVED_BY[entry])
    return Asked(entry, intent=intent if intent is Intent.BOOK else Intent.QUESTION)
