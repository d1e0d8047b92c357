"""What Whisper is told before it listens: examples of answers to the question that was asked.

Measured at telephone band: examples bring the word error from 37 to 31 %, one general sentence makes it worse.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callbot.domain.meaning import Expectation, YesNo
from callbot.speech.engine import Hints

_SENTENCE: Final = re.compile(r"[^.?!]+[.?!]+|[^.?!]+$")
_WORD: Final = re.compile(r"\w+")
_MOST_OFFERED: Final = 20
"""more names than that push the examples out of the prompt's 200 tokens"""

PROMPTS: Final[dict[Expectation, str]] = {
    Expectation.ANY: (
        "Je voudrais faire enlever un canapé et deux matelas. Où en est mon rendez-vous ? Je veux annuler. "
        "Est-ce que vous prenez les gravats ? Je voudrais parler à quelqu'un. J'habite 12 rue de Rome, à Marseille."
    ),
    Expectation.ITEMS: (
        "Un canapé, deux matelas et une armoire. J'ai un vieux frigo et une machine à laver. Trois chaises, "
        "une table basse, un sommier, un fauteuil et un meuble télé. C'est tout. Non, rien d'autre."
    ),
    Expectation.COMMUNE: (
        "À Marseille, dans le sixième. Marseille 8e. Treize mille quatre. À Aix-en-Provence. Aubagne. Martigues. "
        "La Ciotat. Salon-de-Provence. Vitrolles. J'habite à Istres."
    ),
    Expectation.ADDRESS: (
        "12 bis rue de Rome. 145 avenue du Prado. Au 3 boulevard de la Libération. J'habite 27 chemin du Roucas Blanc. "
        "8 ter impasse des Lilas. 60 traverse de la Gaye, dans le neuvième."
    ),
    Expectation.NUMBER: "Au numéro 12. Le 145. Numéro 27 bis. Au 3. 60. Le 8 ter. C'est le 100.",
    Expectation.PART: "Le numéro. La rue. C'est le numéro. C'est la rue qui ne va pas. Non, le 22. Avenue du Prado.",
    Expectation.YES_NO: "Oui. Oui, c'est ça. Oui, tout à fait. D'accord. Non. Non, ce n'est pas ça. Non merci.",
    Expectation.DATE: (
        "Jeudi. Le mardi 24 novembre. Le premier. La deuxième date. Plutôt la semaine prochaine. Lundi en huit. "
        "Non, une autre date. Après le 15 décembre."
    ),
    # no pair twice: of 112 numbers of ``dev`` 43 are read right this way and 23 wrong, 37 and 29 with examples in words
    Expectation.PHONE: "06 29 85 17 43. 0 7 6 3 9 0 4 8 1 2. 07 31 58 64 20.",
    Expectation.NAME: (
        "Madame Martin. Bernard, Paul Bernard. Non. Non, je préfère ne pas le dire. B comme Berthe, E comme Eugène, "
        "R comme Raoul, N comme Nicolas. M comme Marcel, A, deux S comme Suzanne, I comme Irma. "
        "Rahmani, R-A-H-M-A-N-I. L-E, deux F."
    ),
    Expectation.REFERENCE: (
        "K comme Kléber, L comme Louis, U comme Ursule, 9, 8. A, C, 4, K, R. H comme Henri, 2, 7, X, V. "
        "C'est F, 3, M, 5, E. Je ne l'ai pas."
    ),
}


MAY_CHOOSE: Final = frozenset({Expectation.ANY, Expectation.PART, Expectation.PHONE})
"""questions of which some offer choices in so many words. The prompt does not hold them: it made « Jeudi » into « les
objets » and « Oui » into « Où ? »"""
LONGEST_CLOSED_MS: Final = 1_600
"""of voice: who speaks longer says something else than yes, no or a day"""
LONGEST_PLAIN_MS: Final = 900
"""of voice: who speaks longer may say more than yes or no. With the prompt of corrections from here on, plain answers
are read as before (73.7 against 73.9 % right, 0.3 % wrong both); from 700 ms on 1.1 % would be wrong"""

CORRECTIONS: Final[dict[Expectation | None, str]] = {
    Expectation.ADDRESS: (
        "Oui, c'est ça. Non, c'est le 22. Non, 12 rue de Rome. Non, c'est avenue du Prado. Non, ce n'est pas ça. "
        "Non, au 145 boulevard de la Libération. Oui, mais c'est au 37."
    ),
    Expectation.PHONE: (
        "Oui, c'est ça. Non, c'est le 06 12 34 56 78. Non, 07 81 20 33 45. Non, ce n'est pas ça. Non, ça finit par 12."
    ),
    Expectation.NAME: (
        "Oui, c'est ça. Non, c'est Martin. Non, ce n'est pas ça. Non, M-A-R-T-I-N. Non, c'est avec deux S. Oui, merci."
    ),
    None: (
        "Oui, c'est bon, réservez. Non, c'est trois matelas. Non, plutôt jeudi. Non, ce n'est pas la bonne adresse. "
        "Non, je voudrais ajouter une armoire. Oui, merci."
    ),
}
"""Examples of long answers to a read-back, by what it read back."""


