"""Loads and checks ``knowledge_base/``: items, territories, questions and answers, opening hours, messages.

Belongs here: the schema, its errors with file and line, the coverage report. Does not belong here: any fact or rule.
"""
