"""The released figures of every tabulation, for programs."""
