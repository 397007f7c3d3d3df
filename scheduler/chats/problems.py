"""Says in the reader's words why a post waits for a person and what to do; the rows keep only a problem's name."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """`advice` is what the chat administrator can do."""

    name: str
    text: str
    advice: str


def problem(name: str) -> Problem | None:
    """The words for a problem's name; None where there is none."""
    if not name:
        return None
    text, advice = _words(name)
    return Problem(name, text, advice)


def _words(name: str) -> tuple[str, str]:
    words = {
        "gone": (
            _("The bot is no longer in this chat."),
            _("Add the bot to the chat again and make it administrator."),
        ),
        "rights": (
            _("The bot has no right to post in this chat."),
            _("Make the bot administrator of the chat, then press “Post again”."),
        ),
        "auth": (
            _("The messenger does not accept the bot's token."),
            _("Ask the system administrator to enter a new token."),
        ),
        "unreadable": (
            _("It is not known whether the message arrived: the bot may not read this chat."),
            _("Look into the chat. If the message is there, press “Placed”; if not, “Post again”."),
        ),
        "refused": (
            _("The messenger did not accept the message."),
            _("Copy the text into the chat by hand and tell the system administrator."),
        ),
        "unreachable": (
            _("The messenger does not answer."),
            _("Nothing needs to be done: the message goes out as soon as the messenger answers."),
        ),
    }
    return words.get(name, (name, _("Tell the system administrator.")))
