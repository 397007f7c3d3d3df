"""Chooses what is going on when the demonstration opens: lessons of today and tomorrow that are held remotely.

A call never exceeds the screen norm of one lesson (СанПиН 1.2.3685-21, table 6.8, PC column); a broadcast keeps the
class in its room; what turns into a call or self-study is a class's whole day or its last lesson.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time

from scheduler.demo.bells import hour, meet
from scheduler.demo.blueprint import (
    ChatWay,
    ClassSpec,
    ConsultationSpec,
    CourseSpec,
    RemoteSpec,
    School,
    SlotSpec,
)
from scheduler.demo.curriculum import (
    ALGEBRA,
    ART,
    BIOLOGY,
    CALCULUS,
    CHEMISTRY,
    ENGLISH,
    GEOMETRY,
    LABOUR,
    LITERATURE,
    MATHS,
    MUSIC,
    PHYSICS,
    PRIMARY,
    READING,
    RUSSIAN,
    SPORT,
    STATISTICS,
    WORLD,
)
from scheduler.rules.facts import LessonKind, LessonMode

EARLIEST = time(11)
LATEST = time(18)
_AT_SCHOOL_ONLY = frozenset({SPORT, LABOUR})
_CONSULTATIONS = (
    (9, ALGEBRA, (time(16), time(16, 30))),
    (11, CALCULUS, (time(16, 40), time(17, 10))),
    (9, RUSSIAN, (time(17, 20), time(17, 50))),
)
_CONSULTATION_MINUTES = 30
_NO_CALL = frozenset({ART, MUSIC})
_AT_HOME_GRADES = (3, 6)
_SECOND_SHIFT = 2

_TASKS = {
    **dict.fromkeys((MATHS, ALGEBRA, CALCULUS, STATISTICS), "№ {n}, {m}, {k} (по образцу в параграфе)"),
    GEOMETRY: "№ {n}, {m}: чертёж и решение в тетради",
    RUSSIAN: "упр. {n}, {m}; правило перед упражнением",
    **dict.fromkeys((LITERATURE, READING), "прочитать с. {n}–{m}, ответить на вопросы 1–3"),
    **dict.fromkeys((PHYSICS, CHEMISTRY, BIOLOGY), "§ {k}, вопросы после параграфа письменно"),
    ENGLISH: "с. {n}, упр. {k}; повторить слова урока",
    ART: "рисунок по теме урока, формат А4",
    MUSIC: "прослушать произведение урока, записать впечатление (3–4 предложения)",
    LABOUR: "закончить эскиз изделия, список материалов",
    SPORT: "комплекс упражнений № {k}, записать пульс до и после",
    WORLD: "с. {n}–{m}, задание «Проверь себя»",
}
_ACTIVITY_TASK = "посмотреть материалы занятия, подготовить два вопроса"
_DEFAULT_TASK = "§ {k}, вопросы 1–4 устно, план параграфа в тетрадь"


@dataclass(frozen=True, slots=True)
class Live:
    """What is turned remote and what is added."""

    remotes: tuple[RemoteSpec, ...]
    consultations: tuple[ConsultationSpec, ...]


def screen_minutes(grade: int) -> int:
    """The longest call of one lesson on a PC."""
    return next(minutes for last, minutes in ((2, 20), (4, 25), (9, 30), (11, 35)) if grade <= last)


def offline_task(subject: str, chance: random.Random) -> str:
    """What a child without internet does: pages and numbers as a teacher would write them."""
    first = chance.randrange(11, 96)
    return _TASKS.get(subject, _DEFAULT_TASK).format(n=first, m=first + 2, k=first // 3 + 4)


def live_situation(school: School, today: date, tomorrow: date | None) -> Live:
    """Every class whose chats are in the sandbox has a remote lesson today, many of them another tomorrow."""
    chance = random.Random(f"{school.name}/{len(school.classes)}/{today}")
    chooser = _Chooser(school, chance)
    shown = [item for item in school.classes if item.label in _in_sandbox(school)]
    remotes: list[RemoteSpec] = []
    for number, item in enumerate(shown):
        remotes += chooser.today(item, today, number)
        if tomorrow is not None and number % 3 == 0:
            remotes += chooser.broadcast(item, tomorrow, time(8))
    remotes += [one for day in (today, tomorrow) if day is not None for one in chooser.at_home(day)]
    return Live(tuple(remotes), tuple(_consultations(chooser, today)))


def _in_sandbox(school: School) -> set[str]:
    return {chat.class_label for chat in school.chats if chat.way is ChatWay.SANDBOX and chat.class_label}


class _Chooser:
    """Finds lessons of a class on a date."""

    def __init__(self, school: School, chance: random.Random) -> None:
        self.school = school
        self.chance = chance
        self.courses = {course.key: course for course in school.courses}
        self.classes = {item.label: item for item in school.classes}
        self._is_lesson = {subject.name: subject.kind is LessonKind.LESSON for subject in school.subjects}
        self._slots: dict[str, list[SlotSpec]] = {}
        for slot in school.slots:
            self._slots.setdefault(self.courses[slot.course].group, []).append(slot)

    def today(self, item: ClassSpec, day: date, number: int) -> list[RemoteSpec]:
        """Some second-shift classes stay at home; of the others most have a broadcast, some a last lesson at home."""
        whole = self._whole_day(item, day) if item.grade in _AT_HOME_GRADES and item.shift == _SECOND_SHIFT else []
        if whole:
            return whole
        if number % 4 < 3:  # noqa: PLR2004 - three of four classes
            return self.broadcast(item, day, EARLIEST) or self._sport(item, day)
        mode = LessonMode.SELF_STUDY if number % 8 == 7 else LessonMode.CALL  # noqa: PLR2004 - every eighth class
        return self._last(item, day, mode) or self._sport(item, day)

    def _whole_day(self, item: ClassSpec, day: date) -> list[RemoteSpec]:
        """A day at home: as many calls as advised for the grade, the rest self-study; nothing where it ends late."""
        slots = [slot for slot in self._all_of_class(item) if slot.weekday == day.isoweekday()]
        if not slots or max(hour(item.bells, slot.period)[1] for slot in slots) > LATEST:
            return []
        fitting = sorted({slot.period for slot in slots if self._can_be_called(self.courses[slot.course])})
        calls = set(fitting[: 1 if item.grade in PRIMARY else 2])
        modes = {True: LessonMode.CALL, False: LessonMode.SELF_STUDY}
        return [self._remote(item, slot, day, modes[slot.period in calls]) for slot in slots]

    def _all_of_class(self, item: ClassSpec) -> list[SlotSpec]:
        """Lessons of the class and of its parts, and its activities; no clubs of several classes, nobody's own."""
        of_class = [group for group in self.school.groups if group.parts[0][0] == item.label]
        groups = [group.key for group in of_class if not (group.is_club or group.is_private)]
        return sorted((slot for key in groups for slot in self._slots.get(key, [])), key=lambda slot: slot.period)

    def at_home(self, day: date) -> list[RemoteSpec]:
        """The child taught at home has all of its lessons by call."""
        own = [group for group in self.school.groups if group.is_private]
        return [
            self._remote(self.classes[group.parts[0][0]], slot, day, LessonMode.CALL)
            for group in own
            for slot in self._slots.get(group.key, [])
            if slot.weekday == day.isoweekday()
        ]

    def _sport(self, item: ClassSpec, day: date) -> list[RemoteSpec]:
        """Where nothing else is left of a short day: physical education at home."""
        lessons = self._between(item, day, EARLIEST, lambda course: course.subject == SPORT)
        return [self._remote(item, lessons[-1], day, LessonMode.SELF_STUDY)] if lessons else []

    def _last(self, item: ClassSpec, day: date, mode: LessonMode) -> list[RemoteSpec]:
        """The last lesson of the day that suits, where nothing at school follows it."""
        lessons = self._suitable(item, day, EARLIEST)
        return [self._remote(item, lessons[-1], day, mode)] if lessons else []

    def broadcast(self, item: ClassSpec, day: date, earliest: time) -> list[RemoteSpec]:
        """One lesson from the room for those at home, of the class teacher where there is one."""
        lessons = self._suitable(item, day, earliest)
        own = [slot for slot in lessons if item.class_teacher in self.courses[slot.course].teachers]
        return [self._remote(item, self.chance.choice(own or lessons), day, LessonMode.BROADCAST)] if lessons else []

    def _suitable(self, item: ClassSpec, day: date, earliest: time) -> list[SlotSpec]:
        """Whole-class lessons that a screen can carry, within the hours; in the order of the day."""
        return self._between(item, day, earliest, self._can_be_remote)

    def _between(
        self, item: ClassSpec, day: date, earliest: time, suits: Callable[[CourseSpec], bool]
    ) -> list[SlotSpec]:
        found = [
            slot
            for slot in self._slots.get(item.label, [])
            if slot.weekday == day.isoweekday() and (slot.valid_from is None or slot.valid_from <= day)
            and suits(self.courses[slot.course])
        ]  # fmt: skip
        spans = {slot.period: hour(item.bells, slot.period) for slot in found}
        return sorted(
            (slot for slot in found if spans[slot.period][0] >= earliest and spans[slot.period][1] <= LATEST),
            key=lambda slot: slot.period,
        )

    def _can_be_remote(self, course: CourseSpec) -> bool:
        return self._is_lesson[course.subject] and course.subject not in _AT_SCHOOL_ONLY

    def _can_be_called(self, course: CourseSpec) -> bool:
        return self._can_be_remote(course) and course.subject not in _NO_CALL

    def _remote(self, item: ClassSpec, slot: SlotSpec, day: date, mode: LessonMode) -> RemoteSpec:
        minutes = screen_minutes(item.grade) if mode.has_call else None
        subject = self.courses[slot.course].subject
        task = offline_task(subject, self.chance) if self._is_lesson[subject] else _ACTIVITY_TASK
        return RemoteSpec(slot.course, day, slot.period, mode, minutes, task)

    def busy(self, teacher: str, weekday: int) -> Iterator[tuple[time, time]]:
        """Hours in which a teacher has something at school."""
        for group, slots in self._slots.items():
            for slot in slots:
                if slot.weekday == weekday and teacher in self.courses[slot.course].teachers:
                    yield self._span(group, slot)

    def _span(self, group: str, slot: SlotSpec) -> tuple[time, time]:
        label = next(g.parts[0][0] for g in self.school.groups if g.key == group)
        return hour(self.classes[label].bells, slot.period)

    def course_of(self, grade: int, subject: str) -> CourseSpec | None:
        """A whole-class course of a grade's first class."""
        label = next((item.label for item in self.school.classes if item.grade == grade), None)
        return next((c for c in self.school.courses if c.subject == subject and c.group == label), None)


def _consultations(chooser: _Chooser, day: date) -> Iterator[ConsultationSpec]:
    """Before the examinations: mathematics and Russian of grades 9 and 11, at hours when the teacher is free."""
    for grade, subject, span in _CONSULTATIONS:
        course = chooser.course_of(grade, subject)
        if course is None or any(meet(span, other) for other in chooser.busy(course.teachers[0], day.isoweekday())):
            continue
        task = offline_task(subject, chooser.chance)
        yield ConsultationSpec(course.key, day, *span, _CONSULTATION_MINUTES, task)
