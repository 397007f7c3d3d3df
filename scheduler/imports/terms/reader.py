"""The calendar of a school year kept as a table: quarters, holidays and moved days, wherever they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList
from scheduler.imports.sheets.cells import Cell, Sheet, place_of
from scheduler.imports.terms.collecting import CalendarCollector, Span
from scheduler.imports.terms.dates import LooseDate, dates_in, school_year_in, school_year_of, without_dates
from scheduler.imports.terms.draft import CalendarDraft, DraftHoliday, DraftTerm
from scheduler.imports.terms.meanings import OTHER, YEAR, meaning_of, meaning_under
from scheduler.models.names import name_key
from scheduler.models.school import HolidayKind

FEWEST = 2
MOST_DATES = 4
LONGEST_TEXT = 200
HEADINGS = ("Название", "Что это", "Первый день", "Последний день", "По расписанию", "Подтверждено")
TERM_WORD, YES, NO = "учебный период", "да", "нет"
KIND_WORDS = {
    HolidayKind.HOLIDAY: "дни без занятий",
    HolidayKind.TRANSFERRED_DAY_OFF: "перенесённый выходной",
    HolidayKind.WORKING_SATURDAY: "рабочая суббота",
}
WEEKDAY_WORDS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


@dataclass(frozen=True, slots=True)
class _Found:
    """A name with dates whose year may still be open."""

    name: str
    dates: tuple[LooseDate, ...]
    cell: Cell
    sheet: Sheet
    section: str


def looks_like_calendar(sheets: Sequence[Sheet]) -> bool:
    """Whether at least two terms or holidays with dates stand in the sheets."""
    found = [one for sheet in sheets if not sheet.is_hidden for one in _spans(sheet)]
    named = [one for one in found if meaning_under(one.name, one.section).what not in {OTHER, YEAR}]
    return len(named) >= FEWEST and len(named) * 2 >= len(found)


def read_calendar(sheets: Sequence[Sheet]) -> CalendarDraft:
    """Raises ImportRefusedError where nothing with dates is found, or no year is stated anywhere."""
    for sheet in sheets:
        if not sheet.is_hidden and (listed := _listed(sheet)) is not None:
            return listed
    found = [one for sheet in sheets if not sheet.is_hidden for one in _spans(sheet)]
    collector = CalendarCollector()
    first = _school_year(sheets, found) if found else 0
    for one in found:
        days = tuple(day for loose in one.dates if (day := loose.of_year(first)) is not None)
        if len(days) < len(one.dates):
            text = _("“%(name)s” has a date that no calendar has; it was not taken.", name=one.name)
            collector.findings.error(place_of(one.sheet, one.cell), text)
            continue
        collector.add(Span(_full_name(one), days, place_of(one.sheet, one.cell), one.section))
    if not collector.count:
        raise ImportRefusedError(
            _("No terms or holidays were found: the table needs their names and, beside each, the first and the last "
              "day, for example “Quarter 1”, “01.09.2026”, “24.10.2026”."),
        )  # fmt: skip
    return collector.draft()


def _full_name(one: _Found) -> str:
    """«Осенние» under «Каникулы» are «Осенние каникулы»."""
    if meaning_of(one.name).what or "каникул" not in one.section.lower():
        return one.name
    return f"{one.name} каникулы"


def _school_year(sheets: Sequence[Sheet], found: Sequence[_Found]) -> int:
    """The year the school year begins in: as a title says, else as a full date does."""
    for sheet in sheets:
        stated = next((year for cell in sheet if (year := school_year_in(cell.text))), None)
        if stated:
            return stated
    full = [date(one.year, one.month, 1) for row in found for one in row.dates if one.year]
    if not full and any(one.year is None for row in found for one in row.dates):
        raise ImportRefusedError(
            _("The dates of the table have no year. Write the school year above them, for example 2026/2027, and "
              "choose the file again."),
        )  # fmt: skip
    return min(map(school_year_of, full))


def _spans(sheet: Sheet) -> Iterator[_Found]:
    section = ""
    for row in sorted(sheet.rows):
        cells = [cell for cell in sheet.rows[row] if not cell.is_hidden and len(cell.text) <= LONGEST_TEXT]
        spans = list(_row_spans(sheet, cells, section))
        if not spans:
            titles = [cell.text for cell in cells if meaning_of(cell.text).what]
            section = titles[0] if titles else section
        yield from spans


def _row_spans(sheet: Sheet, cells: Sequence[Cell], section: str) -> Iterator[_Found]:
    """The names of a row, each with the dates up to the next name."""
    named: Cell | None = None
    name = ""
    dates: list[LooseDate] = []
    for cell in cells:
        own = _dates_of(cell)
        words = without_dates(cell.text) if own else cell.text
        is_name = cell.number is None and sum(map(str.isalpha, words)) > 2 and not _is_unit(words)  # noqa: PLR2004
        if is_name and (meaning_of(words).what or named is None):
            if named is not None and dates:
                yield _Found(name, tuple(dates[:MOST_DATES]), named, sheet, section)
            named, name, dates = cell, " ".join(words.split()), []
        dates += own
    if named is not None and dates:
        yield _Found(name, tuple(dates[:MOST_DATES]), named, sheet, section)


def _dates_of(cell: Cell) -> list[LooseDate]:
    if isinstance(cell.moment, date):
        return [LooseDate(cell.moment.day, cell.moment.month, cell.moment.year)]
    if cell.number is None or re.fullmatch(r"\d{1,2}\.\d{2}", cell.text):
        return dates_in(cell.text)
    return []


def _is_unit(words: str) -> bool:
    """«8 недель», «9 календарных дней», «итого» beside the dates."""
    low = name_key(words)
    is_amount = any(part in low for part in ("недел", "дней", "дня", "итого", "всего", "продолжительн"))
    return is_amount and not meaning_of(words).what


def _listed(sheet: Sheet) -> CalendarDraft | None:
    """The calendar as this product exports it; None for any other sheet."""
    heads = {name_key(cell.text): cell.column for cell in sheet.rows.get(min(sheet.rows, default=0), ())}
    keys = [name_key(text) for text in HEADINGS]
    if not set(keys) <= set(heads):
        return None
    findings = FindingList()
    terms: list[DraftTerm] = []
    holidays: list[DraftHoliday] = []
    for row in sorted(sheet.rows)[1:]:
        cells = [sheet.seen_at(row, heads[key]) for key in keys]
        days = [one for cell in cells[2:4] if cell for loose in _dates_of(cell) if (one := loose.of_year(0))]
        where = place_of(sheet, cells[0] or sheet.rows[row][0])
        if len(days) != 2 or cells[0] is None or days[0] > days[1]:  # noqa: PLR2004 - first and last day
            findings.error(where, _("This row has no name, first day and last day; it was not taken."))
            continue
        words = [name_key(cell.text) if cell else "" for cell in cells]
        kind = next((kind for kind, text in KIND_WORDS.items() if name_key(text) == words[1]), None)
        if kind is None:
            terms.append(DraftTerm(cells[0].text, days[0], days[1], where))
            continue
        follows = WEEKDAY_WORDS.index(words[4]) + 1 if words[4] in WEEKDAY_WORDS else None
        holidays.append(DraftHoliday(cells[0].text, days[0], days[1], where, kind, follows, words[5] != NO))
    return CalendarDraft(tuple(terms), tuple(holidays), None, findings.as_tuple())
