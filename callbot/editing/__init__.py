"""Changing what callers meet: the switch that sends them to people, and versions of the knowledge base over its files.

Belongs here: use cases through ports; who may approve what, when the bot trips, what a version is made of.
Does not belong here: pages, tables, reading or checking the files themselves.
"""
