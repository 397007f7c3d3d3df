"""Sets the demo school in motion: publishes its term, and turns lessons of today and tomorrow remote by `planning`."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from scheduler.database import transaction
from scheduler.demo.blueprint import ConsultationSpec, RemoteSpec
from scheduler.demo.blueprint import School as SchoolPlan
from scheduler.demo.live import live_situation
from scheduler.demo.year import is_school_day
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson
from scheduler.models.people import Person
from scheduler.models.school import School, Term
from scheduler.planning.booking import LessonWish, book_lesson
from scheduler.planning.carry_out import Decision, carry_out
from scheduler.planning.changing import LessonEdit, change_lesson, edited_values
from scheduler.planning.errors import PlanningError
from scheduler.planning.publish import publish_timetable
from scheduler.planning.values import Wished
from scheduler.rules.facts import LessonKind, LessonMode, LessonState

_PLANNER = "deputy"
_log = structlog.get_logger()


def ensure_published(school_id: int, day: date) -> int:
    """Publish the term of a date and the one after it, where they are not; answers how many lessons were made."""
    with transaction() as session:
        terms = session.scalars(
            sa.select(Term).where(Term.school_id == school_id, Term.end >= day).order_by(Term.start).limit(2)
        ).all()
        spans = [(term.start, term.end) for term in terms if term.published_to is None or term.published_to < term.end]
    return sum(publish_timetable(school_id, start, end).made for start, end in spans)


def enliven(school_id: int, plan: SchoolPlan, today: date) -> int:
    """Give `today` and tomorrow their remote lessons; answers how many lessons were turned or booked.

    A lesson that the rules refuse (somebody changed its day meanwhile) stays as it is; the log tells how many.
    """
    tomorrow = today + timedelta(days=1)
    live = live_situation(plan, today, tomorrow if is_school_day(plan.year, tomorrow) else None)
    actor_id, courses = _planner_and_courses(school_id)
    found = _lessons_of(school_id, live.remotes, courses)
    done = _turn_all(school_id, found, actor_id)
    if done is None:
        done = sum(_turn(school_id, lesson_id, remote, actor_id) for lesson_id, remote in found)
    done += sum(_consult(school_id, courses[one.course], one, actor_id) for one in live.consultations)
    return done


def _planner_and_courses(school_id: int) -> tuple[int | None, dict[str, int]]:
    with transaction() as session:
        actor_id = session.scalar(
            sa.select(Person.id).where(Person.school_id == school_id, Person.source_id == _PLANNER)
        )
        rows = session.execute(sa.select(Course.source_id, Course.id).where(Course.school_id == school_id))
        return actor_id, {key: number for key, number in rows if key}


def _lessons_of(school_id: int, remotes: Sequence[RemoteSpec], courses: dict[str, int]) -> list[tuple[int, RemoteSpec]]:
    """The published lessons that are meant, where they still stand as published."""
    wanted = {(courses.get(one.course), one.date, one.period): one for one in remotes}
    with transaction() as session:
        rows = session.execute(
            sa.select(Lesson.id, Lesson.course_id, Lesson.date, Lesson.period).where(
                Lesson.school_id == school_id,
                Lesson.date.in_({one.date for one in remotes}),
                Lesson.state == LessonState.PLANNED,
                Lesson.mode == LessonMode.IN_PERSON,
            )
        )
        return [
            (row.id, wanted[row.course_id, row.date, row.period])
            for row in rows
            if (row.course_id, row.date, row.period) in wanted
        ]


def _edit(remote: RemoteSpec) -> LessonEdit:
    return LessonEdit(mode=remote.mode, online_minutes=remote.online_minutes, offline_task=remote.offline_task)


def _turn_all(school_id: int, found: Sequence[tuple[int, RemoteSpec]], actor_id: int | None) -> int | None:
    """All in one decision, as for a remote day; None where a rule refuses any of them."""
    try:
        with transaction() as session:
            school = session.get_one(School, school_id)
            wished = [_wished(session, school, lesson_id, remote) for lesson_id, remote in found]
            carry_out(session, school, wished, Decision("change", actor_id, is_whole_school=True))
    except PlanningError as refusal:
        _log.info("demo_lessons_one_by_one", refused=len(refusal.findings))
        return None
    return len(found)


def _wished(session: Session, school: School, lesson_id: int, remote: RemoteSpec) -> Wished:
    lesson = session.get_one(Lesson, lesson_id)
    return Wished(edited_values(session, school, lesson, _edit(remote)), lesson_id)


def _turn(school_id: int, lesson_id: int, remote: RemoteSpec, actor_id: int | None) -> int:
    try:
        change_lesson(school_id, lesson_id, _edit(remote), actor_id=actor_id)
    except PlanningError as refusal:
        _log.info("demo_lesson_left_at_school", rules=[finding.rule for finding in refusal.findings])
        return 0
    return 1


def _consult(school_id: int, course_id: int, one: ConsultationSpec, actor_id: int | None) -> int:
    subject = one.course.rsplit("/", 1)[-1]
    wish = LessonWish(
        course_id, one.date, start=one.start, end=one.end, kind=LessonKind.CONSULTATION,
        title=f"{subject}: консультация",
        online_minutes=one.online_minutes, offline_task=one.offline_task,
    )  # fmt: skip
    try:
        book_lesson(school_id, wish, actor_id=actor_id, form_key=f"demo:{course_id}:{one.date}")
    except PlanningError as refusal:
        _log.info("demo_consultation_left_out", rules=[finding.rule for finding in refusal.findings])
        return 0
    return 1
