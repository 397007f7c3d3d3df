"""Activities and hours from the rows of FET's exports: whole where no `.fet` file is at hand, hours alone where one is.

Names of several sets or teachers are joined by «+»; a name may hold a «+» itself, so known names are tried first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.imports.fet_model import FetActivity, FetData, FetName
from scheduler.imports.fet_tables import NamedRow, PlanRow
from scheduler.imports.findings import FindingList, line_place, whole_file

Demand = tuple[str, str, str]


def add_timetable(data: FetData, rows: Sequence[NamedRow], findings: FindingList) -> None:
    """The hours of the rows; where the source has no activities of its own, the activities too."""
    is_whole_source = not data.activities
    by_activity: dict[int, list[NamedRow]] = defaultdict(list)
    for row in rows:
        number = row.number("activity id")
        if number is None or not all(row.text(heading) for heading in ("day", "hour", "subject")):
            text = _("A row without a number, a subject, a day or an hour was left out.")
            findings.error(line_place(row.line), text)
        elif data.has_ordered_days and not (row.text("day") in data.days and row.text("hour") in data.hours):
            findings.error(line_place(row.line), _("An hour that the file does not list was left out."))
        else:
            by_activity[number].append(row)
    sets = set_names(data)
    for number, own in by_activity.items():
        if is_whole_source:
            data.activities[number] = _activity(number, own, sets, data.teachers)
    _add_hours(data, by_activity, findings)
    if not data.has_ordered_days:
        data.days = list(dict.fromkeys([*data.days, *(row.text("day") for row in rows if row.text("day"))]))
        data.hours = list(dict.fromkeys([*data.hours, *(row.text("hour") for row in rows if row.text("hour"))]))


def _add_hours(data: FetData, by_activity: dict[int, list[NamedRow]], findings: FindingList) -> None:
    """The exported hours stand where the file itself fixes none; a difference is told, the file's own hour stays."""
    unknown = [number for number in by_activity if number not in data.activities]
    if unknown:
        findings.error(
            whole_file(),
            ngettext(
                "%(num)s lesson of the table is not among the activities of the file: do they belong together?",
                "%(num)s lessons of the table are not among the activities of the file: do they belong together?",
                len(unknown),
            ),
        )
    for number, rows in by_activity.items():
        hours = [(row.text("day"), row.text("hour")) for row in rows]
        if number not in data.activities:
            continue
        if number in data.starts:
            if data.starts[number] not in hours:
                text = _("The table has another hour than the file; the file's stands.")
                findings.warn(line_place(rows[0].line), text)
            continue
        data.cells[number] = hours
        rooms = tuple(dict.fromkeys(room for row in rows for room in _split(row.text("room"), data.rooms)))
        if rooms and number not in data.activity_rooms:
            data.activity_rooms[number] = rooms


def _activity(number: int, rows: Sequence[NamedRow], sets: Collection[str], teachers: Collection[str]) -> FetActivity:
    first = rows[0]
    return FetActivity(
        id=number,
        subject=first.text("subject"),
        teachers=_split(first.text("teachers"), teachers),
        students=_split(first.text("students sets"), sets),
        hours=len(rows),
        where=line_place(first.line),
    )


def set_names(data: FetData) -> set[str]:
    """The names of all years, groups and subgroups."""
    names: set[str] = set()
    waiting = list(data.years)
    while waiting:
        one = waiting.pop()
        names.add(one.name)
        waiting.extend(one.inner)
    return names


def _split(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The names joined by «+»; pieces that are a known name only together stay together."""
    parts = [part.strip() for part in text.split("+") if part.strip()]
    if not known or all(part in known for part in parts):
        return tuple(dict.fromkeys(parts))
    found: list[str] = []
    while parts:
        length = next((n for n in range(len(parts), 0, -1) if "+".join(parts[:n]) in known), 1)
        found.append("+".join(parts[:length]))
        parts = parts[length:]
    return tuple(dict.fromkeys(found))


def add_plan(data: FetData, rows: Sequence[PlanRow]) -> None:
    """What the plan wants beyond the activities known already: it has no hour yet."""
    wanted: dict[Demand, Counter[int]] = defaultdict(Counter)
    places: dict[Demand, str] = {}
    for row in rows:
        key = (row.students, row.subject, row.teachers)
        wanted[key].update(row.pieces)
        places.setdefault(key, row.where)
    for activity in data.activities.values():
        key = ("+".join(activity.students), activity.subject, "+".join(activity.teachers))
        wanted[key][activity.hours] -= 1
    number = max(data.activities, default=0)
    sets = set_names(data)
    for (students, subject, teachers), pieces in wanted.items():
        for hours in sorted((+pieces).elements(), reverse=True):
            number += 1
            data.activities[number] = FetActivity(
                number, subject, _split(teachers, data.teachers), _split(students, sets), hours,
                places[students, subject, teachers],
            )  # fmt: skip


def complete_names(data: FetData) -> None:
    """Names that activities use and no list holds: the source had no lists, or an old one."""
    for activity in data.activities.values():
        _complete(data.subjects, (activity.subject,))
        _complete(data.teachers, activity.teachers)
    for rooms in data.activity_rooms.values():
        _complete(data.rooms, rooms)


def _complete(names: dict[str, FetName], used: Iterable[str]) -> None:
    for name in used:
        if name:
            names.setdefault(name, FetName(name))
