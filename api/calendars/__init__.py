"""When nurses work, over REST."""
