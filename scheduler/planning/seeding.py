"""What the first school takes from the environment: the bot and the calls' token; later ones are entered on screens."""

import sqlalchemy as sa

from scheduler.calls.links import set_way
from scheduler.calls.tokens import seed_token
from scheduler.chats.connections import store_connection
from scheduler.config import Settings
from scheduler.database import transaction
from scheduler.models.chats import Connection
from scheduler.models.school import CallWay


def seed_school(school_id: int, settings: Settings, *, with_bot: bool = True) -> None:
    """Give the installation's first school the bot of MAX_TOKEN and, with VK_TOKEN, links of their own for its calls.

    A second school has a bot and a token of its own: two schools must not read one queue of events. Without
    `with_bot` the person enters the bot's token themselves.
    """
    with transaction() as session:
        is_first = session.scalar(sa.select(sa.func.count(Connection.id))) == 0
    if not is_first:
        return
    if with_bot and settings.has_bot:
        store_connection(school_id, settings.max_token)
    if settings.has_call_token and seed_token(school_id):
        with transaction() as session:
            set_way(session, school_id, CallWay.VK)
