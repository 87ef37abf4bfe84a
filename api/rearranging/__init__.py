"""What births and absences put out of place, over REST."""
