"""A matrix of teachers: a teacher heads a column (the reader turns the sheet), each cell names the class taught.

What is taught stands beside the teacher's name or behind the class («10д-2 инф»); the room beside the name.
"""

import re
from collections.abc import Iterator

from flask_babel import gettext as _

from scheduler.imports.findings import FindingList
from scheduler.imports.grids.bands import Band, Block
from scheduler.imports.grids.class_lists import ClassHours, class_list
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.grids.lessons import GridLesson, Region
from scheduler.imports.grids.marks import HeadLine, Marks
from scheduler.imports.grids.place_words import is_person, is_room
from scheduler.imports.grids.rows import RowPlace
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.imports.subject_names import known_subject

NEAR = 4
MOST_GROUPS = 4
_LIST = re.compile(r"\s*[,;\n/]\s*")
_LETTER_AND_GROUP = re.compile(r"^(\d{1,2}[А-ЯЁ])(\d)$")


def is_matrix(marks: Marks, line: HeadLine) -> bool:
    """True where most of what stands under the names of teachers are classes."""
    columns = {cell.column for cell in line.cells}
    below = [cell for cell in marks.sheet if cell.row > line.row and cell.column in columns]
    return sum(bool(class_list(cell.text)) for cell in below) * 2 > len(below) > 0


class MatrixReader:
    """The column of one teacher."""

    def __init__(self, sheet: Sheet, marks: Marks, band: Band, block: Block, findings: FindingList) -> None:
        self._sheet = sheet
        self._column = block.head.column
        self._teacher = " ".join(block.head.text.split())
        near = range(max(band.line.row - NEAR, 0), band.line.row + NEAR)
        beside = [
            cell for row in near if (cell := sheet.seen_at(row, self._column)) is not None and cell is not block.head
        ]
        beside = [cell for cell in beside if not class_list(cell.text)]
        self.beside = {cell.address for cell in beside}
        self._subject = self._told_subject(beside, block.head, findings)
        self._room = next((cell.text for cell in beside if self._is_room_line(marks, cell)), "")

    def _told_subject(self, beside: list[Cell], head: Cell, findings: FindingList) -> str:
        texts = [cell.text for cell in beside if any(known_subject(name) for name in _LIST.split(cell.text))]
        if not texts:
            findings.warn(place_of(self._sheet, head), _("What %(name)s teaches is not stated.", name=self._teacher))
            return str(_("Lesson"))
        if len(_LIST.split(texts[0])) > 1 and not known_subject(texts[0]):
            findings.warn(
                place_of(self._sheet, head),
                _("%(name)s teaches several subjects; which of them a lesson is, the table does not say.",
                  name=self._teacher),
            )  # fmt: skip
            return str(_(" or ")).join(_LIST.split(texts[0]))
        return texts[0]

    def _is_room_line(self, marks: Marks, cell: Cell) -> bool:
        headed = any(
            marks.headings.get((other.row, other.column)) == "room" for other in self._sheet.rows.get(cell.row, ())
        )
        return headed and is_room(cell.text)

    def has_lesson(self, row: int) -> bool:
        return bool(self._entries(row))

    def _entries(self, row: int) -> tuple[ClassHours, ...]:
        cell = self._sheet.at(row, self._column)
        return class_list(cell.text) if cell is not None and not is_person(cell.text) else ()

    def lessons(self, place: RowPlace, region: Region) -> Iterator[GridLesson]:
        cell = self._sheet.at(place.row, self._column)
        if cell is None:
            return
        rest = cell.text
        entries = self._entries(place.row)
        for entry in entries:
            rest = rest.replace(entry.text, " ", 1)
        subject = " ".join(re.sub(r"[\n,;()\d-]+", " ", rest).split()) or self._subject
        for entry in entries:
            for label in entry.labels:
                named, group = _group_of(label, entry)
                yield GridLesson(
                    sheet=self._sheet.name,
                    address=cell.address,
                    label=named,
                    weekday=place.weekday,
                    periods=place.periods,
                    subject=subject,
                    room=self._room,
                    teacher=self._teacher,
                    subgroup=group,
                    week=place.week,
                    region=region,
                    is_dated=place.is_dated,
                    is_hidden=cell.is_hidden,
                )


def _group_of(label: ClassLabel, entry: ClassHours) -> tuple[ClassLabel, int | None]:
    """«7е1», «10д-2» and «10д(2)» all name a group of a class."""
    glued = _LETTER_AND_GROUP.match(label.name)
    if glued:
        return ClassLabel(glued[1], label.grade), int(glued[2])
    if entry.group is None and entry.hours is not None and entry.hours <= MOST_GROUPS and entry.hours % 1 == 0:
        return label, int(entry.hours)
    return label, entry.group
