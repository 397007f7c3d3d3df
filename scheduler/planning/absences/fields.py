"""The fields of a lesson that an absence may set, as JSON: what undoing compares and restores."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from scheduler.models.lessons import Lesson
from scheduler.planning.values import LessonValues, Wished, values_of
from scheduler.rules.facts import LessonMode, LessonState

TOGETHER = (
    ("teachers",),
    ("rooms",),
    ("mode", "online_minutes"),
    ("date", "start", "end", "period"),
    ("state", "cancel_reason"),
    ("offline_task",),
    ("is_joined_together",),
)
"""What is one statement of a person: a lesson's hour, its mode with the minutes of call."""

_READ = {
    "date": date.fromisoformat,
    "start": time.fromisoformat,
    "end": time.fromisoformat,
    "mode": LessonMode,
    "state": LessonState,
}
_AS_THEY_ARE = (
    "mode", "online_minutes", "period", "state", "cancel_reason", "offline_task", "is_joined_together",
    "is_changed_by_person",
)  # fmt: skip


def plain(lesson: Lesson) -> dict[str, Any]:
    """The fields as they stand."""
    return {
        "teachers": sorted([row.person_id, row.stands_in_for_id] for row in lesson.teaching),
        "rooms": sorted(room.id for room in lesson.rooms),
        **{name: getattr(lesson, name).isoformat() for name in ("date", "start", "end")},
        **{name: getattr(lesson, name) for name in _AS_THEY_ARE},
    }


def restored(lesson: Lesson, fields: dict[str, Any]) -> Wished:
    """The lesson with these fields laid over it."""
    values = values_of(lesson)
    stands_in: dict[int, int] = {}
    if "teachers" in fields:
        stands_in = {person_id: other for person_id, other in fields["teachers"] if other is not None}
        values = replace(values, teacher_ids=frozenset(person_id for person_id, _other in fields["teachers"]))
    if "rooms" in fields:
        values = replace(values, room_ids=frozenset(fields["rooms"]))
    return Wished(_laid_over(values, fields), lesson.id, stands_in=stands_in)


def _laid_over(values: LessonValues, fields: dict[str, Any]) -> LessonValues:
    plain_fields = {name: _read(name, value) for name, value in fields.items() if name not in ("teachers", "rooms")}
    return replace(values, **plain_fields)


def _read(name: str, value: Any) -> Any:
    return value if value is None or name not in _READ else _READ[name](value)
