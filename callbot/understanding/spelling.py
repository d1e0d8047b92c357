"""A name spelled over the telephone, as Whisper writes it: "B comme Bernard, deux L, E accent aigu, D-U-P"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from callbot.domain.names import Letter, SpelledName
from callbot.understanding.letters import BARE, LETTER_NAMES, PAIRS, is_code_word, near, phrase_letter, word_initial
from callbot.understanding.lexicon import FILLERS, HESITATIONS, vocabulary
from callbot.understanding.mending import mended
from callbot.understanding.sentence import Word, clean, words_of
from callbot.understanding.sound import fold

_LIKE: Final = vocabulary("comme come com kom commes")
_TIMES: Final = {"deux": 2, "2": 2, "double": 2, "trois": 3, "3": 3}
_SIGNS: Final = {
    ("trait", "d", "union"): "-", ("tiret",): "-", ("apostrophe",): "'", ("espace",): " ", ("nouveau", "mot"): " ",
}  # fmt: skip
_ACCENTS: Final = {
    ("accent", "aigu"): "\u0301", ("accent", "aigue"): "\u0301", ("aigu",): "\u0301", ("accent", "grave"): "\u0300",
    ("grave",): "\u0300", ("accent", "circonflexe"): "\u0302", ("circonflexe",): "\u0302", ("chapeau",): "\u0302",
    ("trema",): "\u0308", ("cedille",): "\u0327", ("tilde",): "\u0303",
}  # fmt: skip
_JOINED: Final = (("dans", "l", "o"), ("dans", "l", "eau"), ("dans", "le", "o"), ("dans", "lo"))
_BETWEEN: Final = HESITATIONS | vocabulary(
    "et puis ensuite apres alors donc la lettre le les avec majuscule minuscule voila enfin encore plus loin un une"
    " fois point virgule tiret s c est ca oui en mot mots"
)
"""words between letters that are none"""
_ABOUT: Final = FILLERS | vocabulary(
    "nom famille appelle appelez epelle epele m comme prononce ecrit tout attache deux mots mot avec alors j"
)
_GLUED: Final = re.compile(r"comm?e?(?=\w{3})|[ck]om|cam|cum")
_LONGEST_GLUED: Final = 20
_FEWEST: Final = 3
_MOST: Final = 30
_LOOP: Final = re.compile(r"(.)\1{3}")
"""the same letter four times: Whisper in a loop"""
_BEGIN_WITH_E: Final = frozenset("FLMNRS")
_FROM_WORD, _WORD_ALONE, _UNLIKELY, _SAID = 0.97, 0.8, 0.5, 0.95


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters read from words ``first`` to ``last`` (not included); ``by_word``: said as "B comme Bernard"."""

    letters: tuple[Letter, ...]
    first: int
    last: int
    by_word: bool = False


def read_spelling(text: str) -> SpelledName | None:
    """The name spelled in ``text``, None when nothing is spelled there. Never raises.

    A name said before or after its letters helps with letters that were in doubt; a letter said with a word never
    changes.
    """
    words = unglued(words_of(clean(text)))
    pieces = _pieces(words)
    if not _is_spelling(words, pieces):
        return None
    letters = tuple(letter for piece in pieces for letter in piece.letters)
    letters = _trimmed(letters)
    return _likeliest(letters, _said_whole(words, pieces)) if letters else None


def _likeliest(letters: tuple[Letter, ...], said: str | None) -> SpelledName:
    """The letters as they stand, or one E fewer where only that makes a name known."""
    whole = mended(letters, said)
    if whole.known:
        return whole
    fewer = (mended(less, said) for less in _without_an_e(letters, said))
    return next((name for name in fewer if name.known), whole)


def _without_an_e(letters: tuple[Letter, ...], said: str | None) -> Iterator[tuple[Letter, ...]]:
    """ "Martin, E M A R..." began with "Martinez"; and the names of F, L, M, N, R and S begin like an E."""
    for at, letter in enumerate(letters[:-1]):
        begins_another = letters[at + 1].sign in _BEGIN_WITH_E and not letters[at + 1].is_clear
        if letter.sign == "E" and not letter.is_clear and (begins_another or (said and at == 0)):
            yield letters[:at] + letters[at + 1 :]


def letter_with_word(words: Sequence[Word], at: int) -> tuple[str, int] | None:
    """The letter in "B comme Bernard" that begins at word ``at``, and where the words after it begin."""
    piece = _with_word(words, at)
    return (piece.letters[0].sign, piece.last) if piece else None


