"""Encryption of personal fields, blind index, masking.

Belongs here: keys and what protects people. Does not belong here: tables, screens.
"""
