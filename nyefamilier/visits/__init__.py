"""Visits: what is planned and agreed, and what became of it."""
