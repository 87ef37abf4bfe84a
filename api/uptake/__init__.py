"""Uptake and reach over REST."""
