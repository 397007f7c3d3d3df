"""Booking a remote lesson: the wish of a form becomes one lesson or a weekly series."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.classes import SchoolClass
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson, LessonSeries, SeriesDate, SubmittedForm
from scheduler.models.school import School
from scheduler.planning.bells import Hour, load_bells
from scheduler.planning.carry_out import Decision, Outcome, carry_out, values_of_course
from scheduler.planning.closures import ensure_open
from scheduler.planning.errors import NotThereError, PlanningError, TakenError
from scheduler.planning.fitting import fitted
from scheduler.planning.locking import Locked, lock
from scheduler.planning.permission import ensure_may_plan, may_consent
from scheduler.planning.series import DateState, PlannedDate, plan_dates
from scheduler.planning.values import LessonValues, Wished, values_of
from scheduler.rules.facts import Finding, LessonKind, LessonMode, LessonState

MOST_WEEKS = 40


@dataclass(frozen=True, slots=True)
class LessonWish:
    """What the booking form says. Either a period or a start is given; an end only where the bells do not say it."""

    course_id: int
    date: date
    period: int | None = None
    start: time | None = None
    end: time | None = None
    mode: LessonMode = LessonMode.CALL
    kind: LessonKind | None = None
    online_minutes: int | None = None
    room_ids: frozenset[int] = frozenset()
    is_joined_together: bool = False
    weeks: int = 1
    title: str = ""
    topic: str = ""
    homework: str = ""
    materials: str = ""
    offline_task: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """What a booking made: the lessons, the dates that were left out, and what the rules said."""

    lesson_ids: tuple[int, ...]
    series_id: int | None
    is_waiting: bool
    left_out: tuple[PlannedDate, ...] = ()
    findings: tuple[Finding, ...] = ()


def book_lesson(
    school_id: int, wish: LessonWish, *, actor_id: int | None = None, reason: str = "", form_key: str | None = None
) -> Booked:
    """Book a lesson or a weekly series in one transaction.

    The same `form_key` books once. Raises TakenError, ReasonNeededError (unless `reason` is given),
    NotThereError and NotAllowedError, each with the sentence to show. Of a series the dates that clash or fall on
    a holiday are left out and kept as such; a series of which nothing remains is refused.
    """
    with transaction() as session:
        return book_in(session, school_id, wish, actor_id=actor_id, reason=reason, form_key=form_key)


def book_in(
    session: Session,
    school_id: int,
    wish: LessonWish,
    *,
    actor_id: int | None = None,
    reason: str = "",
    form_key: str | None = None,
) -> Booked:
    """`book_lesson` within a transaction that is already open: a rehearsal for the form's preview, or the real one."""
    school = session.get_one(School, school_id)
    values = values_of_wish(session, school, wish)
    ensure_may_plan(session, school_id, actor_id, values)
    # before the look for the same form: its twin may just be at work
    locked = lock(session, school_id, dates=[wish.date + timedelta(weeks=week) for week in range(wish.weeks)])
    done = _already_booked(session, school_id, form_key)
    if done is not None:
        return done
    ensure_open(session, values, reason)
    if school.is_consent_required and not may_consent(session, school_id, actor_id):
        values = replace(values, state=LessonState.WAITING)
    decision = Decision("book", actor_id, reason)
    booked = (
        _book_series(session, school, values, (wish.weeks, locked), decision)
        if wish.weeks > 1
        else _book_one(session, school, values, locked, decision)
    )
    _remember(session, school_id, form_key, booked)
    return booked


def values_of_wish(session: Session, school: School, wish: LessonWish) -> LessonValues:
    """The lesson that the wish describes, fitted to the norms of a remote lesson."""
    if not 1 <= wish.weeks <= MOST_WEEKS:
        raise PlanningError(_("A series lasts from 1 to %(most)d weeks.", most=MOST_WEEKS))
    course = session.get(Course, wish.course_id)
    if course is None or course.school_id != school.id:
        raise NotThereError(_("There is no such line in the curriculum plan."))
    hour = hour_of_wish(session, school, course, wish)
    if (wish.date, hour.start) < _local_now(school):
        raise PlanningError(_("This hour is already past."))
    values = LessonValues(
        **values_of_course(course) | ({"kind": wish.kind} if wish.kind else {}),
        date=wish.date,
        start=hour.start,
        end=hour.end,
        period=wish.period,
        room_ids=wish.room_ids,
        mode=wish.mode,
        online_minutes=wish.online_minutes,
        is_joined_together=wish.is_joined_together,
        title=wish.title,
        topic=wish.topic,
        homework=wish.homework,
        materials=wish.materials,
        offline_task=wish.offline_task,
    )
    return fitted(session, values)


