"""Nurses who are out alone: who is out, until when; an alarm to their bydel when one is late."""
