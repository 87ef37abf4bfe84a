"""Where a family lives and who follows it, over REST."""
