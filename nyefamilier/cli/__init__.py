"""The command line: the third doorway."""
