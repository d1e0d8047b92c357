"""Figures: what the calls of a period say about the service, and what staffing would do to the waiting.

Belongs here: formulas, each with its numerator, denominator and source; simulations; pure, numpy at most.
Does not belong here: where figures come from (storage, files), pages that show them, any framework.
"""
