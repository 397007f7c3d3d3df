"""A school's things back out as files: timetable, lists of people, everything at once. Reads, never writes a row."""
