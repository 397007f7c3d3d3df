"""The standing room or chat call that a wished lesson would use: two overlapping calls in one are a clash."""

from sqlalchemy.orm import Session

from scheduler.calls.choose import resource_of
from scheduler.models.school import School
from scheduler.planning.values import LessonValues


def wished_resource(session: Session, school: School, values: LessonValues) -> str | None:
    """«room:7» or «chat:12», or None where a link of its own is made or nothing is joined."""
    if not values.mode.has_call:
        return None
    return resource_of(
        session, school.id, course_id=values.course_id, group_id=values.group_id, teacher_ids=values.teacher_ids
    )
