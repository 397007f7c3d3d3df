"""The one way by which lessons change: lock, judge, write the rows, draw the consequences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.changes import LessonChange, LessonSnapshot, snapshot
from scheduler.models.courses import Course
from scheduler.models.lessons import Lesson, LessonOrigin, LessonTeacher, RuleOverride
from scheduler.models.school import School
from scheduler.models.timetable import Room
from scheduler.planning import audit, consequences
from scheduler.planning.errors import ReasonNeededError, TakenError
from scheduler.planning.judging import judge
from scheduler.planning.locking import Locked, lock
from scheduler.planning.resources import wished_resources
from scheduler.planning.scene import load_scene
from scheduler.planning.values import Wished, values_of
from scheduler.planning.words import finding_text
from scheduler.rules.facts import Finding, LessonState, Severity

PLAIN_COLUMNS = (
    "subject_id", "group_id", "date", "start", "end", "course_id", "period", "kind", "mode", "state",
    "online_minutes", "is_joined_together", "title", "topic", "homework", "materials", "offline_task", "cancel_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change did: the lessons in the order wished, and everything the rules said about it."""

    lesson_ids: tuple[int, ...]
    findings: tuple[Finding, ...]
    changes: tuple[LessonChange, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what; `reason` overrides the norms that the change breaks and is kept."""

    action: str
    actor_id: int | None = None
    reason: str = ""
    is_whole_school: bool = False


def carry_out(
    session: Session, school: School, wished: Sequence[Wished], decision: Decision, *, locked: Locked | None = None
) -> Outcome:
    """Change lessons under the lock of their days.

    Whoever computes a wish from a lesson's present values locks first and hands `locked` on: values read before the
    lock would undo what somebody else has just changed. Raises TakenError for a clash and ReasonNeededError for a
    broken norm unless the decision carries a reason, and what `lock` raises.
    """
    locked = locked or lock_of(session, school.id, wished)
    lessons = locked.lessons
    _count_revisions(locked, wished)
    before = {lesson.id: snapshot(lesson) for lesson in lessons.values()}
    findings = judge_wished(session, school, wished, lessons, decision)
    refuse(findings, decision)
    changes = [_write(session, school, wish, lessons, before) for wish in wished]
    real = [change for change in changes if change.before is None or snapshot(change.lesson) != change.before]
    _note(session, real, findings, decision)
    consequences.draw(session, school.id, real)
    return Outcome(tuple(change.lesson.id for change in changes), tuple(findings), tuple(real))


def lock_of(session: Session, school_id: int, wished: Sequence[Wished]) -> Locked:
    """Lock every day that the change leaves or enters."""
    ids = [wish.lesson_id for wish in wished if wish.lesson_id is not None]
    return lock(session, school_id, lesson_ids=ids, dates={wish.values.date for wish in wished})


def _count_revisions(locked: Locked, wished: Sequence[Wished]) -> None:
    touched = {wish.values.date for wish in wished}
    touched |= {locked.lesson(wish.lesson_id).date for wish in wished if wish.lesson_id is not None}
    for day in touched:
        locked.days[day].revision += 1


def judge_wished(
    session: Session, school: School, wished: Sequence[Wished], lessons: dict[int, Lesson], decision: Decision
) -> list[Finding]:
    """What the rules say about the change: only what it creates or makes worse."""
    values = [wish.values for wish in wished] + [values_of(lesson) for lesson in lessons.values()]
    scene = load_scene(
        session, school.id, {one.date for one in values}, wished=values, everything=decision.is_whole_school
    )
    changed = {wish.lesson_id for wish in wished}
    after = [facts for facts in scene.lessons if facts.id not in changed]
    live = [wish for wish in wished if wish.values.state is not LessonState.CANCELLED]
    resources = wished_resources(session, school, [wish.values for wish in live])
    after += [
        scene.facts(wish.values, wish.lesson_id, join_resource=resource)
        for wish, resource in zip(live, resources, strict=True)
    ]
    return judge(school, scene, after)


def refuse(findings: Sequence[Finding], decision: Decision) -> None:
    """Stop what the law forbids, unless a reason was given."""
    blocking = [finding for finding in findings if finding.severity is Severity.LAW]
    if not blocking or decision.reason.strip():
        return
    words = " ".join(finding_text(finding) for finding in blocking[:3])
    if blocking[0].rule.startswith("CLASH_"):
        raise TakenError(words, findings)
    raise ReasonNeededError(words, findings)


def _write(
    session: Session,
    school: School,
    wish: Wished,
    lessons: dict[int, Lesson],
    before: dict[int, LessonSnapshot],
) -> LessonChange:
    now = clock.now()
    if wish.lesson_id is None:
        lesson = Lesson(school_id=school.id, origin=LessonOrigin.BOOKING, series_id=wish.series_id, changed_at=now)
        lesson.sequence, lesson.teaching, lesson.rooms = 0, [], []
        session.add(lesson)
    else:
        lesson = lessons[wish.lesson_id]
    was = before.get(lesson.id) if lesson.id else None
    lesson.is_changed_by_person = True
    _set(session, school, lesson, wish)
    if was is not None and snapshot(lesson) != was:
        lesson.sequence += 1
        lesson.changed_at = now
    return LessonChange(was, lesson)


def _set(session: Session, school: School, lesson: Lesson, wish: Wished) -> None:
    values = wish.values
    is_regrouped = lesson.id is None or (lesson.group_id, lesson.subject_id) != (values.group_id, values.subject_id)
    for name in PLAIN_COLUMNS:
        if getattr(lesson, name) != getattr(values, name):
            setattr(lesson, name, getattr(values, name))
    lesson.starts_at = clock.to_utc(values.date, values.start, school.timezone)
    lesson.ends_at = clock.to_utc(values.date, values.end, school.timezone)
    _set_people_and_rooms(session, lesson, wish)
    if is_regrouped:
        session.flush()
        session.refresh(lesson, ["group", "subject", "course"])


def _set_people_and_rooms(session: Session, lesson: Lesson, wish: Wished) -> None:
    values = wish.values
    if {row.person_id for row in lesson.teaching} != values.teacher_ids:
        kept = [row for row in lesson.teaching if row.person_id in values.teacher_ids]
        known = {row.person_id for row in kept}
        new = [
            LessonTeacher(
                school_id=lesson.school_id, person_id=person_id, stands_in_for_id=wish.stands_in.get(person_id)
            )
            for person_id in sorted(values.teacher_ids - known)
        ]
        lesson.teaching = kept + new
    if {room.id for room in lesson.rooms} != values.room_ids:
        lesson.rooms = [session.get_one(Room, room_id) for room_id in sorted(values.room_ids)]


def _note(session: Session, changes: Sequence[LessonChange], findings: Sequence[Finding], decision: Decision) -> None:
    for change in changes:
        audit.record_lesson(session, change, action=decision.action, actor_id=decision.actor_id, reason=decision.reason)
    for finding in findings:
        if changes and finding.severity is Severity.LAW:
            session.add(_override(_concerned(changes, finding), finding, decision))


def _concerned(changes: Sequence[LessonChange], finding: Finding) -> Lesson:
    """The changed lesson that an override is kept with: one of the finding's day."""
    return next((change.lesson for change in changes if change.lesson.date == finding.day), changes[0].lesson)


def _override(lesson: Lesson, finding: Finding, decision: Decision) -> RuleOverride:
    return RuleOverride(
        school_id=lesson.school_id,
        lesson_id=lesson.id,
        rule=finding.rule,
        text=finding_text(finding),
        reason=decision.reason,
        person_id=decision.actor_id,
        made_at=clock.now(),
    )


def values_of_course(course: Course) -> dict[str, Any]:
    """What a lesson takes from its course."""
    return {
        "course_id": course.id,
        "subject_id": course.subject_id,
        "group_id": course.group_id,
        "teacher_ids": frozenset(person.id for person in course.teachers),
        "kind": course.subject.kind,
    }
