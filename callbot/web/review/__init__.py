"""Pages of the review: find a call, read it masked, see why, say what went wrong, unmask one field, the journal.

Belongs here: addresses, forms, words of the pages. Does not belong here: what may be seen (``review``), who may (the
guard).
"""
