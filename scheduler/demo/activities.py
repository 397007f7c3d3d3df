"""The extracurricular plan: activities of whole classes in the first hour, and clubs after the lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from scheduler.demo.bells import REGULAR_HOURS, REMOTE_HOURS, SHORTENED_HOURS, SPRING_GRADE_ONE, meet
from scheduler.demo.blueprint import Bells, ClassSpec
from scheduler.demo.board import leading_activities
from scheduler.demo.curriculum import DAY_LENGTHS, HORIZONS, PRIMARY, TALK

GAP_MINUTES = 30
EAGLETS = "Орлята России"
CLUBS = (
    ("Функциональная грамотность", (5,), 0),
    ("Юный математик", (7,), 1),
    ("Волейбол", (8, 9), 2),
    ("Театральная студия", (5, 7), 3),
    ("Робототехника", (7, 8), 4),
    ("Школьный музей", (9, 10), 3),
    ("Подготовка к олимпиадам", (10, 11), 0),
    ("Медиацентр", (8, 9, 10), 1),
)


@dataclass(frozen=True, slots=True)
class Hour:
    """An activity's place in the week: weekday 1 Monday … 5 Friday."""

    name: str
    labels: tuple[str, ...]
    teacher: str
    weekday: int
    period: int

    @property
    def is_club(self) -> bool:
        return self.name not in (TALK, HORIZONS)


def minutes(clock: time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


def leading_hours(classes: Sequence[ClassSpec]) -> list[Hour]:
    """«Разговоры о важном» on Monday, «Россия — мои горизонты» on Thursday: the first hour, the class teacher's own."""
    return [
        Hour(TALK if day == 0 else HORIZONS, (item.label,), item.class_teacher, day + 1, 1)
        for item in classes
        for day in leading_activities(item.grade)
    ]


Taken = dict[tuple[str, int], list[tuple[Bells, int]]]


def eaglets(classes: Sequence[ClassSpec], taken: Taken) -> list[Hour]:
    """A weekly activity of each primary class with its teacher, at least half an hour after the last lesson."""
    found = []
    for item in classes:
        if item.grade not in PRIMARY:
            continue
        hours = (
            Hour(EAGLETS, (item.label,), item.class_teacher, weekday, period)
            for weekday in (5, 3, 2, 4)
            for period in _later_periods(item.bells, item.grade, weekday)
        )
        chosen = next(
            hour for hour in hours if is_free(taken, hour.teacher, weekday=hour.weekday, at=(item.bells, hour.period))
        )
        taken.setdefault((chosen.teacher, chosen.weekday), []).append((item.bells, chosen.period))
        found.append(chosen)
    return found


def _later_periods(bells: Bells, grade: int, weekday: int) -> list[int]:
    lessons = DAY_LENGTHS[grade][weekday - 1] + (weekday - 1 in leading_activities(grade))
    last = lessons + (grade == 1)  # the day of the fifth lesson differs from class to class
    return [n for n, start, _ in REGULAR_HOURS[bells] if n > last and _is_late_enough(bells, last, start)]


def _is_late_enough(bells: Bells, last: int, start: time) -> bool:
    return minutes(start) - minutes(REGULAR_HOURS[bells][last - 1][2]) >= GAP_MINUTES


def clubs(classes: Sequence[ClassSpec], free: Sequence[str], taken: Taken) -> list[Hour]:
    """Clubs of first-shift classes after the seventh lesson; each takes the next teacher who is free then."""
    found = []
    queue = list(free)
    for name, grades, day in CLUBS:
        chosen = [item.label for item in classes if item.grade in grades and item.bells is Bells.FIRST]
        place = (Bells.FIRST, 8)
        teacher = next((key for key in queue if is_free(taken, key, weekday=day + 1, at=place)), None)
        if not chosen or teacher is None:
            continue
        queue.remove(teacher)
        taken.setdefault((teacher, day + 1), []).append(place)
        found.append(Hour(name, tuple(chosen), teacher, day + 1, 8))
    return found


def is_free(taken: Taken, teacher: str, *, weekday: int, at: tuple[Bells, int]) -> bool:
    """Whether a teacher has nothing that overlaps with an hour, by any column of bells."""
    return not any(_overlap(at, other) for other in taken.get((teacher, weekday), []))


def _overlap(one: tuple[Bells, int], other: tuple[Bells, int]) -> bool:
    columns = (REGULAR_HOURS, {**REGULAR_HOURS, Bells.GRADE_ONE: SPRING_GRADE_ONE}, SHORTENED_HOURS, REMOTE_HOURS)
    for column in columns:
        spans = [column[bells][period - 1][1:] for bells, period in (one, other)]
        if meet((spans[0][0], spans[0][1]), (spans[1][0], spans[1][1])):
            return True
    return False
