"""The standing room or chat call that wished lessons would use: two overlapping calls in one are a clash."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from scheduler.calls.choose import choose
from scheduler.calls.ground import Audience
from scheduler.calls.loading import audience, load_ground, load_group_audiences
from scheduler.models.school import School
from scheduler.planning.values import LessonValues


def wished_resources(session: Session, school: School, wished: Sequence[LessonValues]) -> list[str | None]:
    """«room:7» or «chat:12» for each wish, or None where a link of its own is made or nothing is joined.

    It does not depend on the hour, and what it rests on is read once for all wishes.
    """
    calling = [values for values in wished if values.mode.has_call]
    if not calling:
        return [None] * len(wished)
    ground = load_ground(session, school.id)
    groups = load_group_audiences(session, {values.group_id for values in calling})

    def resource(values: LessonValues) -> str | None:
        if not values.mode.has_call:
            return None
        group = groups.get(values.group_id, Audience())
        return choose(audience(group, values.course_id, values.teacher_ids), ground).resource

    return [resource(values) for values in wished]


def wished_resource(session: Session, school: School, values: LessonValues) -> str | None:
    """The same for one wish."""
    return wished_resources(session, school, [values])[0]
