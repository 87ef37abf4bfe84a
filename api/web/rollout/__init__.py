"""The pages of the rollout's plans, for planners."""
