"""Families over REST: people, pregnancies, addresses, team."""
