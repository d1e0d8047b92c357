"""How fast the figures answer over many calls."""
