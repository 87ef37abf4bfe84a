"""Import of referrals and births from files."""
