"""A draft as aSc Timetables XML of the 2012 shape, which the program and our own import read without loss.

The description is import-formats A1: one card a period, masks for days and weeks, ids of 16 hexadecimal digits that
stay the same between exports. What the format has no place for (the name of a division, a private group, a club, an
activity, the shift of a class) stands in attributes outside the `columns` of their tables, which the program skips.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from xml.sax.saxutils import quoteattr

from flask_babel import gettext as _

from scheduler.exports.asc_lessons import LessonRow, lesson_rows
from scheduler.imports.applying import DraftRow
from scheduler.imports.draft import Draft, DraftDivision, DraftPart
from scheduler.imports.names import HIGHEST_GRADE

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT = (
    '<timetable importtype="database" options="idprefix:Zvonok,groupstype1,decimalseparatordot" '
    'defaultexport="1" displayname="aSc Timetables 2012 XML">'
)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Row = Mapping[str, object]
COLUMNS = {
    "periods": ("period", "period,name,short,starttime,endtime"),
    "daysdefs": ("daysdef", "id,days,name,short"),
    "weeksdefs": ("weeksdef", "id,weeks,name,short"),
    "termsdefs": ("termsdef", "id,terms,name,short"),
    "subjects": ("subject", "id,name,short"),
    "teachers": ("teacher", "id,name,short"),
    "classrooms": ("classroom", "id,name,short"),
    "grades": ("grade", "grade,name,short"),
    "classes": ("class", "id,name,short,teacherid,classroomids,grade"),
    "groups": ("group", "id,classid,name,entireclass,divisiontag,studentcount"),
    "lessons": (
        "lesson",
        "id,subjectid,classids,groupids,teacherids,classroomids,periodspercard,periodsperweek,weeksdefid,termsdefid",
    ),
    "cards": ("card", "lessonid,period,days,weeks,terms,classroomids"),
}


def write_asc(draft: Draft) -> bytes:
    """The file. Lessons without a place keep their weekly hours and have no card."""
    writer = _Writer(draft)
    lines = [ROOT]
    for table, rows in writer.tables():
        tag, columns = COLUMNS[table]
        lines.append(f'<{table} options="canadd,export:silent" columns="{columns}">')
        lines.extend(f"<{tag} {' '.join(_attribute(name, value) for name, value in row.items())}/>" for row in rows)
        lines.append(f"</{table}>")
    return (HEAD + "\n".join([*lines, "</timetable>", ""])).encode("utf-8")


def _attribute(name: str, value: object) -> str:
    return f"{name}={quoteattr(_FORBIDDEN.sub(' ', str(value)))}"


def lasting_id(table: str, key: str) -> str:
    """An id that is the same at each export of one installation."""
    return sha256(f"{table}:{key}".encode()).hexdigest()[:16].upper()


def _ids(table: str, rows: Iterable[DraftRow]) -> dict[str, str]:
    """Ids by draft key: the lasting one that a row brought, once in the table, else one of our own."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for row in rows:
        own = row.stable_id if row.stable_id not in taken else None
        ids[row.key] = own or lasting_id(table, row.key)
        taken.add(ids[row.key])
    return ids


@dataclass(frozen=True, slots=True)
class _Group:
    """A row of groups: the whole class, or one part of a division."""

    id: str
    class_id: str
    name: str
    tag: int
    division: str
    is_private: bool
    apart: str = ""


