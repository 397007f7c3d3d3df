"""What a remote day would do to each lesson, and what is wrong with it; reads only, whoever confirms applies it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calls.choose import choose
from scheduler.calls.ground import Audience, Choice
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.bells import Bells, Hour
from scheduler.planning.judging import judge, pack_of
from scheduler.planning.remote.bells import load_remote_bells
from scheduler.planning.remote.wish import RemoteWish, already_remote, classes_of_scope, remote_days_on
from scheduler.planning.scene import Scene, load_scene
from scheduler.rules.difficulty import difficulty, makes_sense_by_video
from scheduler.rules.facts import ClassFacts, Finding, LessonFacts, LessonKind, LessonMode, LessonState, Severity
from scheduler.rules.fit import fit_remote
from scheduler.rules.mix import Candidate, MixRules, choose_calls
from scheduler.rules.pack import norm_grade

LATELY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """One lesson as it stands and as it shall be."""

    before: LessonFacts
    after: LessonFacts

    @property
    def lesson_id(self) -> int:
        return self.before.id or 0

    @property
    def key(self) -> tuple[str, ...]:
        """What is compared between what was shown and what is confirmed."""
        after = self.after
        return tuple(map(str, (self.lesson_id, after.mode, after.state, after.online_minutes, after.start, after.end)))


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

    @property
    def digest(self) -> str:
        """The fingerprint of what was shown."""
        rows = sorted(one.key for one in self.lessons)
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]

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


def propose(session: Session, school: School, wish: RemoteWish) -> Proposal:
    """The mix for every class of the scope that no other decision has, within the norms, and the findings it has."""
    dates = wish.dates
    wanted = frozenset(row.id for row in classes_of_scope(session, school.id, wish.scope))
    others = remote_days_on(session, school.id, dates)
    reach = {day: wanted - already_remote(others, day) for day in dates}
    scene = load_scene(session, school.id, dates, wished=(), everything=True)
    bells = load_remote_bells(session, school.id)
    found = _sorted(scene, school, reach, {day: reach[day] | already_remote(others, day) for day in dates})
    shaped = {lesson.id: _shaped(lesson, scene, bells, wish) for lesson in found.reached}
    mixed = _mixed(session, school, wish, scene, shaped)
    lessons = tuple(PlannedLesson(one, mixed[one.id]) for one in found.reached if mixed[one.id] != one)
    left = replace(found.left, without_bells=sum(_bell_of(one, scene, bells) is None for one in found.reached))
    findings = tuple(judge(school, scene, _after(scene, lessons))) if lessons else ()
    changed = {day: frozenset(_classes_on(lessons, day)) & reach[day] for day in dates}
    return Proposal(lessons, changed, findings, left)


def _classes_on(lessons: Iterable[PlannedLesson], day: date) -> set[int]:
    return {class_id for one in lessons if one.before.date == day for class_id in one.before.group.class_ids}


def _sorted(
    scene: Scene, school: School, reach: Mapping[date, frozenset[int]], at_home: Mapping[date, frozenset[int]]
) -> _Sorted:
    reached: list[LessonFacts] = []
    private = shared = without_teacher = 0
    for lesson in scene.lessons:
        if not lesson.group.class_ids & reach.get(lesson.date, frozenset()) or not _is_open(lesson, school):
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


def _shaped(lesson: LessonFacts, scene: Scene, bells: Bells, wish: RemoteWish) -> LessonFacts:
    """The lesson by the remote bells, as work on one's own unless it is a call already; calls are chosen next."""
    if lesson.kind is not LessonKind.LESSON and not wish.keeps_activities:
        return replace(lesson, state=LessonState.CANCELLED)
    hour = _bell_of(lesson, scene, bells)
    start, end = (hour.start, hour.end) if hour else (lesson.start, lesson.end)
    classes = _classes(lesson, scene)
    end = fit_remote(start, end, classes=classes, day=lesson.date, pack=pack_of(lesson.date)).end
    if lesson.mode is LessonMode.CALL:
        return replace(lesson, start=start, end=end)
    return replace(lesson, start=start, end=end, mode=LessonMode.SELF_STUDY, online_minutes=None, join_resource=None)


