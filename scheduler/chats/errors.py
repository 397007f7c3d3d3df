"""The one refusal of this room's use cases, in the user's words; what a messenger refuses is a `DeliveryError`."""

from scheduler.models.refusals import RefusalError


class ChatError(RefusalError):
    """A use case of the chats was refused."""


class NoSuchPostError(ChatError):
    """There is no such chat or post in this school."""
