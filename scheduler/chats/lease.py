"""Who may deliver a post just now, and from when on: a lease with a fencing token, or a pause that nobody holds.

Both are told in the database's time, which a shifted clock of one machine does not move. One that lies further ahead
than any lease or pause reaches was written before the database's own clock was set back, and counts as over.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from scheduler.chats.pace import pace
from scheduler.chats.posts import MODELS, Post, PostModel, kind_of
from scheduler.database import database_now


@dataclass(frozen=True, slots=True)
class Lease:
    """`ends` is on this process's monotonic clock, counted from before the UPDATE, so it is never too late."""

    kind: str
    post_id: int
    token: str
    ends: float

    def has_left(self, seconds: float) -> bool:
        return self.ends - time.monotonic() >= seconds


SLACK = timedelta(seconds=60)
"""Somebody may have waited so long for a lock since he looked at the database's clock."""


def is_free(model: PostModel, now: datetime) -> sa.ColumnElement[bool]:
    """Whether nobody holds the row and no pause runs, at this moment of the database."""
    longest_lease, longest_pause = timedelta(seconds=pace().lease), timedelta(seconds=pace().pause_most)
    return sa.or_(
        model.lease_until.is_(None),
        model.lease_until <= now,
        sa.and_(model.lease_token.is_not(None), model.lease_until > now + longest_lease + SLACK),
        sa.and_(model.lease_token.is_(None), model.lease_until > now + longest_pause + SLACK),
    )


def take(session: Session, post: Post) -> Lease | None:
    """The lease of a post, by one statement.

    None where somebody else holds it, it pauses, or it is no longer what was read.
    """
    started, seconds = time.monotonic(), pace().lease
    kind, model, token = kind_of(post), type(post), secrets.token_hex(8)
    now = database_now(session)
    is_as_read = (
        model.id == post.id,
        model.state == post.state,
        model.wanted_hash == post.wanted_hash,
        model.is_uncertain == post.is_uncertain,
        model.message_id.is_not_distinct_from(post.message_id),
    )
    taken = session.execute(
        sa.update(model)
        .where(*is_as_read, is_free(model, now))
        .values(lease_token=token, lease_until=now + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[tuple[()]]", taken).rowcount != 1:
        return None
    return Lease(kind, post.id, token, started + seconds)


def held(session: Session, lease: Lease) -> Post | None:
    """The leased post, locked; None where the lease has passed to somebody else."""
    model = MODELS[lease.kind]
    query = sa.select(model).where(model.id == lease.post_id, model.lease_token == lease.token)
    return cast("Post | None", session.scalars(query.with_for_update(of=model)).first())


def give_back(post: Post) -> None:
    post.lease_token = None
    post.lease_until = None


def pause(session: Session, post: Post, seconds: float) -> None:
    """Give the lease back; nobody takes the post for so long, at most `pause_most`."""
    post.lease_token = None
    post.lease_until = database_now(session) + timedelta(seconds=min(seconds, pace().pause_most))
