"""The ways in which one table can be read, each with what it finds: for a person to choose where reading is unsure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from scheduler.imports.bells.draft import BellsDraft
from scheduler.imports.bells.reader import looks_like_bells, read_bells
from scheduler.imports.clashes import find_clashes
from scheduler.imports.draft import Draft
from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.findings import FindingList
from scheduler.imports.grids.hours_tables import hours_draft, read_hours
from scheduler.imports.grids.load_tables import load_draft, read_load
from scheduler.imports.grids.timetable import ACROSS, DOWN, draft_of, read_timetable
from scheduler.imports.rosters.draft import RosterDraft
from scheduler.imports.rosters.reader import looks_like_roster, read_roster
from scheduler.imports.sheets.cells import Sheet
from scheduler.imports.terms.draft import CalendarDraft
from scheduler.imports.terms.reader import looks_like_calendar, read_calendar

LAYOUTS = ("timetable-down", "timetable-across", "load", "hours", "roster", "bells", "calendar")
CELLS_OF_PERSON, CELLS_OF_TIMES = 2, 3
RIVAL = 0.5


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a table: `found` says in words how much it gives, `score` compares the ways."""

    name: str
    words: str
    found: str
    score: float


def layout_words() -> dict[str, str]:
    """What a person calls each way."""
    return {
        "timetable-down": _("a timetable, lessons under each other"),
        "timetable-across": _("a timetable, lessons side by side"),
        "load": _("who teaches what: a load or a list of teachers"),
        "hours": _("a plan: subjects with hours a week"),
        "roster": _("a list of people"),
        "bells": _("a bell schedule"),
        "calendar": _("terms and holidays"),
    }


def readings(sheets: Sequence[Sheet]) -> tuple[Reading, ...]:
    """Every way that finds anything at all, the richest first."""
    words = layout_words()
    found = [(name, *_READERS[name](sheets)) for name in LAYOUTS]
    ways = [Reading(name, words[name], told, score) for name, told, score in found if score]
    return tuple(sorted(ways, key=lambda one: -one.score))


def read_as(sheets: Sequence[Sheet], layout: str) -> Draft | RosterDraft | BellsDraft | CalendarDraft:
    """The draft of a table read the way a person chose. Raises ImportRefusedError where that finds nothing."""
    match layout:
        case "roster":
            return read_roster(sheets)
        case "bells":
            return read_bells(sheets)
        case "calendar":
            return read_calendar(sheets)
        case "load":
            load = read_load(sheets)
            draft = load_draft(load) if load.rows else None
        case "hours":
            hours = read_hours(sheets)
            draft = hours_draft(hours) if hours.lines else None
        case _:
            table = read_timetable(sheets, direction=layout.removeprefix("timetable-"))
            draft = with_clashes(draft_of(table)) if table.lessons else None
    if draft is None:
        raise ImportRefusedError(
            _("Read as %(way)s, the table gives nothing. Please choose another way.",
              way=layout_words().get(layout, layout)),
        )  # fmt: skip
    return draft


def with_clashes(draft: Draft) -> Draft:
    """The draft with what clashes within the table among its remarks."""
    findings = FindingList()
    findings.extend(draft.findings)
    findings.extend(find_clashes(draft))
    return replace(draft, findings=findings.as_tuple())


def ways_in_words(ways: Sequence[Reading]) -> str:
    """«расписание, уроки друг под другом (уроков: 340, классов: 12)»."""
    return "; ".join(f"{way.words} ({way.found})" for way in ways)


def _timetable(direction: str) -> Callable[[Sequence[Sheet]], tuple[str, float]]:
    def found(sheets: Sequence[Sheet]) -> tuple[str, float]:
        table = read_timetable(sheets, direction=direction)
        classes = {row.label.key for row in table.lessons}
        told = _("lessons: %(lessons)d, classes: %(classes)d", lessons=len(table.lessons), classes=len(classes))
        return told, table.score if table.lessons else 0

    return found


def _load(sheets: Sequence[Sheet]) -> tuple[str, float]:
    table = read_load(sheets)
    return _("lines of teachers: %(number)d", number=len(table.rows)), table.score


def _hours(sheets: Sequence[Sheet]) -> tuple[str, float]:
    table = read_hours(sheets)
    return _("lines of hours: %(number)d", number=len(table.lines)), table.score


def _roster(sheets: Sequence[Sheet]) -> tuple[str, float]:
    if not looks_like_roster(sheets):
        return "", 0
    try:
        draft = read_roster(sheets)
    except ImportRefusedError:
        return "", 0
    people = len(draft.students) + len(draft.parents) + len(draft.teachers)
    return _("people: %(number)d", number=people), people * CELLS_OF_PERSON


def _bells(sheets: Sequence[Sheet]) -> tuple[str, float]:
    try:
        figures = read_bells(sheets).figures if looks_like_bells(sheets) else {"periods": 0}
    except ImportRefusedError:
        return "", 0
    return _("lessons with times: %(number)d", number=figures["periods"]), figures["periods"] * CELLS_OF_TIMES


def _calendar(sheets: Sequence[Sheet]) -> tuple[str, float]:
    try:
        figures = read_calendar(sheets).figures if looks_like_calendar(sheets) else {}
    except ImportRefusedError:
        return "", 0
    spans = sum(figures.values())
    return _("spans of dates: %(number)d", number=spans), spans * CELLS_OF_TIMES


_READERS: dict[str, Callable[[Sequence[Sheet]], tuple[str, float]]] = {
    "timetable-down": _timetable(DOWN),
    "timetable-across": _timetable(ACROSS),
    "load": _load,
    "hours": _hours,
    "roster": _roster,
    "bells": _bells,
    "calendar": _calendar,
}
