"""Faults on order: which request is struck, how often, and with what. It does not know what a request means."""

import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KNOWN = {
    *("platform", "method", "path", "chat_id", "times", "status", "code", "body", "content_type", "retry_after"),
    *("drop_after_accept", "delay_s", "delay_before_s", "truncate"),
}
LONGEST_S = 600


@dataclass
class Fault:
    """One ordered fault. `times` None strikes until it is deleted; `delay_s` is after the request took effect."""

    id: int
    order: Mapping[str, Any]
    left: int | None

    def strikes(self, platform: str, method: str, path: str) -> bool:
        order = self.order
        wanted = str(order.get("path") or "")
        return (
            str(order.get("platform") or platform) == platform
            and str(order.get("method") or method).upper() == method
            and path.lstrip("/").startswith(wanted.lstrip("/"))
        )

    def seconds(self, name: str) -> float:
        return min(float(self.order.get(name) or 0), LONGEST_S)


def problem_of(order: object) -> str:
    """Why an order cannot be taken, or nothing."""
    if not isinstance(order, dict):
        return "an object is expected"
    if unknown := set(order) - KNOWN:
        return f"unknown: {', '.join(sorted(unknown))}"
    if not {"status", "code", "drop_after_accept", "delay_s", "delay_before_s", "truncate"} & set(order):
        return "one of status, code, drop_after_accept, delay_s, delay_before_s, truncate is expected"
    numbers = [order[name] for name in ("times", "status", "delay_s", "delay_before_s") if order.get(name) is not None]
    if any(not isinstance(number, int | float) or number < 0 for number in numbers):
        return "times, status, delay_s are numbers from 0"
    return ""


class Faults:
    """The ordered faults, the oldest first; a request is struck by the first that fits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._armed: list[Fault] = []

    def add(self, order: Mapping[str, Any]) -> int:
        times = order.get("times")
        with self._lock:
            fault = Fault(next(self._numbers), dict(order), None if times is None else int(times))
            self._armed.append(fault)
            return fault.id

    def clear(self) -> None:
        with self._lock:
            self._armed.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [{"id": fault.id, "left": fault.left, **fault.order} for fault in self._armed]

    @property
    def any(self) -> bool:
        return bool(self._armed)

    def take(self, platform: str, method: str, path: str, *, chat_id: int | None) -> Fault | None:
        """The fault for this request, one of its times used up."""
        with self._lock:
            for fault in tuple(self._armed):
                chat = fault.order.get("chat_id")
                if not fault.strikes(platform, method, path) or (chat is not None and int(chat) != chat_id):
                    continue
                if fault.left is None:
                    return fault
                fault.left -= 1
                if fault.left <= 0:
                    self._armed.remove(fault)
                if fault.left >= 0:
                    return fault
            return None


def pause(seconds: float) -> None:
    """Real seconds: a client's time-out does not know the demonstration's clock."""
    if seconds > 0:
        time.sleep(seconds)
