"""The words of a language with their type, which the library's own function does not tell."""

from flask_babel import gettext


def say(text: str, /, **values: object) -> str:
    """The sentence in the language in force; collected for translation like `_`."""
    return str(gettext(text, **values))
