"""Reviewing past calls: read them masked, find them, see what the bot believed and why, say what went wrong, keep it
as a regression case.

Belongs here: use cases through ports, and what is shown of a call as data. Does not belong here: pages, tables,
publishing knowledge, stopping the service.
"""
