"""Is everybody understood as well? Whole bookings by ear, the same for each group of callers."""
