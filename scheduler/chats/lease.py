"""Who may deliver a post just now: a lease with a fencing token, taken by one conditional UPDATE."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from scheduler.chats.posts import MODELS, Post
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


def take(session: Session, kind: str, post_id: int, seconds: float) -> Lease | None:
    """The lease of a post, or None where somebody else holds it."""
    started = time.monotonic()
    model, token = MODELS[kind], secrets.token_hex(8)
    now = database_now(session)
    is_free = sa.or_(model.lease_until.is_(None), model.lease_until < now)
    taken = session.execute(
        sa.update(model)
        .where(model.id == post_id, is_free)
        .values(lease_token=token, lease_until=now + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[tuple[()]]", taken).rowcount != 1:
        return None
    return Lease(kind, post_id, token, started + seconds)


def held(session: Session, lease: Lease) -> Post | None:
    """The leased post, locked; None where the lease has passed to somebody else."""
    model = MODELS[lease.kind]
    query = sa.select(model).where(model.id == lease.post_id, model.lease_token == lease.token)
    return cast("Post | None", session.scalars(query.with_for_update(of=model)).first())


def give_back(post: Post) -> None:
    post.lease_token = None
    post.lease_until = None
