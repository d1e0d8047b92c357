"""Staffing: formulas, floor, years, plan."""
