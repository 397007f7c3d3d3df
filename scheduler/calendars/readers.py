"""Who reads a feed: the family of calendar programs, noted at most hourly, so that a subscriber can see it is alive."""

from datetime import timedelta
from time import monotonic

import sqlalchemy as sa
import structlog
from flask import Flask, current_app

from scheduler import clock
from scheduler.database import transaction
from scheduler.models.calendars import Feed

NOTED_EVERY = timedelta(hours=1)
_FAMILIES = (
    ("google", "Google"),
    ("outlook", "Outlook"),
    ("microsoft", "Outlook"),
    ("thunderbird", "Thunderbird"),
    ("yandex", "Яндекс"),
    ("nextcloud", "Nextcloud"),
    ("icsx5", "Android"),
    ("android", "Android"),
    ("dataaccessd", "Apple"),
    ("ios", "Apple"),
    ("mac", "Apple"),
)
_log = structlog.get_logger()


def family(user_agent: str) -> str:
    """The family of a program by what it calls itself; empty where it is none that is known. Nothing else is kept."""
    plain = user_agent.lower()
    return next((name for word, name in _FAMILIES if word in plain), "")


def is_note_due(app: Flask, feed_id: int) -> bool:
    """Whether this process has not noted a reading of the feed within the last hour; asks no database."""
    noted: dict[int, float] = app.extensions.setdefault("feed_readings", {})
    last = noted.get(feed_id)
    return last is None or monotonic() - last >= NOTED_EVERY.total_seconds()


def note_reading(feed_id: int, user_agent: str) -> None:
    """Remember that the feed was read now, unless that was noted already."""
    if not is_note_due(current_app, feed_id):
        return
    now = clock.now()
    current_app.extensions["feed_readings"][feed_id] = monotonic()
    try:
        with transaction() as session:
            session.execute(
                sa.update(Feed)
                .where(Feed.id == feed_id, sa.or_(Feed.read_at.is_(None), Feed.read_at <= now - NOTED_EVERY))
                .values(read_at=now, read_by=family(user_agent))
                .execution_options(synchronize_session=False)
            )
    except sa.exc.OperationalError:
        # a note is not worth a reader's answer; the next hour brings another
        _log.warning("feed_reading_not_noted", feed_id=feed_id)
