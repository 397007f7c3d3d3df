"""A lesson turned remote is fitted to the norms of a remote lesson, not refused."""

from collections.abc import Collection
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler.planning.errors import PlanningError
from scheduler.planning.judging import pack_of
from scheduler.planning.scene import load_classes, load_groups
from scheduler.planning.values import LessonValues
from scheduler.rules.facts import ClassFacts, LessonMode
from scheduler.rules.fit import fit_remote


def fitted(session: Session, values: LessonValues) -> LessonValues:
    """Keep the start, end at the pack's length of a remote lesson, hold the call within the screen norm.

    A broadcast keeps its room and its length; only its call is held within the norm. Lessons in person stay as
    they are. Where a person said the minutes, they stand and are judged. Who joins together needs a room to sit in:
    raises PlanningError without one.
    """
    classes = classes_of(session, values.group_id) if values.mode.is_remote else ()
    fit = fitted_for(values, classes)
    if fit.is_joined_together and not fit.room_ids:
        raise PlanningError(_("Choose the room where the pupils join the lesson together."))
    return fit


def classes_of(session: Session, group_id: int) -> tuple[ClassFacts, ...]:
    """The classes whose norms hold for a group."""
    group = load_groups(session, [group_id])[group_id]
    return tuple(load_classes(session, group.class_ids).values())


def fitted_for(values: LessonValues, classes: Collection[ClassFacts]) -> LessonValues:
    """`fitted` where the classes are known already."""
    if values.mode.has_place:
        values = replace(values, is_joined_together=False)
    if not values.mode.is_remote:
        return replace(values, online_minutes=None)
    fit = fit_remote(values.start, values.end, classes=classes, day=values.date, pack=pack_of(values.date))
    end = values.end if values.mode is LessonMode.BROADCAST else fit.end
    if not values.mode.has_call:
        return replace(values, end=end, online_minutes=None)
    minutes = fit.online_minutes if values.online_minutes is None else values.online_minutes
    return replace(values, end=end, online_minutes=minutes)
