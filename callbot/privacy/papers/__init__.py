"""The papers of data protection, in French, made from the code: nobody keeps them up to date by hand.

Belongs here: what each paper says. Does not belong here: writing files, pages, what only the authority can decide.
"""

from callbot.privacy.papers.folder import PAPERS, Paper, papers

__all__ = ["PAPERS", "Paper", "papers"]
