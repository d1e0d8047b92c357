"""French text -> phonemes (IPA) for the natural voice, with no word read as English where French can read it.

espeak-ng takes words it holds for English out of French and marks them amid the phonemes: "Darcy" becomes
``(en)dˈɑːsi(fr)``. Kokoro reads the letters of the marks aloud. 2,788 of the 22,990 names of streets of the métropole
have such a word: accents the address base lost ("Allee"), "th", a final "y".
"""

from __future__ import annotations

import logging
import re
import threading
from functools import lru_cache
from typing import Any, Final

_MARK: Final = re.compile(r"\([a-z]{2}(?:-[a-z]+)?\)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_RESPELLINGS: Final = (
    (re.compile(r"th"), "t"),
    (re.compile(r"ee(?=s?$)"), "ée"),
    (re.compile(r"y(?![aeiouéèêy])"), "i"),
    (re.compile(r"ea"), "éa"),
    (re.compile(r"^w"), "v"),
    (re.compile(r"([bcdfglmnprt])\1"), r"\1"),
)
"""tried one after the other, each on what the one before left; of the 568 words of these streets 430 are French then"""
_one_at_a_time: Final = threading.Lock()
"""espeak-ng has one state for the whole process"""


def french_phonemes(text: str) -> str:
    """How ``text`` (as ``spoken`` gives it) is said, punctuation kept.

    A word that stays English has the sounds espeak-ng gives it, without the marks. Needs the extra ``natural-voice``;
    raises ``RuntimeError`` where espeak-ng cannot be loaded.
    """
    with _one_at_a_time:
        said = _phonemes(text)
        if _MARK.search(said):
            said = _phonemes(_WORD.sub(lambda found: _frenchified(found.group()), text))
    return " ".join(_MARK.sub("", said).split())


@lru_cache(maxsize=2_000)
def _frenchified(word: str) -> str:
    """``word`` as it is, or written so that it is read as French; as it is where nothing helps."""
    if not _MARK.search(_phonemes(word)):
        return word
    other = word.lower()
    for pattern, letters in _RESPELLINGS:
        before, other = other, pattern.sub(letters, other)
        if other != before and not _MARK.search(_phonemes(other)):
            return other
    return word


def _phonemes(text: str) -> str:
    return str(_espeak().phonemize([text])[0])


@lru_cache(maxsize=1)
def _espeak() -> Any:
    from kokoro_onnx.tokenizer import Tokenizer  # noqa: PLC0415 - an extra
    from phonemizer.backend import EspeakBackend  # noqa: PLC0415

    Tokenizer()  # tells phonemizer where the library lies that came with it
    quiet = logging.getLogger(f"{__name__}.espeak")
    quiet.setLevel(logging.ERROR)
    return EspeakBackend("fr-fr", preserve_punctuation=True, with_stress=True, logger=quiet)
