"""Use cases: offer dates, hold, book, list. One unit of work each.

Belongs here: the order of steps and the ports they need. Does not belong here: SQL, sentences, rules of the calendar.
"""
