"""Which lessons of a remote day are calls: gathers from the tables what the pure choice looks at, and asks it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.calls.choose import choose
from scheduler.calls.ground import Audience, Choice
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.models.lessons import Lesson
from scheduler.models.school import School
from scheduler.planning.judging import pack_of
from scheduler.planning.remote.shaping import Shaping
from scheduler.planning.remote.wish import RemoteWish
from scheduler.planning.scene import Scene
from scheduler.rules.difficulty import difficulty
from scheduler.rules.facts import LessonFacts, LessonMode, LessonState
from scheduler.rules.mix import Candidate, MixRules, choose_calls
from scheduler.rules.pack import norm_grade

LATELY = timedelta(days=28)


def mix_lessons(
    session: Session, school: School, shaping: Shaping, shaped: Mapping[int | None, LessonFacts]
) -> dict[int | None, LessonFacts]:
    """The shaped lessons with the calls among them."""
    wish, scene = shaping.wish, shaping.scene
    rules = MixRules(scene.classes, pack_of(wish.first), _wished_calls(school), scene.taken_apart)
    forced = {one.id: _forced(one, wish, rules) for one in shaped.values()}
    ways = _ways(session, school, shaped.values())
    called = _called_lately(session, school.id, wish.first)
    candidates = [
        Candidate(one, _points(one, scene), called.get(one.course_id or 0, 0), ways[one.id].resource)
        for one in forced.values()
        if one.id not in wish.modes and _may_be_called(one, shaping) and not ways[one.id].problem
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


def _may_be_called(lesson: LessonFacts, shaping: Shaping) -> bool:
    is_open = lesson.is_live and lesson.mode is LessonMode.SELF_STUDY
    return is_open and bool(lesson.teacher_ids) and shaping.may_be_called(lesson)


def _points(lesson: LessonFacts, scene: Scene) -> int:
    return max((difficulty(lesson.subject_name, norm_grade(klass)) for klass in scene.classes_of(lesson)), default=0)


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
