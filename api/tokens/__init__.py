"""Signing in to the API, and who one is there."""
