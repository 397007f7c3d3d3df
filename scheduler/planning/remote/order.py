"""The number of a remote day's order, entered when it is there: no chat sounds, the teachers' post takes it up."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.chats.remote_days import reword_teachers
from scheduler.chats.stale import refresh_days
from scheduler.database import transaction
from scheduler.models.remote_day import RemoteDay, RemoteDayState
from scheduler.planning import audit
from scheduler.planning.errors import NotThereError
from scheduler.planning.remote.right import ensure_may_declare
from scheduler.planning.remote.telling import order_line

ASKED_FOR = timedelta(days=60)
"""How long the first page asks for a missing number."""


def enter_order(school_id: int, remote_day_id: int, reference: str, *, actor_id: int | None) -> None:
    """Keep the order's number and date; posts that stand are edited silently. Raises NotThereError, NotAllowedError."""
    said = " ".join(reference.split())
    with transaction() as session:
        ensure_may_declare(session, school_id, actor_id)
        row = session.get(RemoteDay, remote_day_id)
        if row is None or row.school_id != school_id:
            raise NotThereError(_("There is no such remote day."))
        before, row.order_reference = row.order_reference, said
        row.wish = {**row.wish, "order_reference": said}
        audit.record(
            session, school_id, "order", actor_id=actor_id, subject=("remote_day", row.id),
            before={"order_reference": before}, after={"order_reference": said},
        )  # fmt: skip
        session.flush()
        days = reword_teachers(session, school_id, (row.date_from, row.date_to), {"order_line": order_line(said)})
        refresh_days(session, school_id, dict.fromkeys(days, ()))


def without_order(session: Session, school_id: int) -> Sequence[RemoteDay]:
    """The decisions in force whose order's number is still to be entered, the oldest first."""
    query = sa.select(RemoteDay).where(
        RemoteDay.school_id == school_id,
        RemoteDay.state == RemoteDayState.APPLIED,
        RemoteDay.order_reference == "",
        RemoteDay.declared_at > clock.now() - ASKED_FOR,
    )
    return session.scalars(query.order_by(RemoteDay.date_from, RemoteDay.id)).all()
