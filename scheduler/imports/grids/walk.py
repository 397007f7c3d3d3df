"""Reads one sheet as a grid in one direction: every cell of a lesson with its class, day and number."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import itemgetter

from flask_babel import gettext as _

from scheduler.imports.grids.bands import Band, Block, bands_of
from scheduler.imports.grids.class_words import ClassLabel, class_in_title
from scheduler.imports.grids.columns import SubjectColumn, subject_columns
from scheduler.imports.grids.lessons import GridLesson, SheetReading
from scheduler.imports.grids.marks import HeadLine, Marks
from scheduler.imports.grids.matrix import MatrixReader, is_matrix
from scheduler.imports.grids.place_words import is_room, split_rooms
from scheduler.imports.grids.rows import RowPlace, Rows
from scheduler.imports.grids.words import bells_of, week_of, weekday_of
from scheduler.imports.sheets.cells import Cell, Position, Sheet, place_of
from scheduler.imports.subject_names import known_subject

KNOWN, UNKNOWN, COUNTED = 1.0, 0.4, 0.3
LONGEST_LESSON_TEXT = 160
NOTES = ("звонк", "утвержда", "примечан", "директор школы", "расписание уроков", "перемена")


class SheetWalk:
    """One sheet, read down. `lessons` are found by `read`; the score compares ways of reading."""

    def __init__(self, sheet: Sheet, layout: str) -> None:
        self._sheet = sheet
        self._marks = Marks(sheet)
        self.reading = SheetReading(layout)
        self._week = week_of(sheet.name)
        self._day = self._day_of_sheet()

    def _day_of_sheet(self) -> int | None:
        day = weekday_of(self._sheet.name)
        if day is not None or self._marks.day_lines:
            return day
        alone = {found for _at, found in self._marks.days_down}
        return alone.pop() if len(alone) == 1 else None

    @cached_property
    def _down(self) -> list[tuple[Position, ClassLabel]]:
        """The labels that stand down columns, from the top."""
        columns = self._marks.class_columns
        return sorted(((at, label) for at, label in self._marks.labels.items() if at[1] in columns), key=itemgetter(0))

    @cached_property
    def _sheet_label(self) -> ClassLabel | None:
        return self._label_of_sheet()

    def read(self) -> SheetReading:
        for number, band in enumerate(self._bands()):
            self._remark_on_heads(band)
            for block in band.blocks:
                self._read_block(number, band, block)
        return self.reading

    def _bands(self) -> Iterator[Band]:
        """Under class labels; where the classes stand down or in the title, under days; else under the sheet's name."""
        people = [line for line in self._marks.people_lines if is_matrix(self._marks, line)]
        if people:
            yield from bands_of(self._marks, "teacher", people)
            return
        classes, days = self._marks.class_lines, self._marks.day_lines
        if classes and not (days and days[0].row > classes[0].row and len(classes) == 1 == len(classes[0].cells)):
            yield from bands_of(self._marks, "class", classes)
        elif days and (self._marks.class_columns or self._sheet_label):
            yield from bands_of(self._marks, "day", days)
        elif self._sheet_label and self._sheet.cells:
            corner = Cell(-1, 0, self._sheet.name, "")
            yield from bands_of(self._marks, "sheet", [HeadLine(-1, (corner,))])

    def _remark_on_heads(self, band: Band) -> None:
        """A heading that stands twice heads two parts of one class; one that was a date is a guess."""
        seen: set[str] = set()
        for block in band.blocks:
            at = (block.head.row, block.head.column)
            label = self._marks.labels.get(at)
            if label is None or band.kind != "class":
                continue
            if label.key in seen:
                text = _("Class %(name)s heads two columns: taken as two groups of it.", name=label.name)
                self.reading.findings.warn(place_of(self._sheet, block.head), text)
            if at in self._marks.guessed:
                self.reading.damaged[label.key] = block.head
            seen.add(label.key)

    def _label_of_sheet(self) -> ClassLabel | None:
        """The class that the sheet's name or a title above its days names."""
        label = class_in_title(self._sheet.name)
        if label is not None:
            return label
        first_days = min((at[0] for at in self._marks.days), default=0)
        titles = (class_in_title(cell.text) for cell in self._sheet if cell.row < max(first_days, 1))
        return next((title for title in titles if title is not None), None)

    def _read_teacher(self, number: int, band: Band, block: Block) -> None:
        if block.numbers is None:
            return
        rows = Rows(self._marks, band, block, sheet_day=self._day, sheet_week=self._week)
        reader = MatrixReader(self._sheet, self._marks, band, block, self.reading.findings)
        self.reading.beside |= reader.beside
        for place in rows.places(reader.has_lesson):
            self._remark(place, block)
            for lesson in reader.lessons(place, (self._sheet.name, number, place.region)):
                self.reading.labels.setdefault(lesson.label.key, lesson.label)
                self.reading.lessons.append(lesson)
                self.reading.score += KNOWN

    def _read_block(self, number: int, band: Band, block: Block) -> None:
        if band.kind == "teacher":
            self._read_teacher(number, band, block)
            return
        subjects = subject_columns(self._marks, block.columns, band.rows)
        self._read_homes(band, block)
        if not subjects:
            return
        rows = Rows(self._marks, band, block, sheet_day=self._day, sheet_week=self._week)
        reader = BlockReader(self._sheet, self._marks, block, subjects)
        for place in rows.places(reader.has_lesson):
            label = self._label_at(band, block, place.row)
            if label is None:
                continue
            self.reading.labels.setdefault(label.key, label)
            self._remark(place, block)
            self._read_bells(block, place)
            for lesson in reader.lessons(place, label, (self._sheet.name, number, place.region)):
                self.reading.lessons.append(lesson)
                self.reading.score += _weight(lesson.subject) * (COUNTED if place.guess == "number" else 1)

    def _label_at(self, band: Band, block: Block, row: int) -> ClassLabel | None:
        if band.kind == "class":
            return self._marks.labels.get((block.head.row, block.head.column))
        place = bisect(self._down, row, key=lambda found: found[0][0])
        return self._down[place - 1][1] if place else self._sheet_label

    def _remark(self, place: RowPlace, block: Block) -> None:
        if not (place.is_repeated or place.guess):
            return
        cell = self._sheet.at(place.row, block.numbers) if block.numbers is not None else None
        where = place_of(self._sheet, cell or self._first_cell(place.row, block))
        if place.is_repeated:
            self.reading.findings.warn(
                where, _("Lesson number %(number)s stands twice; both are taken as it.", number=place.periods[0])
            )
        elif place.guess == "gap":
            self.reading.findings.warn(
                where, _("A lesson number stands twice and the next one is missing: taken as %(number)s.",
                         number=place.periods[0])
            )  # fmt: skip
        elif place.guess == "day":
            self.reading.findings.warn(
                where, _("The lessons begin anew without the name of a day; they were taken as the next day.")
            )
        elif place.guess == "zero":
            self.reading.findings.warn(where, _("A lesson without a number before the first one: taken as lesson 0."))

    def _first_cell(self, row: int, block: Block) -> Cell | None:
        cells = (self._sheet.at(row, column) for column in block.columns)
        return next((cell for cell in cells if cell is not None), None)

    def _read_bells(self, block: Block, place: RowPlace) -> None:
        column = block.times if block.times is not None else block.numbers
        cell = self._sheet.seen_at(place.row, column) if column is not None else None
        bells = bells_of(cell.text) if cell is not None else None
        if bells is not None and len(place.periods) == 1:
            self.reading.bells.setdefault(place.periods[0], []).append(bells)

    def _read_homes(self, band: Band, block: Block) -> None:
        """A row «Кабинет» under the labels names the room where a class has most lessons."""
        label = self._marks.labels.get((block.head.row, block.head.column))
        for row in range(band.rows.start, min(band.rows.start + 2, band.rows.stop)):
            headings = {self._marks.headings.get((row, column)) for column in range(block.head.column)}
            cells = [cell for column in block.columns if (cell := self._sheet.at(row, column)) is not None]
            if label is not None and "room" in headings and cells and is_room(cells[0].text):
                self.reading.homes.setdefault(label.key, []).append(cells[0].text)


