"""Simulated callers: on text in process and in virtual time, with sound through the phone company's socket. An edge.

Belongs here: scenarios, the caller's mind, ears and mouth, the judge. Does not belong here: any shortcut into what is
rehearsed; only time, and bookings made before the call, are set from outside.
"""
