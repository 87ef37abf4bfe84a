"""What a person must decide: the inbox of conflicts and of what was held."""
