"""Wording for the ear turned into wording for the eye, for the page and for SMS: nobody writes by "saying".

Rules are tried in order, whole sentences first, single words last; they keep the capital a sentence begins with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

_RULES = (
    ("vos paroles sont transcrites, pas enregistrées", "vos messages sont gardés le temps de votre demande"),
    ("j'ai du mal à bien vous entendre", "je ne comprends pas bien"),
    ("j'ai un petit souci pour vous entendre", "j'ai un petit souci technique"),
    ("je ne vous entends pas", "je n'ai pas reçu de réponse"),
    ("je n'entends personne, je raccroche", "je n'ai pas reçu de réponse, je termine ici"),
    ("je vous écoute, prenez", "prenez"),
    ("je vous écoute. quelle", "quelle"),
    (", je parle plus lentement", ""),
    ("je ne sais parler que d'encombrants", "je ne connais que les encombrants"),
    ("je n'ai pas bien saisi", "je n'ai pas bien compris"),
    # 114: the emergency number for those who cannot hear or speak, by SMS
    ("raccrochez et appelez (?:tout de suite )?le 18 ou le 112",
     "appelez le 18 ou le 112, ou envoyez un SMS au 114"),
    ("je vous passe un conseiller", "je transmets votre demande à un conseiller"),
    ("je préfère vous passer un conseiller, il", "je préfère transmettre à un conseiller, qui"),
    ("je vous le passe", "je lui transmets votre demande"),
    ("vous m'avez dit", "vous m'avez écrit"),
    ("parler à un conseiller", "joindre un conseiller"),
    ("voulez-vous lui parler", "voulez-vous son aide"),
    ("dont vous parlez", "dont il s'agit"),
    ("merci de votre appel", "merci"),
    ("rappelez-nous quand vous voulez", "revenez quand vous voulez"),
    ("rappelez-nous un peu plus tard", "revenez un peu plus tard"),
    ("épelez le nom, s'il vous plaît, par exemple : b comme bernard",
     "écrivez le nom lettre par lettre, s'il vous plaît"),
    ("dites chaque lettre avec un mot :", "écrivez chaque lettre. Par exemple :"),
    ("par exemple : douze, rue", "par exemple : 12, rue"),
    (", ou (?:tapez|épelez)-l(?:e|a|es)(?: sur le clavier)?(?:, puis dièse)?", ""),
    (", ou dites(?:-les| les chiffres) un par un", ""),
    (" sur le clavier", ""),
    (", puis dièse", ""),
    (",? lentement", ""),
    ("tapez dièse", "écrivez #"),
    ("tapez zéro", "écrivez 0"),
    ("dites (oui|non)", r"répondez \1"),
    (r"\bredites", "réécrivez"),
    (r"\bdites", "écrivez"),
    (r"\bépelez", "écrivez"),
)  # fmt: skip

_SIGN = r"(?:(?:deux )?[A-Z] comme \w+|[0-9])"
_SPELLED = re.compile(rf"\b{_SIGN}(?:, {_SIGN})+\b")
_DIGITS = re.compile(r"(?<=référence est : )[0-9](?:, [0-9])+")
_SAID_AGAIN = re.compile(r"(?:^| )Je répète : [^.]*\.")
_PAIRS = re.compile(r"\b\d\d(?:, \d\d)+\b")
_BEFORE_SIGNS = re.compile(r" (?=[?!:;»])|(?<=«) ")
_PHONE_PAIRS = frozenset({2, 5})
"""the last four digits of a number, or all ten, two by two"""


def written(text: str) -> str:
    """``text``, worded for the telephone, as it is written; "" where it only says again what was said just before."""
    for pattern, replacement in _COMPILED:
        text = pattern.sub(replacement, text)
    return _SAID_AGAIN.sub("", _PAIRS.sub(_phone, _DIGITS.sub(_joined, _SPELLED.sub(_word, text))))


def unbroken(text: str) -> str:
    """French signs stay on the line of their word: no-break spaces within guillemets and before ? ! : ;"""
    return _BEFORE_SIGNS.sub("\u00a0", text)


def _keep_capital(replacement: str, match: re.Match[str]) -> str:
    new = match.expand(replacement)
    return new[:1].upper() + new[1:] if match.group()[:1].isupper() else new


def _word(match: re.Match[str]) -> str:
    """``K comme Kléber, L comme Louis, 9`` is ``KL9``; bare digits are left, they may be anything."""
    signs = match.group().split(", ")
    if not any("comme" in sign for sign in signs):
        return match.group()
    return "".join(sign[5] * 2 if sign.startswith("deux ") else sign[0] for sign in signs)


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(", ", "")


def _phone(match: re.Match[str]) -> str:
    pairs = match.group().split(", ")
    return " ".join(pairs) if len(pairs) in _PHONE_PAIRS else match.group()


_COMPILED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), partial(_keep_capital, replacement)) for pattern, replacement in _RULES
)
