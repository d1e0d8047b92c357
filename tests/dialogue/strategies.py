"""Anything a caller may say or press and anything that may happen to a call, for property tests."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from callbot.domain.events import (
    CallAnswered,
    Event,
    KeysPressed,
    NoProgress,
    NothingHeard,
    NoWords,
    PartFailed,
    Prompted,
    PromptHeard,
    Understood,
)
from callbot.domain.items import ItemLine
from callbot.domain.meaning import HeardAddress, HeardDate, Intent, Language, Meaning, Topic, YesNo
from tests.dialogue.world import FIRST, MOBILE, PIANO, RUBBLE, SAFE, SECOND, SOFA

meanings = st.builds(
    Meaning,
    intent=st.sampled_from([Intent.UNKNOWN] * 12 + list(Intent)),
    yes_no=st.sampled_from([None, YesNo.YES, YesNo.NO]),
    items=st.sampled_from([(), (), *((ItemLine(item, 2),) for item in (SOFA, RUBBLE, PIANO, SAFE))]),
    address=st.none() | st.builds(
        HeardAddress,
        number=st.none() | st.integers(1, 300),
        repetition=st.none(),
        street_heard=st.sampled_from([None, "rue de rome"]),
        insee=st.sampled_from([None, "13206", "13005"]),
        commune_doubt=st.sampled_from([(), ("13005",), ("13201", "13202")]),
    ),
    date=st.none() | st.just(HeardDate(FIRST, SECOND)) | st.just(HeardDate(FIRST, FIRST)),
    choice=st.none() | st.integers(1, 4),
    phone=st.sampled_from([None, None, "+33698765432", "+33491000000"]),
    topic=st.sampled_from([None, None, *Topic]),
    question=st.sampled_from([None, None, None, "prix", "inconnue", "decision_automatique"]),
    nearest=st.sampled_from([(), ("prix",)]),
    references=st.sampled_from([(), (), ("AC47K",), ("AC47K", "CC47A")]),
    language=st.sampled_from([None, *Language]),
    correcting=st.booleans(),
    why=st.sampled_from([False, False, True]),
    wants_human=st.sampled_from([False] * 20 + [True]),
)  # fmt: skip
words: st.SearchStrategy[Event] = st.builds(Understood, meanings)
keys: st.SearchStrategy[Event] = st.builds(KeysPressed, st.text(string.digits + "*#", min_size=1, max_size=11))
nothing: st.SearchStrategy[Event] = st.sampled_from([NothingHeard(), NoWords(), NoProgress()])
line: st.SearchStrategy[Event] = st.sampled_from(
    [PromptHeard("ask_need", 1), Prompted("ask_need", 1, "?"), CallAnswered(MOBILE, resumed=True)]
)
failures: st.SearchStrategy[Event] = st.sampled_from([PartFailed("speech"), PartFailed("booking")])
events: st.SearchStrategy[Event] = st.one_of(words, words, words, keys, nothing, line)
