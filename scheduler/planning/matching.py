"""Which standing lesson is which wanted one when a timetable is published again; it decides and touches nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.models.lessons import Lesson
from scheduler.planning.base_timetable import WantedLesson
from scheduler.rules.facts import LessonState


@dataclass(slots=True)
class Matched:
    """The outcome: to be made, updated in place, cancelled, or left as they are."""

    new: list[WantedLesson] = field(default_factory=list)
    changed: list[tuple[Lesson, WantedLesson]] = field(default_factory=list)
    gone: list[Lesson] = field(default_factory=list)
    kept: list[Lesson] = field(default_factory=list)
    unchanged: int = 0


def match_lessons(wanted: Iterable[WantedLesson], standing: Sequence[Lesson], today: date) -> Matched:
    """First by (course, date, order of the day), then by (course, week, order); design §2, Lesson."""
    result = Matched()
    by_key = {_base_key(lesson): lesson for lesson in standing}
    open_wishes: list[WantedLesson] = []
    for wish in wanted:
        lesson = by_key.pop((wish.course_id, wish.date.isoformat(), wish.nth), None)
        if lesson is None:
            open_wishes.append(wish)
        else:
            _settle(result, lesson, wish, today)
    _match_by_week(result, open_wishes, list(by_key.values()), today)
    return result


def _match_by_week(result: Matched, wishes: Sequence[WantedLesson], lessons: list[Lesson], today: date) -> None:
    spare: dict[tuple[int, int, int], list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        if is_fixed(lesson, today):
            result.kept.append(lesson)
        else:
            spare[_week_key(lesson.course_id or 0, lesson.date)].append(lesson)
    for wish in wishes:
        twins = spare.get(_week_key(wish.course_id, wish.date))
        if twins and wish.date >= today:
            result.changed.append((twins.pop(0), wish))
        else:
            result.new.append(wish)
    result.gone += [one for rest in spare.values() for one in rest if one.state is not LessonState.CANCELLED]


def _settle(result: Matched, lesson: Lesson, wish: WantedLesson, today: date) -> None:
    if is_same(lesson, wish):
        result.unchanged += 1
    elif is_fixed(lesson, today):
        result.kept.append(lesson)
    else:
        result.changed.append((lesson, wish))


def is_fixed(lesson: Lesson, today: date) -> bool:
    """Whether publishing must leave it alone: held, past, or changed by a person."""
    return lesson.state is LessonState.HELD or lesson.date < today or lesson.is_changed_by_person


def is_same(lesson: Lesson, wish: WantedLesson) -> bool:
    """Whether the lesson already stands as wanted."""
    return (
        lesson.state is not LessonState.CANCELLED
        and (lesson.date, lesson.start, lesson.end, lesson.period) == (wish.date, wish.start, wish.end, wish.period)
        and (lesson.subject_id, lesson.group_id) == (wish.subject_id, wish.group_id)
        and {row.person_id for row in lesson.teaching} == set(wish.teacher_ids)
        and {room.id for room in lesson.rooms} == set(wish.room_ids)
    )


def _base_key(lesson: Lesson) -> tuple[int, str, int]:
    base = lesson.base or {}
    return (lesson.course_id or 0, str(base.get("date", lesson.date.isoformat())), int(base.get("nth", lesson.nth)))


def _week_key(course_id: int, day: date) -> tuple[int, int, int]:
    year, week, _ = day.isocalendar()
    return (course_id, year, week)
