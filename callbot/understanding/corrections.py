"""Words that take back what was said before: "en fait", "pas le 12, le 22", "je me suis trompé"."""

from __future__ import annotations

import re
from typing import Final

from callbot.understanding.sentence import Sentence

_TAKES_BACK: Final = re.compile(
    r"\b(?:(?<!\bon )en fait(?! quoi)|finalement|plutot(?! que)|enfin (?:non|plutot)"
    r"|tout compte fait|au final|a la reflexion"
    r"|(?:je|on) (?:me |m |nous )?(?:suis |etais |sommes )?(?:trompee?s?|plantee?|gouree?)"
    r"|je (?:me )?(?:corrige|rectifie)"
    r"|je (?:voulais|veux) dire|(?:j ai dit|c est) (?:une betise|une erreur|n importe quoi)|j ai fait (?:une )?erreur"
    r"|non pas|au lieu d[eu]?|a la place d[eu]?|correction|pardon c est|(?:pas|plus) (?:le |la |au "
    r"|du )?#\d+ (?:\w+ )?(?:mais )?"
    r"(?:c est )?(?:le |la |au |plutot )?#\d+|c est (?:le |la |au )?#\d+(?: \w+)? (?:et )?pas (?:le |la |au )?#\d+"
    r"|c est pas (?:une?|des|le|la|les|l)\b.* c est|j ai change d avis|oubliez (?:ce|le|la))\b"
)
_ADDS: Final = re.compile(r"\b(?:aussi|en plus|ajout\w*|rajout\w*|egalement|encore un\w*)\b")
"""more of something takes nothing back: "finalement j'ai aussi une chaise" """
_OTHER_NUMBER: Final = re.compile(
    r"(?:^| )(?:pas|plus) (?:le |au |du )?(?:numero )?#(?P<no>\d{1,4})(?: (?:bis|ter|quater|[a-f]))?"
    r"(?: (?:mais|non|c est|plutot|est|c etait|ce est))* (?:le |au |numero )?#(?P<yes>\d{1,4})(?P<rest>.*)$"
)
_REPETITION: Final = re.compile(r"^ (?P<repetition>bis|ter|quater|[a-f])\b")
_LAST_WORD: Final = re.compile(
    r"^(?: (?:bis|ter|quater|[a-f]))?(?: (?:s il vous plait|svp|merci|pardon|voila))?(?: \||$)"
)


def takes_back(sentence: Sentence) -> bool:
    """True when the words correct something said earlier, in the same sentence or before."""
    line = " ".join(tag for tag in sentence.tags.split() if tag not in ("ne", "n"))
    return bool(_TAKES_BACK.search(line)) and not _ADDS.search(line)


def other_number(sentence: Sentence) -> tuple[int, str | None] | None:
    """The number and repetition in "pas le 12, le 22"; None where no number is put in place of another.

    A number that counts what follows it ("pas deux chaises, trois matelas") is none.
    """
    line = " ".join(tag for tag in sentence.tags.split() if tag not in ("ne", "n"))
    found = _OTHER_NUMBER.search(line)
    if not found or not _LAST_WORD.search(found["rest"]):
        return None
    repetition = _REPETITION.match(found["rest"])
    return int(found["yes"]), repetition["repetition"] if repetition else None
