"""Health and misfortune in a caller's words: what nobody needs to know to fetch a sofa. Ranges are of words.

Beginnings of words that say it whatever stands around them, phrases, and words that say it only of people: a fridge
may be "mort" too. Written from common knowledge of what callers tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from callbot.privacy.ordinary import ORDINARY, PARTICLES
from callbot.privacy.secrets_in_words import Range
from callbot.privacy.spoken_numbers import is_number_word
from callbot.privacy.words import Word, phrases, vocabulary

_STEMS: Final = tuple(
    sorted(
        vocabulary("""
handicap invalid oxygen cancer tumeur leucem chimio radiother alzheimer parkinson diabet insulin dialys epilep asthm
cardia infarctus hernie sciatique lumbago arthros arthrit rhumat polyarthr fibromyal scleros autis trisom schizo
bipolair depress deprim psychiatr suicid aveugl malvoyan malentend tetrapleg parapleg hemipleg paralys paralyt amput
prothes bequill pacemaker opere hopita hospit cliniqu infirm maternit grossesse accouch covid seropos hepatit tubercul
morphin antidepr medicament maladie malade curatel curatric curateur tutel alcooli toxicom entors fractur attelle
perfus phleb embol thrombo hypertens migrain incontin grabatai dement convales reeduc chirurg ulcer anevr
mucovisc myopat dystroph lupus crohn endomet osteopo scolios vertig ambulanc medical
deces deced defunt obsequ enterrem inhum huissier anorex boulim psychot pneumo nephro cirrhos eczema psoriasis glaucom
cataract angine bronchi tendinit sinusit otite cystite gastrit zona paludis allergi insomni
mourir mourr mourant faillit cremat funerail deuil divorc expuls surendett chomag chomeu licencie
incarcer detenu orphel violences
""")
    )
)
"""a word that begins so says it"""
_NOT: Final = vocabulary("cancerigene cardigan medicale medical medicalise medicalisee")
"""words that begin so and may stand for an object"""
_ENDINGS: Final = (
    "orexique",
    "orexie",
    "pathie",
    "pathique",
    "algie",
    "ectomie",
    "phobie",
    "phobique",
    "plegie",
    "oscopie",
)
"""of words of medicine"""
_WORDS: Final = vocabulary(
    "psy psys meurt "
    "avc vih sida aah mdph rsa ald sep ehpad ehpads prison veuf veuve veufs veuves veuvage sourd sourde sourds"
    " opere operee operes operer aveugle muet muette chimio kine dialyse alite alitee douleurs rmi apa ata ass smic"
    " hiv tda tdah toc pmr sdf viol violee"
)
_PHRASES: Final = phrases(
    "mobilite reduite|carte d invalidite|carte mobilite inclusion|arret maladie|en arret de travail"
    "|accident de travail|accident du travail|conge maternite|maison de retraite|maison de repos|soins palliatifs"
    "|aide a domicile|aide menagere|auxiliaire de vie|en fauteuil roulant|mon fauteuil roulant|son fauteuil roulant"
    "|suis enceinte|est enceinte|etais enceinte|tombee enceinte|fausse couche|interdit bancaire|sans abri"
    "|sans papiers|vis a la rue|dors a la rue|vit a la rue|redressement judiciaire"
    "|non voyant|non voyante|mal voyant|mal voyante|mal entendant|mort ne|une attaque|maladie rare|longue maladie"
    "|pension alimentaire|liquidation judiciaire|garde a vue|met dehors|mise dehors|mis dehors|m ont mis dehors"
    "|perte d autonomie|personne dependante|longue maladie|restos du coeur|sous traitement|sous respirateur"
    "|mal de dos|nous a quitte|nous a quittes|nous a quittees|m a quitte|m a quittee|sous antidepresseurs"
    "|la sclerose en plaques|sclerose en plaques|de la sante|de sante|du coeur"
)
_KEPT: Final = {
    "suis enceinte": 1, "est enceinte": 1, "etais enceinte": 1, "tombee enceinte": 1, "en fauteuil roulant": 1,
    "mon fauteuil roulant": 1, "son fauteuil roulant": 1, "m ont mis dehors": 2, "nous a quitte": 2,
    "nous a quittes": 2, "nous a quittees": 2, "m a quitte": 2, "m a quittee": 2,
    "vis a la rue": 1, "dors a la rue": 1, "vit a la rue": 1, "une attaque": 1,
    "en arret de travail": 1, "sous traitement": 1,
}  # fmt: skip
"""words at the beginning of a phrase that stay"""
_ONLY_AFTER: Final = {
    "met dehors": vocabulary("me nous m"), "une attaque": vocabulary("fait eu fais"),
    "mise dehors": vocabulary("a ete suis"), "mis dehors": vocabulary("a ete suis"),
    "de sante": vocabulary("probleme problemes souci soucis ennuis raison raisons"),
    "de la sante": vocabulary("probleme problemes souci soucis"),
    "du coeur": vocabulary("malade probleme problemes opere operee souffre mal soucis"),
}  # fmt: skip
"""phrases that need one of these right before them"""
_BODY: Final = vocabulary(
    "dos genou genoux hanche hanches epaule epaules jambe jambes bras pied pieds main mains coude cou nuque tete ventre"
    " reins rein cheville chevilles poignet lombaires vertebre vertebres coeur poumon poumons estomac yeux oeil femur"
    " col prostate foie cataracte"
)
_HURT: Final = vocabulary(
    "mal casse cassee cassees opere operee operer opere blesse blessee fracture prothese douleur souffre"
)
"""before a part of the body: what happened to it"""
_LINKS: Final = vocabulary("a au aux la le les du de des l d mon ma mes un une")
_PEOPLE: Final = vocabulary(
    "mari femme epouse epoux pere mere papa maman fils fille frere soeur oncle tante mamie papi papy conjoint conjointe"
    " compagnon compagne cousin cousine ami amie copain copine bebe enfant neveu niece enfants locataire beau belle"
    " grand parents voisin voisine marraine parrain"
)
_DEATH: Final = vocabulary("mort morte morts mortes disparu disparue parti partie")
_OWN: Final = vocabulary("mon ma mes son sa ses notre nos votre un une")
_ADVERBS: Final = vocabulary("tres un peu non trop toujours encore devenu devenue completement si")
_SHORTEST, _REACH = 3, 4
"""words between somebody and what happened"""


def hardships(words: Sequence[Word]) -> Iterator[Range]:
    """Words on the health or the misfortune of somebody."""
    folded = tuple(word.folded for word in words)
    for at, word in enumerate(folded):
        if _telling(word) or _of_somebody(folded, at):
            yield at, at + 1
    yield from _phrases(folded)
    yield from _bodies(folded)
    yield from _degrees(folded)
    yield from _told_to_be(words)


def _telling(word: str) -> bool:
    return word in _WORDS or (word.startswith(_STEMS) and word not in _NOT) or word.endswith(_ENDINGS)


def _of_somebody(folded: tuple[str, ...], at: int) -> bool:
    """What is said of people and of things alike, where it is said of somebody."""
    word, before = folded[at], folded[max(0, at - _REACH) : at]
    after = folded[at + 1 : at + 1 + _REACH]
    if word in ("mort", "morte", "morts", "mortes", "disparu", "disparue"):
        return bool(_PEOPLE & {*before, *after[:2]})
    if word in ("places", "placee", "placees", "place") and before[-1:] in (("ete",), ("est",), ("sont",)):
        return bool(_PEOPLE & set(before))
    if word in ("parti", "partie"):
        return bool(_PEOPLE & set(before)) and after[:2] in (("de", "la"), ("d", "un"), ("des", "suites"))
    if word in ("perdu", "perdre", "perds", "perdue"):
        return bool(after) and after[0] in _OWN and bool(_PEOPLE & set(after[1:3]))
    if word.startswith("enterr"):
        return bool(_PEOPLE & {*before, *after[:2]})
    if word.startswith("separ"):
        return _parts_from_somebody(before, after)
    return word in ("bat", "battait", "frappe", "frappait", "battu", "battue") and before[-1:] in (
        ("me",),
        ("nous",),
        ("m",),
    )


def _parts_from_somebody(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Not "on se sépare de deux meubles", nor planks that are apart."""
    if not set(before[-2:]) & {"me", "se", "nous", "suis", "sommes", "ma", "en"}:
        return False
    return not after or after[0] not in ("de", "du", "des", "d") or bool(_PEOPLE & set(after[1:3]))


