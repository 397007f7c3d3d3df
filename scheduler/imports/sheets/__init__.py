"""Spreadsheets and tables as text, read into one neutral table of cells. Knows nothing of timetables or rosters."""
