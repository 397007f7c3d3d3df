"""How events reach the product: asked for in development, sent to an address of ours in production."""

import hmac
from datetime import timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult

from scheduler.chats.connect import Update, handle_update
from scheduler.chats.connections import messenger_of
from scheduler.chats.messenger import DeliveryError
from scheduler.database import database_now, db, transaction
from scheduler.models.addresses import webhook_url
from scheduler.models.chats import Connection

POLL_SECONDS = 30
TURN_MARGIN = 15
"""Seconds that acting on a batch may take."""


def poll_once(connection_id: int, *, wait: float = POLL_SECONDS) -> int:
    """Take one batch of events; answers how many, none where another process asks for them just now.

    The marker is stored only after all were acted on: a batch interrupted half-way comes again, which does no harm.
    Raises DeliveryError.
    """
    if not _take_turn(connection_id, wait):
        return 0
    with db.engine.connect() as connection:
        marker = connection.scalar(sa.select(Connection.marker).where(Connection.id == connection_id))
    try:
        updates, following = messenger_of(connection_id).updates(marker, wait=wait)
        for update in updates:
            handle_update(connection_id, update)
    except DeliveryError:
        _end_turn(connection_id, marker)
        raise
    _end_turn(connection_id, following if following is not None else marker)
    return len(updates)


def _take_turn(connection_id: int, wait: float) -> bool:
    """A messenger answers one asking process at a time; one that died is replaced when its turn is over."""
    longest = timedelta(seconds=wait + TURN_MARGIN)
    with transaction() as session:
        now = database_now(session)
        is_free = sa.or_(
            Connection.polled_until.is_(None),
            Connection.polled_until < now,
            Connection.polled_until > now + 2 * longest,  # the database's clock was set back
        )
        turn = sa.update(Connection).where(Connection.id == connection_id, is_free)
        taken = session.execute(turn.values(polled_until=now + longest))
        return cast("CursorResult[tuple[()]]", taken).rowcount == 1


def _end_turn(connection_id: int, marker: int | None) -> None:
    with transaction() as session:
        row = session.get_one(Connection, connection_id)
        row.marker, row.polled_until = marker, None


def subscribe_webhook(connection_id: int) -> str:
    """Have events sent to our address with the connection's own secret; answers the address. Raises DeliveryError.

    Done again regularly: a messenger unsubscribes an address that failed for eight hours.
    """
    with db.engine.connect() as connection:
        query = sa.select(Connection.webhook_key, Connection.webhook_secret).where(Connection.id == connection_id)
        key, secret = connection.execute(query).one()
    url = webhook_url(key)
    messenger_of(connection_id).subscribe(url, secret)
    return url


def accept_update(key: str, secret: str, update: Update) -> bool | None:
    """Act on an event that was sent to us; None for an unknown key, False for a wrong secret (compared in constant
    time).
    """
    with db.engine.connect() as connection:
        query = sa.select(Connection.id, Connection.webhook_secret).where(Connection.webhook_key == key)
        found = connection.execute(query).one_or_none()
    if found is None:
        return None
    if not hmac.compare_digest(found.webhook_secret.encode(), secret.encode()):
        return False
    handle_update(found.id, update)
    return True
