"""Pure rules: addresses, items, calendar, bookings, holds, references, and the events of a call.

Belongs here: what stays true whatever the phone company, the database or the speech engine.
Does not belong here: input/output, clocks that tick, frameworks, anything of another room.
"""