def _phrases(folded: tuple[str, ...]) -> Iterator[Range]:
    for phrase in _PHRASES:
        said = " ".join(phrase)
        for at in range(len(folded) - len(phrase) + 1):
            if folded[at : at + len(phrase)] != phrase:
                continue
            needed = _ONLY_AFTER.get(said)
            if needed is None or (at > 0 and folded[at - 1] in needed):
                yield at + _KEPT.get(said, 0), at + len(phrase)


def _bodies(folded: tuple[str, ...]) -> Iterator[Range]:
    """ "mal au dos", "cassé la jambe", "opérée du genou": from what happened to the part of the body."""
    for at, word in enumerate(folded):
        if word not in _BODY:
            continue
        first = at
        while first > 0 and at - first < 2 and folded[first - 1] in _LINKS:
            first -= 1
        if first > 0 and folded[first - 1] in _HURT:
            yield first - 1, at + 1


def _told_to_be(words: Sequence[Word]) -> Iterator[Range]:
    """Who somebody is or what state they are in, in a word that is none of every day: "je suis boulimique"."""
    for at, word in enumerate(words):
        before = [each.folded for each in words[max(0, at - 3) : at] if each.folded not in _ADVERBS]
        told = before[-2:] == ["je", "suis"] or before[-2:] == ["j", "etais"] or _of_people(before[-2:])
        if told and word.folded not in ORDINARY | PARTICLES and not word.is_digits and len(word.folded) > _SHORTEST:
            yield at, at + 1


def _of_people(before: Sequence[str]) -> bool:
    return len(before) == 2 and before[0] in _PEOPLE and before[1] in ("est", "etait", "sont", "devient")


def _degrees(folded: tuple[str, ...]) -> Iterator[Range]:
    """How much of a handicap: "à 80 pour cent"."""
    for at in range(1, len(folded) - 1):
        if folded[at : at + 2] != ("pour", "cent"):
            continue
        first = at
        while first > 0 and is_number_word(folded[first - 1]):
            first -= 1
        if first < at and any(word.startswith(("handicap", "invalid")) for word in folded[max(0, first - 3) : first]):
            yield first, at + 2
