"""Moving, editing, turning remote and cancelling lessons that stand."""

from dataclasses import asdict, dataclass, replace
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.lessons import ChangeRequest, Lesson, RequestState
from scheduler.models.school import School
from scheduler.planning.audit import record
from scheduler.planning.booking import LessonWish, hour_of_wish
from scheduler.planning.carry_out import Decision, carry_out
from scheduler.planning.closures import ensure_open
from scheduler.planning.errors import NotThereError, PlanningError, StaleError
from scheduler.planning.fitting import fitted
from scheduler.planning.locking import lock
from scheduler.planning.permission import ensure_may_plan, may_consent
from scheduler.planning.values import LessonValues, Wished, values_of
from scheduler.rules.facts import Finding, LessonMode, LessonState


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a wish to change a lesson; a waiting one changed nothing yet."""

    lesson_id: int
    is_waiting: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonEdit:
    """What the lesson's form may set; None leaves a value as it is."""

    day: date | None = None
    period: int | None = None
    start: time | None = None
    end: time | None = None
    mode: LessonMode | None = None
    online_minutes: int | None = None
    is_joined_together: bool | None = None
    room_ids: frozenset[int] | None = None
    teacher_ids: frozenset[int] | None = None
    title: str | None = None
    topic: str | None = None
    homework: str | None = None
    materials: str | None = None
    offline_task: str | None = None


def change_lesson(
    school_id: int, lesson_id: int, edit: LessonEdit, *, actor_id: int | None = None, reason: str = ""
) -> Changed:
    """Move or edit a lesson, or turn it remote; raises as `book_lesson` does.

    Where the school asks for consent and the actor does not give it, a ChangeRequest is kept instead.
    """
    with transaction() as session:
        return change_in(session, school_id, lesson_id, edit, actor_id=actor_id, reason=reason)


def change_in(
    session: Session,
    school_id: int,
    lesson_id: int,
    edit: LessonEdit,
    *,
    actor_id: int | None = None,
    reason: str = "",
) -> Changed:
    """`change_lesson` within a transaction that is already open."""
    locked = lock(session, school_id, lesson_ids=[lesson_id], dates=[edit.day])
    lesson = locked.lesson(lesson_id)
    school = session.get_one(School, school_id)
    values = edited_values(session, school, lesson, edit)
    ensure_may_plan(session, school_id, actor_id, values_of(lesson))
    ensure_may_plan(session, school_id, actor_id, values)
    if (values.date, values.start) != (lesson.date, lesson.start):
        ensure_open(session, values, reason)
    if _waits(session, school, lesson, actor_id):
        return _ask(session, lesson, edit, actor_id)
    decision = Decision("change", actor_id, reason)
    outcome = carry_out(session, school, [Wished(values, lesson_id)], decision, locked=locked)
    return Changed(lesson_id, is_waiting=False, findings=outcome.findings)


def edited_values(session: Session, school: School, lesson: Lesson, edit: LessonEdit) -> LessonValues:
    """The lesson's values with the edit laid over, times by the bells, fitted to the norms of a remote lesson."""
    if lesson.state not in (LessonState.PLANNED, LessonState.WAITING):
        raise StaleError(_("This lesson is cancelled or already held: it cannot be changed."))
    if lesson.ends_at <= clock.now():
        raise PlanningError(_("This lesson is already past."))
    plain = {
        name: getattr(edit, name)
        for name in ("mode", "online_minutes", "is_joined_together", "room_ids", "teacher_ids", "title", "topic",
                     "homework", "materials", "offline_task")
        if getattr(edit, name) is not None
    }  # fmt: skip
    if edit.day is not None:
        plain["date"] = edit.day
    values = replace(values_of(lesson), **plain)
    returns_to_school = edit.mode is LessonMode.IN_PERSON and lesson.is_remote
    if not returns_to_school and (edit.day, edit.period, edit.start, edit.end) == (None, None, None, None):
        is_fitted = edit.mode is not None or edit.is_joined_together is not None
        return fitted(session, values) if is_fitted else values
    return fitted(session, _moved(session, school, lesson, values, edit))


def _moved(session: Session, school: School, lesson: Lesson, values: LessonValues, edit: LessonEdit) -> LessonValues:
    period = edit.period if edit.period is not None else lesson.period
    is_only_longer = edit.end is not None and (edit.day, edit.period, edit.start) == (None, None, None)
    if period is None or lesson.course is None or is_only_longer:
        start, end = edit.start or lesson.start, edit.end or lesson.end
    else:
        wish = LessonWish(lesson.course.id, values.date, period, edit.start, edit.end)
        hour = hour_of_wish(session, school, lesson.course, wish)
        start, end = hour.start, hour.end
    if end <= start:
        raise PlanningError(_("The lesson must end after it starts."))
    return replace(values, start=start, end=end, period=period)


