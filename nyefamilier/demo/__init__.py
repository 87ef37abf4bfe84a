"""The demonstration city: synthetic families that follow the programme's published history."""
