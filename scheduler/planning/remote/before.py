"""The school as it would be without a decision: lessons that still hold what it set are seen as they were before."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.models.lessons import Lesson
from scheduler.models.remote_day import RemoteDay, RemoteDayLesson
from scheduler.models.school import School
from scheduler.planning.remote.writing import read
from scheduler.planning.scene import Scene
from scheduler.rules.facts import LessonFacts

SHAPED = ("mode", "online_minutes", "start", "end", "state")


@dataclass(frozen=True, slots=True)
class Without:
    """The scene without a decision; `settled` are its lessons that have begun or that somebody changed since."""

    scene: Scene
    settled: frozenset[int]


def set_by(session: Session, row: RemoteDay) -> dict[int, RemoteDayLesson]:
    """What a decision set, by lesson."""
    query = sa.select(RemoteDayLesson).where(RemoteDayLesson.remote_day_id == row.id)
    return {one.lesson_id: one for one in session.scalars(query)}


def scene_without(session: Session, school: School, scene: Scene, row: RemoteDay) -> Without:
    """The scene in which the decision can be planned anew."""
    kept = set_by(session, row)
    settled = {one.id for one in scene.lessons if one.id in kept and _is_settled(one, kept[one.id], school)}
    lessons = tuple(
        _before(one, kept[one.id]) if one.id in kept and one.id not in settled else one for one in scene.lessons
    )
    return Without(replace(scene, lessons=lessons), frozenset(one for one in settled if one is not None))


def _is_settled(lesson: LessonFacts, one: RemoteDayLesson, school: School) -> bool:
    has_begun = clock.to_utc(lesson.date, lesson.start, school.timezone) <= clock.now()
    return has_begun or not holds(lesson, one)


def _before(lesson: LessonFacts, one: RemoteDayLesson) -> LessonFacts:
    values: dict[str, Any] = {name: read(name, one.before[name]) for name in SHAPED}
    return replace(lesson, join_resource=None, **values)


def holds(lesson: LessonFacts | Lesson, one: RemoteDayLesson) -> bool:
    """Whether the lesson is still as the decision made it."""
    return all(getattr(lesson, name) == read(name, one.after[name]) for name in SHAPED)
