"""The calendar of a school year (terms, holidays, moved days) from tables and iCalendar files."""
