"""A `.fet` file, unsolved or solved: its lists, its three levels of pupils, its activities and their fixed hours.

A solved file is the plan plus one fixed starting hour for each activity (import-formats A2); in an unsolved one the
same mark means a lesson that a person has pinned there, which is an hour just as well.
"""

import re
from collections.abc import Iterator

from flask_babel import gettext as _

from scheduler.imports.errors import ImportRefusedError
from scheduler.imports.fet_model import MORNINGS_AFTERNOONS, OFFICIAL, TERMS, FetActivity, FetData, FetName, FetSet
from scheduler.imports.fet_xml import ROOM_CONSTRAINTS, START_CONSTRAINTS, Node
from scheduler.imports.findings import FindingList, line_place

LONGEST = 60
CERTAIN = 100.0
DEFAULT_TERMS = 5
DEFAULT_DAYS = 5
_OLD_MODES = (("-ma", MORNINGS_AFTERNOONS), ("-morocco", MORNINGS_AFTERNOONS), ("-algeria", MORNINGS_AFTERNOONS),
              ("-bp", "block_planning"), ("-mathmake", TERMS))  # fmt: skip


def read_fet_file(root: Node, findings: FindingList) -> FetData:
    """Raises ImportRefusedError where the file has no activities at all."""
    data = FetData(mode=_mode(root))
    if data.mode == TERMS:
        data.terms = root.number("Number_of_Terms") or DEFAULT_TERMS
        data.days_per_term = root.number("Number_of_Days_Per_Term") or DEFAULT_DAYS
    data.days, data.hours = _names(root, "Days_List", "Day"), _names(root, "Hours_List", "Hour")
    data.real_days = _names(root, "Real_Days_List", "Real_Day")
    data.real_hours = _names(root, "Real_Hours_List", "Real_Hour")
    data.has_ordered_days = bool(data.days)
    data.subjects = _named(root, "Subjects_List", "Subject")
    data.teachers = _named(root, "Teachers_List", "Teacher")
    data.rooms = _named(root, "Rooms_List", "Room")
    data.years = [_set(node) for node in _rows(root, "Students_List", "Year") if node.value("Name")]
    _read_activities(root, data, findings)
    if not data.activities:
        raise ImportRefusedError(
            _("The file of FET holds no activities: only lists. Save the file after the activities were entered."),
        )
    _read_hours(root, data, findings)
    return data


def _mode(root: Node) -> str:
    """The mode since FET 6; before, a suffix of the version told it."""
    stated = root.value("Mode").casefold()
    if stated:
        return stated
    suffix = re.sub(r"^5\.\d+\.\d+", "", root.attributes.get("version", ""))
    return next((mode for sign, mode in _OLD_MODES if re.match(rf"{sign}(?![a-z])", suffix)), OFFICIAL)


def _rows(root: Node, table: str, row: str) -> Iterator[Node]:
    return (node for rows in root.all(table) for node in rows.all(row, "Name"))


def _names(root: Node, table: str, row: str) -> list[str]:
    return list(dict.fromkeys(name for node in _rows(root, table, row) if (name := _name(node))))


def _name(node: Node) -> str:
    """The name as an element (since 5.x), or as the text itself (before)."""
    return node.value("Name") or " ".join(node.text.split())


def _named(root: Node, table: str, row: str) -> dict[str, FetName]:
    found = {}
    for node in _rows(root, table, row):
        if name := _name(node):
            found[name] = FetName(name, node.value("Long_Name"), node.value("Virtual") == "true")
    return found


def _set(node: Node) -> FetSet:
    inner = tuple(_set(one) for one in node.all("Group", "Subgroup") if one.value("Name"))
    return FetSet(node.value("Name"), node.number("Number_of_Students") or 0, inner)


def _read_activities(root: Node, data: FetData, findings: FindingList) -> None:
    for node in _rows(root, "Activities_List", "Activity"):
        number, hours = node.number("Id"), node.number("Duration")
        if number is None or number in data.activities or not node.value("Subject"):
            findings.error(line_place(node.line), _("An activity without a number or a subject was left out."))
            continue
        if hours is None or not 1 <= hours <= LONGEST:
            findings.warn(line_place(node.line), _("The length of a lesson cannot be read; one period was taken."))
            hours = 1
        data.activities[number] = FetActivity(
            id=number,
            subject=node.value("Subject"),
            teachers=node.values("Teacher"),
            students=node.values("Students"),
            hours=hours,
            where=line_place(node.line),
            is_active=node.value("Active") in {"", "true", "yes", "1"},
        )


def _read_hours(root: Node, data: FetData, findings: FindingList) -> None:
    days, hours = frozenset(data.days), frozenset(data.hours)
    for node in _constraints(root, "Time_Constraints_List", START_CONSTRAINTS):
        day, hour = node.value("Preferred_Day", "Day"), node.value("Preferred_Hour", "Hour")
        number = node.number("Activity_Id")
        if number not in data.activities or not (day and hour):
            continue
        if day not in days or hour not in hours:
            findings.error(line_place(node.line), _("An hour that the file does not list was left out."))
            continue
        data.starts[number] = (day, hour)
    for node in _constraints(root, "Space_Constraints_List", ROOM_CONSTRAINTS):
        number = node.number("Activity_Id")
        if number in data.activities:
            data.activity_rooms[number] = node.values("Real_Room") or node.values("Room")


def _constraints(root: Node, table: str, tags: frozenset[str]) -> Iterator[Node]:
    """The marks that are in force: switched on and certain. A wish of less than 100 % is no hour."""
    for rows in root.all(table):
        for node in rows.inner:
            if node.tag in tags and node.value("Active") in {"", "true", "yes", "1"} and _is_certain(node):
                yield node


def _is_certain(node: Node) -> bool:
    percentage, share = node.value("Weight_Percentage"), node.value("Weight")
    try:
        return float(percentage) >= CERTAIN if percentage else float(share or 1) >= 1
    except ValueError:
        return False
