"""The way «in the chat»: the messenger's own call in the class's pupils' chat. It has no address at all.

MAX offers no public way to make a call or to learn its address (messengers reference §6), so nothing is asked here.
"""

from scheduler.calls.ground import Audience, Choice, Ground
from scheduler.models.school import CallWay


def find_chat(audience: Audience, ground: Ground) -> Choice | None:
    """The call of the class's chat; None for anything but a whole class, and where the chat is not connected."""
    if audience.whole_class_id is None or audience.whole_class_id not in ground.chats:
        return None
    return Choice(CallWay.IN_CHAT, chat_id=ground.chats[audience.whole_class_id])
