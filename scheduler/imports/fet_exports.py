"""The XML exports of FET: `*_activities.xml` (hours alone), `*_subgroups.xml` and `*_teachers.xml` (import-formats A2).

The last two name everything hour by hour, so each is a whole source where nothing better is at hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

from scheduler.imports.fet_model import FetActivity, FetData, Hour
from scheduler.imports.fet_xml import Node
from scheduler.imports.findings import FindingList, line_place
from scheduler.imports.names import clean_name


def add_activity_hours(data: FetData, root: Node, findings: FindingList) -> None:
    """Starting hours by activity; those without a day stand nowhere."""
    for node in root.all("Activity"):
        number, day, hour = node.number("Id"), node.value("Day"), node.value("Hour")
        if number is None or not (day and hour) or number in data.placed:
            continue
        if number not in data.activities or day not in data.days or hour not in data.hours:
            findings.error(line_place(node.line), _("An hour of an unknown lesson was left out."))
            continue
        data.starts[number] = (day, hour)
        rooms = node.values("Real_Room") or node.values("Room")
        if rooms:
            data.activity_rooms.setdefault(number, rooms)


@dataclass
class _Gathered:
    """One lesson put together of the hours in which it is named."""

    subject: str
    line: int
    teachers: dict[str, None] = field(default_factory=dict)
    students: dict[str, None] = field(default_factory=dict)
    rooms: dict[str, None] = field(default_factory=dict)
    hours: dict[Hour, None] = field(default_factory=dict)


def add_hourly(data: FetData, root: Node) -> None:
    """The lessons of an hourly export. Without activity numbers a lesson is told by subject, people and hour."""
    gathered: dict[tuple[str, ...], _Gathered] = {}
    days: dict[str, None] = {}
    hours: dict[str, None] = {}
    for owner, day, hour in _hours(root):
        days[day], hours[clean_name(hour.attributes.get("name"))] = None, None
        _gather(gathered, owner, day, hour)
    for number, lesson in enumerate(gathered.values(), start=1):
        data.activities[number] = FetActivity(
            number, lesson.subject, tuple(lesson.teachers), tuple(lesson.students), len(lesson.hours),
            line_place(lesson.line),
        )  # fmt: skip
        data.cells[number] = list(lesson.hours)
        data.activity_rooms[number] = tuple(lesson.rooms)
    data.days, data.hours, data.has_ordered_days = list(days), list(hours), True


def _hours(root: Node) -> Iterator[tuple[Node, str, Node]]:
    for owner in root.all("Subgroup", "Teacher"):
        for day in owner.all("Day"):
            for hour in day.all("Hour"):
                yield owner, clean_name(day.attributes.get("name")), hour


def _gather(gathered: dict[tuple[str, ...], _Gathered], owner: Node, day: str, hour: Node) -> None:
    subject = _attribute_names(hour, "Subject")
    if not subject:
        return
    name = clean_name(owner.attributes.get("name"))
    teachers, students = _attribute_names(hour, "Teacher"), _attribute_names(hour, "Students")
    if owner.tag == "Teacher":
        teachers = (name, *teachers)
    else:
        students = (name,)
    number = next((node.attributes.get("id", "") for node in hour.all("Activity")), "")
    at = (day, clean_name(hour.attributes.get("name")))
    people = students if owner.tag == "Teacher" else teachers
    key = (number,) if number else ("", subject[0], *sorted(people), *at)
    lesson = gathered.setdefault(key, _Gathered(subject[0], hour.line))
    lesson.teachers.update(dict.fromkeys(teachers))
    lesson.students.update(dict.fromkeys(students))
    lesson.rooms.update(dict.fromkeys(_attribute_names(hour, "Room")))
    lesson.hours[at] = None


def _attribute_names(hour: Node, tag: str) -> tuple[str, ...]:
    found = (clean_name(node.attributes.get("name")) for node in hour.all(tag))
    return tuple(dict.fromkeys(name for name in found if name))
