"""Whole conversations on text: how often they end well, and how long they take."""
