"""Visit protocols: versioned, effective-dated data, each visit with its source."""
