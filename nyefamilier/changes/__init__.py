"""The mutation log: every write that was ever taken in, sealed, with its answer."""
