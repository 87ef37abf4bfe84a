"""Families: people, pregnancies, births and deaths, addresses, the team that follows them."""
