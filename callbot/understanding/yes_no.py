"""Yes or no, with the traps of spoken French: a small list of rules, the first that speaks wins.

"oui mais c'est le 22" corrects what was read back, so it is a no; the number goes to its own slot. Where no rule
speaks, the last yes or no counts, since people correct themselves forwards ("oui… enfin non").
"""

from __future__ import annotations

import re

from callbot.domain.meaning import Expectation, YesNo
from callbot.understanding.lexicon import HESITATIONS
from callbot.understanding.sentence import Sentence

_YES_WORDS = (
    "oui|ouais?|ouai|mouais|yes|ok|okay|oke|d accord|dac|entendu|affirmatif|voila|impeccable|nickel",
    "carrement|exactement|exact|absolument|effectivement|parfait(?:ement)?|tout a fait|evidemment|certainement|correct",
    "volontiers|bien sur|avec plaisir|allez y|allons y|vas y|mais si|si si|vous avez raison|va pour|sans doute",
    "c est (?:bien )?(?:ca|cela|bon|correct|juste|exact|la bonne|le bon|parfait|note|vrai|moi|la$)",
    "ca (?:me )?(?:va|marche|convient|roule|colle|joue)",
    "je (?:confirme|valide|veux bien|suis d accord)|confirme|valide",
)
_YES = "|".join(_YES_WORDS)
_NO = "non|nan|nope|negatif|jamais|nullement|incorrect|faux|erreur"
_PHONE = "(?:portable|mobile|telephone|numero)"
_SURE = "absolument|surtout|certainement|vraiment|carrement|evidemment"
_RIGHT = "ca|cela|bon|bonne|correct|exact|juste|le bon|la bonne|bien|possible|tout a fait|exactement|celui|celle"

_PATTERNS: tuple[tuple[YesNo, str], ...] = (
    # Two negations, and idioms that grant.
    (YesNo.YES, "(?:dis|dirais|dit) pas non"),
    (YesNo.YES, "pourquoi pas|pas faux|pas (?:du tout )?contre|derange pas"),
    (YesNo.YES, "sans (?:probleme|souci|hesiter)"),
    (YesNo.YES, "(?:pas|aucun) (?:de |d )?(?:souci|probleme|objection|inconvenient)s?"),
    (YesNo.YES, "non non (?:mais )?(?:c est|ca va|ca me|oui|parfait|tout|d accord|ca marche)(?! pas)"),
    (YesNo.YES, "(?:crois|pense|dirais|espere|sur) que (?:oui|si)"),
    # Refusals that hold a yes word.
    (YesNo.NO, "non merci|(?:crois|pense|dirais|sur) que non"),
    (YesNo.NO, "(?:crois|pense|veux|souhaite|confirme|valide|accepte) pas"),
    (
        YesNo.NO,
        f"(?:je? )?en ai (?:pas|plus)|(?:je? )?ai (?:pas|plus|aucun) (?:de |d )?{_PHONE}",
    ),
    (
        YesNo.NO,
        f"aucune? des #\\d|aucune?$|(?:pas|rien) d autres?|plus rien|pas de {_PHONE}",
    ),
    (YesNo.NO, f"(?:{_SURE}) pas|pas (?:du tout|ok|okay|d accord|question|vraiment|forcement|encore)"),
    # Yes, but it is something else.
    (YesNo.NO, f"(?:{_YES}) (?:mais )?(?:sans(?! (?:probleme|souci|hesiter))|sauf|moins)"),
    (YesNo.NO, f"(?:{_YES}) mais (?:il faut |vous pouvez )?(?:enlev|retir|ajout|rajout|supprim|chang|remplac)\\w*"),
    (YesNo.NO, f"(?:{_YES}) (?:mais|sauf que) (?:non|pas|plutot|c est|c etait|ce est|le|la|au|il)"),
    # What was read back is not so.
    (YesNo.NO, "(?:c est|ce est|c etait|ca va|ca me va|convient|marche|ira|arrange|je peux) pas"),
    (YesNo.NO, f"pas (?:{_RIGHT})"),
)
_RULES = tuple((re.compile(rf"\b(?:{pattern})\b"), verdict) for verdict, pattern in _PATTERNS)
_LAST_WORD = re.compile(rf"\b(?:(?P<yes>{_YES})|(?P<no>{_NO}))\b")
_UNDECIDED = re.compile(
    r"\b(?:je (?:sais pas(?: trop| si)?|suis pas (?:sure?|certaine?))|sais (?:pas|rien)|peut etre|ca depend|j hesite"
    r"|aucune idee)\b"
)
_CONTRADICTION = re.compile(r"non c est (?:ca|cela|bon|parfait)(?: non)?$")
"""a no and a yes in one breath: nobody means it, but Whisper writes it for a no it heard badly"""
_NEITHER = re.compile(r"(?:non )?ni l (?:une?|#1) ni l autre\b")
_SI_ALONE = re.compile(r"si(?: si)*(?: merci| bien sur)?$")
_NOTHING_MORE = re.compile(
    r"(?:oui |voila |ok |merci |bon )*(?:(?:c est|ce sera|ca sera|ca fait) tout|c est bon|ca (?:ira|suffit|va aller)"
    r"|rien d autre|voila)(?: merci| voila| pour moi| c est tout| c est bon)*$"
)
"""answers to "autre chose ?" that sound like a yes and mean that there is nothing more"""
_NOTHING_CHANGED = re.compile(
    r"(?:(?:non|bon|alors|finalement|en fait|tant pis) )*"
    r"(?:(?:je (?:veux|voudrais|souhaite|change) )?rien(?: du tout)?(?: (?:a )?changer)?|rien de (?:tout )?(?:ca|cela)"
    r"|(?:je |on )?(?:va |vais )?laisse[rz]?(?: tout| ca)? (?:comme (?:c est|c etait|ca|cela|avant|prevu)|tomber)"
    r"|(?:on |je |vous )?(?:touche|change)[zr]?(?: a)? (?:plus )?rien"
    r"|on (?:oublie|en reste la)|oubliez)"
    r"(?: (?:finalement|en fait|merci|du tout|alors|pour l instant|tant pis|s il vous plait))*$"
)
"""a wish taken back, no yes beside it ("c'est bon, laissez comme ça" agrees); of objects other words end the list"""
_SHORT_YES = frozenset({"bien", "tres bien", "super", "merci", "top", "bon", "wi"})
_SHORT_NO = frozenset({"pas", "aucun", "aucune", "rien"})
_OPENINGS = frozenset({"alors", "bah", "ben", "beh", "mais", "bon", "bonjour", "ah", "eh"})
_FIRST_WORDS = 5
"""outside of a yes/no question a yes or a no counts among the first words only"""