@dataclass(frozen=True, slots=True)
class ClosedAnswer:
    """One of few possible answers: how it may be said, and what it means (None: none of the choices)."""

    said: str
    meaning: YesNo | int | None


_YES_WAYS: Final = (
    "Oui.", "Oui, c'est ça.", "Oui, tout à fait.", "Oui oui.", "Ouais.", "D'accord.", "Oui, je confirme.", "C'est bon.",
    "Oui, c'est parfait.", "Oui, s'il vous plaît.", "Oui, allez-y.", "Parfait.", "Exactement.",
)  # fmt: skip
_NO_WAYS: Final = (
    "Non.", "Non, ce n'est pas ça.", "Non merci.", "Euh, non.", "Non, pas du tout.", "Non non.", "Ah non.",
    "Non, c'est faux.", "Pas du tout.", "Non, continuons.", "Non, c'est une erreur.",
)  # fmt: skip
"""twice as many ways as at first: of 372 synthetic answers the scores alone were sure of 254 instead of 231, and wrong
in 1 instead of 3"""
_YES_OR_NO: Final = tuple(
    ClosedAnswer(said, meaning) for meaning, ways in ((YesNo.YES, _YES_WAYS), (YesNo.NO, _NO_WAYS)) for said in ways
)
_NONE_OF_THEM: Final = tuple(
    ClosedAnswer(said, None) for said in ("Non, aucune.", "Une autre date.", "Je ne peux pas.", "Plus tard.")
)
_NO_MOBILE: Final = tuple(
    ClosedAnswer(said, 0)
    for said in ("Pas de portable.", "Je n'ai pas de portable.", "Je n'en ai pas.", "Non, j'ai que le fixe.")
)
_NOT_ABOUT_MOBILES: Final = tuple(
    ClosedAnswer(said, None)
    for said in (
        "Oui.", "Non.", "Mon portable.", "Sur ce portable.", "Le même numéro.", "Celui-ci.", "Zéro six.", "Zéro sept.",
        "Zéro quatre.", "Un conseiller.", "Je ne sais pas.",
    )
)  # fmt: skip
_SOMETHING_ELSE: Final = tuple(ClosedAnswer(said, None) for said in ("Oui.", "Non.", "Tout.", "Les deux."))


def hints_for(
    expect: Expectation, offered: Sequence[str] = (), *, corrects: Expectation | None = None, voiced_ms: int = 0
) -> Hints:
    """Hints for a question; ``offered``: the choices or names likely in the answer, as they are spoken.

    Who speaks for ``voiced_ms`` says more than a yes or a no to a yes/no question: it is read as a correction of what
    was read back (``corrects``; None: of anything).
    """
    known = tuple(offered[:_MOST_OFFERED])
    told = () if expect in MAY_CHOOSE else known
    named = " ".join(f"{choice.strip().rstrip('.')}." for choice in told)
    more = expect is Expectation.YES_NO and voiced_ms > LONGEST_PLAIN_MS
    examples = CORRECTIONS.get(corrects, CORRECTIONS[None]) if more else PROMPTS[expect]
    return Hints(expect, f"{examples} {named}".strip(), known)


def without_example(prompt: str, said: str) -> str:
    """``prompt`` without the example that ``said`` is, word for word; as it was where it is none."""
    wanted = _WORD.findall(said.lower())
    examples = _SENTENCE.findall(prompt)
    kept = [each.strip() for each in examples if _WORD.findall(each.lower()) != wanted]
    return prompt if len(kept) == len(examples) else " ".join(kept)


def closed_answers(hints: Hints) -> tuple[ClosedAnswer, ...]:
    """The few answers to choose among; empty where anything may be said."""
    if hints.expect is Expectation.YES_NO:
        return _YES_OR_NO
    if hints.expect is Expectation.DATE and hints.offered:
        ways = [answer for n, choice in enumerate(hints.offered) for answer in _ways_to_choose(n, choice)]
        times = Counter(answer.said for answer in ways)
        return (*(answer for answer in ways if times[answer.said] == 1), *_NONE_OF_THEM)
    if hints.expect is Expectation.PHONE and hints.offered:
        return (*_NO_MOBILE, *_NOT_ABOUT_MOBILES)
    if hints.expect in MAY_CHOOSE and hints.offered:
        named = (ClosedAnswer(f"{choice[:1].upper()}{choice[1:]}.", n) for n, choice in enumerate(hints.offered))
        return (*named, *_SOMETHING_ELSE)
    return ()


def _ways_to_choose(index: int, choice: str) -> tuple[ClosedAnswer, ...]:
    whole = choice.strip().rstrip(".")
    weekday = whole.removeprefix("le ").split(" ", maxsplit=1)[0]
    return tuple(ClosedAnswer(f"{said[:1].upper()}{said[1:]}.", index) for said in dict.fromkeys((whole, weekday)))
