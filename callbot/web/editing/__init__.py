"""Pages of the switch, of gaps and proposed entries, of the files of the knowledge base and their versions.

Belongs here: addresses, forms, words of the pages. Does not belong here: what may be published (``editing``), who may
(the guard).
"""
