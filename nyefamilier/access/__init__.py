"""Who may do what to which family, and the log of who did."""
