"""The published limits of a bot: so many requests a second in all, so many messages a second into one chat."""

from sqlalchemy.orm import Session

from scheduler.chats.pace import pace
from scheduler.models.rates import reserve_moment


def reserve(connection_id: int, chat_id: int | None = None, *, session: Session | None = None) -> float:
    """Seconds to wait before the next request of a bot, into a chat where one is named; nothing here sleeps.

    With a session the moment is reserved in its transaction, where no Redis is there.
    """
    wanted = {f"bot:{connection_id}": pace().per_bot}
    if chat_id is not None:
        wanted[f"chat:{chat_id}"] = pace().per_chat
    return reserve_moment(wanted, session=session)
