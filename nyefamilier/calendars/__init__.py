"""When nurses work: their weekly hours, their absences, and the public holidays."""