def hour_of_wish(session: Session, school: School, course: Course, wish: LessonWish) -> Hour:
    """The start and end: as given, else by the bells in force for the course's class."""
    if wish.start is not None and wish.end is not None:
        return _sensible(Hour(wish.period or 0, wish.start, wish.end))
    class_id = min((part.class_id for part in course.group.parts), default=None)
    klass = session.get(SchoolClass, class_id) if class_id else None
    shift = klass.shift if klass else 1
    hour = load_bells(session, school.id).hour(wish.date, wish.period or 0, class_id=class_id, shift=shift)
    if hour is None:
        raise PlanningError(_("The bells of that day have no lesson %(number)s.", number=wish.period or 0))
    return _sensible(replace(hour, start=wish.start or hour.start, end=wish.end or hour.end))


def _sensible(hour: Hour) -> Hour:
    if hour.end <= hour.start:
        raise PlanningError(_("The lesson must end after it starts."))
    return hour


def _local_now(school: School) -> tuple[date, time]:
    local = clock.now().astimezone(ZoneInfo(school.timezone))
    return local.date(), local.time()


def _book_one(session: Session, school: School, values: LessonValues, locked: Locked, decision: Decision) -> Booked:
    outcome = carry_out(session, school, [Wished(values)], decision, locked=locked)
    return _booked(outcome, values, None, ())


def _book_series(
    session: Session, school: School, values: LessonValues, held: tuple[int, Locked], decision: Decision
) -> Booked:
    weeks, locked = held
    planned = plan_dates(session, school, values, weeks=weeks)
    makes = [
        one for one in planned if one.state is DateState.MADE or (decision.reason and one.state is DateState.CLASHES)
    ]
    left_out = tuple(one for one in planned if one not in makes)
    if not makes:
        raise TakenError(" ".join(one.why for one in left_out[:3]), left_out[0].findings)
    series = LessonSeries(
        school_id=school.id,
        course_id=values.course_id,
        created_at=clock.now(),
        rule={"weeks": weeks, "from": values.date.isoformat(), "period": values.period},
    )
    session.add(series)
    session.flush()
    wished = [Wished(one.values, series_id=series.id) for one in makes]
    outcome = carry_out(session, school, wished, decision, locked=locked)
    made = dict(zip((one.date for one in makes), outcome.lesson_ids, strict=True))
    for one in planned:
        session.add(
            SeriesDate(
                school_id=school.id,
                series_id=series.id,
                date=one.date,
                lesson_id=made.get(one.date),
                skipped_because=None if one.date in made else one.why,
            )
        )
    return _booked(outcome, values, series.id, left_out)


def _booked(outcome: Outcome, values: LessonValues, series_id: int | None, left_out: tuple[PlannedDate, ...]) -> Booked:
    return Booked(outcome.lesson_ids, series_id, values.state is LessonState.WAITING, left_out, outcome.findings)


def _already_booked(session: Session, school_id: int, form_key: str | None) -> Booked | None:
    if not form_key:
        return None
    known = session.scalar(
        sa.select(SubmittedForm).where(SubmittedForm.school_id == school_id, SubmittedForm.key == form_key)
    )
    if known is None:
        return None
    result = known.result
    return Booked(tuple(result["lesson_ids"]), result["series_id"], result["is_waiting"])


def _remember(session: Session, school_id: int, form_key: str | None, booked: Booked) -> None:
    if not form_key:
        return
    result = {"lesson_ids": list(booked.lesson_ids), "series_id": booked.series_id, "is_waiting": booked.is_waiting}
    session.add(SubmittedForm(school_id=school_id, key=form_key, result=result, made_at=clock.now()))


def restore_series_date(school_id: int, series_date_id: int, *, actor_id: int | None, reason: str = "") -> int:
    """Make a skipped date of a series after all; judged anew. Answers the lesson's id."""
    with transaction() as session:
        row = session.get(SeriesDate, series_date_id, with_for_update=True)
        if row is None or row.school_id != school_id or row.lesson_id is not None:
            raise NotThereError(_("This date has nothing to restore."))
        twin = session.scalars(sa.select(Lesson).where(Lesson.series_id == row.series_id).limit(1)).first()
        if twin is None:
            raise NotThereError(_("The series has no lesson left to repeat."))
        values = replace(values_of(twin), date=row.date, state=LessonState.PLANNED, cancel_reason="")
        ensure_may_plan(session, school_id, actor_id, values)
        school = session.get_one(School, school_id)
        wished = Wished(values, series_id=row.series_id)
        outcome = carry_out(session, school, [wished], Decision("restore", actor_id, reason))
        row.lesson_id, row.skipped_because = outcome.lesson_ids[0], None
        return outcome.lesson_ids[0]
