"""What had fallen due stays due when the product's clock is set back: a post must not wait for its moment twice."""

from datetime import datetime

import sqlalchemy as sa

from scheduler.chats.posts import MODELS, PENDING
from scheduler.database import transaction


def keep_due(was: datetime, now: datetime) -> int:
    """Make due now what was due at `was` by the clock before, and is not by the clock after; answers how many."""
    count = 0
    with transaction() as session:
        for model in MODELS.values():
            had_come = (model.state.in_(PENDING), model.due_at > now, model.due_at <= was)
            ids = list(session.scalars(sa.select(model.id).where(*had_come).order_by(model.id).with_for_update()))
            session.execute(sa.update(model).where(model.id.in_(ids)).values(due_at=now))
            count += len(ids)
    return count
