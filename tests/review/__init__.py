"""Reviewing calls."""
