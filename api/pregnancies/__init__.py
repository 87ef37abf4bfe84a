"""Pregnancies over REST, and how they end."""
