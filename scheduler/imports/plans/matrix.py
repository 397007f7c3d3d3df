"""A plan as a matrix: subjects down, classes or grades across, hours a week where they meet."""

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from scheduler.imports.findings import FindingList
from scheduler.imports.grids.class_words import ClassLabel, class_of
from scheduler.imports.grids.words import plain
from scheduler.imports.plans.hours import grade_headings, hours_of
from scheduler.imports.plans.lines import PlanLine
from scheduler.imports.sheets.cells import Cell, Position, Sheet, place_of

TOTALS = ("итого", "всего", "сумма", "максимальн", "нагрузка", "обязательн", "часть", "учебный план",
          "количество часов", "недельн", "учебных недель", "предметные области", "аудиторн", "компонент")  # fmt: skip
Head = tuple[tuple[ClassLabel, ...], tuple[int, ...]]


def read_matrix(sheet: Sheet, findings: FindingList) -> Iterator[PlanLine]:
    """The lines of one sheet; none where no classes or grades head columns of hours."""
    heads = _heads(sheet)
    if not heads:
        return
    first = min(column for _row, column in heads)
    for row, cells in sheet.rows.items():
        subject = _subject(sheet, row, first)
        if subject is None:
            continue
        for cell in cells:
            head = _head_of(sheet, heads, cell)
            if head is None or cell.is_hidden or cell.column < first:
                continue
            hours = hours_of(cell)
            if hours is None:
                _tell(sheet, cell, findings)
                continue
            if hours.is_halved:
                text = _("“%(text)s” was taken as two halves of the year: %(hours)s hours a week on the whole.",
                         text=cell.text, hours=f"{hours.week.normalize():f}")  # fmt: skip
                findings.warn(place_of(sheet, cell), text)
            yield PlanLine(subject, hours.week, place_of(sheet, cell), *head)


def _heads(sheet: Sheet) -> Mapping[Position, Head]:
    graded = grade_headings(sheet)
    found: dict[Position, Head] = {position: ((), grades) for position, grades in graded.items()}
    for row, cells in sheet.rows.items():
        named = [(cell, label) for cell in cells if "/" not in cell.text and (label := class_of(cell.text))]
        for cell, label in named:
            if (row, cell.column) not in graded:
                found[row, cell.column] = ((label,), ())
    return found


def _head_of(sheet: Sheet, heads: Mapping[Position, Head], cell: Cell) -> Head | None:
    """The nearest heading above in the same column, or merged over it; a row of headings has no hours itself."""
    if any(row == cell.row for row, _column in heads):
        return None
    for row in range(cell.row - 1, -1, -1):
        above = sheet.seen_at(row, cell.column)
        if above is not None and (above.row, above.column) in heads:
            return heads[above.row, above.column]
    return None


def _subject(sheet: Sheet, row: int, first: int) -> str | None:
    """The last text before the hours; an area of subjects stands left of it and is merged over several."""
    texts = [cell for column in range(first) if (cell := sheet.seen_at(row, column)) and _is_text(cell)]
    if not texts:
        return None
    own = [cell for cell in texts if cell.row == row] or texts
    name = " ".join(own[-1].text.split()).strip(" *")
    low = plain(name)
    return None if any(word in low for word in TOTALS) or class_of(name) else name


def _is_text(cell: Cell) -> bool:
    return cell.number is None and sum(map(str.isalpha, cell.text)) > 1


def _tell(sheet: Sheet, cell: Cell, findings: FindingList) -> None:
    """Figures that are no hours a week are told; a dash or a nought is no hour."""
    if any(letter in "123456789" for letter in cell.text):
        text = _("“%(text)s” is no number of hours a week; it was not taken.", text=cell.text[:80])
        findings.error(place_of(sheet, cell), text)
