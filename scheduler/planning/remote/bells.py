"""The bells of remote days, by class and shift; regular bells are looked up in `planning.bells`."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.models.timetable import BellAssignment, BellKind, BellSchedule
from scheduler.planning.bells import Bells, assignment_facts, load_bells


def load_remote_bells(session: Session, school_id: int) -> Bells:
    """The remote bells with where they are in force."""
    query = (
        sa.select(BellAssignment)
        .join(BellSchedule, BellSchedule.id == BellAssignment.bell_schedule_id)
        .where(BellAssignment.school_id == school_id, BellSchedule.kind == BellKind.REMOTE)
        .order_by(BellAssignment.id)
    )
    hours = load_bells(session, school_id).hours
    found = tuple(assignment_facts(row) for row in session.scalars(query) if row.bell_schedule_id in hours)
    return Bells(found, hours)