def is_known_lesson(text: str) -> bool:
    """True where a text begins with a known subject: rooms and teachers may follow in brackets or on a new line."""
    head = text.split("\n", 1)[0].split("(", 1)[0]
    return known_subject(text) is not None or known_subject(head) is not None


def _weight(text: str) -> float:
    return KNOWN if is_known_lesson(text) else UNKNOWN


class BlockReader:
    """The cells of one block: which are lessons, with which rooms and teachers."""

    def __init__(self, sheet: Sheet, marks: Marks, block: Block, subjects: Sequence[SubjectColumn]) -> None:
        self._sheet = sheet
        self._marks = marks
        self._block = block
        self._subjects = subjects
        last = subjects[-1].column
        self._has_whole = any(
            cell.column == subjects[0].column and cell.column + cell.columns > last > cell.column for cell in sheet.wide
        )

    def has_lesson(self, row: int) -> bool:
        return any(self._lesson_cell(row, subject.column) is not None for subject in self._subjects) or bool(
            self._misplaced(row)
        )

    def lessons(self, place: RowPlace, label: ClassLabel, region: tuple[str, int, int]) -> Iterator[GridLesson]:
        cells = [(subject, self._lesson_cell(place.row, subject.column)) for subject in self._subjects]
        filled = [(subject, cell) for subject, cell in cells if cell is not None]
        rooms = self._rooms(filled, place.row)
        for subject, cell in filled or [(self._subjects[0], found) for found in self._misplaced(place.row)]:
            yield GridLesson(
                sheet=self._sheet.name,
                address=cell.address,
                label=label,
                weekday=place.weekday,
                periods=self._periods(place, cell),
                subject=cell.text,
                room=rooms[cell] if cell in rooms else self._room(subject, cell, place.row),
                teacher=self._beside(subject.teachers, cell, place.row),
                subgroup=self._subgroup(subject, cell, len(filled), is_second=place.is_second_line),
                week=place.week,
                region=region,
                is_dated=place.is_dated,
                is_hidden=cell.is_hidden,
            )

    def _lesson_cell(self, row: int, column: int) -> Cell | None:
        """The cell that begins here; one merged from the classes at the left belongs to this class as well."""
        cell = self._sheet.at(row, column)
        if cell is None:
            seen = self._sheet.seen_at(row, column)
            if seen is None or seen.row != row or seen.column >= min(self._block.columns):
                return None
            cell = seen
        return cell if self._is_lesson(cell) else None

    def _is_lesson(self, cell: Cell) -> bool:
        if self._marks.is_service(cell) or len(cell.text) > LONGEST_LESSON_TEXT or self._marks.is_label(cell):
            return False
        low = cell.text.lower()
        return any(letter.isalpha() or letter == "=" for letter in low) and not any(word in low for word in NOTES)

    def _misplaced(self, row: int) -> list[Cell]:
        """A subject that was typed into the column of rooms or of numbers."""
        wanted = [*self._block.columns, *([] if self._block.numbers is None else [self._block.numbers])]
        cells = [self._sheet.at(row, column) for column in sorted(wanted)]
        return [cell for cell in cells if cell is not None and known_subject(cell.text) and not is_room(cell.text)]

    def _periods(self, place: RowPlace, cell: Cell) -> tuple[int, ...]:
        """A cell merged down over several numbered rows lasts for all of them."""
        if cell.rows == 1 or self._block.numbers is None:
            return place.periods
        below = (self._sheet.seen_at(row, self._block.numbers) for row in range(cell.row, cell.row + cell.rows))
        numbers: list[int] = list(place.periods)
        for found in below:
            if found is not None:
                numbers.extend(self._marks.numbers.get((found.row, found.column), ()))
        return tuple(sorted(set(numbers)))

    def _rooms(self, filled: Sequence[tuple[SubjectColumn, Cell]], row: int) -> dict[Cell, str]:
        """One column of rooms that serves several subjects holds one room for each of them: «402/410»."""
        if len(filled) < 2 or len({subject.rooms for subject, _cell in filled}) > 1:  # noqa: PLR2004 - several
            return {}
        rooms = split_rooms(self._beside(filled[0][0].rooms, filled[0][1], row))
        if len(rooms) != len(filled):
            return {}
        return {cell: room for (_subject, cell), room in zip(filled, rooms, strict=True)}

    def _room(self, subject: SubjectColumn, cell: Cell, row: int) -> str:
        if cell.column in subject.rooms:
            return ""
        columns = subject.rooms
        if cell.columns > 1 and len(self._subjects) > 1:
            columns = tuple(dict.fromkeys(column for other in self._subjects for column in other.rooms))
        return self._beside(columns, cell, row)

    def _beside(self, columns: Sequence[int], cell: Cell, row: int) -> str:
        """The texts beside a cell, over all the rows it is merged over."""
        found: dict[Cell, None] = {}
        for line in range(row, row + cell.rows):
            for column in columns:
                other = self._sheet.seen_at(line, column)
                if other is not None and other is not cell and not self._marks.is_label(other):
                    found[other] = None
        return "/".join(dict.fromkeys(other.text for other in found))

    def _subgroup(self, subject: SubjectColumn, cell: Cell, filled: int, *, is_second: bool) -> int | None:
        if len(self._subjects) > 1:
            if cell.columns > 1 and cell.column + cell.columns > self._subjects[-1].column:
                return None
            return self._subjects.index(subject) + 1 if filled > 1 or self._has_whole else None
        return 2 if is_second else None
