"""Bells line by line, as this product exports them: a row names its schedule, its place, and one lesson."""

import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from scheduler.imports.bells.draft import DraftBells, Scope
from scheduler.imports.bells.scopes import kind_in, scope_in
from scheduler.imports.bells.times import time_cell
from scheduler.imports.draft import DraftPeriod
from scheduler.imports.findings import FindingList
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.models.names import name_key

HEADINGS = ("Звонки", "Вид", "Где действуют", "Урок", "Начало", "Конец")
NOWHERE, EVERYWHERE = "не назначены", "каждый день"
KEYS = tuple(map(name_key, HEADINGS))


def read_listed(sheet: Sheet, findings: FindingList) -> list[DraftBells]:
    """The schedules of a sheet with exactly these headings in its first row; none for any other sheet."""
    columns = {name_key(cell.text): cell.column for cell in sheet.rows.get(min(sheet.rows, default=0), ())}
    if not set(KEYS) <= set(columns):
        return []
    found: dict[str, DraftBells] = {}
    for cells in _rows(sheet, columns):
        name = cells[KEYS[0]]
        period = _period(sheet, cells, findings)
        if name is None or period is None:
            continue
        known = found.get(name.text) or _schedule(sheet, cells, name)
        periods = (*known.periods, period)
        found[name.text] = DraftBells(known.name, known.kind, periods, known.where, known.scopes)
    return list(found.values())


def _rows(sheet: Sheet, columns: Mapping[str, int]) -> Iterator[dict[str, Cell | None]]:
    for row in sorted(sheet.rows)[1:]:
        yield {key: sheet.seen_at(row, columns[key]) for key in KEYS}


def _schedule(sheet: Sheet, cells: Mapping[str, Cell | None], name: Cell) -> DraftBells:
    kind, where = cells[KEYS[1]], cells[KEYS[2]]
    return DraftBells(name.text, kind_in(kind.text if kind else ""), (), place_of(sheet, name), _scopes(where))


def _scopes(cell: Cell | None) -> tuple[Scope, ...]:
    """One scope a line or between strokes; «каждый день» is one that narrows nothing."""
    lines = [line for line in re.split(r"[|\n]", cell.text if cell else "") if line.strip()]
    lines = [line for line in lines if name_key(line) != name_key(NOWHERE)]
    return tuple(Scope() if name_key(line) == name_key(EVERYWHERE) else scope_in(line) for line in lines)


def _period(sheet: Sheet, cells: Mapping[str, Cell | None], findings: FindingList) -> DraftPeriod | None:
    number, start, end = (cells[key] for key in KEYS[3:])
    if number is None or not number.text.isdecimal():
        return None
    times = [found.times[0] for cell in (start, end) if cell and (found := time_cell(cell)) and found.times]
    if len(times) != 2 or times[0] >= times[1]:  # noqa: PLR2004 - a beginning and an end
        findings.error(place_of(sheet, start or number), _("This row has no beginning and end that make a lesson."))
        return None
    return DraftPeriod(int(number.text), number.text, times[0], times[1])
