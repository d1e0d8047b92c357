"""Bookings a second while everybody wants the same dates, and whether every one of them is right."""
