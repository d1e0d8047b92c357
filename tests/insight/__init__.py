"""Figures about calls."""
