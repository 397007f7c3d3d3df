"""The timetable as a plain table, one line a lesson of a class: for other programs and for sorting in a spreadsheet."""

from collections.abc import Iterator

from flask_babel import pgettext

from scheduler.exports.cells import grid_cells
from scheduler.exports.csv_text import csv_bytes
from scheduler.exports.stored import StoredSchool
from scheduler.models.names import shown_class


def write_lessons(school: StoredSchool) -> bytes:
    """Day, number, times, class, group, subject, teachers, rooms, weeks; private groups are not in it."""
    head = [
        pgettext("file", "Day"),
        "№",
        pgettext("file", "Beginning"),
        pgettext("file", "End"),
        pgettext("file", "Class"),
        pgettext("file", "Group"),
        pgettext("file", "Subject"),
        pgettext("file", "Teacher"),
        pgettext("file", "Room"),
        pgettext("file", "Weeks"),
    ]
    return csv_bytes([head, *_rows(school)])


def _rows(school: StoredSchool) -> Iterator[list[object]]:
    draft = school.draft
    days = {day.weekday: day.name for day in draft.days}
    for cell in grid_cells(draft):
        bells = school.bells.get(school.shifts.get(cell.class_key, 1), draft.periods)
        period = next((row for row in bells if row.number == cell.period), None)
        weeks = "" if len(cell.weeks) == draft.cycle_weeks else ", ".join(str(week + 1) for week in sorted(cell.weeks))
        yield [
            days[cell.weekday],
            cell.period,
            f"{period.start:%H:%M}" if period and period.start else "",
            f"{period.end:%H:%M}" if period and period.end else "",
            shown_class(draft.class_by_key[cell.class_key].name),
            cell.group,
            cell.subject,
            ", ".join(cell.teachers),
            ", ".join(cell.rooms),
            weeks,
        ]
