"""``make bench``: what a call costs. Speed is printed here and asserted nowhere."""
