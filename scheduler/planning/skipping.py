"""A first step that the school does without: its people can be loaded later, its chats be kept by hand."""

from enum import StrEnum

from flask_babel import gettext as _

from scheduler.database import transaction
from scheduler.planning.audit import record
from scheduler.planning.errors import PlanningError
from scheduler.planning.settings import locked_school


class StepName(StrEnum):
    """The first steps of a school, in their order."""

    SCHOOL = "school"
    TIMETABLE = "timetable"
    ROSTER = "roster"
    BELLS = "bells"
    BOT = "bot"
    CHATS = "chats"
    TERM = "term"
    LESSON = "lesson"


SKIPPABLE = frozenset({StepName.ROSTER, StepName.BOT})


def skip_step(school_id: int, step: StepName, *, actor_id: int | None) -> None:
    """Leave a step out; said twice it counts once. Raises PlanningError for a step without which nothing works."""
    if step not in SKIPPABLE:
        raise PlanningError(_("Without this step there is no first lesson."))
    with transaction() as session:
        school = locked_school(session, school_id)
        if step not in school.skipped_steps:
            school.skipped_steps = [*school.skipped_steps, step.value]
            record(
                session, school_id, "skip_step", actor_id=actor_id, subject=("school", school_id), after={"step": step}
            )
