"""The timetable as the common grid of Russian schools: classes as column blocks, days down, subject, teacher, room.

A sheet a shift, and a sheet a week where the timetable changes from week to week. Two groups of a class stand in two
lines of one lesson. Private groups and classes of one child are never in it.
"""

import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.exports.cells import GridCell, grid_cells
from scheduler.exports.grid_look import add_styles, merge, printable, style_name, write_text
from scheduler.exports.stored import StoredSchool
from scheduler.imports.draft import DraftClass, DraftPeriod
from scheduler.models.names import shown_class

DAY, NUMBER, TIME, FIRST = 1, 2, 3, 4
WIDTH = 3
HEAD, FIELDS, BODY = 2, 3, 4
WIDTHS = {DAY: 5.0, NUMBER: 5.0, TIME: 12.0}
Hours = Mapping[tuple[int, int], Mapping[str, Sequence[GridCell]]]


@dataclass(frozen=True, slots=True)
class _Page:
    """One sheet: its classes, the week it shows (None: all weeks are alike), and the bells of its shift."""

    title: str
    classes: tuple[DraftClass, ...]
    week: int | None
    bells: tuple[DraftPeriod, ...]


def write_grid(school: StoredSchool) -> bytes:
    """The workbook."""
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book)
    for page in _pages(school):
        _Sheet(book.create_sheet(page.title), school, page).fill()
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _pages(school: StoredSchool) -> Iterator[_Page]:
    draft = school.draft
    shifts: dict[int, list[DraftClass]] = defaultdict(list)
    for row in draft.classes:
        if not row.is_private:
            shifts[school.shifts.get(row.key, 1)].append(row)
    for shift in sorted(shifts) or [1]:
        weeks = [None] if draft.cycle_weeks == 1 else list(range(draft.cycle_weeks))
        for week in weeks:
            title = str(_("Shift %(number)s", number=shift))
            if week is not None:
                title += str(_(", week %(number)s", number=week + 1))
            yield _Page(title, tuple(shifts[shift]), week, school.bells.get(shift, draft.periods))


class _Sheet:
    """Fills one sheet; rows are counted as they are written."""

    def __init__(self, sheet: Worksheet, school: StoredSchool, page: _Page) -> None:
        self._sheet = sheet
        self._school = school
        self._page = page
        self._columns = {row.key: FIRST + place * WIDTH for place, row in enumerate(page.classes)}
        self._last = FIRST + WIDTH * len(page.classes) - 1
        self._top = HEAD

    def fill(self) -> None:
        self._write_head()
        hours = self._hours()
        numbers = self._numbers(hours)
        row = BODY
        for day in self._school.draft.days:
            if not any(weekday == day.weekday for weekday, _number in hours):
                continue
            self._top = top = row
            for number in numbers:
                row = self._write_hour(row, number, hours.get((day.weekday, number), {}))
            self._put(top, DAY, day.name, "upright", rows=row - top)
        self._set_up_print()

    def _hours(self) -> Hours:
        hours: dict[tuple[int, int], dict[str, list[GridCell]]] = defaultdict(lambda: defaultdict(list))
        for cell in grid_cells(self._school.draft):
            if cell.class_key in self._columns and (self._page.week is None or self._page.week in cell.weeks):
                hours[cell.weekday, cell.period][cell.class_key].append(cell)
        return hours

    def _numbers(self, hours: Hours) -> range:
        used = {number for _weekday, number in hours}
        return range(min(used), max(used) + 1) if used else range(0)

    def _write_head(self) -> None:
        self._sheet.cell(1, 1).font = Font(bold=True, size=14)
        write_text(self._sheet, 1, 1, pgettext("file", "Timetable"))
        for column, title in ((DAY, pgettext("file", "Day")), (NUMBER, "№"), (TIME, pgettext("file", "Time"))):
            self._put(HEAD, column, title, "bold", rows=2)
        fields = (pgettext("file", "Subject"), pgettext("file", "Teacher"), pgettext("file", "Room"))
        for row in self._page.classes:
            column = self._columns[row.key]
            self._put(HEAD, column, shown_class(row.name), "bold", columns=WIDTH)
            for place, title in enumerate(fields):
                self._put(FIELDS, column + place, title, "middle")

    def _write_hour(self, top: int, number: int, lessons: Mapping[str, Sequence[GridCell]]) -> int:
        """One lesson number in as many lines as the class with most groups needs; the row after it."""
        lines = max((len(cells) for cells in lessons.values()), default=1)
        self._put(top, NUMBER, number, "middle", rows=lines)
        self._put(top, TIME, self._time(number), "middle", rows=lines)
        for key, column in self._columns.items():
            cells = lessons.get(key, ())
            if len(cells) <= 1:
                self._write_lesson(top, column, cells[0] if cells else None, rows=lines)
                continue
            for place in range(lines):
                self._write_lesson(top + place, column, cells[place] if place < len(cells) else None)
        return top + lines

    def _time(self, number: int) -> str:
        period = next((row for row in self._page.bells if row.number == number), None)
        if period is None or period.start is None or period.end is None:
            return ""
        return f"{period.start:%H:%M}–{period.end:%H:%M}"

    def _write_lesson(self, row: int, column: int, cell: GridCell | None, *, rows: int = 1) -> None:
        texts = ("", "", "") if cell is None else (cell.text, "\n".join(cell.teachers), "/".join(cell.rooms))
        for place, text in enumerate(texts):
            self._put(row, column + place, text, "text", rows=rows)

    def _put(self, row: int, column: int, value: str | int, look: str, **span: int) -> None:
        """A text over `rows` and `columns`; an empty one is not merged, only lined."""
        rows, columns = span.get("rows", 1), span.get("columns", 1)
        for line in range(row, row + rows):
            for place in range(column, column + columns):
                is_left = place < FIRST or (place - FIRST) % WIDTH == 0
                style = style_name(look, is_left=is_left, is_top=line == self._top)
                self._sheet.cell(line, place).style = style
        write_text(self._sheet, row, column, value)
        if rows * columns > 1 and value != "":
            merge(self._sheet, row, column, rows=rows, columns=columns)

    def _set_up_print(self) -> None:
        sheet = self._sheet
        sheet.freeze_panes = f"{get_column_letter(FIRST)}{BODY}"
        for column in range(DAY, self._last + 1):
            place = (column - FIRST) % WIDTH
            sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(column, (20.0, 16.0, 8.0)[place])
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0
        sheet.print_title_rows = f"{HEAD}:{FIELDS}"
        sheet.print_title_cols = f"{get_column_letter(DAY)}:{get_column_letter(TIME)}"
        footer = sheet.oddFooter
        if footer is not None:  # the library makes one for each sheet
            footer.left.text = printable(f"{self._school.name}, {self._school.day:%d.%m.%Y}".replace("&", "&&"))
            footer.right.text = "&P / &N"
