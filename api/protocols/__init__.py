"""The programmes' protocols over REST."""