def find_yes_no(sentence: Sentence, expect: Expectation) -> YesNo | None:
    """What the caller answers; None when the words decide nothing ("peut-être", "je ne sais pas")."""
    line = _line(sentence)
    if _NEITHER.match(line) or (expect is Expectation.ITEMS and _NOTHING_MORE.match(line)):
        return YesNo.NO
    if expect in (Expectation.ANY, Expectation.YES_NO) and _NOTHING_CHANGED.match(line):
        return YesNo.NO
    if expect not in (Expectation.YES_NO, Expectation.DATE):
        line = " ".join(line.split()[:_FIRST_WORDS])
        if not _begins(line):
            return None
    if line in _SHORT_NO:
        return YesNo.NO
    if _CONTRADICTION.match(line):
        return None
    if _SI_ALONE.match(line) or (expect is Expectation.YES_NO and line in _SHORT_YES):
        return YesNo.YES
    line = _UNDECIDED.sub("|", line)
    for pattern, verdict in _RULES:
        found = pattern.search(line)
        if found and not _revised(line[found.end() :], verdict):
            return verdict
    return _last_word(line)


def _line(sentence: Sentence) -> str:
    """The words without hesitations, openings, and the "ne" that speech drops."""
    words = [tag for tag in sentence.tags.split() if tag not in HESITATIONS and tag not in ("ne", "n")]
    while len(words) > 1 and words[0] in _OPENINGS and words[:2] != ["mais", "si"]:
        words.pop(0)
    return " ".join(words)


def _begins(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_LAST_WORD, _SI_ALONE, *(rule for rule, _ in _RULES)))


def _revised(after: str, verdict: YesNo) -> bool:
    """True when a clear word of the other side follows: "ce n'est pas... si, c'est ça"."""
    last = _last_word(after)
    negated = re.search(r"\bpas\b", after)
    return last is not None and last is not verdict and not negated


def _last_word(line: str) -> YesNo | None:
    last = None
    for found in _LAST_WORD.finditer(line):
        last = YesNo.YES if found["yes"] else YesNo.NO
    return last
