"""How long delivery waits for what: leases, time-outs, pauses. All in seconds; tests set other ones."""

from dataclasses import dataclass

from flask import current_app

CONFIG_KEY = "CHAT_PACE"


@dataclass(frozen=True, slots=True)
class Pace:
    """`lease` must outlast a wait for the rate limiter, both time-outs of a request and `margin`.

    A messenger that asks to be left alone is obeyed for `pause_most`. The two rates are requests a second. MAX: 30
    for a bot, 2 messages into a chat (developer documentation, limits).
    """

    lease: float = 30
    connect: float = 1
    read: float = 3
    margin: float = 2
    look_pause: float = 2
    backoff_first: float = 1
    backoff_most: float = 60
    pause_most: float = 300
    join_quiet: float = 120
    join_most: float = 300
    per_bot: float = 30
    per_chat: float = 2

    @property
    def request(self) -> float:
        """What must be left of a lease when a request starts."""
        return self.connect + self.read + self.margin


def pace() -> Pace:
    """The pace of this application."""
    chosen: Pace = current_app.config.get(CONFIG_KEY) or Pace()
    return chosen
