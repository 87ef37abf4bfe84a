"""Oslo's bydeler and delbydeler, each with its time of validity."""
