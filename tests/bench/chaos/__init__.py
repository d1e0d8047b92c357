"""``make chaos``: things break while twelve people are on the phone; what became of their calls, bookings and SMS.

Belongs here: faults, the hosts they happen to, callers and a phone company outside, the verdict.
Does not belong here: how fast anything is while all is well (``tests.bench``).
"""
