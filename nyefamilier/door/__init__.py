"""The one door for writes: a mutation in, an answer out, exactly once."""
