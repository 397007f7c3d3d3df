"""Writes many lessons at once: one statement for all of them, the rows in hand brought along; it judges nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from scheduler import clock
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.rules.facts import LessonMode, LessonState

FIELDS = ("mode", "online_minutes", "start", "end", "state", "cancel_reason", "is_changed_by_person",
          "is_joined_together")  # fmt: skip
READ = {"mode": LessonMode, "state": LessonState, "start": time.fromisoformat, "end": time.fromisoformat}


def write_lessons(
    session: Session, school: School, lessons: Sequence[Lesson], values: Mapping[int, Mapping[str, Any]]
) -> list[LessonChange]:
    """Set the fields of each lesson; calendars see one more SEQUENCE. No query per lesson."""
    now = clock.now()
    instants = _Instants(school.timezone)
    changes, rows = [], []
    for lesson in lessons:
        change = LessonChange(snapshot(lesson), lesson)
        # nobody sits together at school on a day without school
        new = {name: getattr(lesson, name) for name in FIELDS} | {"is_joined_together": False} | dict(values[lesson.id])
        new |= {"sequence": lesson.sequence + 1, "changed_at": now}
        new["starts_at"] = instants.at(lesson.date, new["start"])
        new["ends_at"] = instants.at(lesson.date, new["end"])
        for name, value in new.items():
            set_committed_value(lesson, name, value)
        rows.append({"id": lesson.id, **new})
        changes.append(change)
    if rows:
        session.execute(sa.update(Lesson), rows)
    return changes


class _Instants:
    """Wall clock → instant, each worked out once: many lessons begin together."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._known: dict[tuple[date, time], Any] = {}

    def at(self, day: date, wall: time) -> Any:
        """The instant of a wall-clock time."""
        if (day, wall) not in self._known:
            self._known[day, wall] = clock.to_utc(day, wall, self._zone)
        return self._known[day, wall]


def plain(lesson: Lesson) -> dict[str, Any]:
    """The fields as JSON."""
    return {name: value.isoformat() if isinstance(value := getattr(lesson, name), time) else value for name in FIELDS}


def read(name: str, value: Any) -> Any:
    """A field out of JSON."""
    return value if value is None or name not in READ else READ[name](value)
