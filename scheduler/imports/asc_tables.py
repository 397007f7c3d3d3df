"""The plain tables of an aSc file: days, bells, subjects, teachers, rooms. Classes and groups: asc_classes."""

import re
from collections.abc import Iterable, Iterator
from datetime import time
from typing import TypeVar

from flask_babel import gettext as _

from scheduler.imports.asc_masks import longest, parse_mask
from scheduler.imports.asc_xml import AscDocument, Row
from scheduler.imports.draft import DraftDay, DraftPeriod, DraftRoom, DraftSubject, DraftTeacher
from scheduler.imports.findings import FindingList, line_place, whole_file
from scheduler.imports.names import is_extracurricular, is_placeholder, stable_id
from scheduler.imports.weekdays import weekday_in
from scheduler.models.names import name_key

MOST_DAYS = 7
HIGHEST_PERIOD = 60
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")
T = TypeVar("T", DraftRoom, DraftSubject, DraftTeacher)


def keyed_rows(document: AscDocument, table: str, findings: FindingList) -> Iterator[tuple[str, Row]]:
    """The rows of a table with their ids. Ids are unique only inside one table; a repeated one is reported."""
    seen: set[str] = set()
    for row in document.rows(table):
        key = row.values.get("id", "").strip() or f"line {row.line}"
        if key in seen:
            findings.error(
                line_place(row.line),
                _("A second row of “%(table)s” with the same id was left out.", table=table),
            )
            continue
        seen.add(key)
        yield key, row


def row_name(row: Row, findings: FindingList, nameless: str) -> str:
    """The name, else the short name; a row with neither is kept under a stand-in name and reported."""
    name = row.text("name") or row.text("short")
    if name:
        return name
    findings.warn(line_place(row.line), _("A row without a name was kept as “%(name)s”.", name=nameless))
    return nameless


def is_2012(document: AscDocument) -> bool:
    """The shape, told by tables and attributes; the version attribute is absent in real exports."""
    if document.rows("daysdefs") or document.rows("weeksdefs"):
        return True
    return any("days" in row.values for row in document.rows("cards")[:1])


def read_days(document: AscDocument, findings: FindingList) -> tuple[DraftDay, ...]:
    """The days in the order of their position in masks (2012) or of their numbers (2008)."""
    names = _names_2012(document) if is_2012(document) else _names_2008(document)
    if len(names) > MOST_DAYS:
        findings.error(
            whole_file(),
            _("The timetable runs over %(count)s days; only the first seven were taken.", count=len(names)),
        )
        names = names[:MOST_DAYS]
    weekdays = [weekday_in(name) for name in names]
    if None in weekdays or len(set(weekdays)) != len(weekdays):
        weekdays = list(range(len(names)))
    return tuple(DraftDay(day or 0, name) for day, name in zip(weekdays, names, strict=True))


def _names_2012(document: AscDocument) -> list[str]:
    rows = document.rows("daysdefs")
    masks = [row.values.get("days") for row in (*rows, *document.rows("cards"))]
    names = [""] * longest(masks)
    for row in rows:
        mask = parse_mask(row.values.get("days"))
        if mask and mask.is_concrete and len(mask.positions()) == 1:
            names[min(mask.positions())] = row.text("name")
    return names


def _names_2008(document: AscDocument) -> list[str]:
    base = day_base(document)
    numbers = {row.number("day"): row.text("name") for row in document.rows("days")}
    numbers.update({row.number("day"): "" for row in document.rows("cards") if row.number("day") not in numbers})
    last = max((number for number in numbers if number is not None), default=base - 1)
    return [numbers.get(number, "") for number in range(base, min(last, 30) + 1)]


def day_base(document: AscDocument) -> int:
    """Days of the 2008 shape count from 0, from 1 with the option `daynumbering1`."""
    return 1 if "daynumbering1" in document.options else 0


def read_periods(document: AscDocument, findings: FindingList) -> tuple[DraftPeriod, ...]:
    """The bells by their number (the key of cards), which need not be their order in time nor their name."""
    periods: dict[int, DraftPeriod] = {}
    for row in document.rows("periods"):
        number = row.number("period")
        if number is None or not 0 <= number <= HIGHEST_PERIOD or number in periods:
            findings.error(line_place(row.line), _("A row of the bells has no usable number and was left out."))
            continue
        start, end = parse_time(row.text("starttime")), parse_time(row.text("endtime"))
        if start is None or end is None or end <= start:
            findings.warn(line_place(row.line), _("The times of lesson %(number)s cannot be read.", number=number))
            start = end = None
        periods[number] = DraftPeriod(number, row.text("name") or str(number), start, end)
    if document.rows("dayperiods"):
        findings.warn(
            whole_file(),
            _("Some days have bells of their own in the file; the common bells were taken."),
        )
    return tuple(periods[number] for number in sorted(periods))


def parse_time(text: str) -> time | None:
    """`7:40`, without a leading zero; dots are accepted."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match.group(1)), int(match.group(2))
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004 hours of a day, minutes of an hour


def read_subjects(document: AscDocument, findings: FindingList) -> tuple[DraftSubject, ...]:
    rows = []
    for key, row in keyed_rows(document, "subjects", findings):
        name = row_name(row, findings, _("Subject without a name"))
        outside = row.flag("extracurricular", proposed=is_extracurricular(name))
        rows.append(DraftSubject(key, name, row.text("short"), stable_id(key), outside))
    return _reported(rows, findings, _("Two subjects are both called “%(name)s”: taken as one."))


def read_teachers(document: AscDocument, findings: FindingList) -> tuple[DraftTeacher, ...]:
    rows = []
    for key, row in keyed_rows(document, "teachers", findings):
        name = row_name(row, findings, _("Teacher without a name"))
        placeholder = is_placeholder(name)
        if placeholder:
            findings.info(line_place(row.line), _("“%(name)s” is a vacancy, not a teacher.", name=name))
        rows.append(DraftTeacher(key, name, row.text("short"), stable_id(key), placeholder))
    return _reported(rows, findings, _("Two teachers are both called “%(name)s”: is it one person?"))


def read_rooms(document: AscDocument, findings: FindingList) -> tuple[DraftRoom, ...]:
    rows = []
    for key, row in keyed_rows(document, "classrooms", findings):
        name = row_name(row, findings, _("Room without a name"))
        rows.append(DraftRoom(key, name, row.text("short"), stable_id(key), not row.text("name")))
    return tuple(rows)


def _reported(rows: Iterable[T], findings: FindingList, sentence: str) -> tuple[T, ...]:
    """The same rows; a name that stands twice is reported once, with the sentence given."""
    kept = tuple(rows)
    seen: set[str] = set()
    for row in kept:
        key = name_key(row.name)
        if key in seen:
            findings.warn(row.name, sentence.replace("%(name)s", row.name))
        seen.add(key)
    return kept
