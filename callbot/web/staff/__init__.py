"""Pages for staff: signing in and out, one's own account, and the guard before every page that is not for everybody.

Belongs here: cookies, forms, what a page shows to whom. Does not belong here: who may do what (``access``), what the
desk and the review do.
"""
