"""Texts to parents over HTTP."""
