"""Words -> meaning: numbers, items, addresses in sentences, dates, yes/no, intents, phone numbers.

Belongs here: everything that reads French; spaCy and text2num are imported here only.
Does not belong here: sound, the street base, what to answer.
"""

from callbot.understanding.questions import QuestionPhrases
from callbot.understanding.understander import Understander

__all__ = ["QuestionPhrases", "Understander"]
