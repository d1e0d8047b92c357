"""How a French word sounds, one ASCII character a sound, with what a telephone line blurs folded together.

A word goes through named steps: irregular words, mute endings, then a left-to-right reading of its graphemes.
Vowels: ``a e i o u y 2`` (``u``: ou, ``y``: u, ``2``: eu), nasal ``A I O`` (an, in and un, on), glides ``Y w``;
consonants: ``b d f g k l m n p r s t v z``, ``S`` (ch), ``Z`` (j), ``N`` (gn). é, è and the spoken schwa are all ``e``:
the base often lacks accents, and the South says its schwas.
"""

from __future__ import annotations

import re
from functools import lru_cache

from callbot.gazetteer.folding import words

SOUNDS = "aeiouy2AIOYwbdfgklmnprstvzSZN"
"""The alphabet of the keys."""

IRREGULAR = {
    "et": "e", "est": "e", "es": "e", "les": "le", "des": "de", "mes": "me", "ses": "se", "ces": "se", "aix":
    "eks", "de": "de", "le": "le", "ne": "ne", "me": "me", "se": "se", "ce": "se", "je": "Ze", "te": "te",
    "que": "ke", "un": "I", "six": "sis", "dix": "dis", "sept": "set", "huit": "yit", "vingt": "vI", "cent":
    "sA", "second": "segO", "monsieur": "mesY2", "messieurs": "mesY2", "femme": "fam", "fils": "fis", "jean":
    "ZA", "août": "ut", "aout": "ut", "mille": "mil", "ville": "vil", "villes": "vil", "tranquille": "trAkil",
    "baptiste": "batist", "ours": "urs", "sculpteur": "skylt2r", "sculpteurs": "skylt2r", "rhin": "rI", "mer":
    "mer", "fer": "fer", "hier": "Yer", "cher": "Ser", "ver": "ver", "rhum": "rom", "cinq": "sIk", "ter": "ter",
    "mars": "mars", "bis": "bis", "sud": "syd", "joseph": "Zozef",
}  # fmt: skip

_V = "aeiouyàâäéèêëîïôöûüù"
_FRONT = "eiyéèêëîï"

_MUTE_ENDINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=..)[sx]$", ""),  # plurals, and the mute s of "cours", "bois"
        (r"(?<=i)ed$", "é"),  # pied
        (r"(?<=.)e[rz]$", "é"),  # périer, nez
        (r"(?<=.)et$", "è"),  # muguet
        (r"(?<=[aio]m)[pb]$", ""),  # champ, plomb
        (r"(?<=[aeiouy]n)[tdcgq]$", ""),  # blanc, grand, long, cinq
        (r"(?<=our)g$", ""),  # bourg
        (rf"(?<=[{_V}]r)[tdp]$", ""),  # bompard, vert
        (rf"(?<=[{_V}]l)[td]$", ""),  # hérault, arnold
        (rf"(?<=.[{_V}])[tdpz]$", ""),  # lieutaud, loup, riz
        (rf"(?<=[{_V}])(?<![gq]u)e$", ""),  # rue, allée; not mazargue
    )
)

_NASAL_END = rf"(?=[^{_V}nmh]|$)"
_GRAPHEMES = tuple(
    (re.compile(pattern), sounds)
    for pattern, sounds in (
        # consonants
        (r"ph", "f"), (r"sch", "S"), (r"ch(?=[rlnt])", "k"), (r"[cs]h", "S"), (r"gn", "N"), (r"ck", "k"),
        (r"c?qu?", "k"), (rf"cc(?=[{_FRONT}])", "ks"), (rf"sc(?=[{_FRONT}])", "s"), (rf"c(?=[{_FRONT}])|ç", "s"),
        (r"c", "k"), (r"ge(?=[aouàâôû])", "Z"), (rf"gu(?=[{_FRONT}])", "g"), (rf"g(?=[{_FRONT}])|j", "Z"), (r"g", "g"),
        (r"th", "t"), (r"h", ""), (r"(?<!s)t(?=i(?:on|el|eux))", "s"), (r"ss", "s"), (rf"(?<=[{_V}])s(?=[{_V}])", "z"),
        (rf"(?<=\be)x(?=[{_V}])", "gz"), (r"x", "ks"), (r"w", "v"),
        # il, ill
        (rf"(?:eu|ue|oe)il(?:l(?=[{_V}]))?", "2Y"), (r"eill|eil$", "eY"), (r"aill|ail$", "aY"),
        (r"ouill|ouil$", "uY"), (rf"(?<![vm])ill(?=[{_V}])", "iY"),
        # nasals
        (rf"oin{_NASAL_END}", "wI"), (rf"éen{_NASAL_END}", "eI"), (rf"[iy]en{_NASAL_END}", "YI"),
        (rf"(?:ain|aim|ein|eim|yn|ym|in|im|în|ïn){_NASAL_END}", "I"), (rf"u[nm]{_NASAL_END}", "I"),
        (rf"(?:aon|an|am|en|em){_NASAL_END}", "A"), (rf"o[nm]{_NASAL_END}", "O"),
        # vowels
        (r"e?au", "o"), (r"oeu|oe|eu|eû|ö", "2"), (r"ou(?=[aeiéè])", "w"), (r"o[uùûo]", "u"), (rf"oy(?=[{_V}])", "waY"),
        (r"o[iîy]", "wa"), (rf"[ae]y(?=[{_V}])", "eY"), (r"a[iîy]|e[iîy]", "e"), (rf"uy(?=[{_V}])", "yiY"),
        (rf"[iïy](?=[{_V}])", "Y"), (r"[iîïy]", "i"), (r"(?<=.)e$", ""), (r"[eéèêë]", "e"), (r"[uùûü]", "y"),
        (r"[oô]", "o"), (r"[aàâä]", "a"), *((sound, sound) for sound in "bdfklmnprstvz"),
    )
)  # fmt: skip
_REPEATED = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def sounds_of(word: str) -> str:
    """The sounds of one word (lower case, accents kept), "" when nothing is heard of it."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    return _without_repeats(_read(_without_mute_ending(word)))


def phonetic_key(text: str) -> str:
    """The sounds of a whole text without word boundaries."""
    return _without_repeats("".join(sounds_of(word) for word in words(text)))


def _without_mute_ending(word: str) -> str:
    if len(word) < 3:
        return word
    for pattern, replacement in _MUTE_ENDINGS:
        word = pattern.sub(replacement, word)
    return word


def _read(word: str) -> str:
    """Longest known grapheme first, from left to right; an unknown character is silent."""
    heard: list[str] = []
    position = 0
    while position < len(word):
        length, sounds = _grapheme_at(word, position)
        heard.append(sounds)
        position += length
    return "".join(heard)


def _grapheme_at(word: str, position: int) -> tuple[int, str]:
    for pattern, sounds in _GRAPHEMES:
        if found := pattern.match(word, position):
            return found.end() - position, sounds
    return 1, ""


def _without_repeats(sounds: str) -> str:
    return _REPEATED.sub(r"\1", sounds)
