"""How events reach the product: asked for in development, sent to an address of ours in production."""

import hmac

import sqlalchemy as sa

from scheduler.chats.connect import Update, handle_update
from scheduler.chats.connections import messenger_of
from scheduler.database import db, transaction
from scheduler.models.addresses import webhook_url
from scheduler.models.chats import Connection

POLL_SECONDS = 30


def poll_once(connection_id: int, *, wait: float = POLL_SECONDS) -> int:
    """Take one batch of events; answers how many. Its marker is stored only after all were acted on.

    A batch interrupted half-way comes again, which does no harm. Raises DeliveryError.
    """
    with db.engine.connect() as connection:
        marker = connection.scalar(sa.select(Connection.marker).where(Connection.id == connection_id))
    updates, following = messenger_of(connection_id).updates(marker, wait=wait)
    for update in updates:
        handle_update(connection_id, update)
    if following is not None and following != marker:
        with transaction() as session:
            session.get_one(Connection, connection_id).marker = following
    return len(updates)


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
