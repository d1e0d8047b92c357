"""Masking measured: labelled sentences of callers, and how well their secrets are hidden.

Belongs here: labelled sentences and their judge. Does not belong here: rules of masking.
"""
