"""Publishing: the weekly base timetable becomes lessons on dates, from one date to another."""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session, selectinload

from scheduler import clock
from scheduler.calendars.touch import touch_owners
from scheduler.database import transaction
from scheduler.models.calendars import CalendarKind
from scheduler.models.changes import LessonChange, snapshot
from scheduler.models.lessons import Lesson, LessonTeacher, lesson_room
from scheduler.models.school import School, Term
from scheduler.models.school_day import locked_days
from scheduler.models.timetable import Room
from scheduler.planning import audit, consequences
from scheduler.planning.base_timetable import WantedLesson, wanted_lessons
from scheduler.planning.errors import NotThereError, PlanningError
from scheduler.planning.matching import match_lessons
from scheduler.rules.facts import LessonMode, LessonState

LONGEST_DAYS = 370


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did; `kept` are lessons that a person changed, that were held, or past: listed, not rewritten."""

    made: int
    updated: int
    cancelled: int
    unchanged: int
    kept: tuple[int, ...]
    without_bells: tuple[str, ...]


def publish_timetable(school_id: int, start: date, end: date, *, actor_id: int | None = None) -> Published:
    """Make lessons of the base timetable for the dates from `start` to `end`.

    Publishing again matches future lessons by (course, date), then by (course, week, order);
    matched ones are updated in place and keep their uid, unmatched ones are cancelled. The past, held lessons and
    those changed by a person are never rewritten. Raises PlanningError for dates that make no sense.
    """
    if not 0 <= (end - start).days <= LONGEST_DAYS:
        raise PlanningError(_("The first date must come before the last one, and within one school year."))
    with transaction() as session:
        school = session.get(School, school_id)
        if school is None:
            raise NotThereError(_("There is no such school."))
        dates = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        locked_days(session, school_id, dates)
        wanted, without_bells = wanted_lessons(session, school, dates)
        matched = match_lessons(wanted, standing_lessons(session, school_id, start, end), clock.today(school.timezone))
        _make(session, school, matched.new)
        _renumber(matched.renumbered)
        changes = [_update(session, school, lesson, wish) for lesson, wish in matched.changed]
        changes += [_cancel(lesson) for lesson in matched.gone]
        consequences.draw(session, school_id, changes)
        _mark_terms(session, school_id, start, end)
        facts = {"from": start.isoformat(), "to": end.isoformat(), "made": len(matched.new), "changed": len(changes)}
        audit.record(session, school_id, "publish", actor_id=actor_id, subject=("timetable", None), after=facts)
        return Published(
            made=len(matched.new),
            updated=len(matched.changed),
            cancelled=len(matched.gone),
            unchanged=matched.unchanged,
            kept=tuple(lesson.id for lesson in matched.kept),
            without_bells=tuple(sorted(without_bells)),
        )


def standing_lessons(session: Session, school_id: int, start: date, end: date) -> Sequence[Lesson]:
    """The lessons of these dates that were published from the base timetable."""
    return session.scalars(
        sa.select(Lesson)
        .where(Lesson.school_id == school_id, Lesson.base.is_not(None), Lesson.date.between(start, end))
        .order_by(Lesson.date, Lesson.start, Lesson.id)
        .options(selectinload(Lesson.teaching), selectinload(Lesson.rooms))
    ).all()


def _make(session: Session, school: School, wanted: Sequence[WantedLesson]) -> None:
    if not wanted:
        return
    now = clock.now()
    rows = [_row(school, wish) | {"changed_at": now} for wish in wanted]
    ids = session.scalars(sa.insert(Lesson).returning(Lesson.id, sort_by_parameter_order=True), rows).all()
    teachers = [
        {"school_id": school.id, "lesson_id": lesson_id, "person_id": person_id}
        for lesson_id, wish in zip(ids, wanted, strict=True)
        for person_id in wish.teacher_ids
    ]
    rooms = [
        {"lesson_id": lesson_id, "room_id": room_id}
        for lesson_id, wish in zip(ids, wanted, strict=True)
        for room_id in wish.room_ids
    ]
    if teachers:
        session.execute(sa.insert(LessonTeacher), teachers)
    if rooms:
        session.execute(sa.insert(lesson_room), rooms)
    owners = {
        CalendarKind.GROUP: {wish.group_id for wish in wanted},
        CalendarKind.TEACHER: {person_id for wish in wanted for person_id in wish.teacher_ids},
        CalendarKind.ROOM: {room_id for wish in wanted for room_id in wish.room_ids},
    }
    touch_owners(session, school.id, owners)


def _row(school: School, wish: WantedLesson) -> dict[str, Any]:
    return {
        "school_id": school.id,
        "uid": str(uuid.uuid4()),
        "join_token": secrets.token_urlsafe(12),
        "course_id": wish.course_id,
        "subject_id": wish.subject_id,
        "group_id": wish.group_id,
        "date": wish.date,
        "start": wish.start,
        "end": wish.end,
        "starts_at": clock.to_utc(wish.date, wish.start, school.timezone),
        "ends_at": clock.to_utc(wish.date, wish.end, school.timezone),
        "period": wish.period,
        "nth": wish.nth,
        "kind": wish.kind,
        "mode": LessonMode.IN_PERSON,
        "base": {"date": wish.date.isoformat(), "nth": wish.nth},
    }


def _update(session: Session, school: School, lesson: Lesson, wish: WantedLesson) -> LessonChange:
    before = snapshot(lesson)
    for name in ("subject_id", "group_id", "date", "start", "end", "period", "nth", "kind"):
        setattr(lesson, name, getattr(wish, name))
    lesson.state = LessonState.PLANNED
    lesson.starts_at = clock.to_utc(wish.date, wish.start, school.timezone)
    lesson.ends_at = clock.to_utc(wish.date, wish.end, school.timezone)
    lesson.base = {"date": wish.date.isoformat(), "nth": wish.nth}
    _set_people(session, lesson, wish.teacher_ids, wish.room_ids)
    lesson.sequence += 1
    lesson.changed_at = clock.now()
    session.flush()
    session.refresh(lesson, ["group", "subject"])
    return LessonChange(before, lesson)


def _renumber(pairs: Iterable[tuple[Lesson, WantedLesson]]) -> None:
    """No calendar shows the order of the day, so nothing is told of it."""
    for lesson, wish in pairs:
        lesson.nth, lesson.base = wish.nth, {"date": wish.date.isoformat(), "nth": wish.nth}


def _set_people(session: Session, lesson: Lesson, teacher_ids: Iterable[int], room_ids: Iterable[int]) -> None:
    wanted = set(teacher_ids)
    kept = [row for row in lesson.teaching if row.person_id in wanted]
    known = {row.person_id for row in kept}
    lesson.teaching = kept + [
        LessonTeacher(school_id=lesson.school_id, person_id=person_id) for person_id in sorted(wanted - known)
    ]
    lesson.rooms = list(session.scalars(sa.select(Room).where(Room.id.in_(set(room_ids)))))


def _cancel(lesson: Lesson) -> LessonChange:
    before = snapshot(lesson)
    lesson.state = LessonState.CANCELLED
    lesson.sequence += 1
    lesson.changed_at = clock.now()
    return LessonChange(before, lesson)


def _mark_terms(session: Session, school_id: int, start: date, end: date) -> None:
    terms = session.scalars(sa.select(Term).where(Term.school_id == school_id, Term.start <= end, Term.end >= start))
    for term in terms:
        first, last = max(term.start, start), min(term.end, end)
        term.published_from = min(filter(None, (term.published_from, first)))
        term.published_to = max(filter(None, (term.published_to, last)))