def cancel_lesson(school_id: int, lesson_id: int, *, actor_id: int | None = None, reason: str = "") -> Changed:
    """Cancel a lesson; it stays in sight as cancelled. Cancelling twice changes nothing."""
    with transaction() as session:
        locked = lock(session, school_id, lesson_ids=[lesson_id])
        lesson = locked.lesson(lesson_id)
        ensure_may_plan(session, school_id, actor_id, values_of(lesson))
        if lesson.state is LessonState.CANCELLED:
            return Changed(lesson_id, is_waiting=False)
        if lesson.state is LessonState.HELD or lesson.ends_at <= clock.now():
            raise PlanningError(_("This lesson is already past."))
        school = session.get_one(School, school_id)
        if lesson.state is LessonState.PLANNED and _waits(session, school, lesson, actor_id):
            return _ask(session, lesson, None, actor_id, reason)
        values = replace(values_of(lesson), state=LessonState.CANCELLED, cancel_reason=reason)
        carry_out(session, school, [Wished(values, lesson_id)], Decision("cancel", actor_id, reason), locked=locked)
        return Changed(lesson_id, is_waiting=False)


def decide_lesson(school_id: int, lesson_id: int, *, is_given: bool, actor_id: int | None, reason: str = "") -> None:
    """Give or refuse consent to a waiting lesson; a refused one is cancelled and was never posted."""
    with transaction() as session:
        locked = lock(session, school_id, lesson_ids=[lesson_id])
        lesson = locked.lesson(lesson_id)
        _ensure_consents(session, school_id, actor_id)
        if lesson.state is not LessonState.WAITING:
            raise PlanningError(_("This lesson no longer waits for consent."))
        state = LessonState.PLANNED if is_given else LessonState.CANCELLED
        values = replace(values_of(lesson), state=state, cancel_reason="" if is_given else reason)
        school = session.get_one(School, school_id)
        carry_out(session, school, [Wished(values, lesson_id)], Decision("consent", actor_id, reason), locked=locked)


def decide_request(school_id: int, request_id: int, *, is_given: bool, actor_id: int | None, reason: str = "") -> None:
    """Give or refuse consent to a wished change; given, it is judged and carried out now."""
    with transaction() as session:
        request = session.get(ChangeRequest, request_id, with_for_update=True)
        if request is None or request.school_id != school_id or request.state is not RequestState.ASKED:
            raise NotThereError(_("This request is no longer open."))
        _ensure_consents(session, school_id, actor_id)
        request.state = RequestState.GIVEN if is_given else RequestState.REFUSED
        request.decided_by_id, request.decided_at = actor_id, clock.now()
        if not is_given:
            return
        new_day = None if "cancel" in request.wish else _edit_of(request.wish).day
        locked = lock(session, school_id, lesson_ids=[request.lesson_id], dates=[new_day])
        lesson, school = locked.lesson(request.lesson_id), session.get_one(School, school_id)
        values = _requested_values(session, school, lesson, request.wish)
        carry_out(session, school, [Wished(values, lesson.id)], Decision("consent", actor_id, reason), locked=locked)


def _requested_values(session: Session, school: School, lesson: Lesson, wish: dict[str, Any]) -> LessonValues:
    if "cancel" in wish:
        return replace(values_of(lesson), state=LessonState.CANCELLED, cancel_reason=wish["cancel"])
    return edited_values(session, school, lesson, _edit_of(wish))


def lesson_of(session: Session, school_id: int, lesson_id: int) -> Lesson:
    """A lesson of this school; raises NotThereError for any other."""
    lesson = session.get(Lesson, lesson_id)
    if lesson is None or lesson.school_id != school_id:
        raise NotThereError(_("This lesson is no longer there."))
    return lesson


def _ensure_consents(session: Session, school_id: int, actor_id: int | None) -> None:
    if not may_consent(session, school_id, actor_id):
        raise PlanningError(_("Consent is given by the director or the deputy head."))


def _waits(session: Session, school: School, lesson: Lesson, actor_id: int | None) -> bool:
    is_planned = lesson.state is LessonState.PLANNED
    return is_planned and school.is_consent_required and not may_consent(session, school.id, actor_id)


def _ask(session: Session, lesson: Lesson, edit: LessonEdit | None, actor_id: int | None, reason: str = "") -> Changed:
    wish = {"cancel": reason} if edit is None else _plain(edit)
    session.add(
        ChangeRequest(
            school_id=lesson.school_id, lesson_id=lesson.id, wish=wish, asked_by_id=actor_id, asked_at=clock.now()
        )
    )
    record(session, lesson.school_id, "ask", actor_id=actor_id, subject=("lesson", lesson.id), after=wish)
    return Changed(lesson.id, is_waiting=True)


def _plain(edit: LessonEdit) -> dict[str, Any]:
    wish = {name: value for name, value in asdict(edit).items() if value is not None}
    for name, value in wish.items():
        if isinstance(value, date | time):
            wish[name] = value.isoformat()
        elif isinstance(value, frozenset):
            wish[name] = sorted(value)
    return wish


def _edit_of(wish: dict[str, Any]) -> LessonEdit:
    read = dict(wish)
    if "day" in read:
        read["day"] = date.fromisoformat(read["day"])
    for name in ("start", "end"):
        if name in read:
            read[name] = time.fromisoformat(read[name])
    for name in ("room_ids", "teacher_ids"):
        if name in read:
            read[name] = frozenset(read[name])
    if "mode" in read:
        read["mode"] = LessonMode(read["mode"])
    return LessonEdit(**read)
