"""The reader's own lessons, where the teachers' post leads: today's, and the next day that has some."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from scheduler import clock
from scheduler.calendars.feeds import feed_for_person, feed_for_teacher, replace_own_feeds
from scheduler.database import db
from scheduler.models.classes import Enrollment, GroupPart, Guardianship, SchoolClass, StudyGroup
from scheduler.models.lessons import Lesson, LessonTeacher
from scheduler.models.people import Person
from scheduler.models.teaching import instead_of
from scheduler.permissions import Action
from scheduler.planning.lesson_tasks import is_without_task, lessons_to_task
from scheduler.rules.facts import LessonState
from scheduler.web.access import current_person, current_school, requires, visitor_may
from scheduler.web.remote_needs import own_needs

blueprint = Blueprint("my", __name__)

JOIN_BEFORE = timedelta(minutes=10)
LOOK_AHEAD = timedelta(days=14)
SHOWN = (LessonState.PLANNED, LessonState.HELD, LessonState.CANCELLED, LessonState.WAITING)


@dataclass(frozen=True, slots=True)
class OwnLesson:
    """A lesson as its teacher sees it; `can_join` from ten minutes before the start to the end, `can_mark` after it."""

    lesson: Lesson
    is_now: bool
    can_join: bool
    can_mark: bool
    instead: str = ""


@blueprint.get("/my")
@requires(Action.VIEW_OWN_PAGES)
def today() -> str:
    """Today's own lessons with the way to join each."""
    person, school = current_person(), current_school()
    this_day = clock.today(school.timezone)
    next_day = next_day_with_lessons(person, this_day)
    return render_template(
        "my/today.html",
        person=person,
        day=this_day,
        lessons=own_lessons(person, this_day),
        next_day=next_day,
        next_lessons=own_lessons(person, next_day) if next_day else [],
        classes=classes_of(person),
        own_page=own_page(person),
        own_calendar=own_calendar(person),
        tasks=own_tasks(person, this_day),
        needs=own_needs(school) if visitor_may(Action.VIEW_STAFF_PAGES) else [],
    )


@dataclass(frozen=True, slots=True)
class OwnTasks:
    """The remote lessons of a teacher to come, and how many of them have no task yet."""

    total: int
    missing: int


def own_tasks(person: Person, today: date) -> OwnTasks:
    """What leads to the page of tasks."""
    found = lessons_to_task(db.session(), person.school_id, (today, today + LOOK_AHEAD), teacher_id=person.id)
    return OwnTasks(len(found), sum(is_without_task(one) for one in found))


def own_page(person: Person) -> str:
    """Where a pupil, or a parent of any number of children, sees all their lessons; empty for everybody else."""
    if not classes_of(person):
        return ""
    return url_for("class_page.subscriber_page", token=feed_for_person(person.school_id, person.id).token)


def own_calendar(person: Person) -> str:
    """Where a teacher subscribes to the own lessons; empty for whoever teaches nothing."""
    taught = sa.select(LessonTeacher.id).where(LessonTeacher.person_id == person.id).limit(1)
    if db.session.scalar(taught) is None:
        return ""
    token = feed_for_teacher(person.school_id, person.id).token
    return url_for("class_page.subscriber_page", token=token, subscribe=1)


@blueprint.post("/my/addresses")
@requires(Action.VIEW_OWN_PAGES)
def replace_addresses() -> Response:
    """New secret addresses of the own page and calendars, for somebody whose old ones leaked."""
    person = current_person()
    replace_own_feeds(person.school_id, person.id)
    flash(_("The addresses are new; the old ones no longer work. Add the calendar once more."), "done")
    return redirect(url_for("my.today"), 303)


def own_lessons(person: Person, day: date) -> list[OwnLesson]:
    """What the person teaches that day, in order of time."""
    found = db.session.scalars(
        sa.select(Lesson)
        .join(LessonTeacher, LessonTeacher.lesson_id == Lesson.id)
        .where(
            Lesson.school_id == person.school_id,
            Lesson.date == day,
            LessonTeacher.person_id == person.id,
            Lesson.state.in_(SHOWN),
        )
        .options(
            selectinload(Lesson.group).selectinload(StudyGroup.parts).selectinload(GroupPart.school_class),
            selectinload(Lesson.subject),
            selectinload(Lesson.rooms),
            selectinload(Lesson.teaching).joinedload(LessonTeacher.stands_in_for),
        )
        .order_by(Lesson.start, Lesson.id)
    )
    return [replace(_told(lesson), instead=instead_of(lesson, person.id)) for lesson in found]


def _told(lesson: Lesson) -> OwnLesson:
    now = clock.now()
    is_on = lesson.state in (LessonState.PLANNED, LessonState.HELD) and now < lesson.ends_at
    return OwnLesson(
        lesson,
        is_now=is_on and lesson.starts_at <= now,
        can_join=is_on and lesson.mode.has_call and lesson.starts_at - JOIN_BEFORE <= now,
        can_mark=may_mark(lesson, now),
    )


def may_mark(lesson: Lesson, now: datetime) -> bool:
    """Whether «Урок проведён» makes sense: a remote lesson that has begun and is not marked."""
    return lesson.state is LessonState.PLANNED and lesson.is_remote and lesson.starts_at <= now


def next_day_with_lessons(person: Person, after: date) -> date | None:
    """The nearest later day on which the person teaches, within two weeks."""
    return db.session.scalar(
        sa.select(sa.func.min(Lesson.date))
        .join(LessonTeacher, LessonTeacher.lesson_id == Lesson.id)
        .where(
            Lesson.school_id == person.school_id,
            Lesson.date > after,
            Lesson.date <= after + LOOK_AHEAD,
            LessonTeacher.person_id == person.id,
            Lesson.state == LessonState.PLANNED,
        )
    )


def classes_of(person: Person) -> list[SchoolClass]:
    """The classes of a pupil, or of a parent's children, whose secret pages they may open."""
    children = sa.select(Guardianship.student_id).where(Guardianship.parent_id == person.id)
    return list(
        db.session.scalars(
            sa.select(SchoolClass)
            .join(Enrollment, Enrollment.class_id == SchoolClass.id)
            .where(
                SchoolClass.school_id == person.school_id,
                sa.or_(Enrollment.person_id == person.id, Enrollment.person_id.in_(children)),
            )
            .order_by(SchoolClass.grade, SchoolClass.label)
            .distinct()
        )
    )
