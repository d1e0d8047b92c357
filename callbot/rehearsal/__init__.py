"""Simulated callers that ring the service through the same socket as the phone company. An edge: nobody imports it.

Belongs here: scenarios, the caller's ears and mouth, the judge. Does not belong here: any shortcut into the service.
"""
