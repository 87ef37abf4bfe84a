"""Rollout planning: from budget and births to nurses, waves and dates; it knows no family."""
