"""Lessons of some days, of the school, a class or a teacher; what waits for consent is not among them."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import Response, abort, request

from scheduler import clock
from scheduler.calendars.inputs import LessonInputs, load_inputs, shown_lessons
from scheduler.database import db
from scheduler.models.addresses import join_url
from scheduler.models.classes import GroupPart, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.permissions import Action
from scheduler.web.access import current_person, current_school, current_school_id, get_in_school, requires
from scheduler.web.api.answering import answer
from scheduler.web.api.asking import Asked

FILTERS = frozenset({"from", "to", "class_id", "teacher_id"})


@requires(Action.VIEW_STAFF_PAGES)
def lessons() -> Response:
    """The lessons from `from` to `to`, cancelled ones with their state."""
    asked = Asked(request.args, FILTERS)
    first, last = asked.days(clock.today(current_school().timezone))
    conditions = [*shown_lessons(current_school_id(), first), Lesson.date <= last, _is_open_to_reader()]
    class_id, teacher_id = asked.number("class_id"), asked.number("teacher_id")
    if class_id is not None:
        group_ids = sa.select(GroupPart.group_id).where(GroupPart.class_id == get_in_school(SchoolClass, class_id).id)
        conditions.append(Lesson.group_id.in_(group_ids))
    if teacher_id is not None:
        conditions.append(_taught_by(get_in_school(Person, teacher_id).id))
    found = load_inputs(db.session(), conditions)
    return answer(**{"from": first.isoformat(), "to": last.isoformat(), "lessons": [plain(one) for one in found]})


@requires(Action.VIEW_STAFF_PAGES)
def lesson(lesson_id: int) -> Response:
    """One lesson."""
    row = get_in_school(Lesson, lesson_id)
    conditions = [*shown_lessons(row.school_id, row.date), Lesson.id == row.id, _is_open_to_reader()]
    found = load_inputs(db.session(), conditions)
    if not found:
        abort(404)
    return answer(lesson=plain(found[0]))


def _is_open_to_reader() -> sa.ColumnElement[bool]:
    """A private group's lessons are its teachers' alone."""
    private = sa.select(StudyGroup.id).where(StudyGroup.school_id == current_school_id(), StudyGroup.is_private)
    return sa.or_(Lesson.group_id.not_in(private), _taught_by(current_person().id))


def _taught_by(person_id: int) -> sa.ColumnElement[bool]:
    return Lesson.id.in_(sa.select(LessonTeacher.lesson_id).where(LessonTeacher.person_id == person_id))


def plain(one: LessonInputs) -> dict[str, Any]:
    """A lesson as JSON: the school's wall clock as it is planned by, and the instants with their offset."""
    return {
        "id": one.lesson_id,
        "uid": one.uid,
        "sequence": one.sequence,
        "date": one.date.isoformat(),
        "start": one.start.isoformat("minutes"),
        "end": one.end.isoformat("minutes"),
        "starts_at": _instant(one.date, one.start, one.zone),
        "ends_at": _instant(one.date, one.end, one.zone),
        "title": one.title,
        "kind": one.kind.value,
        "mode": one.mode.value,
        "state": one.state.value,
        "online_minutes": one.online_minutes,
        "is_joined_together": one.is_joined_together,
        "classes": list(one.classes),
        "part": one.part,
        "teachers": list(one.teachers),
        "rooms": list(one.rooms),
        "topic": one.topic,
        "homework": one.homework,
        "materials": one.materials,
        "offline_task": one.offline_task if one.mode.is_remote else "",
        "cancel_reason": one.cancel_reason,
        "join_page": join_url(one.join_token) if one.mode.has_call else None,
        "changed_at": one.changed_at.astimezone(ZoneInfo(one.zone)).isoformat(timespec="seconds"),
    }


def _instant(day: date, wall: time, zone: str) -> str:
    return datetime.combine(day, wall, ZoneInfo(zone)).isoformat(timespec="seconds")
