"""Bots of a school as rows, and the messenger behind each: its token is decrypted here and goes no further."""

import hashlib
import secrets
from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa
from flask import current_app

from scheduler.chats.max import MaxMessenger
from scheduler.chats.messenger import DeliveryError, Kind, Messenger
from scheduler.chats.pace import pace
from scheduler.chats.transport import Transport
from scheduler.database import db, transaction
from scheduler.models.chats import Connection, Platform
from scheduler.models.secrets import SecretError, decrypt, encrypt

FACTORY = "messenger_factory"


def store_connection(school_id: int, token: str, *, platform: Platform = Platform.MAX) -> int:
    """Keep a bot's token, encrypted; the school's one bot of a platform gets the new token. Its queue starts again."""
    with transaction() as session:
        query = sa.select(Connection).where(Connection.school_id == school_id, Connection.platform == platform)
        connection = session.scalars(query).first()
        if connection is None:
            connection = Connection(
                school_id=school_id,
                platform=platform,
                webhook_key=secrets.token_urlsafe(16),
                webhook_secret=secrets.token_urlsafe(32),
                token="",
            )
            session.add(connection)
        connection.token = encrypt(token)
        connection.is_refused = False
        session.flush()
        return connection.id


def token_mark(connection: Connection | None) -> str:
    """Tells one stored token from the next without holding either."""
    return hashlib.sha256(connection.token.encode()).hexdigest()[:16] if connection else ""


def messenger_of(connection_id: int) -> Messenger:
    """The messenger of a connection. `messenger_factory` of the application's extensions may give another one.

    Raises DeliveryError (AUTH) where no token is stored or it cannot be read.
    """
    factory: Callable[[int], Messenger] = current_app.extensions.get(FACTORY, _real_messenger)
    return factory(connection_id)


def _real_messenger(connection_id: int) -> Messenger:
    with db.engine.connect() as connection:
        stored = connection.scalar(sa.select(Connection.token).where(Connection.id == connection_id))
    if not stored:
        raise DeliveryError("no token is stored", kind=Kind.AUTH)
    settings = current_app.config["SETTINGS"]
    try:
        token = decrypt(stored)
    except SecretError as error:
        raise DeliveryError(str(error), kind=Kind.AUTH) from error
    return _client(settings.max_api_url, token, settings.max_ca_bundle, pace().connect, pace().read)


@lru_cache(maxsize=64)
def _client(base_url: str, token: str, ca_bundle: str | None, connect: float, read: float) -> Messenger:
    """One pool of sockets a bot and process."""
    return MaxMessenger(Transport(base_url, token, ca_bundle=ca_bundle, connect=connect, read=read))