def _bell_of(lesson: LessonFacts, scene: Scene, bells: Bells) -> Hour | None:
    """The hour of the lesson's number by the remote bells; a stream follows its first class, as publishing does."""
    if lesson.period is None:
        return None
    first = min(lesson.group.class_ids)
    return bells.hour(lesson.date, lesson.period, class_id=first, shift=scene.classes[first].shift)


def _classes(lesson: LessonFacts, scene: Scene) -> list[ClassFacts]:
    return [scene.classes[one] for one in sorted(lesson.group.class_ids)]


def _mixed(
    session: Session, school: School, wish: RemoteWish, scene: Scene, shaped: Mapping[int | None, LessonFacts]
) -> dict[int | None, LessonFacts]:
    """The shaped lessons with the calls among them."""
    rules = MixRules(scene.classes, pack_of(wish.first), _wished_calls(school), scene.taken_apart)
    forced = {one.id: _forced(one, wish, rules) for one in shaped.values()}
    ways = _ways(session, school, shaped.values())
    called = _called_lately(session, school.id, wish.first)
    candidates = [
        Candidate(one, _points(one, scene), called.get(one.course_id or 0, 0), ways[one.id].resource)
        for one in forced.values()
        if one.id not in wish.modes and _may_be_called(one) and not ways[one.id].problem
    ]
    taken = {one.lesson.id for one in candidates}
    standing = [one for one in forced.values() if one.id not in taken]
    standing += [one for one in scene.lessons if one.id not in shaped and one.date in wish.dates]
    return {**forced, **choose_calls(candidates, standing, rules)}


def _forced(lesson: LessonFacts, wish: RemoteWish, rules: MixRules) -> LessonFacts:
    mode = wish.modes.get(lesson.id or 0)
    if mode is None or mode is lesson.mode or not lesson.is_live:
        return lesson
    minutes = rules.minutes(lesson) if mode is LessonMode.CALL else None
    return replace(lesson, mode=mode, online_minutes=minutes, join_resource=None)


def _may_be_called(lesson: LessonFacts) -> bool:
    is_lesson = lesson.is_live and lesson.kind is LessonKind.LESSON and lesson.mode is LessonMode.SELF_STUDY
    by_video = makes_sense_by_video(lesson.subject_name) and not lesson.is_physical_education
    return is_lesson and by_video and bool(lesson.teacher_ids)


def _points(lesson: LessonFacts, scene: Scene) -> int:
    return max((difficulty(lesson.subject_name, norm_grade(klass)) for klass in _classes(lesson, scene)), default=0)


def _wished_calls(school: School) -> dict[int, int]:
    """The school's own wish: calls a day by grade, as `remote_calls` of its settings."""
    settings = (school.rule_settings or {}).get("remote_calls", {})
    return {int(grade): int(calls) for grade, calls in settings.items()}


def _ways(session: Session, school: School, lessons: Iterable[LessonFacts]) -> dict[int | None, Choice]:
    """How each lesson would be joined; one without a way is no candidate for a call."""
    of_day = list(lessons)
    ground = load_ground(session, school.id)
    groups = load_group_audiences(session, {one.group.id for one in of_day})
    return {
        one.id: choose(audience(groups.get(one.group.id, Audience()), one.course_id, one.teacher_ids), ground)
        for one in of_day
    }


def _called_lately(session: Session, school_id: int, before: date) -> dict[int, int]:
    query = (
        sa.select(Lesson.course_id, sa.func.count())
        .where(
            Lesson.school_id == school_id,
            Lesson.date.between(before - LATELY, before - timedelta(days=1)),
            Lesson.mode == LessonMode.CALL,
            Lesson.state != LessonState.CANCELLED,
            Lesson.course_id.is_not(None),
        )
        .group_by(Lesson.course_id)
    )
    return {course_id: count for course_id, count in session.execute(query) if course_id is not None}


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


def lessons_by_class(proposal: Proposal) -> dict[int, list[PlannedLesson]]:
    """The planned lessons under each class."""
    found: dict[int, list[PlannedLesson]] = defaultdict(list)
    for one in proposal.lessons:
        for class_id in one.before.group.class_ids:
            found[class_id].append(one)
    return found
