"""What parents say that they need, in their own words."""
