"""Visits and the plan over REST."""
