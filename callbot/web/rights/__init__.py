"""The pages of the rights desk: a resident's own data, and the requests that officers answer.

Belongs here: forms, files and pages about requests. Does not belong here: what may be done with one
(``privacy.rights_desk``), reading past calls (``web.review``).
"""
