"""The one refusal of this room's use cases, in the user's words; what a messenger refuses is a `DeliveryError`."""


class ChatError(Exception):
    """A use case was refused; `text` is a sentence for the person who asked."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoSuchPostError(ChatError):
    """There is no such chat or post in this school."""
