"""Yes or no, with the traps of spoken French: a small list of rules, the first that speaks wins."""

from __future__ import annotations

import re

from callbot.domain.meaning import Expectation, YesNo
from callbot.understanding.sentence import Sentence

_YES_WORD = (
    r"oui|ouais?|ouai|mouais|yes|ok|okay|oke|d accord|dac|exactement|exact|absolument|effectivement|parfait(?:ement)?|tout a fait"
    r"|bien sur|evidemment|certainement|volontiers|entendu|affirmatif|voila|carrement|impeccable|nickel|c est (?:bien )?(?:ca|cela|bon|"
    r"correct|juste|exact|la bonne|le bon|parfait|note|vrai|moi|la)|c est (?:ca|bien) (?:meme|ca)|ca (?:me )?(?:va|marche|convient|roule|colle|joue)"
    r"|je (?:confirme|valide|veux bien|suis d accord)|confirme|valide|allez y|allons y|vas y|mais si|si si|avec plaisir|correct|va pour"
    r"|sans (?:aucun )?doute|ce sera parfait|vous avez raison|pile"
)
_NO_WORD = r"non|nan|nope|negatif|jamais|nullement|incorrect|faux|erreur"
_HEDGE = r"(?:je (?:ne )?(?:sais|suis) pas(?: (?:sur|sure|trop|si))?|(?:j en )?sais (?:pas|rien)|peut etre|ca depend|j hesite|aucune idee)"

_RULES: tuple[tuple[re.Pattern[str], YesNo | None], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), verdict)
    for pattern, verdict in (
        # double negations and idioms that mean yes
        (r"(?:dis|dirais|dit) pas non|pas (?:du tout )?contre|pourquoi pas|pas faux|sans (?:probleme|souci|hesiter)", YesNo.YES),
        (r"(?:pas|aucun) (?:de |d )?(?:souci|probleme|objection|inconvenient)s?|derange pas|bien sur que (?:oui|si)", YesNo.YES),
        (r"non non (?:mais )?(?:c est|ca va|ca me|oui|parfait|tout|d accord|ca marche)(?! pas)", YesNo.YES),
        (r"(?:crois|pense|dirais|espere) que (?:oui|si)", YesNo.YES),
        # courteous or complete refusals
        (r"non merci|bien sur que non|(?:crois|pense|dirais) que non|(?:crois|pense|veux|souhaite|confirme|valide|accepte) pas", YesNo.NO),
        (r"(?:absolument|surtout|certainement|vraiment|carrement|evidemment) pas|pas (?:du tout|ok|okay|d accord|question)", YesNo.NO),
        # yes, but it is something else: the rest of the sentence corrects
        (rf"(?:{_YES_WORD}) (?:mais|sauf que)(?: non| pas| plutot| c est| c etait| le| la| au| au numero| il| ce n est)", YesNo.NO),
        (r"(?:c est|ce est|c etait|ca va|ca me va|convient|marche|ira|arrange|je peux) pas", YesNo.NO),
        (
            r"pas (?:ca|cela|bon|correct|exact|juste|vraiment|le bon|la bonne|bien|possible|tout a fait|exactement|celui|celle|forcement"
            r"|encore)",
            YesNo.NO,
        ),
    )
)  # fmt: skip
_LAST_WORD = re.compile(rf"\b(?:(?P<yes>{_YES_WORD})|(?P<no>{_NO_WORD}))\b")
_UNDECIDED = re.compile(rf"\b{_HEDGE}\b")
_SI_ALONE = re.compile(r"^(?:ah |eh |ben |bah |mais )*si(?: si)*(?: merci| bien sur)?$")
_SHORT_YES = frozenset(
    {"bien", "tres bien", "super", "merci", "oui merci", "si", "top", "bon", "wi", "hum hum", "mm", "c est cela meme"}
)
_SHORT_NO = frozenset({"pas du tout", "pas", "aucun", "aucune", "rien", "c est tout non"})
_EDGE = 4
"""outside of a yes/no question a yes or a no counts among the first words only"""


def find_yes_no(sentence: Sentence, expect: Expectation) -> YesNo | None:
    """What the caller answers; None when the words decide nothing ("peut-être", "je ne sais pas")."""
    line = _line(sentence)
    if not line:
        return None
    if expect not in (Expectation.YES_NO, Expectation.DATE):
        line = " ".join(line.split()[:_EDGE])
        if not _begins(line):
            return None
    if line in _SHORT_NO:
        return YesNo.NO
    if _SI_ALONE.match(line) or (expect is Expectation.YES_NO and line in _SHORT_YES):
        return YesNo.YES
    for pattern, verdict in _RULES:
        found = pattern.search(line)
        if found and not _revised(line[found.end() :], verdict) and not _UNDECIDED.search(line):
            return verdict
    return _last_word(_UNDECIDED.sub(" ", line))


def _line(sentence: Sentence) -> str:
    """All words but hesitations and the "ne" that speech drops."""
    skipped = {"ne", "n", "euh", "heu", "hum", "hein", "ah", "eh", "|"}
    words = [tag for tag in sentence.tags.split() if tag not in skipped]
    while words and words[0] in ("alors", "bah", "ben", "beh", "mais", "bon", "oh", "bonjour") and len(words) > 1:
        words.pop(0)
    return " ".join(words)


def _begins(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_LAST_WORD, _SI_ALONE, *(rule for rule, _ in _RULES)))


def _revised(after: str, verdict: YesNo | None) -> bool:
    """True when a clear word of the other side follows: "ce n'est pas... si, c'est ça"."""
    last = _last_word(after)
    return last is not None and last is not verdict and not re.search(r"\b(?:pas|non)\b.*\b(?:pas|non)\b", after)


def _last_word(line: str) -> YesNo | None:
    """People correct themselves forwards: the last yes or no is the one meant ("oui… enfin non")."""
    last = None
    for found in _LAST_WORD.finditer(line):
        last = YesNo.YES if found["yes"] else YesNo.NO
    return last
