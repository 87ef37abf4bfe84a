"""Offers of a programme, the family's answers, and enrolments."""
