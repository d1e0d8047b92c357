"""SMS texts and the outbox that sends them.

Belongs here: what is written to residents and the worker that gets it out. Does not belong here: Twilio's SDK, SQL.
"""
