"""A year of calls against what one machine follows and what the crews take, in simulated time."""
