"""One lesson as a post tells it: a frozen value made of rows, kept as JSON beside the bulletin. It writes no words."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, time
from enum import StrEnum
from typing import Any

from scheduler.models.addresses import join_url
from scheduler.models.lessons import Lesson
from scheduler.models.school import CallWay
from scheduler.models.teaching import teachers_line
from scheduler.rules.facts import LessonMode, LessonState

LONGEST_TASK = 400


class LineState(StrEnum):
    """`RETURNED`: held at school after all; `MOVED`: on another date now."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class LessonLine:
    """`way` is how those at home take part: `link`, `chat`, `self`; `is_broadcast` when the class sits in its room.

    `together` names the room at school where a remote lesson is joined together, else it is empty.
    """

    lesson_id: int
    period: int | None
    start: time
    end: time
    title: str
    group: str
    teachers: str
    way: str
    is_broadcast: bool
    url: str
    task: str
    materials: str
    online_minutes: int | None
    state: LineState = LineState.PLANNED
    moved_to: date | None = None
    together: str = ""

    @property
    def slot(self) -> tuple[Any, ...]:
        """Groups of one subject at one time share a number."""
        return (self.start, self.end, self.period, self.title)

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.start, self.period or 0, self.title, self.group, self.lesson_id)

    @property
    def told(self) -> tuple[Any, ...]:
        """What a notice must speak of when it changes: time, existence, date, way to join."""
        return (self.start, self.end, self.way, self.is_broadcast, self.state, self.moved_to, self.together)

    @property
    def is_planned(self) -> bool:
        return self.state is LineState.PLANNED

    @property
    def is_call(self) -> bool:
        return self.is_planned and self.way != "self"

    def kept(self) -> dict[str, Any]:
        """The line as JSON."""
        plain = {name: getattr(self, name) for name in _NAMES}
        plain.update(start=self.start.isoformat(), end=self.end.isoformat())
        plain["moved_to"] = self.moved_to.isoformat() if self.moved_to else None
        return plain


_NAMES = tuple(one.name for one in fields(LessonLine))


def from_kept(plain: dict[str, Any]) -> LessonLine:
    """The line that `kept` wrote."""
    moved_to = plain["moved_to"]
    return LessonLine(
        **{
            **plain,
            "start": time.fromisoformat(plain["start"]),
            "end": time.fromisoformat(plain["end"]),
            "state": LineState(plain["state"]),
            "moved_to": date.fromisoformat(moved_to) if moved_to else None,
        }
    )


def line_of(lesson: Lesson, class_id: int, *, way: CallWay | None, offline_line: str) -> LessonLine:
    """The lesson as the chats of one class tell it."""
    length = _minutes(lesson.start, lesson.end)
    is_short = lesson.online_minutes is not None and lesson.online_minutes < length and lesson.mode.has_call
    return LessonLine(
        lesson_id=lesson.id,
        period=lesson.period,
        start=lesson.start,
        end=lesson.end,
        title=lesson.shown_title,
        group=group_label(lesson, class_id),
        teachers=teachers_line(lesson),
        way=_way(lesson.mode, way),
        is_broadcast=lesson.mode is LessonMode.BROADCAST,
        url=join_url(lesson.join_token),
        task=_task(lesson, offline_line),
        materials=lesson.materials.strip(),
        online_minutes=lesson.online_minutes if is_short else None,
        together=_rooms(lesson) if lesson.is_joined_together else "",
    )


def _rooms(lesson: Lesson) -> str:
    """«кабинет 12», «Актовый зал»: a bare number does not say what it is."""
    names = ", ".join(sorted(room.name for room in lesson.rooms))
    return f"кабинет {names}" if names[:1].isdigit() else names


def _way(mode: LessonMode, way: CallWay | None) -> str:
    if mode is LessonMode.SELF_STUDY:
        return "self"
    return "chat" if way is CallWay.IN_CHAT else "link"


def _task(lesson: Lesson, offline_line: str) -> str:
    own = lesson.offline_task.strip()
    if not own and lesson.mode is LessonMode.SELF_STUDY:
        own = lesson.homework.strip()
    task = " ".join((own or offline_line).split())
    return task if len(task) <= LONGEST_TASK else f"{task[: LONGEST_TASK - 1].rstrip()}…"


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def group_label(lesson: Lesson, class_id: int) -> str:
    """«группа 1», «девочки»; empty for the whole class."""
    parts = [part for part in lesson.group.parts if part.class_id == class_id]
    if not parts or any(part.part is None for part in parts):
        return ""
    names = sorted({part.part.strip() for part in parts if part.part})
    return ", ".join(f"группа {name}" if name.isdigit() else name for name in names)


def gone_line(shown: LessonLine, day: date, lesson: Lesson | None) -> LessonLine:
    """A line that a day had shown and whose lesson is no remote lesson of the class on that day any more."""
    if lesson is None or lesson.state is LessonState.CANCELLED:
        return replace(shown, state=LineState.CANCELLED, moved_to=None)
    if lesson.mode is LessonMode.IN_PERSON and lesson.date == day:
        # back at school it keeps the school's bells, not those that it had at home
        return replace(shown, state=LineState.RETURNED, moved_to=None, start=lesson.start, end=lesson.end)
    if lesson.date == day:
        return replace(shown, state=LineState.CANCELLED, moved_to=None)
    return replace(shown, state=LineState.MOVED, moved_to=lesson.date)


def changed_lines(
    before: Iterable[LessonLine], after: Iterable[LessonLine]
) -> list[tuple[LessonLine | None, LessonLine]]:
    """Pairs that a notice must speak of, in the order of the day."""
    known = {line.lesson_id: line for line in before}
    pairs = [(known.get(line.lesson_id), line) for line in after]
    return [(old, new) for old, new in pairs if old is None or old.told != new.told]
