"""Nurses who are out alone, over REST: check in, check out, who is late."""
