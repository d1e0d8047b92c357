"""Letters on the keys of a telephone (ITU-T E.161): who types "rom" presses 7, 6, 6."""

from __future__ import annotations

from typing import Final

_KEYS: Final = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz"}
_KEY_OF: Final = str.maketrans({letter: key for key, letters in _KEYS.items() for letter in letters})


def on_keys(letters: str) -> str:
    """The keys of ``letters`` (folded); whatever has no key stays as it is."""
    return letters.translate(_KEY_OF)


def typed(initials: str) -> bool:
    """True for initials that were typed: they are certain, but stand for several letters each."""
    return initials.isascii() and initials.isdigit()


def begins_with(words: list[str], initials: str) -> bool:
    """True when a name of these folded ``words``, from any of them on, begins with the letters, spelled or typed.

    From any: callers leave out "rue" and "de".
    """
    rests = ("".join(words[at:]) for at in range(len(words)))
    return any((on_keys(rest) if typed(initials) else rest).startswith(initials) for rest in rests)