class _Writer:
    """The rows of each table, in the order in which the program itself writes them."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._classes = _ids("classes", draft.classes)
        self._subjects = _ids("subjects", draft.subjects)
        self._teachers = _ids("teachers", draft.teachers)
        self._rooms = _ids("classrooms", draft.rooms)
        self._groups = self._make_groups()
        self._lessons = tuple(lesson_rows(draft))
        masks = [self._mask(range(draft.cycle_weeks)), *(self._mask(row.weeks) for row in self._lessons)]
        singles = [self._mask((week,)) for week in range(draft.cycle_weeks)]
        self._weeks = {mask: lasting_id("weeksdefs", mask) for mask in (*masks, *singles)}

    def tables(self) -> Iterator[tuple[str, Iterable[Row]]]:
        draft = self._draft
        yield "periods", self._period_rows()
        yield "daysdefs", self._day_rows()
        yield "weeksdefs", self._week_rows()
        yield "termsdefs", [_named(lasting_id("termsdefs", "1"), _("Whole year")) | {"terms": "1"}]
        yield (
            "subjects",
            (
                _named(self._subjects[row.key], row.name, row.short) | {"extracurricular": int(row.is_extracurricular)}
                for row in draft.subjects
            ),
        )
        yield "teachers", (_named(self._teachers[row.key], row.name, row.short) for row in draft.teachers)
        yield (
            "classrooms",
            (
                {"id": self._rooms[row.key], "name": "" if row.is_placeholder else row.name, "short": row.short}
                for row in draft.rooms
            ),
        )
        yield "grades", ({"grade": n, "name": str(n), "short": str(n)} for n in range(HIGHEST_GRADE + 1))
        yield "classes", self._class_rows()
        yield "groups", (self._group_row(group) for group in self._groups.values())
        yield "lessons", (self._lesson_row(row) for row in self._lessons)
        yield "cards", self._card_rows()

    def _period_rows(self) -> Iterator[Row]:
        for row in self._draft.periods:
            times = {
                "starttime": f"{row.start.hour}:{row.start:%M}" if row.start else "",
                "endtime": f"{row.end.hour}:{row.end:%M}" if row.end else "",
            }
            yield {"period": row.number, "name": row.name, "short": row.number} | times

    def _day_rows(self) -> Iterator[Row]:
        for place, day in enumerate(self._draft.days):
            yield _named(lasting_id("daysdefs", str(place)), day.name) | {"days": self._day_mask(place)}

    def _day_mask(self, place: int) -> str:
        return "".join("1" if place == other else "0" for other in range(len(self._draft.days)))

    def _week_rows(self) -> Iterator[Row]:
        for mask, key in self._weeks.items():
            weeks = [place for place, mark in enumerate(mask) if mark == "1"]
            if len(weeks) == len(mask):
                name = _("Every week")
            else:
                stated = self._draft.week_names[weeks[0] :][:1] if len(weeks) == 1 else ()
                name = "".join(stated) or _("Weeks %(numbers)s", numbers=", ".join(str(week + 1) for week in weeks))
            yield _named(key, name) | {"weeks": mask}

    def _mask(self, weeks: Iterable[int]) -> str:
        marked = set(weeks)
        return "".join("1" if week in marked else "0" for week in range(self._draft.cycle_weeks))

    def _class_rows(self) -> Iterator[Row]:
        for row in self._draft.classes:
            yield _named(self._classes[row.key], row.name) | {
                "teacherid": _joined(self._teachers, row.teacher_keys),
                "classroomids": _joined(self._rooms, row.room_keys),
                "grade": "" if row.grade is None else row.grade,
                "private": int(row.is_private),
                "shift": row.shift,
            }

    def _make_groups(self) -> dict[DraftPart, _Group]:
        of_one = {row.key for row in self._draft.classes if row.is_private}  # these are private without any mark
        private = {
            part
            for row in self._draft.audiences
            if row.is_private and not row.class_keys & of_one
            for part in row.parts
            if part.division_key is not None
        }
        apart = {
            part: "club" if row.is_club else "list"
            for row in self._draft.audiences
            if row.stands_apart
            for part in row.parts
        }
        by_class: dict[str, list[DraftDivision]] = defaultdict(list)
        for division in self._draft.divisions:
            by_class[division.class_key].append(division)
        groups: dict[DraftPart, _Group] = {}
        for row in self._draft.classes:
            owner = self._classes[row.key]
            groups[DraftPart(row.key)] = _Group(
                lasting_id("groups", owner), owner, _("Whole class"), 0, "", row.is_private
            )
            for tag, division in enumerate(by_class[row.key], 1):
                for name in division.parts:
                    part = DraftPart(row.key, division.key, name)
                    key = lasting_id("groups", f"{owner}/{division.key}/{name}")
                    groups[part] = _Group(key, owner, name, tag, division.name, part in private, apart.get(part, ""))
        return groups

    def _group_row(self, group: _Group) -> Row:
        row: dict[str, object] = {
            "id": group.id,
            "classid": group.class_id,
            "name": group.name,
            "entireclass": int(not group.tag),
            "divisiontag": group.tag,
            "studentcount": "",
        }
        if group.tag:
            row |= {"divisionname": group.division, "private": int(group.is_private)}
        return row | ({"apart": group.apart} if group.apart else {})

    def _lesson_row(self, row: LessonRow) -> Row:
        course = self._draft.course_by_key[row.course_key]
        parts = self._parts_in_order(self._draft.audience_by_key[course.audience_key].parts)
        return {
            "id": row.id or lasting_id("lessons", f"{course.key}/{row.number}"),
            "subjectid": self._subjects[course.subject_key],
            "classids": ",".join(dict.fromkeys(self._classes[part.class_key] for part in parts)),
            "groupids": ",".join(self._groups[part].id for part in parts),
            "teacherids": _joined(self._teachers, course.teacher_keys),
            "classroomids": _joined(self._rooms, dict.fromkeys(key for slot in row.slots for key in slot.room_keys)),
            "periodspercard": 1,
            "periodsperweek": f"{row.hours:f}",
            "weeksdefid": self._weeks[self._mask(row.weeks)],
            "termsdefid": lasting_id("termsdefs", "1"),
        }

    def _parts_in_order(self, parts: Iterable[DraftPart]) -> Sequence[DraftPart]:
        order = {part: place for place, part in enumerate(self._groups)}
        return sorted(parts, key=lambda part: order[part])

    def _card_rows(self) -> Iterator[Row]:
        places = {day.weekday: place for place, day in enumerate(self._draft.days)}
        for row in self._lessons:
            for slot in row.slots:
                yield {
                    "lessonid": row.id or lasting_id("lessons", f"{row.course_key}/{row.number}"),
                    "period": slot.period,
                    "days": self._day_mask(places[slot.weekday]),
                    "weeks": self._mask(slot.weeks),
                    "terms": "1",
                    "classroomids": _joined(self._rooms, slot.room_keys),
                }


def _named(key: str, name: str, short: str = "") -> dict[str, object]:
    return {"id": key, "name": name, "short": short or name}


def _joined(ids: Mapping[str, str], keys: Iterable[str]) -> str:
    return ",".join(ids[key] for key in keys)
