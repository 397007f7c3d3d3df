"""Subscriptions as a person meets them: get one, replace a leaked one, and read one by its secret."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler.calendars.bodies import body_of
from scheduler.calendars.names import feed_name
from scheduler.calendars.readers import note_reading
from scheduler.calendars.sets import sync_feed
from scheduler.database import db, transaction
from scheduler.models.addresses import feed_url, webcal_url
from scheduler.models.audit import AuditEvent
from scheduler.models.calendars import CancelledPolicy, Feed, FeedBody, FeedKind
from scheduler.models.classes import SchoolClass
from scheduler.models.people import Person


class FeedNotFoundError(LookupError):
    """The feed, or the one whose feed was asked for, is not there or belongs to another school."""


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """A subscriber's choice; each combination is a feed of its own with an address of its own."""

    cancelled: CancelledPolicy = CancelledPolicy.CANCELLED
    alarm_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed with its addresses; `read_at` and `read_by` tell when a calendar program last came and of which family."""

    feed_id: int
    token: str
    name: str
    url: str
    webcal_url: str
    read_at: datetime | None
    read_by: str


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """What a request for a feed is answered with; `gzipped` is the calendar's text, compressed once."""

    etag: str
    last_modified: datetime
    gzipped: bytes


_USUAL = FeedOptions()


def feed_for_class(school_id: int, class_id: int, options: FeedOptions = _USUAL) -> Subscription:
    """The class's feed with these options, made at the first call; raises FeedNotFoundError for another school's."""
    return _feed_for(FeedKind.CLASS, school_id, class_id, options)


def feed_for_teacher(school_id: int, person_id: int, options: FeedOptions = _USUAL) -> Subscription:
    """The feed of what a teacher teaches, private lessons too."""
    return _feed_for(FeedKind.TEACHER, school_id, person_id, options)


def feed_for_person(school_id: int, person_id: int, options: FeedOptions = _USUAL) -> Subscription:
    """The feed of a pupil's groups, or of all the children of a parent, private groups too."""
    return _feed_for(FeedKind.PERSON, school_id, person_id, options)


def replace_feed(school_id: int, feed_id: int, actor_id: int | None) -> Subscription:
    """A new address for the same feed: the old one leaked and answers 404 from now on."""
    with transaction() as session:
        old = session.scalar(sa.select(Feed).where(Feed.id == feed_id, Feed.school_id == school_id).with_for_update())
        if old is None or old.revoked_at is not None:
            raise FeedNotFoundError(f"feed {feed_id} is not in force")
        return _subscription(session, _replaced(session, old, actor_id))


def replace_own_feeds(school_id: int, person_id: int) -> int:
    """New addresses for all calendars of a person, however they were chosen, at once; how many there were."""
    own = sa.select(Feed).where(Feed.school_id == school_id, Feed.person_id == person_id, Feed.revoked_at.is_(None))
    with transaction() as session:
        found = session.scalars(own.order_by(Feed.id).with_for_update()).all()
        for old in found:
            _replaced(session, old, person_id)
        return len(found)


def _replaced(session: Session, old: Feed, actor_id: int | None) -> Feed:
    old.revoked_at = clock.now()
    session.execute(sa.delete(FeedBody).where(FeedBody.feed_id == old.id))
    options = FeedOptions(old.cancelled_policy, old.alarm_minutes)
    new = _created(session, old.kind, old.school_id, old.class_id or old.person_id or 0, options)
    session.add(_audited(new, actor_id))
    return new


def feed_answer(token: str, user_agent: str = "") -> FeedAnswer | None:
    """The feed of this secret, or None where there is none or it was replaced.

    One query where nothing has changed. Errors go up: an empty calendar would tell a family that all lessons are off.
    """
    found = body_of(token)
    if found is None:
        return None
    feed_id, body = found
    note_reading(feed_id, user_agent)
    return FeedAnswer(body.etag, body.modified_at, body.gzipped)


def _feed_for(kind: FeedKind, school_id: int, owner_id: int, options: FeedOptions) -> Subscription:
    with Session(db.engine) as session:
        feed = _find(session, kind, school_id, owner_id, options)
        if feed is not None:
            return _subscription(session, feed)
    with transaction() as session:
        _lock_owner(session, kind, school_id, owner_id)
        feed = _find(session, kind, school_id, owner_id, options)
        feed = feed or _created(session, kind, school_id, owner_id, options)
        return _subscription(session, feed)


def _find(session: Session, kind: FeedKind, school_id: int, owner_id: int, options: FeedOptions) -> Feed | None:
    owner = Feed.class_id if kind is FeedKind.CLASS else Feed.person_id
    return session.scalar(
        sa.select(Feed)
        .where(
            Feed.school_id == school_id,
            Feed.kind == kind,
            owner == owner_id,
            Feed.revoked_at.is_(None),
            Feed.cancelled_policy == options.cancelled,
            Feed.alarm_minutes.is_not_distinct_from(options.alarm_minutes),
        )
        .order_by(Feed.id)
        .limit(1)
    )


def _lock_owner(session: Session, kind: FeedKind, school_id: int, owner_id: int) -> None:
    table = SchoolClass if kind is FeedKind.CLASS else Person
    query = (
        sa.select(table.id).where(table.id == owner_id, table.school_id == school_id).with_for_update(key_share=True)
    )
    if session.scalar(query) is None:
        raise FeedNotFoundError(f"{kind.value} {owner_id} is not in school {school_id}")


def _created(session: Session, kind: FeedKind, school_id: int, owner_id: int, options: FeedOptions) -> Feed:
    feed = Feed(
        school_id=school_id,
        kind=kind,
        class_id=owner_id if kind is FeedKind.CLASS else None,
        person_id=None if kind is FeedKind.CLASS else owner_id,
        cancelled_policy=options.cancelled,
        alarm_minutes=options.alarm_minutes,
        created_at=clock.now(),
    )
    session.add(feed)
    session.flush()
    sync_feed(session, feed)
    session.flush()
    return feed


def _audited(feed: Feed, actor_id: int | None) -> AuditEvent:
    return AuditEvent(
        school_id=feed.school_id,
        at=clock.now(),
        person_id=actor_id,
        action="replace_feed",
        subject_kind="feed",
        subject_id=feed.id,
    )


def _subscription(session: Session, feed: Feed) -> Subscription:
    return Subscription(
        feed_id=feed.id,
        token=feed.token,
        name=feed_name(session, feed),
        url=feed_url(feed.token),
        webcal_url=webcal_url(feed.token),
        read_at=feed.read_at,
        read_by=feed.read_by,
    )
