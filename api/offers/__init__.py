"""Offers, answers and enrolments over REST."""
