"""Tables of weekly hours: subjects down, hours beside them, under the label of a class or in one column a class."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from flask_babel import gettext as _

from scheduler.imports.draft import Draft, DraftPart
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.build import DraftBuilder
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.grids.marks import Marks
from scheduler.imports.grids.timetable import remark_on_classes, remark_on_subjects, subject_questions
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.imports.subject_names import known_subject, looks_like_subject

MOST_HOURS = 15
TOTALS = ("итого", "всего", "сумма", "максимальн", "нагрузка", "обязательная", "часть", "учебный план")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """Hours of one subject in one class."""

    label: ClassLabel
    subject: str
    hours: Decimal
    place: str


@dataclass(slots=True)
class HoursTable:
    """All lines of a file, and what a person should look at."""

    lines: list[PlanLine] = field(default_factory=list)
    findings: FindingList = field(default_factory=FindingList)

    @property
    def score(self) -> float:
        return sum(1.0 if known_subject(line.subject) else 0.4 for line in self.lines)


def read_hours(sheets: Sequence[Sheet]) -> HoursTable:
    """The tables of hours of the visible sheets; no lines where there are days of the week, so it is a timetable."""
    table = HoursTable()
    for sheet in sheets:
        marks = Marks(sheet)
        if sheet.is_hidden or len(set(marks.days.values())) > 1:
            continue
        for cell in sheet:
            line = None if cell.is_hidden else _line(marks, cell)
            if line is not None:
                table.lines.append(line)
    return table


def _line(marks: Marks, cell: Cell) -> PlanLine | None:
    hours = cell.number
    if hours is None or not 0 < hours <= MOST_HOURS or (hours * 4) % 1:
        return None
    subject = _subject_of(marks, cell)
    label = _label_of(marks, cell, subject) if subject is not None else None
    if subject is None or label is None:
        return None
    return PlanLine(label, " ".join(subject.text.split()), Decimal(str(hours)), place_of(marks.sheet, cell))


def _subject_of(marks: Marks, cell: Cell) -> Cell | None:
    """The subject of a row: the nearest known one at the left, else the first text."""
    left = [other for other in marks.sheet.rows[cell.row] if other.column < cell.column and other.number is None]
    texts = [other for other in left if not marks.is_label(other) and any(map(str.isalpha, other.text))]
    if not texts or any(word in texts[-1].text.lower() for word in TOTALS):
        return None
    return next((other for other in reversed(texts) if looks_like_subject(other.text)), texts[-1])


def _label_of(marks: Marks, cell: Cell, subject: Cell) -> ClassLabel | None:
    """The class that heads the column of hours, else the one that heads the subjects."""
    for column in (cell.column, subject.column):
        above = [other for other in marks.sheet.columns[column] if other.row < cell.row and _is_head(marks, other)]
        if above:
            return marks.labels[above[-1].row, above[-1].column]
    return None


def _is_head(marks: Marks, cell: Cell) -> bool:
    """A label of a class in a row without figures: beside hours it is somebody's slip."""
    return marks.is_label(cell) and all(other.number is None for other in marks.sheet.rows[cell.row])


def hours_draft(table: HoursTable) -> Draft:
    """The draft of a plan: a course for each class and subject, nobody's teacher, no slots."""
    builder = DraftBuilder()
    seen: set[tuple[str, str]] = set()
    for line in table.lines:
        key = builder.add_class(line.label)
        subject = builder.add_subject(line.subject)
        if (key, subject) in seen:
            table.findings.warn(
                line.place,
                _("%(subject)s stands twice for %(name)s: the hours were added up.", subject=line.subject,
                  name=line.label.name),
            )  # fmt: skip
        seen.add((key, subject))
        builder.course(subject, builder.audience([DraftPart(key)]), [], line.hours)
    remark_on_subjects(builder, table.findings)
    remark_on_classes(builder, set(builder.classes), table.findings)
    draft = builder.draft(shape="hours", lessons_read=len(table.lines))
    return replace(draft, has_timetable=False, questions=subject_questions(builder), findings=table.findings.as_tuple())
