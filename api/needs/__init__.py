"""The parents' needs over REST."""
