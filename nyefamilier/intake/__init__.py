"""Lists from outside (referrals, births) read row by row and sent through the one door."""
