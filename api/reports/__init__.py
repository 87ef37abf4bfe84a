"""A bydel's report of a year or tertial, over REST."""
