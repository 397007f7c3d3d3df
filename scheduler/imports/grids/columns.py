"""What the columns of one class hold: lesson numbers, subjects, rooms, teachers; told by content, then by headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.imports.grids.marks import Marks
from scheduler.imports.grids.place_words import is_people, is_room
from scheduler.imports.sheets.cells import Cell

MOSTLY, SURELY = 0.6, 0.8
FEW = 2
GOOD_STEPS = 0.7
HIGHEST_FIRST = 9


@dataclass(frozen=True, slots=True)
class SubjectColumn:
    """A column of subjects with the columns of rooms and teachers that belong to it."""

    column: int
    rooms: tuple[int, ...]
    teachers: tuple[int, ...]


def cells_between(marks: Marks, column: int, rows: range) -> list[Cell]:
    return [cell for cell in marks.sheet.columns.get(column, ()) if rows.start <= cell.row < rows.stop]


def number_columns(marks: Marks, rows: range, columns: range) -> tuple[int, ...]:
    """The columns whose figures count lessons: they go up one by one and begin anew each day."""
    return tuple(column for column in columns if _counts_lessons(marks, column, rows))


def _counts_lessons(marks: Marks, column: int, rows: range) -> bool:
    cells = cells_between(marks, column, rows)
    numbers = [marks.numbers[at] for cell in cells if (at := (cell.row, cell.column)) in marks.numbers]
    others = sum(not marks.is_service(cell) for cell in cells)
    if len(numbers) < FEW or others * 4 > len(numbers) or numbers[0][0] > HIGHEST_FIRST:
        return False
    steps = [(before[-1], after[0]) for before, after in pairwise(numbers)]
    up = sum(after == before + 1 for before, after in steps)
    down = sum(after < before for before, after in steps)
    return up * 2 >= len(steps) and (up + down) >= GOOD_STEPS * len(steps) and up >= down


def time_columns(marks: Marks, rows: range, columns: range) -> tuple[int, ...]:
    """The columns of bell times."""
    found = []
    for column in columns:
        cells = cells_between(marks, column, rows)
        times = sum((cell.row, cell.column) in marks.bells for cell in cells)
        if times >= FEW and times * 2 > len(cells):
            found.append(column)
    return tuple(found)


def subject_columns(marks: Marks, columns: Sequence[int], rows: range) -> tuple[SubjectColumn, ...]:
    """The subject columns of a block, each with its rooms and teachers; one room column may serve several."""
    roles = {column: role for column in columns if (role := _role(marks, column, rows))}
    subjects = [column for column in columns if roles.get(column) == "subject"]
    rooms = [column for column in columns if roles.get(column) == "room"]
    teachers = [column for column in columns if roles.get(column) == "teacher"]
    return tuple(
        SubjectColumn(column, _attached(column, subjects, rooms), _attached(column, subjects, teachers))
        for column in subjects
    )


def _attached(column: int, subjects: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
    place = subjects.index(column)
    end = subjects[place + 1] if place + 1 < len(subjects) else None
    own = tuple(other for other in others if other > column and (end is None or other < end))
    if own or len(others) >= len(subjects):
        return own or tuple(other for other in others if other < column)[-1:]
    return tuple(others)


def _role(marks: Marks, column: int, rows: range) -> str | None:
    cells = [
        cell for cell in cells_between(marks, column, rows) if (cell.row, cell.column) not in marks.headings
        and not cell.is_hidden
    ]  # fmt: skip
    stated = _stated(marks, column, rows)
    if not cells:
        return None
    rooms = sum(is_room(cell.text) for cell in cells) / len(cells)
    people = sum(is_people(cell.text) for cell in cells) / len(cells)
    told = "room" if rooms >= MOSTLY else "teacher" if people >= MOSTLY else "subject"
    is_sure = max(rooms, people, 1 - rooms - people) >= SURELY and len(cells) > FEW
    if stated is None or is_sure:
        return told
    return stated


def _stated(marks: Marks, column: int, rows: range) -> str | None:
    for row in range(max(rows.start - 1, 0), rows.stop):
        heading = marks.headings.get((row, column))
        if heading in {"subject", "room", "teacher"}:
            return heading
    return None
