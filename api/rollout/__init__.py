"""Plans of the rollout over REST."""
