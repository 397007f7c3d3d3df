"""The root of every refusal: a sentence for the person who asked. Each room has its own branch of it."""


class RefusalError(Exception):
    """Something was refused and nothing was changed; `text` says why, in the user's words."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
