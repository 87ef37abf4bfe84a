"""The access log over REST."""
