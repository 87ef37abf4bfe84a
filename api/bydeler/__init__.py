"""Bydeler and delbydeler over REST."""
