"""An extracurricular plan line by line: activity, classes, hours, leader, and where stated day, hour, room."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from flask_babel import gettext as _

from scheduler.imports.bells.times import time_cell
from scheduler.imports.bells.tracks import number_of
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.class_lists import class_list
from scheduler.imports.grids.class_words import ClassLabel
from scheduler.imports.grids.place_words import people_in, room_name, split_rooms
from scheduler.imports.grids.words import plain, weekday_of
from scheduler.imports.plans.hours import HIGHEST_GRADE, hours_of
from scheduler.imports.plans.lines import PlanLine
from scheduler.imports.sheets.cells import Cell, Sheet, place_of

HEADING_ROWS = 30
COLUMNS = (
    ("leader", re.compile(r"руководител|педагог|учител|преподават|\bфио\b|ведущ|ответственн")),
    ("activity", re.compile(r"(?:назван|наименован).*(?:курс|программ|кружк|секц|занят|объедин|деятельн)|кружок|секци|"
                            r"курс.*внеуроч|внеуроч.*(?:курс|занят|деятельн)|^курсы?$|^программа$|^занятие$|объединение|"
                            r"^(?:название|наименование)$|^активност|^клуб")),
    ("classes", re.compile(r"класс|параллел|группа классов")),
    ("hours", re.compile(r"час|кол-во|количество")),
    ("weekday", re.compile(r"^день|дни|день недели")),
    ("time", re.compile(r"врем|начало")),
    ("period", re.compile(r"№ ?урок|^урок$|номер урок")),
    ("room", re.compile(r"каб|ауд|место|помещен")),
)  # fmt: skip
_PUPILS = re.compile(r"учени|учащ|обучающ|ребен|фамили|отчеств|рожд|родител")
_GRADES = re.compile(
    r"(?<![\d.,])(1[01]|[1-9])(?:\s*[-–—]\s*(1[01]|[1-9]))?(?![\d.,])\s*-?(?:х|е|ые|й)?(?:\s|,|;|кл|$)"
)
_EVERYBODY = re.compile(r"^все(?:\s+(?:классы|желающие|ученики))?$|^вся школа$")
EVERY_CLASS = re.compile(r"разговоры о важном|мои горизонты")  # each class has its own hour of these


@dataclass(frozen=True, slots=True)
class _Heading:
    row: int
    columns: Mapping[str, int]


def heading_of(sheet: Sheet) -> _Heading | None:
    """The row that heads activities with their classes and hours or leaders; None for any other table."""
    for row in sorted(sheet.rows)[:HEADING_ROWS]:
        columns: dict[str, int] = {}
        if any(_PUPILS.search(plain(cell.text)) for cell in sheet.rows[row]):
            continue
        for cell in sheet.rows[row]:
            kind = next((kind for kind, shape in COLUMNS if shape.search(plain(cell.text))), None)
            if kind is not None and kind not in columns and len(cell.text) <= 60:  # noqa: PLR2004 - no heading is longer
                columns[kind] = cell.column
        if {"activity", "classes"} <= set(columns) and {"hours", "leader"} & set(columns):
            return _Heading(row, columns)
    return None


def read_listed(sheet: Sheet, findings: FindingList) -> Iterator[PlanLine]:
    """The lines of one sheet under its headings."""
    heading = heading_of(sheet)
    if heading is None:
        return
    for row in sorted(number for number in sheet.rows if number > heading.row):
        cells = {kind: sheet.seen_at(row, column) for kind, column in heading.columns.items()}
        activity, classes = cells["activity"], cells["classes"]
        if activity is None or classes is None or not any(map(str.isalpha, activity.text)):
            continue
        line = _line(sheet, cells, activity, classes, findings)
        if line is not None:
            yield line


def _line(
    sheet: Sheet, cells: Mapping[str, Cell | None], activity: Cell, classes: Cell, findings: FindingList
) -> PlanLine | None:
    name = " ".join(activity.text.split())
    if plain(name).startswith(("итого", "всего")):
        return None
    labels, grades = classes_in(classes)
    if not labels and not grades:
        text = _("“%(text)s” names no classes; the line was not taken.", text=classes.text[:80])
        findings.error(place_of(sheet, classes), text)
        return None
    leader = cells.get("leader")
    leaders = people_in(leader.text) if leader is not None else ()
    is_of_every_class = not leaders or bool(EVERY_CLASS.search(plain(name)))
    return PlanLine(
        name,
        _hours(sheet, cells.get("hours"), findings),
        place_of(sheet, activity if activity.row == classes.row else classes),
        labels,
        grades,
        leaders,
        _rooms(cells.get("room")),
        *_when(cells),
        is_joint=not is_of_every_class,
        is_of_all=bool(_EVERYBODY.search(plain(classes.text))),
    )


def classes_in(cell: Cell) -> tuple[tuple[ClassLabel, ...], tuple[int, ...]]:
    """The classes a cell names one by one, and the grades it names as a whole."""
    if _EVERYBODY.search(plain(cell.text)):
        return (), tuple(range(1, HIGHEST_GRADE + 1))
    labels = tuple(label for entry in class_list(cell.text) for label in entry.labels)
    rest = cell.text.lower()
    for entry in class_list(cell.text):
        rest = rest.replace(entry.text.lower(), " ")
    spans = [(int(first), int(last or first)) for first, last in _GRADES.findall(rest + " ")]
    grades = tuple(sorted({grade for first, last in spans for grade in range(first, min(last, HIGHEST_GRADE) + 1)}))
    return labels, grades


def _hours(sheet: Sheet, cell: Cell | None, findings: FindingList) -> Decimal:
    hours = hours_of(cell) if cell is not None else None
    if hours is None and cell is not None:
        text = _("“%(text)s” is no number of hours a week; it was not taken.", text=cell.text[:80])
        findings.error(place_of(sheet, cell), text)
    return hours.week if hours is not None else Decimal(0)


def _rooms(cell: Cell | None) -> tuple[str, ...]:
    return tuple(room_name(room) for room in split_rooms(cell.text)) if cell is not None else ()


def _when(cells: Mapping[str, Cell | None]) -> tuple[int | None, int | None, time | None]:
    """Weekday, lesson number, and beginning by the clock, each where the line states it."""
    weekday, moment, period = cells.get("weekday"), cells.get("time"), cells.get("period")
    day = weekday_of(weekday.text) if weekday is not None else None
    found = time_cell(moment) if moment is not None else None
    number = number_of(period) if period is not None else number_of(moment) if moment is not None else None
    return day, number, found.times[0] if found is not None and found.times else None
