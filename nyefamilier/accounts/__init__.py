"""People who sign in: accounts, sessions and tokens, behind an identity port."""
