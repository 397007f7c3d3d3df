"""What a remote day would do to each lesson, and what is wrong with it; reads only, whoever confirms applies it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.remote_day import RemoteDay
from scheduler.models.school import School
from scheduler.planning.judging import judge
from scheduler.planning.remote.before import scene_without
from scheduler.planning.remote.mixing import mix_lessons
from scheduler.planning.remote.shaping import load_shaping
from scheduler.planning.remote.wish import RemoteWish, already_remote, classes_of_scope, remote_days_on
from scheduler.planning.scene import Scene, load_scene
from scheduler.rules.facts import Finding, LessonFacts, LessonKind, LessonMode, LessonState, Severity
from scheduler.rules.mix.alone import softened


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """One lesson as it stands and as it shall be."""

    before: LessonFacts
    after: LessonFacts

    @property
    def lesson_id(self) -> int:
        return self.before.id or 0


@dataclass(frozen=True, slots=True)
class Left:
    """Lessons in reach that the decision leaves alone, each to be decided by a person; counted, never named."""

    private: int = 0
    shared: int = 0
    without_bells: int = 0
    without_teacher: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """The plan of a remote day; `class_ids` by date are those that it turns remote."""

    lessons: tuple[PlannedLesson, ...]
    class_ids: Mapping[date, frozenset[int]]
    findings: tuple[Finding, ...]
    left: Left

    def count(self, mode: LessonMode) -> int:
        """Lessons that are held in this mode."""
        return sum(one.after.mode is mode and one.after.is_live for one in self.lessons)

    @property
    def dropped(self) -> int:
        """Lessons that are not held."""
        return sum(not one.after.is_live for one in self.lessons)

    @property
    def classes(self) -> frozenset[int]:
        """All classes whose lessons change."""
        return frozenset(class_id for one in self.lessons for class_id in one.before.group.class_ids)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What the law forbids: only with a reason."""
        return tuple(one for one in self.findings if one.severity is Severity.LAW)


@dataclass(slots=True)
class _Sorted:
    """The lessons in reach by what is to become of them."""

    reached: list[LessonFacts]
    left: Left


def propose(session: Session, school: School, wish: RemoteWish, *, amends: RemoteDay | None = None) -> Proposal:
    """The mix for every class of the scope that no other decision has, within the norms, and the findings it has.

    `amends` is a decision that stands and is to become this wish: its lessons are planned from what they were before.
    """
    dates = wish.dates
    wanted = frozenset(row.id for row in classes_of_scope(session, school.id, wish.scope))
    others = [one for one in remote_days_on(session, school.id, dates) if amends is None or one.id != amends.id]
    reach = {
        day: frozenset(one for one in wanted if wish.covers(one, day)) - already_remote(others, day) for day in dates
    }
    scene, settled = load_scene(session, school.id, dates, wished=(), everything=True), frozenset[int]()
    if amends is not None:
        without = scene_without(session, school, scene, amends)
        scene, settled = without.scene, without.settled
    shaping = load_shaping(session, school, wish, scene)
    at_home = {day: reach[day] | already_remote(others, day) for day in dates}
    found = _sorted(scene, school, (reach, at_home), settled)
    shaped = {lesson.id: shaping.shape(lesson) for lesson in found.reached}
    mixed = mix_lessons(session, school, shaping, shaped)
    after = mixed.lessons
    lessons = tuple(PlannedLesson(one, after[one.id]) for one in found.reached if after[one.id] != one)
    left = replace(found.left, without_bells=sum(shaping.hour(one) is None for one in found.reached))
    judged = softened(judge(school, scene, _after(scene, lessons)), after.values()) if lessons else []
    findings = tuple(sorted([*judged, *mixed.findings], key=lambda one: list(Severity).index(one.severity)))
    changed = {day: frozenset(_classes_on(lessons, day)) & reach[day] for day in dates}
    return Proposal(lessons, changed, findings, left)


def _classes_on(lessons: Iterable[PlannedLesson], day: date) -> set[int]:
    return {class_id for one in lessons if one.before.date == day for class_id in one.before.group.class_ids}


def _sorted(
    scene: Scene,
    school: School,
    days: tuple[Mapping[date, frozenset[int]], Mapping[date, frozenset[int]]],
    settled: frozenset[int],
) -> _Sorted:
    reach, at_home = days
    reached: list[LessonFacts] = []
    private = shared = without_teacher = 0
    for lesson in scene.lessons:
        if not lesson.group.class_ids & reach.get(lesson.date, frozenset()) or not _is_open(lesson, school):
            continue
        if lesson.id in settled:
            continue
        if lesson.group.is_private:
            private += 1
        elif not lesson.group.class_ids <= at_home[lesson.date]:
            shared += 1
        else:
            without_teacher += not lesson.teacher_ids
            reached.append(lesson)
    reached.sort(key=lambda one: (one.date, one.start, one.id or 0))
    return _Sorted(reached, Left(private=private, shared=shared, without_teacher=without_teacher))


def _is_open(lesson: LessonFacts, school: School) -> bool:
    """Planned and not begun; an activity that is remote already stays as it is."""
    begins = clock.to_utc(lesson.date, lesson.start, school.timezone)
    is_done = lesson.kind is not LessonKind.LESSON and lesson.mode.is_remote
    return lesson.state is LessonState.PLANNED and begins > clock.now() and not is_done


def _after(scene: Scene, lessons: Sequence[PlannedLesson]) -> list[LessonFacts]:
    """The school as it would be. Nobody is in a room, and work on one's own needs no teacher at its hour."""
    changed = {one.lesson_id: one.after for one in lessons}
    after = [lesson for lesson in scene.lessons if lesson.id not in changed]
    nobody: frozenset[int] = frozenset()
    for lesson in changed.values():
        if lesson.is_live:
            teachers = lesson.teacher_ids if lesson.mode is LessonMode.CALL else nobody
            after.append(replace(lesson, room_ids=nobody, teacher_ids=teachers))
    return after
