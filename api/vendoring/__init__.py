"""Fetching what the pages use from others, so that it can be committed. Nothing serves this."""
