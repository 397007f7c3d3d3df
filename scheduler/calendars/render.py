"""Renders ahead of the readers what a change has left behind; a feed request does the same where it comes first."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler.calendars.bodies import body_of
from scheduler.database import db
from scheduler.models.calendars import Feed, feed_calendar


def render_calendar(calendar_id: int) -> None:
    """Bring every feed that joins this calendar up to date, with the texts of its changed lessons.

    Repeating it costs one query a feed. A calendar that nobody subscribed to has nothing to render.
    """
    joined = feed_calendar.c
    query = (
        sa.select(Feed.token)
        .join(feed_calendar, joined.feed_id == Feed.id)
        .where(joined.calendar_id == calendar_id, Feed.revoked_at.is_(None))
    )
    with Session(db.engine) as session:
        tokens = session.scalars(query).all()
    for token in tokens:
        body_of(token)
