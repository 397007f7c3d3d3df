"""Which standing lesson is which wanted one when a timetable is published again; it decides and touches nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from scheduler.models.lessons import Lesson
from scheduler.planning.base_timetable import WantedLesson
from scheduler.rules.facts import LessonState


@dataclass(slots=True)
class Matched:
    """The outcome: to be made, updated in place, cancelled, or left as they are.

    `renumbered` stay as they are too; only their order of the day is another.
    """

    new: list[WantedLesson] = field(default_factory=list)
    changed: list[tuple[Lesson, WantedLesson]] = field(default_factory=list)
    gone: list[Lesson] = field(default_factory=list)
    kept: list[Lesson] = field(default_factory=list)
    renumbered: list[tuple[Lesson, WantedLesson]] = field(default_factory=list)
    unchanged: int = 0


def match_lessons(wanted: Iterable[WantedLesson], standing: Sequence[Lesson], today: date) -> Matched:
    """First by (course, date), then by (course, week, order); design §2, Lesson."""
    result = Matched()
    by_date: dict[tuple[int, str], list[Lesson]] = defaultdict(list)
    for lesson in sorted(standing, key=_order):
        by_date[lesson.course_id or 0, _base(lesson)[0]].append(lesson)
    wishes: dict[tuple[int, str], list[WantedLesson]] = defaultdict(list)
    for wish in wanted:
        wishes[wish.course_id, wish.date.isoformat()].append(wish)
    open_wishes: list[WantedLesson] = []
    for key, of_date in wishes.items():
        open_wishes += _match_date(result, of_date, by_date[key], today)
    _match_by_week(result, open_wishes, [lesson for rest in by_date.values() for lesson in rest], today)
    return result


def _match_date(
    result: Matched, wishes: Iterable[WantedLesson], lessons: list[Lesson], today: date
) -> Sequence[WantedLesson]:
    """A lesson that stands at its hour stays there, the others go by their order; answers the wishes left over.

    So of two lessons a day only the one changes whose hour was moved. What is matched leaves `lessons`.
    """
    rest: list[WantedLesson] = []
    for wish in wishes:
        lesson = next((one for one in lessons if (one.date, one.start) == (wish.date, wish.start)), None)
        if lesson is None:
            rest.append(wish)
        else:
            lessons.remove(lesson)
            _settle(result, lesson, wish, today)
    matched = rest[: len(lessons)]
    for wish in matched:
        _settle(result, lessons.pop(0), wish, today)
    return rest[len(matched) :]


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
        if _base(lesson)[1] != wish.nth and not is_fixed(lesson, today):
            result.renumbered.append((lesson, wish))
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


def _base(lesson: Lesson) -> tuple[str, int]:
    """The date and the order of the day that the base timetable had for it."""
    base = lesson.base or {}
    return str(base.get("date", lesson.date.isoformat())), int(base.get("nth", lesson.nth))


def _order(lesson: Lesson) -> tuple[bool, int, time]:
    """What is cancelled comes last: another lesson may stand at its hour."""
    return lesson.state is LessonState.CANCELLED, _base(lesson)[1], lesson.start


def _week_key(course_id: int, day: date) -> tuple[int, int, int]:
    year, week, _ = day.isocalendar()
    return (course_id, year, week)
