"""Emergency access over REST."""
