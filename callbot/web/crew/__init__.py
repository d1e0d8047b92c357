"""The page of a crew: one sector's day on a phone screen.

Belongs here: the link, the list, the form of an outcome. Does not belong here: what an outcome does.
"""
