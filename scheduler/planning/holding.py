"""A lesson was held: said by its teacher in one tap. Times, texts, links and calendars stay as they are."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.audit import record
from scheduler.planning.errors import PlanningError
from scheduler.planning.locking import lock
from scheduler.planning.permission import ensure_may_plan
from scheduler.planning.values import values_of
from scheduler.rules.facts import LessonState


def mark_held(school_id: int, lesson_id: int, *, actor_id: int | None) -> None:
    """The lesson has taken place; from then on no import and no undo rewrites it. Said twice it counts once.

    Raises NotThereError, NotAllowedError, and PlanningError for one that has not begun or does not take place.
    """
    with transaction() as session:
        lesson = _locked(session, school_id, lesson_id, actor_id)
        if lesson.state is LessonState.HELD:
            return
        if lesson.state is not LessonState.PLANNED:
            raise PlanningError(_("A cancelled lesson cannot be marked as held."))
        if lesson.starts_at > clock.now():
            raise PlanningError(_("The lesson has not begun yet."))
        _set(session, lesson, LessonState.HELD, actor_id)


def unmark_held(school_id: int, lesson_id: int, *, actor_id: int | None) -> None:
    """The mark was a slip: possible until the end of the lesson's date. Raises as `mark_held`."""
    with transaction() as session:
        lesson = _locked(session, school_id, lesson_id, actor_id)
        if lesson.state is not LessonState.HELD:
            return
        if clock.today(session.get_one(School, school_id).timezone) != lesson.date:
            raise PlanningError(_("The mark can be taken back on the lesson's own day only."))
        _set(session, lesson, LessonState.PLANNED, actor_id)


def _locked(session: Session, school_id: int, lesson_id: int, actor_id: int | None) -> Lesson:
    lesson = lock(session, school_id, lesson_ids=[lesson_id]).lesson(lesson_id)
    ensure_may_plan(session, school_id, actor_id, values_of(lesson))
    return lesson


def _set(session: Session, lesson: Lesson, state: LessonState, actor_id: int | None) -> None:
    before, lesson.state = lesson.state, state
    action = "held" if state is LessonState.HELD else "not_held"
    record(
        session,
        lesson.school_id,
        action,
        actor_id=actor_id,
        subject=("lesson", lesson.id),
        before={"state": before.value},
        after={"state": state.value},
    )