def unglued(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with "comanatole" cut into "comme anatole"."""
    cut: list[Word] = []
    for word in words:
        glued = _GLUED.match(word.folded)
        rest = word.folded[glued.end() :] if glued else ""
        known = word_initial(rest, None) if len(rest) >= 3 and not is_code_word(word.folded) else None
        if known:
            cut += [replace(word, text="comme", folded="comme"), replace(word, text=rest, folded=rest, gap=" ")]
        else:
            cut.append(word)
    return tuple(cut)


def _pieces(words: Sequence[Word]) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    while at < len(words):
        piece = _piece(words, at)
        if piece:
            pieces.append(piece)
        at = piece.last if piece else at + 1
    return pieces


def _piece(words: Sequence[Word], at: int) -> _Piece | None:
    for read in (_sign, _with_word, _several, _ligature, _accented, _plain, _glued_letters, _phrase):
        if piece := read(words, at):
            return piece
    return None


def _sign(words: Sequence[Word], at: int) -> _Piece | None:
    for said, sign in _SIGNS.items():
        if _says(words, at, said):
            return _Piece((Letter(sign, _SAID),), at, at + len(said))
    return None


def _with_word(words: Sequence[Word], at: int) -> _Piece | None:
    """ "B comme Bernard": what stands before "comme" is a letter however it is written."""
    for length in (2, 1, 0):
        like = at + length
        if like >= len(words) - 1 or words[like].folded not in _LIKE or words[like + 1].folded in _LIKE:
            continue
        pair = tuple(word.folded for word in words[at:like])
        if length == 2 and pair not in PAIRS and not _twice(words, at):
            continue
        if length == 2 and _twice(words, at):
            return None  # "deux L comme Louis" is read as several
        heard = PAIRS.get((pair[0], pair[1])) if length == 2 else _heard(words[at]) if length else None
        letter, last = _of_word(words, like + 1, heard)
        if length == 0 and letter.certainty < _WORD_ALONE:
            return None
        return _Piece((letter,), at, last, by_word=True)
    return None


def _of_word(words: Sequence[Word], at: int, heard: str | None) -> tuple[Letter, int]:
    """The letter that the word (up to three pieces of one: "C les Stins") and the letter heard before it mean."""
    best, sign, last = 0.0, "", at + 1
    for length in (1, 2, 3):
        part = words[at : at + length]
        if len(part) < length or any(word.after_pause or word.folded in _LIKE for word in part[1:]):
            break
        found = word_initial("".join(word.folded for word in part), heard)
        if found and found[1] > best + 0.05:
            (sign, best), last = found, at + length
    initial = words[at].folded[0].upper()
    if not best:
        return _unknown_word(heard, initial), last
    if heard is None:
        return Letter(sign, _WORD_ALONE if best > 0.9 else _UNLIKELY), last
    if heard == sign or near(heard, sign) is not None:
        return Letter(sign, _FROM_WORD if best > 0.8 or heard == sign else _WORD_ALONE), last
    if heard == initial:
        return Letter(heard, _WORD_ALONE), last
    return Letter(sign if best > 0.9 else heard, _UNLIKELY), last


def _unknown_word(heard: str | None, initial: str) -> Letter:
    """A word that no list has: its first letter, where that is the letter heard or sounds like it."""
    if heard is None or heard == initial:
        return Letter(initial, _FROM_WORD if heard else _UNLIKELY)
    return Letter(initial, _WORD_ALONE) if near(heard, initial) else Letter(heard, BARE[heard])


def _heard(word: Word) -> str | None:
    """The letter a word before "comme" stands for, None when it may be any."""
    name = LETTER_NAMES.get(word.text.lower()) or LETTER_NAMES.get(word.folded)
    if name:
        return name
    if len(word.folded) == 1:
        return word.folded.upper() if word.folded.upper() in BARE else None
    if word.text.isupper() and len(word.text) == 2 and word.text[0] == "E":  # "ER" is how R sounds
        return LETTER_NAMES.get(word.folded[1])
    return "D" if word.folded in ("des", "de", "deux") else None


def _twice(words: Sequence[Word], at: int) -> bool:
    return words[at].folded in _TIMES and _pair(words, at) is None


def _several(words: Sequence[Word], at: int) -> _Piece | None:
    """ "deux L", "deux fois L", "double T", "deux L comme Louis"; "double V" is a letter of its own."""
    times = _TIMES.get(words[at].folded)
    if times is None or _pair(words, at) == "W":
        return None
    after = at + 1 + (_says(words, at + 1, ("fois",)))
    if after >= len(words):
        return None
    for read in (_with_word, _accented, _plain):
        if piece := read(words, after):
            if len(piece.letters) == 1 and "a" <= piece.letters[0].sign.lower() <= "z":
                return replace(piece, letters=piece.letters * times, first=at)
            return None
    return None


def _ligature(words: Sequence[Word], at: int) -> _Piece | None:
    """ "E dans l'O" and "O E dans l'O"."""
    for lead in (("o", "e"), ("e",), ("eu",)):
        for end in _JOINED:
            if _says(words, at, lead + end):
                return _Piece((Letter("Œ", _SAID),), at, at + len(lead) + len(end))
    return None


def _accented(words: Sequence[Word], at: int) -> _Piece | None:
    """ "E accent aigu", "C cédille", "I tréma"; also after "comme"."""
    plain = _plain(words, at)
    if plain is None:
        return None
    for said, mark in _ACCENTS.items():
        if _says(words, plain.last, said):
            base = fold(plain.letters[0].sign).upper()
            return replace(plain, letters=(Letter(_composed(base, mark), _SAID),), last=plain.last + len(said))
    return None


def _composed(base: str, mark: str) -> str:
    return clean(base + mark)


def _plain(words: Sequence[Word], at: int) -> _Piece | None:
    """One letter or its name. "l'" and "d'" before a word are none, but as "double V" and "i grec"."""
    pair = _pair(words, at)
    if pair:
        return _Piece((Letter(pair, BARE[pair]),), at, at + 2)
    text = words[at].text.lower()
    if at + 1 < len(words) and words[at + 1].gap == "'":
        return None
    if len(text) == 1:
        base = fold(text).upper()
        sign = "É" if text == "é" else "Ç" if text == "ç" else base
        return _Piece((Letter(sign, BARE[base]),), at, at + 1) if base in BARE else None
    letter = LETTER_NAMES.get(text)
    return _Piece((Letter(letter, BARE[letter]),), at, at + 1) if letter else None


def _pair(words: Sequence[Word], at: int) -> str | None:
    if at + 1 >= len(words):
        return None
    letter = PAIRS.get((words[at].folded, words[at + 1].folded))
    return letter if letter in ("W", "Y") else None


def _glued_letters(words: Sequence[Word], at: int) -> _Piece | None:
    """ "DUPONT" in capitals."""
    text = words[at].text
    if not (1 < len(text) <= _LONGEST_GLUED and text.isupper()):
        return None
    signs = [sign if sign in "ÉÇ" else fold(sign).upper() for sign in text]
    if any(fold(sign).upper() not in BARE for sign in signs):
        return None
    return _Piece(tuple(Letter(sign, BARE[fold(sign).upper()]) for sign in signs), at, at + 1)


def _phrase(words: Sequence[Word], at: int) -> _Piece | None:
    """A whole "O comme Oscar" in one word or two: "automuscar", "aucumus car"."""
    for length in (1, 2):
        part = words[at : at + length]
        if len(part) < length or any(word.after_pause for word in part[1:]):
            break
        if letter := phrase_letter("".join(word.folded for word in part)):
            return _Piece((Letter(letter, _WORD_ALONE),), at, at + length, by_word=True)
    return None


def _says(words: Sequence[Word], at: int, said: tuple[str, ...]) -> bool:
    return tuple(word.folded for word in words[at : at + len(said)]) == said


def _is_spelling(words: Sequence[Word], pieces: Sequence[_Piece]) -> bool:
    """Three letters, two with nothing else, or one with its word: less may be a stray "M." or "a"."""
    signs = "".join(letter.sign for piece in pieces for letter in piece.letters)
    if len(signs) > _MOST or _LOOP.search(signs):
        return False
    by_word = sum(piece.by_word for piece in pieces)
    if len(signs) >= _FEWEST or by_word > 1:
        return True
    others = [word for index, word in enumerate(words) if not _inside(pieces, index) and word.folded not in _ABOUT]
    said = "".join(word.folded for word in others)
    return (len(signs) > 1 or by_word > 0) and said in ("", fold(signs))


def _inside(pieces: Sequence[_Piece], index: int) -> bool:
    return any(piece.first <= index < piece.last for piece in pieces)


def _said_whole(words: Sequence[Word], pieces: Sequence[_Piece]) -> str | None:
    """The name said in one word before its letters, or else after them."""
    before = [word for word in words[: pieces[0].first] if word.folded not in _ABOUT and word.text.isalpha()]
    after = [word for word in words[pieces[-1].last :] if word.folded not in _ABOUT | _BETWEEN and word.text.isalpha()]
    said = before or after
    return "".join(word.folded for word in said) or None


def _trimmed(letters: tuple[Letter, ...]) -> tuple[Letter, ...]:
    """Without the hyphens and spaces at both ends."""
    signs = "-' "
    first = next((at for at, letter in enumerate(letters) if letter.sign not in signs), len(letters))
    last = next((at for at in range(len(letters), first, -1) if letters[at - 1].sign not in signs), first)
    return letters[first:last]
