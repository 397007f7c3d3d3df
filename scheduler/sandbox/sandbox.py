"""The one object that a running sandbox consists of: its memory, clock, limits, faults and log of requests."""

from collections import deque
from typing import Any, cast

from flask import current_app, request

from scheduler.sandbox.faults import Faults
from scheduler.sandbox.limits import Buckets
from scheduler.sandbox.settings import Settings
from scheduler.sandbox.store import Store

BOT_ID = 50_100_001
BOT_NAME = "Звонок"
VK_GROUP_ID = 220_000_001
VK_USER_ID = 300_000_001
LOG_LENGTH = 500


class Sandbox:
    """State of one messenger. What outlives a restart is in `store`; limits, faults and the log are of this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.state_path)
        self.buckets = Buckets()
        self.faults = Faults()
        self.log: deque[dict[str, Any]] = deque(maxlen=LOG_LENGTH)

    def now_ms(self) -> int:
        return self.settings.clock()

    def switch(self, name: str, default: Any) -> Any:
        """One of the behaviours that nobody has documented; set by /control/switches."""
        return self.store.kept(f"switch:{name}", default)

    @property
    def limited(self) -> bool:
        return bool(self.switch("limits", self.settings.limits))

    def base(self) -> str:
        """The address under which people reach this server."""
        return self.settings.public_url or request.host_url.rstrip("/")

    def forget(self) -> None:
        self.store.empty()
        self.faults.clear()
        self.buckets.clear()
        self.log.clear()


def current() -> Sandbox:
    return cast("Sandbox", current_app.extensions["sandbox"])
