"""Pages of figures: for staff, live and over time; for the public, months that an administrator signed; open data.

Belongs here: what a figure looks like. Does not belong here: what it means (``insight.figures``), where it is kept.
"""
