"""Uptake and reach per bydel, counted from facts without identity."""
